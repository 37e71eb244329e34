package importer

import (
	"math"
	"strconv"
	"strings"
)

// numberForm is how one number is written, as far as one cell can tell.
type numberForm int

const (
	notNumber numberForm = iota
	wholeForm
	decimalDot    // 12.5, 1,234.5
	decimalComma  // 12,5, 1.234,5
	thousandDot   // 1.234.567
	thousandComma // 1,234,567
	eitherDot     // 1.234: decimals or thousands
	eitherComma   // 1,234
)

// formOf classifies a number; blanks, apostrophes and hard spaces between
// digits are thousands marks.
func formOf(s string) numberForm {
	if s == "" {
		return notNumber
	}
	i := 0
	if s[0] == '-' || s[0] == '+' {
		i++
	}
	dots, commas, digits, last, lastAt, spaced := 0, 0, 0, byte(0), -1, false
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case isDigit(c):
			digits++
		case c == '.':
			dots++
			last, lastAt = c, i
		case c == ',':
			commas++
			last, lastAt = c, i
		case (c == ' ' || c == '\'') && i+1 < len(s) && isDigit(s[i+1]):
			spaced = true
		case c == 0xc2 && i+2 < len(s) && s[i+1] == 0xa0 && isDigit(s[i+2]), // no-break space
			c == 0xe2 && i+3 < len(s) && s[i+1] == 0x80 && (s[i+2] == 0xaf || s[i+2] == 0x99): // narrow, apostrophe
			spaced = true
			i++
			if c == 0xe2 {
				i++
			}
		case (c == 'e' || c == 'E') && digits > 0 && commas == 0 && exponent(s[i+1:]):
			return decimalDot
		default:
			return notNumber
		}
	}
	if digits == 0 {
		return notNumber
	}
	after := len(s) - lastAt - 1
	switch {
	case dots == 0 && commas == 0:
		return wholeForm
	case dots > 0 && commas > 0:
		if last == '.' && dots == 1 {
			return decimalDot
		}
		if last == ',' && commas == 1 {
			return decimalComma
		}
		return notNumber
	case dots > 1:
		return thousandDot
	case commas > 1:
		return thousandComma
	case after == 3 && !spaced && lastAt > 0 && leadGroup(s[:lastAt]):
		if last == '.' {
			return eitherDot
		}
		return eitherComma
	case last == '.':
		return decimalDot
	}
	return decimalComma
}

// leadGroup reports whether the digits before a mark can be a thousands group:
// one to three, the first not zero.
func leadGroup(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) >= 1 && len(s) <= 3 && s[0] != '0'
}

func exponent(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 0 && len(s) <= 3 && strings.Trim(s, "0123456789") == ""
}

// smallWhole reads up to nine digits and nothing else.
func smallWhole(s string) (v int, ok bool) {
	if len(s) == 0 || len(s) > 9 {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return 0, false
		}
		v = v*10 + int(s[i]-'0')
	}
	return v, true
}

// parseNumber reads a number whose decimal mark is known.
func parseNumber(s string, mark byte) (float64, bool) {
	if v, ok := smallWhole(s); ok { // most cells
		return float64(v), true
	}
	switch f := formOf(s); f {
	case notNumber:
		return 0, false
	case decimalDot, thousandComma:
		if mark == ',' {
			return 0, false
		}
	case decimalComma, thousandDot:
		if mark == '.' {
			return 0, false
		}
	}
	thousands := byte(',')
	if mark == ',' {
		thousands = '.'
	}
	whole, frac, _ := strings.Cut(s, string(mark))
	if i := strings.IndexByte(whole, thousands); i >= 0 {
		for j, g := range strings.Split(strings.TrimLeft(whole, "+-"), string(thousands)) {
			if (j > 0 && len(g) != 3) || (j == 0 && (g == "" || len(g) > 3)) {
				return 0, false
			}
		}
	}
	var b [64]byte
	out := b[:0]
	for i := 0; i < len(whole); i++ {
		if c := whole[i]; isDigit(c) || c == '-' || c == '+' || c == 'e' || c == 'E' {
			out = append(out, c)
		}
	}
	if frac != "" {
		out = append(out, '.')
		for i := 0; i < len(frac); i++ {
			if c := frac[i]; isDigit(c) || c == 'e' || c == 'E' || c == '-' || c == '+' {
				out = append(out, c)
			}
		}
	}
	v, err := strconv.ParseFloat(string(out), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, false
	}
	return v, true
}

// unitSeconds returns the seconds of a unit of time, English or Dutch.
func unitSeconds(u string) (float64, bool) {
	switch u {
	case "ms", "msec", "millis", "milliseconds", "milliseconden":
		return 0.001, true
	case "s", "sec", "secs", "second", "seconds", "seconde", "seconden":
		return 1, true
	case "m", "min", "mins", "minute", "minutes", "minuut", "minuten":
		return 60, true
	case "h", "hr", "hrs", "hour", "hours", "u", "uur", "uren":
		return 3600, true
	case "d", "day", "days", "dag", "dagen":
		return 86400, true
	}
	return 0, false
}

// parseUnits reads 4m 12s, 1 uur 3 min, 90 sec and ISO 8601 PT4M12.5S.
func parseUnits(s string) (float64, bool) {
	t := strings.ToLower(strings.TrimSpace(s))
	if rest, ok := strings.CutPrefix(t, "p"); ok {
		t = strings.Replace(rest, "t", "", 1)
	}
	total, any := 0.0, false
	for t = strings.TrimLeft(t, " ,"); t != ""; t = strings.TrimLeft(t, " ,") {
		i := 0
		for i < len(t) && (isDigit(t[i]) || t[i] == '.' || (t[i] == ',' && i+1 < len(t) && isDigit(t[i+1]))) {
			i++
		}
		if i == 0 {
			return 0, false
		}
		v, err := strconv.ParseFloat(strings.Replace(t[:i], ",", ".", 1), 64)
		if err != nil {
			return 0, false
		}
		t = strings.TrimLeft(t[i:], " ")
		j := 0
		for j < len(t) && isLetter(t[j]) {
			j++
		}
		sec, ok := unitSeconds(t[:j])
		if !ok {
			return 0, false
		}
		total += v * sec
		any = true
		t = strings.TrimLeft(t[j:], ".")
		t, _ = strings.CutPrefix(t, " en ")
		t, _ = strings.CutPrefix(t, " and ")
	}
	return total, any
}

// parseFlag reads a yes or no in English, Dutch or numbers.
func parseFlag(s string) (yes, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "y", "yes", "true", "t", "1", "j", "ja", "waar", "x", "-1", "ok":
		return true, true
	case "n", "no", "false", "f", "0", "nee", "neen", "onwaar":
		return false, true
	}
	return false, false
}
