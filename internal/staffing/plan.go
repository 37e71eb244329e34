package staffing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/erlang"
	"kcc/internal/tabular"
)

// planRow is what is kept of a row of a plan before it is sized.
type planRow struct {
	start   int64 // Unix seconds
	step    float32
	group   int32
	offered float64
	aht     float64
	load    float64
	fixed   float32 // agents needed whatever the volume
	at      int32   // place in the rows of its group
	settled int32   // agents that a simulation settled, fixed ones included; -1 = none
	bad     bool
	skip    bool // a subject of a channel that has rows of its own
}

// groupKey is one queue of a plan.
type groupKey struct{ channel, skill, subject string }

// planGroup is one queue of a plan with its rows.
type planGroup struct {
	key      groupKey
	settings erlang.Settings // with the cells of its first row
	rows     []int32
	// planned holds the requirements of queues that are planned as a whole:
	// deferrable work and targets over a day or month.
	planned map[time.Time]erlang.Requirement
	pool    *poolGroup // nil where the queue has a team of its own
}

// runPlan reads all rows, works out loads per queue and then sizes row by row.
func (s *staff) runPlan(ctx context.Context, r *tabular.Reader, sink Sink) error {
	chunks, err := s.collect(ctx, r)
	if err != nil {
		return err
	}
	s.leaveOutSubjects()
	for _, name := range s.opt.Named {
		if !slices.ContainsFunc(s.groups, func(g *planGroup) bool { return g.key.channel == name }) {
			s.report.Unused = append(s.report.Unused, name)
		}
	}
	if err := s.loads(); err != nil {
		return err
	}
	if err := s.planWhole(ctx); err != nil {
		return err
	}
	for i := range s.opt.Pools {
		if err := s.settlePool(ctx, &s.opt.Pools[i]); err != nil {
			return err
		}
	}
	if s.opt.Verify {
		if err := s.verify(ctx); err != nil {
			return err
		}
	}
	if err := sink.Header(s.header(), len(s.cols.header)); err != nil {
		return err
	}
	err = s.write(ctx, sink, func(yield func(*chunk) error) error {
		for i, c := range chunks {
			chunks[i] = nil
			if err := yield(c); err != nil {
				return err
			}
		}
		return nil
	}, s.sizeRow)
	if err != nil {
		return err
	}
	return s.extra(sink)
}

// collect reads the rows and notes for each what the loads need.
func (s *staff) collect(ctx context.Context, r *tabular.Reader) ([]*chunk, error) {
	var chunks []*chunk
	cell := cells{file: s.cols.file}
	zone := timeParser{loc: s.opt.Zone}
	infer := s.at.interval < 0 && s.step == 0
	if infer {
		s.step = 1 // replaced below; rows need some length to be read
	}
	aimless, first := 0, error(nil)
	err := readChunks(ctx, r, func(c *chunk) error {
		chunks = append(chunks, c)
		for i := range c.rows() {
			cell.row, cell.line, cell.err = c.row(i, cell.row), c.lines[i], nil
			row, err := s.read(&zone, &cell)
			if errors.Is(err, ErrNoTarget) {
				if aimless++; first == nil {
					first = err
				}
			}
			p := planRow{settled: -1, start: row.start.Unix(), step: float32(row.step), offered: row.interval.Offered, aht: row.interval.AHT, fixed: float32(row.interval.Fixed), bad: err != nil}
			if err != nil && s.played {
				s.report.Rejected.add(err) // rows that are staffed are told as they are written
			}
			if err == nil {
				p.group = s.groupOf(&row, cell.text(s.at.subject))
				s.groups[p.group].rows = append(s.groups[p.group].rows, int32(len(s.rows)))
			}
			s.rows = append(s.rows, p)
		}
		return nil
	})
	if err == nil && aimless > 0 && aimless == len(s.rows) {
		err = first
	}
	if err != nil {
		return nil, err
	}
	for _, g := range s.groups {
		slices.SortStableFunc(g.rows, func(a, b int32) int {
			return int(max(-1, min(1, s.rows[a].start-s.rows[b].start)))
		})
		for k, i := range g.rows {
			s.rows[i].at = int32(k)
		}
	}
	if infer {
		if err := s.inferStep(); err != nil {
			return nil, err
		}
	}
	return chunks, nil
}

