package erlang

import (
	"math"
	"strconv"
	"strings"
)

// Decimal is a number as it was written, kept as the nearest double and what
// that double leaves out: 2227.2 is not a double, and a tail such as
// e^(-(n-a)T/h) with an exponent of several hundred shows the difference.
type Decimal struct {
	Hi float64 // the nearest double
	Lo float64 // the rest, far below Hi
}

// decimalDigits bounds the digits whose integer is a double and decimalPlaces
// the powers of ten that are doubles; beyond them Lo stays 0.
const (
	decimalDigits = 15
	decimalPlaces = 22
)

// ParseDecimal reads a number with a dot. It accepts what strconv.ParseFloat
// accepts; for plain decimals up to 15 digits Lo is exact.
func ParseDecimal(s string) (Decimal, error) {
	hi, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return Decimal{}, err
	}
	d := Decimal{Hi: hi}
	whole, frac, _ := strings.Cut(s, ".")
	if frac == "" || len(frac) > decimalPlaces || len(whole)+len(frac) > decimalDigits {
		return d, nil
	}
	m, err := strconv.ParseFloat(whole+frac, 64)
	if err != nil || strings.ContainsAny(s, "eExXpP_") {
		return d, nil
	}
	scale := math.Pow10(len(frac))
	d.Lo = math.FMA(-hi, scale, m) / scale
	return d, nil
}

// minus returns d - e without the rounding of either.
func (d Decimal) minus(e Decimal) float64 { return (d.Hi - e.Hi) + (d.Lo - e.Lo) }
