package output

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// cell is one value after its type has been checked: what every writer formats.
type cell struct {
	kind cellKind
	s    string
	i    int64 // integer, minutes of a clock, 1 for true
	f    float64
	t    time.Time
}

type cellKind uint8

const (
	emptyCell cellKind = iota
	textCell
	intCell
	floatCell
	timeCell
	dateCell // t is midnight UTC of the civil day
	clockCell
	boolCell
)

// civil is a calendar day: calendar.Date.
type civil interface {
	Civil() (int, time.Month, int)
}

// newCell converts v, a value of a column of kind k.
func newCell(k Kind, v any) (cell, error) {
	if v == nil {
		return cell{}, nil
	}
	switch k {
	case Text:
		return newText(v)
	case Integer, Number, Percent, Seconds:
		return newNumber(k, v)
	case DateTime:
		if t, ok := v.(time.Time); ok {
			if t.IsZero() {
				return cell{}, nil
			}
			return cell{kind: timeCell, t: t}, nil
		}
	case Date:
		switch d := v.(type) {
		case civil:
			y, m, day := d.Civil()
			return cell{kind: dateCell, t: time.Date(y, m, day, 0, 0, 0, 0, time.UTC)}, nil
		case time.Time:
			if d.IsZero() {
				return cell{}, nil
			}
			y, m, day := d.Date()
			return cell{kind: dateCell, t: time.Date(y, m, day, 0, 0, 0, 0, time.UTC)}, nil
		}
	case Clock:
		if r := reflect.ValueOf(v); r.CanInt() {
			return cell{kind: clockCell, i: r.Int()}, nil
		}
	case Bool:
		if b, ok := v.(bool); ok {
			c := cell{kind: boolCell}
			if b {
				c.i = 1
			}
			return c, nil
		}
	}
	return cell{}, fmt.Errorf("value of type %T does not fit the column", v)
}

func newText(v any) (cell, error) {
	switch s := v.(type) {
	case string:
		return cell{kind: textCell, s: s}, nil
	case fmt.Stringer:
		return cell{kind: textCell, s: s.String()}, nil
	case error:
		return cell{kind: textCell, s: s.Error()}, nil
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return cell{kind: textCell, s: r.String()}, nil
	}
	return cell{}, fmt.Errorf("value of type %T does not fit a text column", v)
}

func newNumber(k Kind, v any) (cell, error) {
	switch x := v.(type) {
	case float64:
		return newFloat(k, x)
	case int:
		return cell{kind: intCell, i: int64(x)}, nil
	case int64:
		return cell{kind: intCell, i: x}, nil
	case time.Duration:
		if k == Seconds {
			return cell{kind: floatCell, f: x.Seconds()}, nil
		}
		return cell{}, fmt.Errorf("value of type %T does not fit a number column", v)
	}
	r := reflect.ValueOf(v)
	switch {
	case r.CanInt():
		return cell{kind: intCell, i: r.Int()}, nil
	case r.CanUint() && r.Uint() <= math.MaxInt64:
		return cell{kind: intCell, i: int64(r.Uint())}, nil
	case r.CanFloat():
		return newFloat(k, r.Float())
	}
	return cell{}, fmt.Errorf("value of type %T does not fit a number column", v)
}

// maxWhole is the largest float64 below which every whole number is exact.
const maxWhole = 1 << 53

func newFloat(k Kind, x float64) (cell, error) {
	if math.IsNaN(x) {
		return cell{}, nil
	}
	if k == Integer && !math.IsInf(x, 0) {
		if x != math.Trunc(x) || math.Abs(x) > maxWhole {
			return cell{}, fmt.Errorf("value %v does not fit a column of whole numbers", x)
		}
		return cell{kind: intCell, i: int64(x)}, nil
	}
	return cell{kind: floatCell, f: x}, nil
}

// number returns the value of a numeric cell.
func (c cell) number() (float64, bool) {
	switch c.kind {
	case intCell:
		return float64(c.i), true
	case floatCell:
		return c.f, true
	}
	return 0, false
}

// appendFloat appends the shortest decimal form that reads back as x, without
// an exponent for the sizes that occur in practice.
func appendFloat(b []byte, x float64) []byte {
	if math.IsInf(x, 0) {
		if x < 0 {
			b = append(b, '-')
		}
		return append(b, "inf"...)
	}
	if a := math.Abs(x); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(b, x, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

// display formats a cell for people.
func (c cell) display(col *Column, opt *Options) string {
	switch c.kind {
	case textCell:
		return c.s
	case intCell:
		if col.Kind == Integer {
			return opt.Lang.Int(c.i)
		}
		return displayFloat(float64(c.i), col, opt.Lang)
	case floatCell:
		return displayFloat(c.f, col, opt.Lang)
	case timeCell:
		return opt.Lang.DateTime(c.t.In(opt.zone()))
	case dateCell:
		return opt.Lang.Date(c.t)
	case clockCell:
		return clockText(c.i)
	case boolCell:
		return opt.Lang.Bool(c.i != 0)
	}
	return ""
}

func displayFloat(x float64, col *Column, lang Lang) string {
	if math.IsInf(x, 0) {
		return string(appendFloat(nil, x))
	}
	switch col.Kind {
	case Percent:
		return lang.Number(100*x, col.Digits) + "%"
	case Seconds:
		if col.Digits > 0 {
			return lang.Number(x, col.Digits) + " s"
		}
		return Elapsed(x)
	}
	return lang.Number(x, col.Digits)
}

// Elapsed formats seconds as 3:05, from an hour on as 1:02:03.
func Elapsed(sec float64) string {
	sign := ""
	if sec < 0 {
		sign, sec = "-", -sec
	}
	n := int64(math.Round(sec))
	if n == 0 {
		sign = ""
	}
	if n >= 3600 {
		return fmt.Sprintf("%s%d:%02d:%02d", sign, n/3600, n/60%60, n%60)
	}
	return fmt.Sprintf("%s%d:%02d", sign, n/60, n%60)
}

func clockText(min int64) string { return fmt.Sprintf("%02d:%02d", min/60, min%60) }

// oneLine joins the lines of s and drops control characters, which would break
// a row of a table or, on a terminal, do what the text tells it to.
func oneLine(s string) string {
	if strings.IndexFunc(s, unicode.IsControl) < 0 {
		return s
	}
	return strings.Join(strings.FieldsFunc(s, unicode.IsControl), " ")
}
