package staffing

import (
	"math"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

var playedColumns = []output.Column{
	{Name: "offered", Kind: output.Number, Digits: 1},
	{Name: "service_level", Kind: output.Percent, Digits: 1},
	{Name: "service_level_lo95", Kind: output.Percent, Digits: 1},
	{Name: "service_level_hi95", Kind: output.Percent, Digits: 1},
	{Name: "target", Kind: output.Percent, Digits: 0},
	{Name: "asa_s", Kind: output.Number, Digits: 1},
	{Name: "p_abandon", Kind: output.Percent, Digits: 1},
}

func played(c *erlang.Count, target float64) []any {
	sl, half := c.ServiceLevel(), c.HalfWidth()
	lo, hi := math.Max(0, sl-half), math.Min(1, sl+half)
	var want any
	if target > 0 {
		want = target
	}
	return []any{c.PerRun(), sl, lo, hi, want, c.ASA(), c.Abandoned()}
}

// PlayedChannels is the outcome of a simulation per channel.
func PlayedChannels(r *erlang.SimReport) output.Table {
	t := output.Table{Name: "channels", Title: "Simulated service per channel"}
	t.Columns = append([]output.Column{{Name: "channel"}, {Name: "runs", Kind: output.Integer}}, playedColumns...)
	t.Columns = append(t.Columns, output.Column{Name: "days_kept", Kind: output.Percent, Digits: 1})
	for i, q := range r.Scenario.Queues {
		t.Rows = append(t.Rows, append(append([]any{q.Name, r.Runs}, played(&r.Total[i], q.Target.Ratio)...), r.Kept[i]))
	}
	return t
}

// PlayedDays is the outcome per channel and day.
func PlayedDays(r *erlang.SimReport) output.Table {
	t := output.Table{Name: "days", Title: "Simulated service per day"}
	t.Columns = append([]output.Column{{Name: "channel"}, {Name: "date", Kind: output.Date}}, playedColumns...)
	for i, q := range r.Scenario.Queues {
		for d, start := range r.DayStart {
			if r.Days[i][d].Offered == 0 {
				continue
			}
			row := []any{q.Name, calendar.DateOf(start, start.Location())}
			t.Rows = append(t.Rows, append(row, played(&r.Days[i][d], q.Target.Ratio)...))
		}
	}
	return t
}

// PlayedIntervals is the outcome per channel and interval; agents are those who
// are present with a skill for the channel, on average.
func PlayedIntervals(r *erlang.SimReport) output.Table {
	t := output.Table{Name: "intervals", Title: "Simulated service per interval"}
	t.Columns = append([]output.Column{
		{Name: "channel"},
		{Name: "start", Kind: output.DateTime},
		{Name: "interval_s", Kind: output.Number},
		{Name: "agents", Kind: output.Number, Digits: 1},
	}, playedColumns...)
	present := make([][]float64, len(r.Scenario.Queues))
	for i := range present {
		present[i] = make([]float64, len(r.Scenario.Slots))
	}
	for _, team := range r.Scenario.Teams {
		for _, k := range team.Skills {
			for i, q := range r.Scenario.Queues {
				if q.Name != k.Queue {
					continue
				}
				for s, n := range team.Agents {
					present[i][s] += n * (1 - team.Away)
				}
			}
		}
	}
	for i, q := range r.Scenario.Queues {
		for s, slot := range r.Scenario.Slots {
			if r.Slots[i][s].Offered == 0 && present[i][s] == 0 {
				continue
			}
			row := []any{q.Name, slot.Start, float64(slot.Step / time.Second), present[i][s]}
			t.Rows = append(t.Rows, append(row, played(&r.Slots[i][s], q.Target.Ratio)...))
		}
	}
	return t
}
