package flow

import (
	"context"
	"fmt"
	"slices"

	"kcc/contacts"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/planstore"
)

// RecordOptions says which forecasts are compared with what came.
type RecordOptions struct {
	Channels []string      // empty: all
	From, To calendar.Date // days compared; 0: the four weeks up to the last day of history
	Bands    [][2]int      // spans of days ahead; nil: DefaultRecordBands
}

// DefaultRecordBands are the next day, the rest of its week, the second week and
// the weeks after.
func DefaultRecordBands() [][2]int { return [][2]int{{1, 1}, {2, 7}, {8, 14}, {15, 35}} }

// recordDays is how many days are compared when no span is named.
const recordDays = 28

// ForecastRecord compares the stored forecasts with what came, per channel and
// subject and per span of days ahead, with the changes of planners beside. What
// cannot be compared is listed.
func (s *Site) ForecastRecord(ctx context.Context, opt RecordOptions) ([]*forecast.Record, []forecast.Skipped, error) {
	bands := opt.Bands
	if bands == nil {
		bands = DefaultRecordBands()
	}
	hist, err := s.History(ctx, contacts.Filter{Channels: opt.Channels, BySubject: true})
	if err != nil {
		return nil, nil, err
	}
	adjust, err := planstore.Adjustments(ctx, s.DB, s.Centre.Zone)
	if err != nil {
		return nil, nil, err
	}
	var out []*forecast.Record
	var bad []forecast.Skipped
	for _, h := range hist {
		series := SeriesOf(h, s.Centre, forecast.GapsAuto)
		from, to := opt.From, opt.To
		if to == 0 {
			to = series.Last
		}
		if from == 0 {
			from = to.Add(1 - recordDays)
		}
		zone := s.Centre.Zone
		made, err := planstore.MadeForecasts(ctx, s.DB, series.Channel, series.Subject, from.Start(zone), to.Add(1).Start(zone), zone)
		if err != nil {
			return nil, nil, err
		}
		if len(made) == 0 {
			if series.Subject == "" {
				bad = append(bad, forecast.Skipped{Name: series.Name(), Err: fmt.Errorf("%s: no forecast of %s to %s is stored", series.Name(), from, to)})
			}
			continue
		}
		mine := slices.DeleteFunc(slices.Clone(adjust), func(a forecast.Adjustment) bool {
			return a.To.Before(from.Start(zone)) || !a.From.Before(to.Add(1).Start(zone))
		})
		r, err := forecast.JudgeRecord(made, series, bands, mine)
		if err != nil {
			bad = append(bad, forecast.Skipped{Name: series.Name(), Err: err})
			continue
		}
		out = append(out, r)
	}
	return out, bad, nil
}
