package kb

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kcc/internal/calendar"
)

// months are the names of months in Dutch and English by their number.
var months = map[string]int{
	"januari": 1, "january": 1, "februari": 2, "february": 2, "maart": 3, "march": 3, "april": 4, "mei": 5, "may": 5, "juni": 6, "june": 6,
	"juli": 7, "july": 7, "augustus": 8, "august": 8, "september": 9, "oktober": 10, "october": 10, "november": 11, "december": 12,
}

var (
	numberDate = regexp.MustCompile(`\b(\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{2}-\d{2})\b`)
	dayMonth   = regexp.MustCompile(`(?i)\b(\d{1,2})(?:st|nd|rd|th|e)? (?:of )?(\pL{3,9}) (\d{4})\b`) // 1 mei 2026
	monthDay   = regexp.MustCompile(`(?i)\b(\pL{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b`)         // May 1, 2026
)

// datesIn returns the days that a Dutch or English text names with their year,
// in order and each once.
func datesIn(text string) []calendar.Date {
	var out []calendar.Date
	add := func(s string) {
		if d, err := calendar.ParseDate(s); err == nil && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	for _, s := range numberDate.FindAllString(text, -1) {
		add(s)
	}
	named := func(day, month, year string) {
		if m := months[strings.ToLower(month)]; m > 0 {
			d, _ := strconv.Atoi(day) // the pattern lets digits only through
			add(fmt.Sprintf("%s-%02d-%02d", year, m, d))
		}
	}
	for _, m := range dayMonth.FindAllStringSubmatch(text, -1) {
		named(m[1], m[2], m[3])
	}
	for _, m := range monthDay.FindAllStringSubmatch(text, -1) {
		named(m[2], m[1], m[3])
	}
	slices.Sort(out)
	return out
}
