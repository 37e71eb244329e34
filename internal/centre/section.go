package centre

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// section reads the keys of one table of a description and notes each mistake.
// A value that is absent or wrong becomes the default, so that reading goes on.
type section struct {
	path  string
	keys  map[string]any
	used  map[string]bool
	order map[string][]string // names of the tables under a path, as written
	bad   *[]Problem
}

func newSection(path string, keys map[string]any, order map[string][]string, bad *[]Problem) *section {
	return &section{path, keys, map[string]bool{}, order, bad}
}

func (s *section) key(k string) string {
	if s.path == "" {
		return k
	}
	return s.path + "." + k
}

func (s *section) fail(k string, v any, want string) {
	if v == nil && !strings.HasPrefix(want, "want ") {
		want = "want " + want
	}
	*s.bad = append(*s.bad, Problem{s.key(k), show(v), want})
}

func show(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return strconv.Quote(v)
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return fmt.Sprint(v)
}

func (s *section) value(k string) (any, bool) {
	s.used[k] = true
	v, ok := s.keys[k]
	return v, ok
}

// text returns a string; words, when given, are the only ones allowed.
func (s *section) text(k, def string, words ...string) string {
	v, ok := s.value(k)
	if !ok {
		return def
	}
	t, isText := v.(string)
	switch {
	case !isText:
		s.fail(k, v, "text in quotes")
		return def
	case len(words) > 0 && !slices.Contains(words, t):
		s.fail(k, v, "one of "+strings.Join(words, ", "))
		return def
	}
	return t
}

func (s *section) flag(k string) bool {
	v, ok := s.value(k)
	if !ok {
		return false
	}
	switch t := v.(type) {
	case bool:
		return t
	case string: // from a workbook
		switch strings.ToLower(t) {
		case "true", "yes", "ja", "1":
			return true
		case "false", "no", "nee", "0":
			return false
		}
	}
	s.fail(k, v, "true or false")
	return false
}

// number returns a number of at least lo and at most hi.
func (s *section) number(k string, def, lo, hi float64, want string) float64 {
	v, ok := s.value(k)
	if !ok {
		return def
	}
	var f float64
	var err error
	switch t := v.(type) {
	case int64:
		f = float64(t)
	case float64:
		f = t
	case string: // from a workbook, where each cell is text
		f, err = strconv.ParseFloat(strings.Replace(t, ",", ".", 1), 64)
	default:
		err = strconv.ErrSyntax
	}
	if err != nil || !(f >= lo && f <= hi) {
		s.fail(k, v, want)
		return def
	}
	return f
}

func (s *section) ratio(k string, def float64) float64 {
	return s.number(k, def, 0, 1, "a ratio from 0 to 1, such as 0.80")
}

// maxWhole bounds counts: more agents or chats than this is a slip of the pen.
const maxWhole = 100000

func (s *section) whole(k string, def, lo int) int {
	want := fmt.Sprintf("a whole number of at least %d", lo)
	f := s.number(k, float64(def), float64(lo), maxWhole, want)
	if f != float64(int(f)) {
		s.fail(k, s.keys[k], want)
		return def
	}
	return int(f)
}

// maxMoney bounds amounts of money.
const maxMoney = 1e9

func (s *section) money(k string) float64 {
	return s.number(k, 0, 0, maxMoney, "an amount of money, such as 38.50")
}

func (s *section) duration(k string, def time.Duration) time.Duration {
	t, ok := s.words(k, "a time with its unit, such as 20s, 3m30s or 8h")
	if !ok {
		return def
	}
	d, err := calendar.ParseDuration(t)
	if err != nil || d < 0 {
		s.fail(k, t, "a time with its unit, such as 20s, 3m30s or 8h")
		return def
	}
	return d
}

