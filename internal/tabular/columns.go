package tabular

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kcc/internal/calendar"
)

// CellError says where a value is and what it should have been.
type CellError struct {
	File   string
	Line   int
	Column string
	Value  string
	Want   string
}

func (e *CellError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%s: line %d: %s", e.File, e.Line, e.Want)
	}
	return fmt.Sprintf("%s: line %d: column %q: value %q: want %s", e.File, e.Line, e.Column, e.Value, e.Want)
}

// MissingError says which columns a file lacks and which it has.
type MissingError struct {
	File    string
	Missing []string
	Header  []string
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s: there is no column %s; there are %s", e.File, strings.Join(e.Missing, ", "), strings.Join(e.Header, ", "))
}

// Columns reads the cells of a Reader by column name. Names are compared in
// snake_case, so "Contract hours" is contract_hours. The methods that read a
// cell remember the first error of the row for RowErr and return a missing
// value.
type Columns struct {
	r      *Reader
	index  map[string]int
	row    []string
	rowErr error
	err    error
}

// NewColumns reads the header of r; every name in required must be there.
// A name may offer alternatives: "offered|calls".
func NewColumns(r *Reader, required ...string) (*Columns, error) {
	c := &Columns{r: r, index: map[string]int{}}
	for i, h := range r.Header() {
		if s := Snake(h); s != "" {
			if _, ok := c.index[s]; !ok {
				c.index[s] = i
			}
		}
	}
	var missing []string
	for _, names := range required {
		if !c.hasAny(names) {
			missing = append(missing, strings.ReplaceAll(names, "|", " or "))
		}
	}
	if missing != nil {
		return nil, &MissingError{r.Name(), missing, r.Header()}
	}
	return c, nil
}

func (c *Columns) hasAny(names string) bool {
	for _, n := range strings.Split(names, "|") {
		if c.Has(n) {
			return true
		}
	}
	return false
}

// Has reports whether there is a column of that name.
func (c *Columns) Has(name string) bool { _, ok := c.index[name]; return ok }

// Alias lets name stand for the first of the others that exists, when there is
// no column of that name itself.
func (c *Columns) Alias(name string, others ...string) {
	if c.Has(name) {
		return
	}
	for _, o := range others {
		if i, ok := c.index[o]; ok {
			c.index[name] = i
			return
		}
	}
}

// Next moves to the next row; false at the end or on a read error (see Err).
func (c *Columns) Next() bool {
	c.rowErr = nil
	row, err := c.r.Next()
	if err != nil {
		if !errors.Is(err, io.EOF) {
			c.err = err
		}
		return false
	}
	c.row = row
	return true
}

// Err returns the error that ended Next, if it was not the end of the file.
func (c *Columns) Err() error { return c.err }

// RowErr returns the first error of the current row.
func (c *Columns) RowErr() error { return c.rowErr }

// Row returns the cells of the current row; the slice is used again.
func (c *Columns) Row() []string { return c.row }

// Line returns the line of the current row.
func (c *Columns) Line() int { return c.r.Line() }

// Fail notes an error of the current row for a cell: what was wanted there.
func (c *Columns) Fail(name, want string) error {
	err := &CellError{c.r.Name(), c.r.Line(), name, c.Text(name), want}
	if c.rowErr == nil {
		c.rowErr = err
	}
	return err
}

// Text returns a cell without blanks around it; "" when empty or absent.
func (c *Columns) Text(name string) string {
	i, ok := c.index[name]
	if !ok || i >= len(c.row) {
		return ""
	}
	return strings.TrimSpace(c.row[i])
}

// Float returns a cell as a number; NaN when empty or absent. A decimal comma
// is understood where no dot stands in the same number.
func (c *Columns) Float(name string) float64 {
	s := c.Text(name)
	if s == "" {
		return math.NaN()
	}
	v, err := ParseNumber(s)
	if err != nil {
		c.Fail(name, "a number")
		return math.NaN()
	}
	return v
}

// Int returns a cell as a whole number; ok is false when empty or absent.
func (c *Columns) Int(name string) (n int, ok bool) {
	v := c.Float(name)
	if math.IsNaN(v) {
		return 0, false
	}
	if v != math.Trunc(v) || math.Abs(v) > 1<<53 {
		c.Fail(name, "a whole number")
		return 0, false
	}
	return int(v), true
}

