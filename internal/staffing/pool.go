package staffing

import (
	"context"
	"fmt"
	"math"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// Pool reads the queues of one team, a row each (queue, calls and interval_s or
// offered_erlangs, aht_s, and optionally target_pct, target_s, patience_s), and
// settles the team for a share of all-rounders.
func Pool(ctx context.Context, r *tabular.Reader, opt Options, flexible float64, sim erlang.SimOptions) (*erlang.Pooled, []erlang.SkillLoad, error) {
	c := columnsOf(r)
	name := c.at("queue", "skill", "channel")
	if name < 0 {
		return nil, nil, &tabular.MissingError{File: c.file, Missing: []string{"queue"}, Header: c.header}
	}
	x := &formula{f: ErlangC, def: NoDefaults(), cols: c}
	x.at.erlangs, x.at.calls, x.at.interval = c.at("offered_erlangs", "load_erlangs"), c.at("calls", "offered"), c.at("interval_s")
	x.at.aht = c.at("aht_s")
	if x.at.erlangs < 0 && x.at.calls < 0 {
		return nil, nil, &tabular.MissingError{File: c.file, Missing: []string{"offered_erlangs, or calls and interval_s"}, Header: c.header}
	}
	pct, within, patience := c.at("target_pct"), c.at("target_s"), c.at("patience_s")
	var loads []erlang.SkillLoad
	err := readChunks(ctx, r, func(ch *chunk) error {
		cell := cells{file: c.file}
		for i := range ch.rows() {
			cell.row, cell.line, cell.err = ch.row(i, cell.row), ch.lines[i], nil
			q := cell.text(name)
			set := opt.settings(q)
			if set.AHT > 0 {
				x.def.AHT = set.AHT
			}
			load, _ := x.load(&cell)
			l := erlang.SkillLoad{Name: q, Target: set.Target}
			l.Load = erlang.Load{Erlangs: load, AHT: known(cell.ranged(x.at.aht, "aht_s", 0, math.Inf(1)), set.AHT)}
			l.Load.Patience = known(cell.ranged(patience, "patience_s", 0, math.Inf(1)), set.Patience)
			if v := cell.percent(pct, "target_pct"); !math.IsNaN(v) {
				l.Ratio = v / 100
			}
			if v := cell.ranged(within, "target_s", 0, maxSeconds); !math.IsNaN(v) {
				l.Within = seconds(v)
			}
			if !(l.Load.AHT > 0) {
				cell.fail("aht_s", cell.text(x.at.aht), "a handle time in seconds, or --aht")
			}
			if q == "" {
				cell.fail(c.header[name], "", "the name of a queue")
			}
			if cell.err != nil {
				return cell.err
			}
			if l.Ratio == 0 {
				return fmt.Errorf("%s: line %d: %w", c.file, cell.line, ErrNoTarget)
			}
			loads = append(loads, l)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if len(loads) == 0 {
		return nil, nil, fmt.Errorf("%s: there are no rows below the header", r.Name())
	}
	p, err := erlang.Pool(ctx, loads, flexible, sim)
	return p, loads, err
}

// PoolTable shows a settled team.
func PoolTable(p *erlang.Pooled, loads []erlang.SkillLoad) output.Table {
	t := output.Table{Name: "skills", Title: "Team with several skills", Columns: []output.Column{
		{Name: "queue"},
		{Name: "load_erlangs", Kind: output.Number, Digits: 2},
		{Name: "agents_separate", Kind: output.Integer},
		{Name: "specialists", Kind: output.Integer},
		{Name: "service_level", Kind: output.Percent, Digits: 1},
		{Name: "half_width", Kind: output.Percent, Digits: 1},
	}}
	for i, l := range loads {
		t.Rows = append(t.Rows, []any{l.Name, l.Load.Erlangs, p.Separate[i], p.Specialists[i], p.Levels[i], p.HalfWidth[i]})
	}
	t.Notes = []string{
		fmt.Sprintf("Team: %d agents, %d of them all-rounders. Bounds: %d with a team per queue, %d if everybody could do everything.",
			p.Total, p.Flexible, p.SeparateSum, p.Together),
		"Service levels are simulated, with the half width of their 95 % intervals.",
	}
	return t
}
