package staffing

import (
	"context"
	"errors"
	"fmt"
	"math"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// Formula is one of the formulas that can be run over many cases.
type Formula int

// The formulas.
const (
	ErlangB Formula = iota
	ErlangC
	ErlangA
	ErlangChat
)

// Defaults are values for cells that are empty or absent; NaN is none.
type Defaults struct {
	Erlangs, Agents, AHT, Target, Patience, Short, Block float64
	Concurrency                                          int
	ChatAHT                                              []float64
	ChatGrowth                                           float64
}

// NoDefaults returns defaults without any value.
func NoDefaults() Defaults {
	nan := math.NaN()
	return Defaults{nan, nan, nan, nan, nan, nan, nan, 0, nil, 0}
}

// FormulaReport tells what Formulas did.
type FormulaReport struct {
	Rows     int
	Unstable int
	Rejected Rejected
}

// column makes the columns that a formula appends.
func ratio(name string) output.Column {
	return output.Column{Name: name, Kind: output.Percent, Digits: 2}
}

func number(name string, digits int) output.Column {
	return output.Column{Name: name, Kind: output.Number, Digits: digits}
}

var (
	columnsB = []output.Column{ratio("p_block"), number("carried_erlangs", 3), ratio("line_occupancy")}
	columnsT = []output.Column{{Name: "lines", Kind: output.Integer}, ratio("p_block_at_lines")}
	columnsC = []output.Column{ratio("p_wait"), ratio("p_wait_gt_target"), ratio("service_level"), number("asa_s", 1), ratio("occupancy")}
	columnsA = []output.Column{
		ratio("p_wait"), ratio("p_abandon"), ratio("sl_offered"), ratio("sl_answered"), ratio("sl_excl_short_abandons"),
		ratio("sl_wait_any"), ratio("p_virtual_wait_gt_target"), number("asa_answered_s", 1), number("mean_wait_all_s", 1),
		number("mean_queue", 2), ratio("occupancy"),
	}
)

// FormulaColumns returns the columns that a formula appends; inverse is Erlang B
// with target_block for the lines.
func FormulaColumns(f Formula, inverse bool) []output.Column {
	switch {
	case f == ErlangB && inverse:
		return columnsT
	case f == ErlangB:
		return columnsB
	case f == ErlangC:
		return columnsC
	}
	return columnsA
}

var formulaKinds = map[string]output.Column{
	"offered_erlangs": {Kind: output.Number, Digits: 3}, "lines": {Kind: output.Number, Digits: 2}, "agents": {Kind: output.Number, Digits: 2},
	"aht_s": {Kind: output.Number}, "target_s": {Kind: output.Number}, "patience_s": {Kind: output.Number},
	"target_block": {Kind: output.Percent, Digits: 2}, "calls": {Kind: output.Number, Digits: 1}, "interval_s": {Kind: output.Number},
}

// formula is one run of Formulas.
type formula struct {
	f       Formula
	def     Defaults
	cols    columns
	inverse bool
	at      struct{ erlangs, calls, interval, agents, aht, target, patience, short, block, concurrency int }
}

// Formulas runs a formula over the rows of r and appends its results.
func Formulas(ctx context.Context, r *tabular.Reader, f Formula, def Defaults, sink Sink) (*FormulaReport, error) {
	x := &formula{f: f, def: def, cols: columnsOf(r)}
	if err := x.find(); err != nil {
		return nil, err
	}
	add := FormulaColumns(f, x.inverse)
	head := append(x.cols.passed(formulaKinds), x.cols.appended(add)...)
	if err := sink.Header(head, len(x.cols.header)); err != nil {
		return nil, err
	}
	rep := &FormulaReport{}
	bad := make(chan *FormulaReport, 1)
	done := make(chan struct{})
	go func() {
		for b := range bad {
			rep.Rows += b.Rows
			rep.Unstable += b.Unstable
			for _, e := range b.Rejected.First {
				rep.Rejected.add(e)
			}
		}
		close(done)
	}()
	err := inOrder(ctx, func(yield func(*chunk) error) error { return readChunks(ctx, r, yield) }, func(c *chunk) ([][]any, error) {
		part := &FormulaReport{Rows: c.rows()}
		cell := cells{file: x.cols.file}
		out := make([][]any, c.rows())
		for i := range out {
			cell.row, cell.line, cell.err = c.row(i, cell.row), c.lines[i], nil
			line := make([]any, len(head))
			for j, v := range cell.row {
				if v != "" {
					line[j] = v
				}
			}
			unstable := x.row(&cell, line[len(cell.row):])
			if cell.err != nil {
				clear(line[len(cell.row):])
				part.Rejected.First = append(part.Rejected.First, cell.err)
			} else if unstable {
				part.Unstable++
			}
			out[i] = line
		}
		bad <- part
		return out, nil
	}, sink)
	close(bad)
	<-done
	if err == nil && rep.Rows == 0 {
		err = fmt.Errorf("%s: there are no rows below the header", r.Name())
	}
	if err == nil && rep.Rejected.Count == rep.Rows {
		err = fmt.Errorf("%s: %w", r.Name(), ErrAllRejected)
	}
	return rep, err
}

func (x *formula) find() error {
	c, a := x.cols, &x.at
	a.erlangs, a.calls, a.interval = c.at("offered_erlangs", "load_erlangs"), c.at("calls", "offered"), c.at("interval_s")
	a.agents, a.aht, a.target = c.at("agents"), c.at("aht_s"), c.at("target_s")
	a.patience, a.short, a.concurrency = c.at("patience_s"), c.at("short_s"), c.at("concurrency")
	a.block = c.at("target_block")
	if x.f == ErlangB {
		a.agents = c.at("lines", "agents")
		x.inverse = a.agents < 0 && math.IsNaN(x.def.Agents)
	}
	var missing []string
	need := func(ok bool, name string) {
		if !ok {
			missing = append(missing, name)
		}
	}
	need(a.erlangs >= 0 || (a.calls >= 0 && a.interval >= 0 && a.aht >= 0) || !math.IsNaN(x.def.Erlangs), "offered_erlangs")
	switch {
	case x.f == ErlangB && x.inverse:
		need(a.block >= 0 || !math.IsNaN(x.def.Block), "lines or target_block")
	case x.f == ErlangB:
	default:
		need(a.agents >= 0 || !math.IsNaN(x.def.Agents), "agents")
		need(a.aht >= 0 || !math.IsNaN(x.def.AHT), "aht_s")
		if x.f == ErlangA {
			need(a.patience >= 0 || !math.IsNaN(x.def.Patience), "patience_s")
		}
	}
	if missing != nil {
		return &tabular.MissingError{File: c.file, Missing: missing, Header: c.header}
	}
	return nil
}

// errEmpty marks a cell that has no value and no default.
var errEmpty = errors.New("a value, as there is no default for it")

// row computes one case into out and tells whether its queue is unstable.
func (x *formula) row(c *cells, out []any) (unstable bool) {
	a := &x.at
	want := func(v float64, at int, name string) float64 {
		if math.IsNaN(v) && c.err == nil {
			c.fail(name, c.text(at), errEmpty.Error())
		}
		return v
	}
	load, exact := x.load(c)
	put := func(values ...float64) {
		for i, v := range values {
			out[i] = v
		}
	}
	nonNegative := func(at int, name string, def float64) float64 {
		return want(known(c.ranged(at, name, 0, math.Inf(1)), def), at, name)
	}
	switch {
	case x.f == ErlangB && x.inverse:
		block := want(known(c.ranged(a.block, "target_block", 0, 1), x.def.Block), a.block, "target_block")
		if c.err != nil {
			return false
		}
		n, status := erlang.Lines(load, block)
		if status != erlang.OK {
			return true
		}
		out[0], out[1] = n, erlang.B(load, float64(n))
		return false
	case x.f == ErlangB:
		n := nonNegative(a.agents, "lines", x.def.Agents)
		if c.err != nil {
			return false
		}
		carried := erlang.Carried(load, n)
		occupancy := math.NaN()
		if n > 0 {
			occupancy = carried / n
		}
		put(erlang.B(load, n), carried, occupancy)
		return false
	}
	n := nonNegative(a.agents, "agents", x.def.Agents)
	h := nonNegative(a.aht, "aht_s", x.def.AHT)
	T := known(c.ranged(a.target, "target_s", 0, math.Inf(1)), x.def.Target, 0)
	if load > 0 && h == 0 {
		c.fail("aht_s", c.text(a.aht), "a number above 0")
	}
	if c.err != nil {
		return false
	}
	if x.f == ErlangC {
		agents := erlang.Decimal{Hi: n}
		if a.agents >= 0 && c.text(a.agents) != "" {
			if d, err := erlang.ParseDecimal(c.text(a.agents)); err == nil {
				agents = d
			}
		}
		w := erlang.WaitCDecimal(exact, agents, h, T)
		put(w.PWait, w.PWaitOver, w.ServiceLevel, w.ASA, w.Occupancy)
		return !w.Stable
	}
	patience := nonNegative(a.patience, "patience_s", known(x.def.Patience, math.Inf(1)))
	short := known(c.ranged(a.short, "short_s", 0, math.Inf(1)), x.def.Short, T)
	if c.err != nil {
		return false
	}
	var q erlang.Impatient
	switch {
	case x.f == ErlangChat:
		if n != math.Trunc(n) {
			c.fail("agents", c.text(a.agents), "a whole number")
			return false
		}
		k := int(known(c.ranged(a.concurrency, "concurrency", 1, 100), float64(max(1, x.def.Concurrency))))
		times := erlang.ChatTimes(h, x.def.ChatAHT, k, x.def.ChatGrowth)
		q = erlang.Chat(erlang.ChatLoad{Rate: rateOf(load, h), AHT: times, Patience: patience}, int(n), T, short)
		unstable = math.IsInf(q.Queue, 1)
	case patience == 0:
		c.fail("patience_s", c.text(a.patience), "a number above 0")
		return false
	case math.IsInf(patience, 1):
		q, unstable = patient(load, n, h, T)
	default:
		q = erlang.A(load, n, h, patience, T, short)
	}
	put(q.PWait, q.PAbandon, q.SLOffered, q.SLAnswered, q.SLExclShort, q.SLWaitAny, q.PVirtualWaitOver,
		q.ASAAnswered, q.MeanWait, q.Queue, q.Occupancy)
	return unstable
}

func rateOf(load, h float64) float64 {
	if load == 0 {
		return 0
	}
	return load / h
}

// patient writes Erlang C in the columns of Erlang A: endless patience.
func patient(a, n, h, T float64) (erlang.Impatient, bool) {
	w := erlang.WaitC(a, n, h, T)
	q := erlang.Impatient{
		PWait: w.PWait, PVirtualWaitOver: w.PWaitOver, ASAAnswered: w.ASA, MeanWait: w.ASA, Occupancy: w.Occupancy,
		SLOffered: w.ServiceLevel, SLAnswered: w.ServiceLevel, SLExclShort: w.ServiceLevel, SLWaitAny: w.ServiceLevel,
	}
	if a > 0 {
		q.Queue = a / h * w.ASA
	}
	return q, !w.Stable
}

// load reads the load of a row: as it stands, or from calls, interval and handle
// time.
func (x *formula) load(c *cells) (float64, erlang.Decimal) {
	a := &x.at
	if a.erlangs >= 0 || a.calls < 0 {
		v := known(c.ranged(a.erlangs, "offered_erlangs", 0, math.Inf(1)), x.def.Erlangs)
		if math.IsNaN(v) || math.IsInf(v, 1) {
			c.fail("offered_erlangs", c.text(a.erlangs), "a load of 0 or more erlangs")
			return 0, erlang.Decimal{}
		}
		if d, err := erlang.ParseDecimal(c.text(a.erlangs)); err == nil {
			return v, d
		}
		return v, erlang.Decimal{Hi: v}
	}
	calls := c.ranged(a.calls, "calls", 0, math.Inf(1))
	step := c.positive(a.interval, "interval_s")
	h := known(c.ranged(a.aht, "aht_s", 0, math.Inf(1)), x.def.AHT)
	v := calls * h / step
	if calls == 0 {
		v = 0
	}
	if math.IsNaN(v) {
		c.fail("calls", c.text(a.calls), "calls, interval_s and aht_s together")
		return 0, erlang.Decimal{}
	}
	return v, erlang.Decimal{Hi: v}
}
