package staffing

import (
	"context"
	"fmt"
	"math"
	"time"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

var deadlineColumns = []output.Column{
	{Name: "backlog_hours", Kind: output.Number, Digits: 2},
	{Name: "backlog_days", Kind: output.Number, Digits: 2},
	{Name: "oldest_s", Kind: output.Number},
}

// Followed tells how the work of one channel goes with the agents of its rows.
type Followed struct {
	Channel   string
	Contacts  float64 // came in or waited before
	Late      float64 // handled, or still open, after they were due
	InTime    float64 // share
	Promised  float64 // share that is to be in time
	MeanWait  float64 // from arrival to answer, elapsed s
	Occupancy float64 // used share of the agents' time
	Oldest    float64 // age of the oldest waiting work at any time, s
	Backlog   float64 // work waiting at the end, h
}

// FollowDeadline plays rows of deferrable channels, as Staff writes them, with
// their agents: earliest deadline first. It appends the work that waits at the end
// of each interval, in hours and in days of the day's capacity, and the age of the
// oldest; other channels get empty cells.
func FollowDeadline(ctx context.Context, r *tabular.Reader, opt Options, sink Sink) (*Report, []Followed, error) {
	var all []Followed
	rep, err := followPlan(ctx, r, opt, sink, deadlineColumns, func(s *staff, g *planGroup, staffed []float64) [][]any {
		if g.settings.Formula() != erlang.ModelDeadline {
			return nil
		}
		res, f := s.follow(g, staffed)
		all = append(all, f)
		out := make([][]any, len(g.rows))
		for k := range out {
			out[k] = []any{res.Backlog[k] / 3600, res.Days[k], res.Oldest[k]}
		}
		return out
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: no channel has a lead time: give one, for example --target email=95/1wd", r.Name())
	}
	return rep, all, err
}

var carryColumns = []output.Column{
	number("load_erlangs", 2),
	{Name: "model"},
	ratio("service_level"), number("asa_s", 1), ratio("occupancy"), ratio("p_wait"), ratio("p_abandon"),
	number("backlog_contacts", 1),
}

// FollowWaiting appends what the agents of the rows do in every interval of a plan
// when work that an overloaded interval leaves goes on in the next; see
// erlang.CarryOver.
func FollowWaiting(ctx context.Context, r *tabular.Reader, opt Options, sink Sink) (*Report, error) {
	return followPlan(ctx, r, opt, sink, carryColumns, func(s *staff, g *planGroup, staffed []float64) [][]any {
		if m := g.settings.Formula(); m != erlang.ModelA && m != erlang.ModelC {
			return nil
		}
		agents := make([]float64, len(g.rows))
		for k, i := range g.rows {
			agents[k] = math.Max(0, staffed[i]-float64(s.rows[i].fixed))
		}
		out := make([][]any, len(g.rows))
		for k, c := range erlang.CarryOver(s.intervals(g), agents, g.settings) {
			out[k] = []any{c.Erlangs, c.Model.String(), c.ServiceLevel, c.ASA, c.Occupancy, c.PWait, c.PAbandon, c.Backlog}
		}
		return out
	})
}

// followPlan appends columns to the rows of a plan with agents. follow gives the
// values of one queue, row by row in order of time, or nil where it has none.
func followPlan(ctx context.Context, r *tabular.Reader, opt Options, sink Sink, add []output.Column,
	follow func(*staff, *planGroup, []float64) [][]any,
) (*Report, error) {
	s := &staff{opt: opt, cols: columnsOf(r), byName: map[groupKey]int32{}, lenient: true, played: true}
	if s.opt.Zone == nil {
		s.opt.Zone = time.UTC
	}
	if err := s.find(); err != nil {
		return nil, err
	}
	if !s.plan {
		return nil, &tabular.MissingError{File: s.cols.file, Missing: []string{"start"}, Header: s.cols.header}
	}
	agents := s.cols.at("kcc_agents", "agents")
	if agents < 0 {
		return nil, &tabular.MissingError{File: s.cols.file, Missing: []string{"agents (run kcc staff first)"}, Header: s.cols.header}
	}
	chunks, err := s.collect(ctx, r)
	if err != nil {
		return nil, err
	}
	staffed, err := s.agentsOf(chunks, agents)
	if err != nil {
		return nil, err
	}
	if s.report.Rejected.Count == s.report.Rows {
		return &s.report, fmt.Errorf("%s: %w", r.Name(), ErrAllRejected)
	}
	values := make([][]any, len(s.rows))
	for _, g := range s.groups {
		if len(g.rows) == 0 {
			continue
		}
		for k, v := range follow(s, g, staffed) {
			values[g.rows[k]] = v
		}
	}
	if err := sink.Header(append(s.cols.passed(staffKinds), s.cols.appended(add)...), len(s.cols.header)); err != nil {
		return nil, err
	}
	var row []string
	for _, c := range chunks {
		for i := range c.rows() {
			row = c.row(i, row)
			line := make([]any, len(row)+len(add))
			for j, v := range row {
				if v != "" {
					line[j] = v
				}
			}
			copy(line[len(row):], values[c.first+i])
			if err := sink.Row(line); err != nil {
				return nil, err
			}
		}
	}
	return &s.report, nil
}

// agentsOf reads the agents of every row; a row without is staffed by nobody.
func (s *staff) agentsOf(chunks []*chunk, column int) ([]float64, error) {
	staffed := make([]float64, len(s.rows))
	cell := cells{file: s.cols.file}
	for _, c := range chunks {
		for i := range c.rows() {
			cell.row, cell.line, cell.err = c.row(i, cell.row), c.lines[i], nil
			if v := cell.ranged(column, "agents", 0, 1e6); !math.IsNaN(v) {
				staffed[c.first+i] = v
			}
			if p := &s.rows[c.first+i]; cell.err != nil && !p.bad {
				p.bad = true
				s.report.Rejected.add(cell.err)
			}
			s.report.Rows++
		}
	}
	if s.report.Rows == 0 {
		return nil, fmt.Errorf("%s: there are no rows below the header", s.cols.file)
	}
	return staffed, nil
}

// follow plays one channel.
func (s *staff) follow(g *planGroup, staffed []float64) (erlang.DeadlineResult, Followed) {
	ivs := s.intervals(g)
	slots := make([]erlang.Slot, len(ivs))
	offered, aht, agents := make([]float64, len(ivs)), make([]float64, len(ivs)), make([]float64, len(ivs))
	for k, iv := range ivs {
		slots[k] = erlang.Slot{Start: iv.Start, Step: iv.Step}
		offered[k], aht[k], agents[k] = iv.Offered, iv.AHT, staffed[g.rows[k]]
	}
	q := erlang.SimQueueOf(g.name(), g.settings, slots, offered, aht)
	work := q.Backlog
	f := Followed{Channel: g.name(), Promised: q.Target.Ratio}
	for k, iv := range ivs {
		if offered[k] > 0 {
			work = append(work, erlang.Work{Count: offered[k], AHT: aht[k], Available: iv.Start, Due: q.Due(iv.Start)})
		}
	}
	for _, w := range work {
		f.Contacts += w.Count
	}
	res := erlang.PlayDeadline(slots, work, agents)
	f.Late, f.InTime, f.MeanWait, f.Occupancy = res.Late, res.InTime, res.MeanWait, res.Occupancy
	for k := range slots {
		f.Oldest = math.Max(f.Oldest, res.Oldest[k])
		f.Backlog = res.Backlog[k] / 3600
	}
	return res, f
}
