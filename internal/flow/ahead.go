package flow

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/planstore"
)

// ahead is a long look forward, coarser than a plan: intervals of half an hour.
type ahead struct {
	forecasts []*forecast.Forecast
	reqs      []erlang.Requirement
	skipped   []forecast.Skipped
}

// staffAhead forecasts and staffs the days from first up to end, not included, of
// the channels that are chosen; nil is all.
func (s *Site) staffAhead(ctx context.Context, first, end calendar.Date, chosen func(centre.Channel) bool, step func(done float64)) (*ahead, error) {
	var f contacts.Filter
	if chosen != nil {
		for _, ch := range s.Centre.Channels {
			if chosen(ch) {
				f.Channels = append(append(f.Channels, ch.Name), ch.Queues...)
			}
		}
		if len(f.Channels) == 0 { // none named would be all
			return nil, ErrNothingToPlan
		}
	}
	hist, err := s.History(ctx, f)
	if err != nil {
		return nil, err
	}
	events, err := planstore.Events(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	adjust, err := planstore.Adjustments(ctx, s.DB, s.Centre.Zone)
	if err != nil {
		return nil, err
	}
	hist = slices.DeleteFunc(hist, func(h contacts.Series) bool {
		ch, ok := s.Centre.Channel(h.Channel)
		return !ok || h.Subject != "" || chosen != nil && !chosen(ch)
	})
	made := make([]ahead, len(hist))
	var mu sync.Mutex
	done := 0
	g, run := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, h := range hist { // each alone, as the days to forecast depend on its history
		g.Go(func() error {
			from := min(first, h.Last+1)
			opt := forecast.Options{
				From: from, Horizon: int(end - from), Interval: max(capacityStep, s.Centre.Interval), Holidays: s.Centre.PublicHolidays(), Events: events, Adjust: adjust,
			}
			var err error
			made[i].forecasts, made[i].skipped, err = forecast.RunAll(run, []forecast.Series{SeriesOf(h, s.Centre, forecast.GapsAuto)}, opt, nil)
			mu.Lock()
			defer mu.Unlock()
			done++
			step(0.9 * float64(done) / float64(len(hist)))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	out := &ahead{}
	for _, m := range made {
		out.forecasts, out.skipped = append(out.forecasts, m.forecasts...), append(out.skipped, m.skipped...)
	}
	if len(out.forecasts) == 0 {
		return nil, ErrNothingToPlan
	}
	out.reqs, err = erlang.Plan(ctx, IntervalsOf(s.Centre, out.forecasts), PlanOptionsOf(s.Centre, out.forecasts))
	return out, err
}
