package staffing

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

var outboundColumns = []output.Column{
	{Name: "calls", Kind: output.Number, Digits: 1},
	{Name: "reached", Kind: output.Number, Digits: 1},
	{Name: "left", Kind: output.Number, Digits: 1},
	{Name: "work_hours", Kind: output.Number, Digits: 2},
}

// OutboundTable shows the workload of one list, by attempt.
func OutboundTable(o erlang.Outbound) output.Table {
	t := output.Table{Name: "outbound", Title: "Workload of a list", Columns: []output.Column{
		{Name: "attempt"},
		{Name: "calls", Kind: output.Number, Digits: 1},
		{Name: "reached", Kind: output.Number, Digits: 1},
		{Name: "left", Kind: output.Number, Digits: 1},
		{Name: "work_hours", Kind: output.Number, Digits: 2},
	}, Notes: []string{"reached: people, not calls; left: people not reached after this attempt; work: talk and wrap-up of answered calls, dialling of the others."}}
	var before erlang.OutboundWork
	before.Left = o.Records
	for k := range max(1, o.Attempts) {
		upTo := o
		upTo.Attempts = k + 1
		w := upTo.Work()
		t.Rows = append(t.Rows, []any{strconv.Itoa(k + 1), w.ByAttempt[k], w.ReachedBy[k], w.Left, (w.Seconds - before.Seconds) / 3600})
		before = w
	}
	t.Rows = append(t.Rows, []any{"total", before.Calls, before.Reached, before.Left, before.Seconds / 3600})
	return t
}

// OutboundLists appends the workload to rows of lists: records, and optionally
// attempts, connect (chances by attempt, apart by spaces or semicolons), talk_s,
// dial_s and right; an empty cell falls back on def.
func OutboundLists(ctx context.Context, r *tabular.Reader, def erlang.Outbound, sink Sink) (*FormulaReport, error) {
	c := columnsOf(r)
	records, attempts, connect := c.at("records"), c.at("attempts"), c.at("connect")
	talk, dial, right := c.at("talk_s"), c.at("dial_s"), c.at("right")
	if records < 0 {
		return nil, &tabular.MissingError{File: c.file, Missing: []string{"records"}, Header: c.header}
	}
	if err := sink.Header(append(c.passed(nil), c.appended(outboundColumns)...), len(c.header)); err != nil {
		return nil, err
	}
	rep := &FormulaReport{}
	err := readChunks(ctx, r, func(ch *chunk) error {
		cell := cells{file: c.file}
		for i := range ch.rows() {
			cell.row, cell.line, cell.err = ch.row(i, cell.row), ch.lines[i], nil
			o := def
			o.Records = cell.ranged(records, "records", 0, math.Inf(1))
			if math.IsNaN(o.Records) {
				cell.fail("records", "", "the number of people on the list")
			}
			if v := cell.ranged(attempts, "attempts", 1, 1000); !math.IsNaN(v) {
				o.Attempts = int(v)
			}
			if text := cell.text(connect); text != "" {
				chances, err := ParseChances(text)
				if err != nil {
					cell.fail("connect", text, "chances from 0 to 1, for example 0.4;0.3")
				}
				o.Connect = chances
			}
			o.Talk = known(cell.ranged(talk, "talk_s", 0, math.Inf(1)), o.Talk)
			o.Dial = known(cell.ranged(dial, "dial_s", 0, math.Inf(1)), o.Dial)
			o.RightOne = known(cell.ranged(right, "right", 0, 1), o.RightOne)
			if len(o.Connect) == 0 {
				cell.fail("connect", "", "the chance of an answer, or --connect")
			}
			line := make([]any, len(c.header)+len(outboundColumns))
			for j, v := range cell.row {
				if v != "" {
					line[j] = v
				}
			}
			rep.Rows++
			if cell.err != nil {
				rep.Rejected.add(cell.err)
			} else {
				w := o.Work()
				for j, v := range [...]float64{w.Calls, w.Reached, w.Left, w.Seconds / 3600} {
					line[len(c.header)+j] = v
				}
			}
			if err := sink.Row(line); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
	case rep.Rows == 0:
		err = fmt.Errorf("%s: there are no rows below the header", r.Name())
	case rep.Rejected.Count == rep.Rows:
		err = fmt.Errorf("%s: %w", r.Name(), ErrAllRejected)
	}
	return rep, err
}

// ParseChances reads chances apart by spaces, semicolons or commas; 40% and 0.4
// are the same.
func ParseChances(text string) ([]float64, error) {
	var out []float64
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ';' || r == ',' }) {
		num, percent := strings.CutSuffix(part, "%")
		v, err := strconv.ParseFloat(num, 64)
		if percent {
			v /= 100
		}
		if err != nil || !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("chance %q: want a share from 0 to 1, for example 0.4", part)
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("chances %q: want for example 0.4,0.3", text)
	}
	return out, nil
}

