package rosterfile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// faults gathers what is wrong with a file in TOML, so that all of it is told at once.
type faults struct {
	name, source string
	list         []fault
}

type fault struct {
	line int
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

// fail notes that something is wrong there.
func (s spot) fail(err error) {
	line := lineOf(s.in.source, s.path)
	s.in.list = append(s.in.list, fault{line, fmt.Errorf("%s: line %d: %s: %w", s.in.name, line, strings.Join(s.path, ": "), err)})
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

// unknown notes, in a text, that there is no such key, and which of those that there are is most
// like it.
func (s spot) unknown(text string, known []string) {
	key := s.path[len(s.path)-1]
	best, least := "", 1+len(key)/3
	for _, k := range known {
		if d := editDistance(key, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		s.fail(errors.New(text))
		return
	}
	s.fail(fmt.Errorf("%s; did you mean %s?", text, best))
}

// err returns all that was noted, in order of the lines.
func (f *faults) err() error {
	slices.SortStableFunc(f.list, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.err.Error(), b.err.Error()))
	})
	errs := make([]error, len(f.list))
	for i := range f.list {
		errs[i] = f.list[i].err
	}
	return errors.Join(errs...)
}

var (
	tomlHeader = regexp.MustCompile(`^\s*(\[\[?)\s*([^\[\]]+?)\s*\]`)
	tomlKey    = regexp.MustCompile(`^\s*([\w-]+(?:\s*\.\s*[\w-]+)*|"[^"]*")\s*=`)
)

// lineOf returns the line, from 1, of the key at a path, or of what of the path stands in
// the text: an entry of a list written in one line has the line of the list.
func lineOf(source string, path []string) int {
	parts := func(key string) (out []string) {
		for p := range strings.SplitSeq(key, ".") {
			out = append(out, strings.Trim(strings.TrimSpace(p), `"'`))
		}
		return out
	}
	line, deepest := 1, 0
	var table []string
	tables := map[string]int{}
	i := 0
	for text := range strings.SplitSeq(source, "\n") {
		i++
		var here []string
		if h := tomlHeader.FindStringSubmatch(text); h != nil {
			table = parts(h[2])
			if h[1] == "[[" {
				tables[h[2]]++
				table = append(table, strconv.Itoa(tables[h[2]]))
			}
			here = table
		} else if k := tomlKey.FindStringSubmatch(text); k != nil {
			here = append(slices.Clone(table), parts(k[1])...)
		} else {
			continue
		}
		if n := len(here); n > deepest && n <= len(path) && slices.Equal(here, path[:n]) {
			line, deepest = i, n
		}
	}
	return line
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
