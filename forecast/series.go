package forecast

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// ErrNoHistory is returned for a series without one usable observation.
var ErrNoHistory = errors.New("no history")

// Observation is what happened in one interval. NaN means unknown.
type Observation struct {
	Start   time.Time
	Offered float64 // contacts that arrived
	Handled float64 // contacts answered; the weight of AHT (Offered when NaN)
	AHT     float64 // mean handle time in seconds
}

// GapRule says what an absent interval within the opening hours means.
type GapRule int

// The gap rules.
const (
	// GapsAuto: an absent interval is 0 when its day has any row, and missing
	// when the whole day has none.
	GapsAuto    GapRule = iota
	GapsZero            // every absent interval inside the span is 0
	GapsMissing         // every absent interval is missing
)

// ParseGapRule reads auto, zero or missing.
func ParseGapRule(s string) (GapRule, error) {
	switch s {
	case "", "auto":
		return GapsAuto, nil
	case "zero":
		return GapsZero, nil
	case "missing":
		return GapsMissing, nil
	}
	return 0, fmt.Errorf("gaps %q: want auto, zero or missing", s)
}

// Series is the history of one channel, or of one subject within a channel.
type Series struct {
	Channel string
	Subject string         // empty: the whole channel
	Team    string         // of one team; empty: all
	Zone    *time.Location // nil: UTC
	Step    time.Duration  // length of an interval; 0: inferred from Obs. A step of 24h is one value per civil day
	Hours   *calendar.Hours
	// Hours are the opening hours; nil: inferred from the history (a weekday and
	// slot never seen is closed).

	First, Last calendar.Date // span covered by the history; both zero: that of Obs
	Gaps        GapRule
	Obs         []Observation // in any order; several of one interval are summed
}

// Name returns channel and subject in one string for messages.
func (s *Series) Name() string {
	switch {
	case s.Team != "":
		return s.Channel + "/team " + s.Team
	case s.Subject != "":
		return s.Channel + "/" + s.Subject
	case s.Channel != "":
		return s.Channel
	}
	return "series"
}

// whole reports whether s is a channel, not a part of one.
func (s *Series) whole() bool { return s.Subject == "" && s.Team == "" }

// InferStep returns the most common distance between neighbouring observations,
// which is the length of their interval; 0 when there are fewer than two.
func InferStep(obs []Observation) time.Duration {
	starts := make([]int64, 0, len(obs))
	for _, o := range obs {
		starts = append(starts, o.Start.Unix())
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	count := map[int64]int{}
	for i := 1; i < len(starts); i++ {
		d := starts[i] - starts[i-1]
		if d >= 23*3600 && d <= 25*3600 {
			d = 24 * 3600 // a civil day over a clock change
		}
		count[d]++
	}
	var best int64
	for d, n := range count {
		if n > count[best] || (n == count[best] && (best == 0 || d < best)) {
			best = d
		}
	}
	if best > 24*3600 {
		best = 24 * 3600
	}
	return time.Duration(best) * time.Second
}
