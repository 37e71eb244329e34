package rosterfile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kcc/internal/tomltext"
)

// faults gathers what is wrong with a file in TOML, so that all of it is told at once.
type faults struct {
	name, source string
	list         []fault
}

type fault struct {
	line int
	path []string
	err  error
}

// spot is a place in such a file: the names of the tables and keys that lead to it, and from
// 1 the numbers of entries of lists.
type spot struct {
	in   *faults
	path []string
}

func (f *faults) at(path ...string) spot { return spot{f, path} }

func (s spot) under(key string) spot { return spot{s.in, append(slices.Clone(s.path), key)} }

func (s spot) entry(i int) spot { return s.under(strconv.Itoa(i + 1)) }

var bareKey = regexp.MustCompile(`^[\w.-]+$`)

// fail notes that something is wrong there.
func (s spot) fail(err error) {
	line := tomltext.LineOf(s.in.source, s.path)
	place := make([]string, len(s.path))
	for i, p := range s.path {
		if place[i] = p; !bareKey.MatchString(p) {
			place[i] = strconv.Quote(p)
		}
	}
	s.in.list = append(s.in.list, fault{line, s.path, fmt.Errorf("%s: line %d: %s: %w", s.in.name, line, strings.Join(place, ": "), err)})
}

// want notes that the value there is not what was wanted.
func (s spot) want(v any, what string) {
	switch v.(type) {
	case string, int64, float64, bool:
		s.fail(fmt.Errorf("value %q: want %s", fmt.Sprint(v), what))
	default:
		s.fail(errors.New("want " + what))
	}
}

// unknown notes, in a text, that there is no such word, and which of those that there are is most
// like it.
func (s spot) unknown(text, word string, known []string) {
	if best := mostAlike(word, known); best != "" {
		s.fail(fmt.Errorf("%s; did you mean %s?", text, best))
		return
	}
	s.fail(errors.New(text))
}

// err returns all that was noted, in order of the lines.
func (f *faults) err() error {
	slices.SortStableFunc(f.list, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.line, b.line), slices.CompareFunc(a.path, b.path, func(p, q string) int {
			m, err1 := strconv.Atoi(p)
			n, err2 := strconv.Atoi(q)
			if err1 == nil && err2 == nil {
				return cmp.Compare(m, n)
			}
			return cmp.Compare(p, q)
		}), cmp.Compare(a.err.Error(), b.err.Error()))
	})
	errs := make([]error, len(f.list))
	for i := range f.list {
		errs[i] = f.list[i].err
	}
	return errors.Join(errs...)
}

// mostAlike returns the one of some words that a word was likely meant to be, "" for none.
func mostAlike(word string, known []string) (best string) {
	least := 1 + len(word)/3
	for _, k := range known {
		if d := editDistance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// editDistance is the number of letters to insert, leave out or replace, or neighbours to
// exchange, that make one word the other.
func editDistance(a, b string) int {
	var before []int
	last, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			d := last[j]
			if a[i] != b[j] {
				d++
			}
			d = min(d, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			row[j+1] = d
		}
		before, last, row = last, row, make([]int, len(b)+1)
	}
	return last[len(b)]
}
