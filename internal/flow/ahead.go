package flow

import (
	"context"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/planstore"
)

// ahead is a long look forward, coarser than a plan: intervals of half an hour.
type ahead struct {
	forecasts []*forecast.Forecast
	reqs      []erlang.Requirement
	skipped   []forecast.Skipped
}

// staffAhead forecasts and staffs the days from first up to end, not included.
func (s *Site) staffAhead(ctx context.Context, first, end calendar.Date, step func(done float64)) (*ahead, error) {
	hist, err := s.History(ctx, contacts.Filter{})
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
	out := &ahead{}
	for i, h := range hist {
		if _, ok := s.Centre.Channel(h.Channel); !ok || h.Subject != "" {
			continue
		}
		from := min(first, h.Last+1)
		opt := forecast.Options{
			From: from, Horizon: int(end - from), Interval: max(capacityStep, s.Centre.Interval), Holidays: s.Centre.PublicHolidays(), Events: events, Adjust: adjust,
		}
		list, bad, err := forecast.RunAll(ctx, []forecast.Series{SeriesOf(h, s.Centre, forecast.GapsAuto)}, opt, nil)
		if err != nil {
			return nil, err
		}
		out.forecasts, out.skipped = append(out.forecasts, list...), append(out.skipped, bad...)
		step(0.9 * float64(i+1) / float64(len(hist)))
	}
	if len(out.forecasts) == 0 {
		return nil, ErrNothingToPlan
	}
	out.reqs, err = erlang.Plan(ctx, IntervalsOf(s.Centre, out.forecasts), PlanOptionsOf(s.Centre, out.forecasts))
	return out, err
}
