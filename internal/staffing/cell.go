package staffing

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"kcc/internal/tabular"
)

// maxShown is how many bad rows are told one by one.
const maxShown = 20

// Rejected lists the rows that could not be understood.
type Rejected struct {
	Count int
	First []error // at most maxShown
}

// ErrAllRejected is returned, with the report, when no row could be understood;
// what was written until then is worth nothing.
var ErrAllRejected = errors.New("no row could be read")

func (r *Rejected) add(err error) {
	r.Count++
	if len(r.First) < maxShown {
		r.First = append(r.First, err)
	}
}

// cells reads one row.
type cells struct {
	file string
	line int
	row  []string
	err  error
}

// fail notes what was wanted; the first error of a row counts.
func (c *cells) fail(column, value, want string) {
	if c.err == nil {
		c.err = &tabular.CellError{File: c.file, Line: c.line, Column: column, Value: value, Want: want}
	}
}

func (c *cells) text(at int) string {
	if at < 0 {
		return ""
	}
	return c.row[at]
}

// num reads a number; NaN when the cell is empty or the column absent. "inf" is
// infinite.
func (c *cells) num(at int, column string) float64 {
	s := c.text(at)
	if s == "" {
		return math.NaN()
	}
	if v, err := strconv.ParseFloat(s, 64); err == nil && !math.IsNaN(v) && (s[0] < 'A' || strings.EqualFold(s, "inf")) {
		return v
	}
	v, err := tabular.ParseNumber(s)
	if err != nil {
		c.fail(column, s, "a number")
		return math.NaN()
	}
	return v
}

// ranged reads a number between lo and hi, both included.
func (c *cells) ranged(at int, column string, lo, hi float64) float64 {
	v := c.num(at, column)
	if math.IsNaN(v) || (v >= lo && v <= hi) {
		return v
	}
	switch {
	case math.IsInf(hi, 1) && lo == 0:
		c.fail(column, c.text(at), "a number of 0 or more")
	case math.IsInf(hi, 1):
		c.fail(column, c.text(at), fmt.Sprintf("a number of %g or more", lo))
	default:
		c.fail(column, c.text(at), fmt.Sprintf("a number from %g to %g", lo, hi))
	}
	return math.NaN()
}

// percent reads a number from 0 to 100; a percent sign changes nothing.
func (c *cells) percent(at int, column string) float64 {
	text, signed := strings.CutSuffix(c.text(at), "%")
	if !signed {
		return c.ranged(at, column, 0, 100)
	}
	v, err := tabular.ParseNumber(strings.TrimSpace(text))
	if err != nil || !(v >= 0 && v <= 100) {
		c.fail(column, c.text(at), "a number from 0 to 100")
		return math.NaN()
	}
	return v
}

// positive reads a number above 0.
func (c *cells) positive(at int, column string) float64 {
	v := c.num(at, column)
	if v <= 0 {
		c.fail(column, c.text(at), "a number above 0")
		return math.NaN()
	}
	return v
}

// known returns the first value that is there.
func known(values ...float64) float64 {
	for _, v := range values {
		if !math.IsNaN(v) {
			return v
		}
	}
	return math.NaN()
}
