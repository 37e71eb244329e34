package staffing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// View is the way to treat a load that moves during the day.
type View int

// The views. Auto takes the modified offered load for a plan (rows with start
// and offered) and every row on its own otherwise.
const (
	AutoView View = iota
	MOLView
	SIPPView
	BothViews // as MOL, with the load and agents of SIPP beside it
)

// Options of Staff. A cell of the row goes before Channels, which goes before
// Default.
type Options struct {
	Default  erlang.Settings
	Channels map[string]erlang.Settings
	Interval time.Duration // of rows without interval_s; 0 = the shortest distance between starts
	View     View
	Plan     erlang.PlanOptions // certainty, spread of volumes, draws; its settings are not used
	// Pools are teams with several skills: the agents of their channels are settled
	// together, by simulation.
	Pools []PoolSpec
	// Prices give the prices of a channel: the plan is the least costly one among
	// those that keep the targets, where there are any. Nil: the smallest number of
	// agents.
	Prices func(channel string) *erlang.Prices
	// LinesOnly says that Prices stand only for a limited number of lines, every
	// agent costing the same: the answer is the fewest agents behind them.
	LinesOnly bool
	// Collect is given every requirement, with its cost curve; nil: curves are left
	// out. It is called from several goroutines.
	Collect func(erlang.Requirement)
	// Verify plays the plan and moves agents by one until the targets hold in the
	// simulation too; see erlang.Repair. It is for plans, not for cases.
	Verify bool
	// Named are the channels that a setting was given for by name; the report tells
	// which of them no row has.
	Named []string
	Seed  uint64
	Zone  *time.Location
	Title func(column string) string // label of an appended column; nil = its name
}

// settings returns what holds for a channel before its cells.
func (o *Options) settings(channel string) erlang.Settings {
	if s, ok := o.Channels[channel]; ok {
		return s
	}
	return o.Default
}

// Report tells what Staff did.
type Report struct {
	Rows        int
	Unreachable int
	Extra       int      // intervals added in which deferrable work is done but none comes in
	Unused      []string // of Options.Named, the channels that a plan does not have
	SubjectRows int      // rows left out, as their channel has rows of its own
	OtherStep   []string // deferrable channels that a simulation leaves out, as their intervals have another length
	AgentHours  float64
	Rostered    float64             // hours
	Definitions []erlang.Definition // in force, of one channel or another
	Rejected    Rejected
	Verified    []Verified
	Pools       []Pooled
	Priced      bool // least cost, as Options.Prices asked for
	Limited     bool // behind a limited number of lines
	Cost        Cost
}

// Cost is what a plan costs, by part.
type Cost struct{ Wages, Waiting, Lost, Overflow, Lines float64 }

// Total returns the sum of the parts.
func (c Cost) Total() float64 { return c.Wages + c.Waiting + c.Lost + c.Overflow + c.Lines }

func (c *Cost) add(o Cost) {
	c.Wages += o.Wages
	c.Waiting += o.Waiting
	c.Lost += o.Lost
	c.Overflow += o.Overflow
	c.Lines += o.Lines
}

// Verified tells what the simulation made of one queue of the plan.
type Verified struct {
	Queue                     string
	Added, Removed, Low, Runs int
	ServiceLevel, HalfWidth   float64
	Kept                      float64 // share of days on which the day's target holds
}

// ErrNoTarget is returned when a row has nothing to keep.
var ErrNoTarget = errors.New("there is no target")

// kinds of the input columns that are known, for tables and workbooks.
var staffKinds = map[string]output.Column{
	"start": {Kind: output.DateTime}, "calls": {Kind: output.Number, Digits: 1}, "offered": {Kind: output.Number, Digits: 1},
	"interval_s": {Kind: output.Number}, "aht_s": {Kind: output.Number}, "target_pct": {Kind: output.Number, Digits: 1},
	"target_s": {Kind: output.Number}, "patience_s": {Kind: output.Number}, "max_abandon": {Kind: output.Number, Digits: 3},
	"max_occupancy": {Kind: output.Number, Digits: 2}, "shrinkage": {Kind: output.Number, Digits: 2}, "concurrency": {Kind: output.Number},
	"lo80": {Kind: output.Number, Digits: 1}, "hi80": {Kind: output.Number, Digits: 1},
	"lo95": {Kind: output.Number, Digits: 1}, "hi95": {Kind: output.Number, Digits: 1},
}

