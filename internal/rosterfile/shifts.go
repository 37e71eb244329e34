package rosterfile

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
	"kcc/roster"
)

// Shifts reads shifts.csv: name, earliest_start, latest_start, step, length (or
// min_length and max_length), breaks; optionally weekdays, skills, teams.
func Shifts(r *tabular.Reader) ([]roster.Shift, error) {
	c, err := columns(r, "name|shift", "earliest_start|start", "length|max_length")
	if err != nil {
		return nil, err
	}
	c.Alias("name", "shift")
	c.Alias("earliest_start", "start")
	var out []roster.Shift
	err = rows(c, func() {
		s := shift(c)
		if slices.ContainsFunc(out, func(o roster.Shift) bool { return o.Name == s.Name }) {
			c.Fail("name", "a name that is not used before")
		}
		out = append(out, s)
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: there are no shifts in it", r.Name())
	}
	return out, err
}

func shift(c *tabular.Columns) roster.Shift {
	s := roster.Shift{Name: c.Text("name"), Weekdays: weekdaysOf(c, "weekdays"), Skills: list(c.Text("skills")), Teams: list(c.Text("teams"))}
	if s.Name == "" {
		c.Fail("name", "the name of a shift")
	}
	var ok bool
	if s.EarliestStart, ok = clock(c, "earliest_start"); !ok {
		c.Fail("earliest_start", "a time such as 08:30")
	}
	if s.LatestStart, ok = clock(c, "latest_start"); !ok {
		s.LatestStart = s.EarliestStart
	}
	if s.LatestStart < s.EarliestStart {
		c.Fail("latest_start", "a time at or after earliest_start")
	}
	s.Every, _ = length(c, "step")
	if fixed, ok := length(c, "length"); ok {
		s.MinLength, s.MaxLength = fixed, fixed
	}
	if v, ok := length(c, "min_length"); ok {
		s.MinLength = v
	}
	if v, ok := length(c, "max_length"); ok {
		s.MaxLength = v
		if s.MinLength == 0 {
			s.MinLength = v
		}
	}
	switch {
	case s.MaxLength <= 0:
		c.Fail("length", "a duration such as 8h30m, or min_length and max_length")
	case s.MinLength > s.MaxLength:
		c.Fail("min_length", "at most max_length")
	case s.MaxLength > 24*time.Hour:
		c.Fail("length", "at most 24h")
	}
	bs, err := ParseBreaks(c.Text("breaks"))
	if err != nil {
		c.Fail("breaks", err.Error())
	}
	s.Breaks = bs
	return s
}

var breakForm = regexp.MustCompile(`^(\S+)\s*@\s*([^\s-]+)(?:\s*-\s*(\S+))?((?:\s+\S+)*)$`)

var errBreaks = errors.New("breaks such as 30m@3h-5h unpaid; 15m@1h30-3h paid")

// ParseBreaks reads break templates: length@from-to after the start of the
// shift, then paid or unpaid (unpaid when not said), and optionally "over 5h30"
// for shifts longer than that only.
func ParseBreaks(s string) ([]roster.BreakTemplate, error) {
	var out []roster.BreakTemplate
	for _, part := range strings.Split(s, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := breakForm.FindStringSubmatch(part)
		if m == nil {
			return nil, errBreaks
		}
		var b roster.BreakTemplate
		var err1, err2, err3 error
		b.Length, err1 = parseLength(m[1])
		b.Earliest, err2 = parseLength(m[2])
		if b.Latest = b.Earliest; m[3] != "" {
			b.Latest, err3 = parseLength(m[3])
		}
		if err1 != nil || err2 != nil || err3 != nil || b.Length <= 0 || b.Latest < b.Earliest {
			return nil, errBreaks
		}
		words := strings.Fields(strings.ToLower(m[4]))
		for i := 0; i < len(words); i++ {
			switch words[i] {
			case "paid", "betaald":
				b.Paid = true
			case "unpaid", "onbetaald":
				b.Paid = false
			case "over", "boven":
				i++
				if i == len(words) {
					return nil, errBreaks
				}
				over, err := parseLength(words[i])
				if err != nil {
					return nil, errBreaks
				}
				b.Over = over
			default:
				return nil, errBreaks
			}
		}
		out = append(out, b)
	}
	return out, nil
}

// FormatBreaks writes break templates in the form that ParseBreaks reads.
func FormatBreaks(bs []roster.BreakTemplate) string {
	parts := make([]string, len(bs))
	for i, b := range bs {
		paid := "unpaid"
		if b.Paid {
			paid = "paid"
		}
		parts[i] = fmt.Sprintf("%s@%s-%s %s", calendar.FormatDuration(b.Length), calendar.FormatDuration(b.Earliest), calendar.FormatDuration(b.Latest), paid)
		if b.Over > 0 {
			parts[i] += " over " + calendar.FormatDuration(b.Over)
		}
	}
	return strings.Join(parts, "; ")
}
