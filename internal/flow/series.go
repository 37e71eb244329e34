package flow

import (
	"fmt"
	"strings"

	"kcc/contacts"
	"kcc/forecast"
	"kcc/internal/centre"
)

// SeriesOf hands history over to the forecast. With a centre, a channel's
// opening hours are the centre's; work that arrives at any hour (deferrable,
// bot) keeps the hours that its history shows, unless the centre names its
// arrivals. Without a centre all hours are inferred.
func SeriesOf(h contacts.Series, c *centre.Centre, gaps forecast.GapRule) forecast.Series {
	s := seriesOf(h, gaps)
	if c == nil {
		return s
	}
	ch, ok := c.Channel(h.Channel)
	inferred := ok && ch.Arrivals.Empty() && (ch.Kind == centre.Deferrable || ch.Kind == centre.Bot)
	if ok && !inferred {
		s.Hours = c.Arrivals(h.Channel)
	}
	return s
}

// skippedText lists what was skipped in one sentence.
func skippedText(skipped []forecast.Skipped) string {
	parts := make([]string, len(skipped))
	for i, s := range skipped {
		parts[i] = fmt.Sprintf("%s (%s)", s.Name, strings.TrimPrefix(s.Err.Error(), s.Name+": "))
	}
	return strings.Join(parts, ", ")
}