var linesColumn = output.Column{Name: "lines", Kind: output.Integer}

var costColumns = []output.Column{
	{Name: "flexible_agents", Kind: output.Integer},
	{Name: "partner_contacts", Kind: output.Number, Digits: 1},
	linesColumn,
	{Name: "cost", Kind: output.Number, Digits: 2},
}

var staffColumns = []output.Column{
	{Name: "load_erlangs", Kind: output.Number, Digits: 2},
	{Name: "model"},
	{Name: "status", Rules: []output.Rule{{Op: output.Is, Text: "unreachable", Tone: output.Bad}}},
	{Name: "agents", Kind: output.Integer},
	{Name: "agents_fractional", Kind: output.Number, Digits: 2},
	{Name: "rostered", Kind: output.Integer},
	{Name: "rostered_fractional", Kind: output.Number, Digits: 2},
	{Name: "service_level", Kind: output.Percent, Digits: 1},
	{Name: "asa_s", Kind: output.Number, Digits: 1},
	{Name: "occupancy", Kind: output.Percent, Digits: 1},
	{Name: "p_wait", Kind: output.Percent, Digits: 1},
	{Name: "p_abandon", Kind: output.Percent, Digits: 1},
}

// staff is one run of Staff.
type staff struct {
	opt  Options
	cols columns
	at   struct {
		start, channel, skill, subject, calls, interval, aht, targetPct, targetS, maxASA            int
		patience, maxAbandon, maxOccupancy, shrinkage, concurrency, promise, minimum, redial, fixed int
	}
	plan     bool // rows are intervals of a plan
	mol      bool
	lenient  bool // rows need no target
	played   bool // rows have their agents and are not sized
	addSkill bool
	addStep  bool
	step     float64 // s, where no cell has one

	rows   []planRow
	groups []*planGroup
	byName map[groupKey]int32
	report Report
}

// Staff reads rows from r, sizes each and writes them with the answers.
func Staff(ctx context.Context, r *tabular.Reader, opt Options, sink Sink) (*Report, error) {
	s := &staff{opt: opt, cols: columnsOf(r), byName: map[groupKey]int32{}}
	s.opt.Plan.NoCurve = opt.Collect == nil
	if s.opt.Zone == nil {
		s.opt.Zone = time.UTC
	}
	s.report.Priced = opt.Prices != nil && !opt.LinesOnly
	s.report.Limited = opt.LinesOnly
	s.lenient = s.report.Priced // least cost needs no target
	if err := s.find(); err != nil {
		return nil, err
	}
	var err error
	if s.plan {
		err = s.runPlan(ctx, r, sink)
	} else {
		err = s.runCases(ctx, r, sink)
	}
	if err != nil {
		return nil, err
	}
	if s.report.Rows == 0 {
		return &s.report, fmt.Errorf("%s: there are no rows below the header", r.Name())
	}
	if s.report.Rejected.Count == s.report.Rows {
		return &s.report, fmt.Errorf("%s: %w", r.Name(), ErrAllRejected)
	}
	return &s.report, nil
}

// find looks up the columns and decides how rows are to be read.
func (s *staff) find() error {
	c := s.cols
	a := &s.at
	a.start, a.channel, a.skill, a.subject = c.at("start"), c.at("channel"), c.at("skill"), c.at("subject")
	a.calls = c.at("calls", "offered")
	a.interval, a.aht = c.at("interval_s"), c.at("aht_s")
	a.targetPct, a.targetS, a.maxASA = c.at("target_pct"), c.at("target_s"), c.at("max_asa_s")
	a.patience, a.maxAbandon, a.maxOccupancy = c.at("patience_s"), c.at("max_abandon"), c.at("max_occupancy")
	a.shrinkage, a.concurrency, a.promise = c.at("shrinkage"), c.at("concurrency"), c.at("promise")
	a.minimum, a.redial, a.fixed = c.at("min_agents"), c.at("redial"), c.at("fixed_agents")
	if a.calls < 0 {
		return &tabular.MissingError{File: c.file, Missing: []string{"offered or calls"}, Header: c.header}
	}
	s.plan = a.start >= 0
	if !s.plan && a.interval < 0 && s.opt.Interval == 0 {
		return &tabular.MissingError{File: c.file, Missing: []string{"interval_s"}, Header: c.header}
	}
	switch s.opt.View {
	case AutoView:
		s.mol = s.plan && c.at("offered") == a.calls
	case SIPPView:
	case MOLView, BothViews:
		if !s.plan {
			return fmt.Errorf("%s: the modified offered load follows the clock, and there is no column start", c.file)
		}
		s.mol = true
	}
	if s.opt.Verify && !s.plan {
		return fmt.Errorf("%s: only a plan can be played, and there is no column start", c.file)
	}
	if len(s.opt.Pools) > 0 && !s.plan {
		return fmt.Errorf("%s: only a plan can be pooled, and there is no column start", c.file)
	}
	s.addSkill = s.plan && a.skill < 0
	s.addStep = s.plan && a.interval < 0
	s.step = s.opt.Interval.Seconds()
	return nil
}