func (s *staff) groupOf(row *staffRow, subject string) int32 {
	k := groupKey{row.channel, row.interval.Skill, subject}
	if i, ok := s.byName[k]; ok {
		return i
	}
	i := int32(len(s.groups))
	s.byName[k] = i
	s.groups = append(s.groups, &planGroup{key: k, settings: row.settings})
	return i
}

// inferStep takes the shortest distance between starts of one queue for the
// length of the intervals.
func (s *staff) inferStep() error {
	step := int64(math.MaxInt64)
	for _, g := range s.groups {
		for i := 1; i < len(g.rows); i++ {
			if d := s.rows[g.rows[i]].start - s.rows[g.rows[i-1]].start; d > 0 {
				step = min(step, d)
			}
		}
	}
	if step == math.MaxInt64 {
		return fmt.Errorf("%s: the length of the intervals is not known: there is no column interval_s and each queue has one row", s.cols.file)
	}
	s.step = float64(step)
	for i := range s.rows {
		s.rows[i].step = float32(step)
	}
	return nil
}

// leaveOutSubjects drops the rows of subjects whose channel has rows of its own,
// as the work would count twice.
func (s *staff) leaveOutSubjects() {
	whole := map[string]bool{}
	for _, g := range s.groups {
		if g.key.subject == "" {
			whole[g.key.channel] = true
		}
	}
	for _, g := range s.groups {
		if g.key.subject == "" || !whole[g.key.channel] {
			continue
		}
		for _, i := range g.rows {
			s.rows[i].skip = true
		}
		s.report.SubjectRows += len(g.rows)
		g.rows = nil
	}
}

// intervals returns the intervals of a queue in order of time.
func (s *staff) intervals(g *planGroup) []erlang.Interval {
	out := make([]erlang.Interval, len(g.rows))
	for k, i := range g.rows {
		r := &s.rows[i]
		out[k] = erlang.Interval{
			Start: time.Unix(r.start, 0).In(s.opt.Zone), Step: seconds(float64(r.step)),
			Channel: g.key.channel, Skill: g.key.skill, Offered: r.offered, AHT: r.aht, Fixed: float64(r.fixed),
		}
	}
	return out
}

// loads fills in the load of each row.
func (s *staff) loads() error {
	mode := erlang.SIPP
	if s.mol {
		mode = erlang.MOL
	}
	for _, g := range s.groups {
		if len(g.rows) == 0 || g.settings.Formula() == erlang.ModelDeadline {
			continue
		}
		ivs := s.intervals(g)
		for k := 1; k < len(ivs); k++ {
			if ivs[k].Start.Equal(ivs[k-1].Start) && (s.mol || s.opt.Verify || len(s.opt.Pools) > 0 || g.settings.Target.Period != erlang.PerInterval) {
				return fmt.Errorf("%s: queue %q has two rows that start at %s", s.cols.file, g.key.channel, ivs[k].Start.Format(time.RFC3339))
			}
		}
		for k, load := range erlang.OfferedLoads(ivs, g.settings, mode) {
			s.rows[g.rows[k]].load = load
		}
	}
	return nil
}

