package rosterfile

import (
	"fmt"
	"slices"

	"kcc/internal/tabular"
	"kcc/roster"
)

// patternColumns are the columns of the days of a week, in English and Dutch.
var patternColumns = [7]string{"mo", "tu", "we", "th", "fr", "sa", "su"}

// Patterns reads patterns.csv: pattern, week, mo, tu, we, th, fr, sa, su, and
// optionally teams and from in the first row of a rotation. A row is a week of
// the round; weeks count from 1. Shifts that are not in the list are an error.
func Patterns(r *tabular.Reader, shifts []roster.Shift) ([]roster.Pattern, error) {
	c, err := columns(r, "pattern", "week")
	if err != nil {
		return nil, err
	}
	var out []roster.Pattern
	err = rows(c, func() {
		name := c.Text("pattern")
		if name == "" {
			c.Fail("pattern", "the name of a rotation")
			return
		}
		i := slices.IndexFunc(out, func(x roster.Pattern) bool { return x.Name == name })
		if i < 0 {
			i = len(out)
			out = append(out, roster.Pattern{Name: name})
		}
		x := &out[i]
		if n, ok := c.Int("week"); !ok || n != len(x.Days)/7+1 {
			c.Fail("week", fmt.Sprintf("%d: the weeks of a rotation in order, from 1", len(x.Days)/7+1))
			return
		}
		if teams := list(c.Text("teams")); len(teams) > 0 {
			x.Teams = append(x.Teams, teams...)
		}
		if d, ok := c.Date("from"); ok {
			x.From, x.HasFrom = d, true
		}
		for _, day := range patternColumns {
			d, err := roster.ParsePatternDay(c.Text(day))
			if err != nil {
				c.Fail(day, roster.PatternForm)
			}
			for _, s := range d.Shifts {
				if !slices.ContainsFunc(shifts, func(k roster.Shift) bool { return k.Name == s }) {
					c.Fail(day, fmt.Sprintf("%q is not a shift; want %s", s, roster.PatternForm))
				}
			}
			x.Days = append(x.Days, d)
		}
	})
	return out, err
}

// checkPatterns holds agents to the rotations that there are.
func (t *teamReader) checkPatterns() {
	known := t.out.Patterns
	if known == nil {
		known = t.opt.Known.Patterns
	}
	if len(t.errs) > 0 {
		return
	}
	for i := range t.out.Agents {
		a := &t.out.Agents[i]
		if a.Pattern != "" && !slices.ContainsFunc(known, func(x roster.Pattern) bool { return x.Name == a.Pattern }) {
			t.errs = append(t.errs, fmt.Errorf("agent %s follows rotation %q: there is no such rotation (columns pattern, week)", a.ID, a.Pattern))
		}
	}
}
