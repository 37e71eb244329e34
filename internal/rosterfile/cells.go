package rosterfile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
)

// maxErrors is the number of wrong rows after which a file is given up.
const maxErrors = 20

// rows calls one for every row of the file and collects the errors of all rows.
func rows(c *tabular.Columns, one func()) error {
	var errs []error
	for c.Next() {
		one()
		if err := c.RowErr(); err != nil {
			if errs = append(errs, err); len(errs) == maxErrors {
				errs = append(errs, fmt.Errorf("more wrong rows are not listed"))
				break
			}
		}
	}
	return errors.Join(append(errs, c.Err())...)
}

// hours reads a number of hours; ok is false when the cell is empty.
func hours(c *tabular.Columns, name string) (d time.Duration, ok bool) {
	s := c.Text(name)
	if s == "" {
		return 0, false
	}
	v := c.Float(name)
	if math.IsNaN(v) || v < 0 || v > maxHours {
		c.Fail(name, "hours, such as 36 or 36.5")
		return 0, false
	}
	return time.Duration(math.Round(v*60)) * time.Minute, true
}

// maxHours bounds a number of hours in a cell: a year has less.
const maxHours = 8784

// clock reads a time of day; also as a fraction of a day, as worksheets have it.
func clock(c *tabular.Columns, name string) (v calendar.Clock, ok bool) {
	s := c.Text(name)
	if s == "" {
		return 0, false
	}
	if len(s) == 8 && strings.HasSuffix(s, ":00") {
		s = s[:5]
	}
	v, err := calendar.ParseClock(s)
	if err != nil {
		c.Fail(name, "a time such as 08:30")
		return 0, false
	}
	return v, true
}

// length reads a duration; besides 8h30m also 8h30 and 8:30.
func length(c *tabular.Columns, name string) (d time.Duration, ok bool) {
	s := c.Text(name)
	if s == "" {
		return 0, false
	}
	d, err := parseLength(s)
	if err != nil {
		c.Fail(name, "a duration such as 15m, 8h or 8h30m")
		return 0, false
	}
	return d, true
}

var clockLength = regexp.MustCompile(`^(\d{1,2}):(\d{2})(:00)?$`)

func parseLength(s string) (time.Duration, error) {
	s = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	if m := clockLength.FindStringSubmatch(s); m != nil {
		h, _ := strconv.Atoi(m[1])
		min, _ := strconv.Atoi(m[2])
		return time.Duration(h)*time.Hour + time.Duration(min)*time.Minute, nil
	}
	s = strings.ReplaceAll(s, "u", "h") // Dutch "uur"
	if i := strings.IndexByte(s, 'h'); i >= 0 && i+1 < len(s) && s[len(s)-1] >= '0' && s[len(s)-1] <= '9' {
		s += "m"
	}
	return calendar.ParseDuration(s)
}

// weekdaysOf reads mo, mo-fr or mo,we (also Dutch, also whole words); all false
// when empty.
func weekdaysOf(c *tabular.Columns, name string) (days [7]bool) {
	s := strings.ToLower(c.Text(name))
	if s == "" {
		return days
	}
	s = dayWord.ReplaceAllStringFunc(s, func(w string) string { return w[:2] })
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == ',' || r == ' ' || r == '/' }), ",")
	week, err := calendar.ParseWeek(s + " 00:00-24:00")
	if err != nil {
		c.Fail(name, "weekdays such as mo, mo-fr or mo,we")
		return days
	}
	for d, spans := range week {
		days[d] = len(spans) > 0
	}
	return days
}

var dayWord = regexp.MustCompile(`[a-z]{3,}`)

// list cuts a cell at semicolons, or at commas when there are none.
func list(s string) []string {
	sep := ";"
	if !strings.Contains(s, sep) {
		sep = ","
	}
	var out []string
	for _, p := range strings.Split(s, sep) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// Open opens a table by its path; "-" is stdin.
func Open(path string, stdin io.Reader) (*tabular.Reader, error) {
	return tabular.OpenFile(path, stdin, tabular.Options{})
}