// planWhole plans the queues that cannot be sized row by row.
func (s *staff) planWhole(ctx context.Context) error {
	taken := erlang.Taken{}
	for _, g := range s.groups {
		set := g.settings
		deferrable := set.Formula() == erlang.ModelDeadline
		if len(g.rows) == 0 || (!deferrable && set.Target.Period == erlang.PerInterval) {
			continue
		}
		opt := s.opt.Plan
		opt.Channels, opt.Default = nil, set
		if !s.mol {
			opt.TimeOfDay = erlang.SIPP
		}
		var reqs []erlang.Requirement
		var err error
		if idle := s.idle(set); deferrable && idle != nil {
			taken.Share(set.BlendInto, idle, func(idle map[time.Time]float64) {
				reqs, err = erlang.PlanDeferrable(ctx, s.intervals(g), opt, idle)
			})
		} else if deferrable {
			reqs, err = erlang.PlanDeferrable(ctx, s.intervals(g), opt, nil)
		} else {
			reqs, err = erlang.Plan(ctx, s.intervals(g), opt)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.cols.file, err)
		}
		g.planned = make(map[time.Time]erlang.Requirement, len(reqs))
		for _, q := range reqs {
			g.planned[q.Start.UTC()] = q
		}
	}
	return nil
}

// idle returns the idle agents of the channel that work under set blends into.
func (s *staff) idle(set erlang.Settings) map[time.Time]float64 {
	if set.BlendInto == "" {
		return nil
	}
	out := map[time.Time]float64{}
	for _, g := range s.groups {
		if g.key.channel != set.BlendInto || g.settings.Formula() == erlang.ModelDeadline {
			continue
		}
		for k, iv := range s.intervals(g) {
			req := erlang.Require(iv, s.rows[g.rows[k]].load, g.settings, s.opt.Plan)
			out[iv.Start.UTC()] += req.IdleAgents(set.MaxBlend)
		}
	}
	return out
}

// sizeRow sizes row n of the plan.
func (s *staff) sizeRow(n int, row *staffRow) figures {
	p := &s.rows[n]
	g := s.groups[p.group]
	f := figures{plain: row.load()}
	switch {
	case g.planned != nil:
		f.req = g.planned[row.start.UTC()]
	case g.pool != nil && p.settled >= 0:
		f.req = erlang.RequireAgents(row.interval, p.load, row.settings, s.opt.Plan, int(p.settled))
		f.pool = g.pool.row(int(p.at))
		f.pool.figures(&f.req)
		f.req.Fractional = float64(f.req.Agents) // the whole agents of the pool are divided, not sized
		_, f.req.RosteredFractional = erlang.Gross(f.req.Fractional, row.settings.Unplanned)
	case p.settled >= 0:
		f.req = erlang.RequireAgents(row.interval, p.load, row.settings, s.opt.Plan, int(p.settled))
	default:
		return s.size(row, p.load)
	}
	if s.opt.Prices != nil {
		f = s.priced(f, row.channel)
	}
	return f
}

// extra adds rows for open intervals in which deferrable work is done but none
// comes in.
func (s *staff) extra(sink Sink) error {
	width := len(s.header())
	for _, g := range s.groups {
		if g.planned == nil {
			continue
		}
		for _, i := range g.rows {
			delete(g.planned, time.Unix(s.rows[i].start, 0).UTC())
		}
		for _, t := range sortedKeys(g.planned) {
			req := g.planned[t]
			row := staffRow{start: req.Start, channel: g.key.channel, settings: g.settings, step: req.Step.Seconds()}
			row.interval.Skill = g.key.skill
			line := make([]any, width)
			line[s.at.start] = req.Start.In(s.opt.Zone).Format(time.RFC3339)
			for at, v := range map[int]any{s.at.channel: g.key.channel, s.at.interval: row.step, s.at.skill: s.skill(&row), s.at.calls: 0.0} {
				if at >= 0 {
					line[at] = fmt.Sprint(v)
				}
			}
			f := figures{req: req}
			if s.opt.Prices != nil {
				f = s.priced(f, row.channel)
				s.report.Cost.add(costOf(f.cost, row.step/3600))
			}
			if s.opt.Collect != nil {
				req.Channel, req.Skill = row.channel, s.skill(&row)
				s.opt.Collect(req)
			}
			s.fill(line, &row, f)
			if err := sink.Row(line); err != nil {
				return err
			}
			s.report.Extra++
			s.report.AgentHours += float64(req.Agents) * row.step / 3600
			s.report.Rostered += float64(req.Rostered) * row.step / 3600
		}
	}
	return nil
}
