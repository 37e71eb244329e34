package flow

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"kcc/contacts"
	"kcc/forecast"
	"kcc/internal/centre"
)

// SeriesOf hands history over to the forecast. With a centre, a channel's
// opening hours are the centre's; work that arrives at any hour (deferrable,
// bot) keeps the hours that its history shows, unless the centre names its
// arrivals. Without a centre all hours are inferred.
func SeriesOf(h contacts.Series, c *centre.Centre, gaps forecast.GapRule) forecast.Series {
	s := forecast.Series{
		Channel: h.Channel, Subject: h.Subject, Zone: h.Zone, Step: h.Step,
		First: h.First, Last: h.Last, Gaps: gaps,
		Obs: make([]forecast.Observation, len(h.Obs)),
	}
	for i, o := range h.Obs {
		s.Obs[i] = forecast.Observation{Start: o.Start, Offered: o.Offered, Handled: o.Handled, AHT: o.AHT}
	}
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

// Skipped is a channel that could not be done, with the reason.
type Skipped struct {
	Name string
	Err  error
}

// skippedText lists what was skipped in one sentence.
func skippedText(skipped []Skipped) string {
	parts := make([]string, len(skipped))
	for i, s := range skipped {
		parts[i] = fmt.Sprintf("%s (%v)", s.Name, s.Err)
	}
	return strings.Join(parts, ", ")
}

// ForecastAll forecasts every series, several at a time; the results are in
// the order of the series. A series without usable history is skipped, not an
// error. done is called after each series and may be nil.
func ForecastAll(ctx context.Context, series []forecast.Series, opt func(*forecast.Series) forecast.Options, done func()) ([]*forecast.Forecast, []Skipped, error) {
	results := make([]*forecast.Forecast, len(series))
	failed := make([]error, len(series))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range series {
		g.Go(func() error {
			f, err := forecast.Run(ctx, series[i], opt(&series[i]))
			if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			results[i], failed[i] = f, err
			if done != nil {
				done()
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	var out []*forecast.Forecast
	var skipped []Skipped
	for i, f := range results {
		if failed[i] != nil {
			skipped = append(skipped, Skipped{series[i].Name(), failed[i]})
			continue
		}
		out = append(out, f)
	}
	return out, skipped, nil
}