// header returns the columns of the result.
func (s *staff) header() []output.Column {
	var add []output.Column
	if s.addStep {
		add = append(add, output.Column{Name: "interval_s", Kind: output.Number})
	}
	if s.addSkill {
		add = append(add, output.Column{Name: "skill"})
	}
	add = append(add, staffColumns...)
	if s.opt.View == BothViews {
		add = append(add, output.Column{Name: "load_sipp_erlangs", Kind: output.Number, Digits: 2}, output.Column{Name: "agents_sipp", Kind: output.Integer})
	}
	if len(s.opt.Pools) > 0 {
		add = append(add, poolColumns...)
	}
	switch {
	case s.opt.LinesOnly:
		add = append(add, linesColumn)
	case s.opt.Prices != nil:
		add = append(add, costColumns...)
	}
	if s.opt.Title != nil {
		for i := range add {
			add[i].Title = s.opt.Title(add[i].Name)
		}
	}
	return append(s.cols.passed(staffKinds), s.cols.appended(add)...)
}

// staffRow is one row as understood.
type staffRow struct {
	start    time.Time
	channel  string
	interval erlang.Interval
	settings erlang.Settings
	step     float64 // s
}

// load returns the load of the row on its own.
func (r *staffRow) load() float64 {
	if r.interval.Offered == 0 {
		return 0
	}
	return r.interval.Offered * r.interval.AHT / r.step
}

// read understands one row; the error is the first thing that is wrong with it.
func (s *staff) read(zone *timeParser, c *cells) (staffRow, error) {
	a := &s.at
	var r staffRow
	r.channel = c.text(a.channel)
	set := s.opt.settings(r.channel)
	calls := c.ranged(a.calls, s.cols.header[a.calls], 0, math.Inf(1))
	if math.IsInf(calls, 1) {
		c.fail(s.cols.header[a.calls], c.text(a.calls), "a finite number")
	}
	r.step = known(c.positive(a.interval, "interval_s"), s.step)
	if !(r.step > 0) {
		c.fail("interval_s", "", "the length of the interval in seconds, or --interval")
		r.step = 1
	}
	aht := known(c.ranged(a.aht, "aht_s", 0, math.Inf(1)), set.AHT)
	if math.IsNaN(calls) {
		c.fail(s.cols.header[a.calls], "", "a number of contacts")
	}
	if calls > 0 && !(aht > 0) && c.err == nil {
		c.fail("aht_s", c.text(a.aht), "a handle time in seconds, or --aht")
	}
	pct := c.percent(a.targetPct, "target_pct")
	if !math.IsNaN(pct) {
		set.Target.Ratio = pct / 100
	}
	if t := c.ranged(a.targetS, "target_s", 0, maxSeconds); !math.IsNaN(t) {
		set.Target.Within = seconds(t)
	}
	if t := c.positive(a.maxASA, "max_asa_s"); !math.IsNaN(t) {
		set.Target.MaxASA = seconds(math.Min(t, maxSeconds))
	}
	set.Patience = known(c.ranged(a.patience, "patience_s", 0, math.Inf(1)), set.Patience)
	if v := c.ranged(a.maxAbandon, "max_abandon", 0, 1); !math.IsNaN(v) {
		set.Target.MaxAbandon = v
	}
	if v := c.ranged(a.maxOccupancy, "max_occupancy", 0, 1); !math.IsNaN(v) {
		set.Target.MaxOccupancy = v
	}
	if v := c.ranged(a.shrinkage, "shrinkage", 0, 1); !math.IsNaN(v) {
		if v == 1 {
			c.fail("shrinkage", c.text(a.shrinkage), "a share below 1")
		}
		set.Unplanned = v
	}
	if v := c.ranged(a.concurrency, "concurrency", 1, 100); !math.IsNaN(v) {
		set.Concurrency = int(v)
	}
	if v := c.ranged(a.minimum, "min_agents", 0, 1e6); !math.IsNaN(v) {
		set.Minimum = int(v)
	}
	if v := c.ranged(a.redial, "redial", 0, 1); !math.IsNaN(v) {
		set.Redial = v
	}
	r.interval.Fixed = known(c.ranged(a.fixed, "fixed_agents", 0, 1e6), 0)
	if p := c.text(a.promise); p != "" {
		term, err := calendar.ParseTerm(p)
		if err != nil {
			c.fail("promise", p, "a lead time such as 4bh or 2wd")
		}
		set.Promise = term
	}
	if s.plan {
		t, err := zone.parse(c.text(a.start))
		if err != nil {
			c.fail("start", c.text(a.start), "a time such as 2006-01-02 15:04")
		}
		r.start = t
	}
	if calls > 0 && !s.lenient && pct != 0 && noTarget(set) && c.err == nil { // a target of 0 is one
		return r, fmt.Errorf("%s: line %d: %w", c.file, c.line, ErrNoTarget)
	}
	r.settings = set
	r.interval.Start, r.interval.Channel, r.interval.Skill = r.start, r.channel, c.text(a.skill)
	r.interval.Offered, r.interval.AHT = calls, known(aht, 0)
	r.interval.Step = seconds(r.step)
	return r, c.err
}