// Time returns a cell as an instant, local times in loc; zero when empty.
func (c *Columns) Time(name string, loc *time.Location) time.Time {
	s := c.Text(name)
	if s == "" {
		return time.Time{}
	}
	t, err := calendar.ParseTime(s, loc)
	if err != nil {
		c.Fail(name, "a time such as 2006-01-02 15:04")
	}
	return t
}

// Date returns a cell as a civil day; ok is false when empty.
func (c *Columns) Date(name string) (d calendar.Date, ok bool) {
	s := c.Text(name)
	if s == "" {
		return 0, false
	}
	if day, clock, found := strings.Cut(s, " "); found && strings.Trim(clock, "0:.") == "" {
		s = day
	}
	d, err := calendar.ParseDate(s)
	if err != nil {
		c.Fail(name, "a date such as 2006-01-02")
		return 0, false
	}
	return d, true
}

// Seconds returns a cell that holds plain seconds, or a duration with a unit or
// colons, as a duration; ok is false when empty.
func (c *Columns) Seconds(name string) (d time.Duration, ok bool) {
	s := c.Text(name)
	if s == "" {
		return 0, false
	}
	if v, err := ParseNumber(s); err == nil {
		return time.Duration(math.Round(v * float64(time.Second))), true
	}
	if strings.Contains(s, ":") {
		if sec, err := ParseClockSeconds(s); err == nil {
			return time.Duration(math.Round(sec * float64(time.Second))), true
		}
	}
	d, err := calendar.ParseDuration(s)
	if err != nil {
		c.Fail(name, "seconds")
		return 0, false
	}
	return d, true
}

// ParseNumber reads a number with a dot or, where no dot stands in it, a decimal
// comma; a trailing percent sign divides by 100.
func ParseNumber(s string) (float64, error) {
	t := strings.TrimSpace(s)
	scale := 1.0
	if p, ok := strings.CutSuffix(t, "%"); ok {
		t, scale = strings.TrimSpace(p), 0.01
	}
	if strings.Count(t, ",") == 1 && !strings.Contains(t, ".") {
		t = strings.Replace(t, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(t, "xXpP_") {
		return 0, fmt.Errorf("number %q: want for example 12.5", s)
	}
	return v * scale, nil
}

// ParseClockSeconds reads h:mm:ss or m:ss, with a fraction, as seconds; the
// first part may be of any size, days may stand in front as 1.02:03:04 or
// "1 02:03:04".
func ParseClockSeconds(s string) (float64, error) {
	bad := clockError(s)
	t := strings.TrimSpace(s)
	sign := 1.0
	if strings.HasPrefix(t, "-") {
		sign, t = -1, t[1:]
	}
	p := strings.Split(t, ":")
	if len(p) < 2 || len(p) > 3 {
		return 0, bad
	}
	if p[0] == "" && len(p) == 2 {
		p[0] = "0" // :12, as Avaya writes twelve seconds
	}
	total := 0.0
	if i := strings.IndexAny(p[0], ". "); i > 0 && len(p) == 3 {
		d, err := strconv.ParseUint(p[0][:i], 10, 31)
		if err != nil {
			return 0, bad
		}
		total = float64(d) * 24
		p[0] = strings.TrimSpace(p[0][i+1:])
	}
	for i, part := range p {
		last := i == len(p)-1
		if last {
			part = strings.Replace(part, ",", ".", 1)
		}
		if part == "" || part[0] < '0' || part[0] > '9' || strings.ContainsAny(part, "eExXpP_") {
			return 0, bad
		}
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || (!last && strings.Contains(part, ".")) || (i > 0 && v >= 60) {
			return 0, bad
		}
		if i == 0 {
			total += v
		} else {
			total = total*60 + v
		}
	}
	return sign * total, nil
}

// clockError is of a cell that is no clock duration; its text is made only when
// someone asks for it.
type clockError string

func (e clockError) Error() string {
	return fmt.Sprintf("duration %q: want h:mm:ss or m:ss", string(e))
}

// Snake writes a header as snake_case: lower case, accents dropped, everything
// between words one underscore, "AvgTalk" and "AVG TALK" both avg_talk.
func Snake(s string) string {
	var b strings.Builder
	var prev rune
	gap := false
	for _, r := range norm.NFD.String(s) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap, prev = true, 0
			continue
		}
		if b.Len() > 0 && (gap || (unicode.IsUpper(r) && unicode.IsLower(prev))) {
			b.WriteByte('_')
		}
		gap, prev = false, r
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