func (s *section) term(k string) (calendar.Term, bool) {
	const want = "a term such as 4bh (business hours), 2wd (working days), 2w (weeks) or 8h"
	t, ok := s.words(k, want)
	if !ok {
		return calendar.Term{}, false
	}
	term, err := calendar.ParseTerm(t)
	if err != nil || term.N < 0 || term.Duration < 0 || (term.N == 0 && term.Duration == 0) {
		s.fail(k, t, want)
		return calendar.Term{}, false
	}
	return term, true
}

func (s *section) week(k string, def string) Week {
	const want = "opening hours such as \"mo-fr 08:30-17:00; th 08:30-20:00\""
	t, ok := s.words(k, want)
	if !ok {
		t = def
	}
	w, err := calendar.ParseWeek(t)
	if err != nil {
		s.fail(k, t, fmt.Sprintf("%s (%v)", want, err))
		return Week{}
	}
	return w
}

// words returns a string value that must be text; ok is false when it is absent
// or wrong.
func (s *section) words(k, want string) (string, bool) {
	v, ok := s.value(k)
	if !ok {
		return "", false
	}
	t, isText := v.(string)
	if !isText {
		s.fail(k, v, want)
	}
	return t, isText
}

func (s *section) date(k string) (calendar.Date, bool) {
	v, ok := s.value(k)
	if !ok {
		return 0, false
	}
	d, err := dateOf(v)
	if err != nil {
		s.fail(k, v, "a date such as 2026-12-31")
		return 0, false
	}
	return d, true
}

// dateOf takes a TOML date, which has no zone, or the same as text.
func dateOf(v any) (calendar.Date, error) {
	switch t := v.(type) {
	case time.Time:
		return calendar.NewDate(t.Date()), nil
	case string:
		return calendar.ParseDate(t)
	}
	return 0, fmt.Errorf("date %v", v)
}

// list returns texts; a workbook has them in one cell, divided by semicolons.
func (s *section) list(k string) []string {
	v, ok := s.value(k)
	if !ok {
		return nil
	}
	var out []string
	switch t := v.(type) {
	case string:
		for _, part := range strings.Split(t, ";") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
		return out
	case []any:
		for _, e := range t {
			text, isText := e.(string)
			if d, isDate := e.(time.Time); isDate {
				text, isText = d.Format(time.DateOnly), true
			}
			if !isText {
				s.fail(k, e, "a list of texts")
				return nil
			}
			out = append(out, text)
		}
		return out
	}
	s.fail(k, v, "a list of texts")
	return nil
}

// table returns a table below this one; an absent one is empty.
func (s *section) table(k string) *section {
	v, ok := s.value(k)
	m, isTable := v.(map[string]any)
	if ok && !isTable {
		s.fail(k, v, fmt.Sprintf("a table: [%s]", s.key(k)))
	}
	return newSection(s.key(k), m, s.order, s.bad)
}

// each calls f for every named table below k, in the order of the file.
func (s *section) each(k string, f func(name string, t *section)) {
	all := s.table(k)
	names := slices.Clone(s.order[all.path])
	for _, n := range slices.Sorted(maps.Keys(all.keys)) {
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	for _, n := range names {
		if _, ok := all.keys[n]; !ok {
			continue
		}
		t := all.table(n)
		f(n, t)
		t.done()
	}
}

// rows calls f for every element of an array of tables.
func (s *section) rows(k string, f func(t *section)) {
	v, ok := s.value(k)
	if !ok {
		return
	}
	list, isList := v.([]map[string]any)
	if !isList {
		s.fail(k, v, fmt.Sprintf("an array of tables: [[%s]]", s.key(k)))
		return
	}
	for i, m := range list {
		t := newSection(fmt.Sprintf("%s[%d]", s.key(k), i+1), m, s.order, s.bad)
		f(t)
		t.done()
	}
}

// done reports the keys that nobody asked for.
func (s *section) done() {
	known := slices.Sorted(maps.Keys(s.used))
	for _, k := range slices.Sorted(maps.Keys(s.keys)) {
		if !s.used[k] {
			*s.bad = append(*s.bad, Problem{Key: s.key(k), Want: "there is no such key; want one of " + strings.Join(known, ", ")})
		}
	}
}