func noTarget(s erlang.Settings) bool {
	t := s.Target
	if f := s.Formula(); f == erlang.ModelDeadline || f == erlang.ModelFixed {
		return f == erlang.ModelDeadline && s.Promise == (calendar.Term{})
	}
	return t.Ratio == 0 && t.MaxASA == 0 && t.MaxAbandon == 0 && t.MaxOccupancy == 0
}

// maxSeconds keeps thresholds inside a time.Duration: about 290 years.
const maxSeconds = 9e9

func seconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }

// runCases sizes every row on its own, in one pass.
func (s *staff) runCases(ctx context.Context, r *tabular.Reader, sink Sink) error {
	if err := sink.Header(s.header(), len(s.cols.header)); err != nil {
		return err
	}
	return s.write(ctx, sink, func(yield func(*chunk) error) error { return readChunks(ctx, r, yield) },
		func(_ int, row *staffRow) figures { return s.size(row, row.load()) })
}

// figures are the answers to one row.
type figures struct {
	req   erlang.Requirement
	plain float64 // load without regard to time of day
	pool  *poolRow
	cost  *erlang.CostPlan
}

// size sizes a row by itself, for a target or for the least cost.
func (s *staff) size(row *staffRow, load float64) figures {
	if s.opt.Prices == nil {
		return figures{req: erlang.Require(row.interval, load, row.settings, s.opt.Plan), plain: row.load()}
	}
	return s.leastCost(row, load)
}