var spreadColumns = []output.Column{
	{Name: "outbound_calls", Kind: output.Number, Digits: 1},
	{Name: "outbound_reached", Kind: output.Number, Digits: 1},
	{Name: "outbound_work_s", Kind: output.Number},
	{Name: "outbound_agents", Kind: output.Number, Digits: 2},
}

// SpreadOutbound spreads a list over the rows of r, intervals in order of time,
// and appends the calls, people reached and work of each. The chance of an answer
// is in connect (else that of the attempt), the room in room_s, or in agents and
// occupancy as Staff writes them, filled up to maxOccupancy; without either there
// is any room.
func SpreadOutbound(ctx context.Context, r *tabular.Reader, o erlang.Outbound, maxOccupancy float64, sink Sink) (*erlang.OutboundPlan, error) {
	c := columnsOf(r)
	connect, room, step := c.at("connect"), c.at("room_s"), c.at("interval_s")
	agents, occupancy := c.at("kcc_agents", "agents"), c.at("kcc_occupancy", "occupancy")
	idle := room < 0 && agents >= 0 && occupancy >= 0
	if idle && step < 0 {
		return nil, &tabular.MissingError{File: c.file, Missing: []string{"interval_s"}, Header: c.header}
	}
	var slots []erlang.OutboundSlot
	var steps []float64
	var chunks []*chunk
	err := readChunks(ctx, r, func(ch *chunk) error {
		chunks = append(chunks, ch)
		cell := cells{file: c.file}
		for i := range ch.rows() {
			cell.row, cell.line, cell.err = ch.row(i, cell.row), ch.lines[i], nil
			s := erlang.OutboundSlot{Connect: cell.ranged(connect, "connect", 0, 1), Room: math.Inf(1)}
			d := cell.ranged(step, "interval_s", 0, math.Inf(1))
			switch {
			case room >= 0:
				s.Room = known(cell.ranged(room, "room_s", 0, math.Inf(1)), 0)
			case idle:
				n, busy := known(cell.ranged(agents, "agents", 0, 1e6), 0), known(cell.ranged(occupancy, "occupancy", 0, 1), 0)
				s.Room = n * d * math.Max(0, maxOccupancy-busy)
			}
			if cell.err != nil {
				return cell.err
			}
			slots, steps = append(slots, s), append(steps, d)
		}
		return nil
	})
	if err == nil && len(slots) == 0 {
		err = fmt.Errorf("%s: there are no rows below the header", r.Name())
	}
	if err != nil {
		return nil, err
	}
	p := o.Spread(slots)
	if err := sink.Header(append(c.passed(staffKinds), c.appended(spreadColumns)...), len(c.header)); err != nil {
		return nil, err
	}
	var row []string
	for _, ch := range chunks {
		for i := range ch.rows() {
			row = ch.row(i, row)
			line := make([]any, len(row)+len(spreadColumns))
			for j, v := range row {
				if v != "" {
					line[j] = v
				}
			}
			n := ch.first + i
			line[len(row)], line[len(row)+1], line[len(row)+2] = p.PerSlot[n], p.SlotReached[n], p.SlotSeconds[n]
			if steps[n] > 0 {
				line[len(row)+3] = p.SlotSeconds[n] / steps[n]
			}
			if err := sink.Row(line); err != nil {
				return nil, err
			}
		}
	}
	return &p, nil
}