// write passes chunks through the workers and on to sink. size gives the
// requirement of a row and its load without regard to time of day.
func (s *staff) write(ctx context.Context, sink Sink, feed func(func(*chunk) error) error, size func(n int, row *staffRow) figures) error {
	type tally struct {
		rows, unreachable int
		aimless           int // rejected as they have no target
		hours, rostered   float64
		rejected          []error
		definitions       [4]bool
		cost              Cost
	}
	tallies := make(chan tally, 1)
	total := tally{}
	var bad Rejected
	done := make(chan struct{})
	go func() {
		for t := range tallies {
			total.rows += t.rows
			total.unreachable += t.unreachable
			total.hours += t.hours
			total.rostered += t.rostered
			for d, used := range t.definitions {
				total.definitions[d] = total.definitions[d] || used
			}
			total.aimless += t.aimless
			total.cost.add(t.cost)
			for _, e := range t.rejected {
				bad.add(e)
			}
		}
		close(done)
	}()
	width := len(s.header())
	err := inOrder(ctx, feed, func(c *chunk) ([][]any, error) {
		t := tally{}
		cell := cells{file: s.cols.file}
		out := make([][]any, 0, c.rows())
		backing := make([]any, c.rows()*width)
		zone := timeParser{loc: s.opt.Zone}
		for i := range c.rows() {
			cell.row, cell.line, cell.err = c.row(i, cell.row), c.lines[i], nil
			row, err := s.read(&zone, &cell)
			line := backing[i*width : (i+1)*width : (i+1)*width]
			s.pass(line, &cell, &row)
			switch {
			case err != nil:
				t.rejected = append(t.rejected, err)
				if errors.Is(err, ErrNoTarget) {
					t.aimless++
				}
			default:
				if s.plan && s.rows[c.first+i].skip {
					continue
				}
				f := size(c.first+i, &row)
				t.definitions[row.settings.Target.Definition] = true
				if s.fill(line, &row, f) {
					t.unreachable++
				}
				t.rows++
				h := row.step / 3600
				t.hours += float64(f.req.Agents) * h
				t.rostered += float64(f.req.Rostered) * h
				if f.cost != nil && f.req.Status == erlang.OK {
					t.cost.add(costOf(f.cost, h))
				}
				if s.opt.Collect != nil {
					f.req.Channel, f.req.Skill = row.channel, s.skill(&row)
					s.opt.Collect(f.req)
				}
			}
			out = append(out, line)
		}
		tallies <- t
		return out, nil
	}, sink)
	close(tallies)
	<-done
	s.report.Rows += total.rows + bad.Count
	s.report.Unreachable += total.unreachable
	s.report.AgentHours += total.hours
	s.report.Rostered += total.rostered
	for d, used := range total.definitions {
		if used {
			s.report.Definitions = append(s.report.Definitions, erlang.Definition(d))
		}
	}
	s.report.Rejected = bad
	s.report.Cost.add(total.cost)
	if err == nil && total.rows == 0 && total.aimless > 0 && total.aimless == bad.Count {
		return bad.First[0] // no row has a target: it was forgotten, rather than wrong
	}
	return err
}

// pass copies the input cells of a row as they are.
func (s *staff) pass(line []any, c *cells, row *staffRow) {
	for j, h := range c.row {
		if h == "" {
			continue
		}
		line[j] = h
	}
	if s.at.skill >= 0 && c.row[s.at.skill] == "" {
		line[s.at.skill] = s.skill(row)
	}
}

// skill returns the skill that serves a row.
func (s *staff) skill(row *staffRow) string {
	for _, v := range []string{row.interval.Skill, row.settings.Skill, row.channel} {
		if v != "" {
			return v
		}
	}
	return defaultSkill
}

// defaultSkill serves a series that names neither channel nor skill.
const defaultSkill = "all"

// fill appends the answers to a row and tells whether its target is unreachable.
func (s *staff) fill(line []any, row *staffRow, f figures) bool {
	k := len(s.cols.header)
	put := func(v any) {
		line[k] = v
		k++
	}
	if s.addStep {
		put(row.step)
	}
	if s.addSkill {
		put(s.skill(row))
	}
	req := f.req
	ok := req.Status == erlang.OK
	put(req.Erlangs)
	put(req.Result.Model.String())
	put(req.Status.String())
	if ok {
		r := req.Result
		put(req.Agents)
		put(req.Fractional)
		put(req.Rostered)
		put(req.RosteredFractional)
		for _, v := range [...]float64{r.ServiceLevel, r.ASA, r.Occupancy, r.PWait, r.PAbandon} {
			put(v)
		}
	} else {
		k += 9
	}
	if s.opt.View == BothViews {
		put(f.plain)
		alone := s.size(row, f.plain).req
		if alone.Status == erlang.OK {
			line[k] = alone.Agents
		}
		k++
	}
	if len(s.opt.Pools) > 0 {
		if f.pool != nil {
			f.pool.fill(line[k:])
		}
		k += len(poolColumns)
	}
	switch {
	case f.cost == nil || !ok:
	case s.opt.LinesOnly:
		if f.cost.Lines > 0 {
			line[k] = f.cost.Lines
		}
	default:
		h := row.step / 3600
		line[k] = f.cost.Flex
		line[k+1] = f.cost.Partner * row.interval.Offered
		if f.cost.Lines > 0 {
			line[k+2] = f.cost.Lines
		}
		line[k+3] = f.cost.PerHour * h
	}
	return !ok
}
