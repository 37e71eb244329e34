package erlang

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

var updateCharts = flag.Bool("update", false, "draw the charts of docs/staffing.md anew")

// inks are the colours of lines, told apart without colour by their dashes.
var inks = []struct {
	color color.Color
	dash  []vg.Length
}{
	{color.RGBA{0x1f, 0x4e, 0x79, 0xff}, nil},
	{color.RGBA{0xc5, 0x5a, 0x11, 0xff}, []vg.Length{vg.Points(6), vg.Points(3)}},
	{color.RGBA{0x54, 0x82, 0x35, 0xff}, []vg.Length{vg.Points(2), vg.Points(2)}},
	{color.RGBA{0x7f, 0x7f, 0x7f, 0xff}, []vg.Length{vg.Points(8), vg.Points(3), vg.Points(2), vg.Points(3)}},
}

type curveLine struct {
	name string
	xy   plotter.XYs
}

// sample takes points of f on a grid.
func sample(name string, from, to, step float64, f func(float64) float64) curveLine {
	c := curveLine{name: name}
	for x := from; x <= to+step/2; x += step {
		c.xy = append(c.xy, plotter.XY{X: x, Y: math.Round(f(x)*1e4) / 1e4})
	}
	return c
}

func drawChart(t *testing.T, title, x, y string, lines ...curveLine) []byte {
	t.Helper()
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Legend.Top = true
	p.Add(plotter.NewGrid())
	for i, c := range lines {
		l, err := plotter.NewLine(c.xy)
		if err != nil {
			t.Fatal(err)
		}
		l.Color, l.Dashes, l.Width = inks[i].color, inks[i].dash, vg.Points(1.5)
		p.Add(l)
		p.Legend.Add(c.name, l)
	}
	p.Y.Max += 0.1 * float64(len(lines)) * (p.Y.Max - p.Y.Min) // room for the legend
	canvas := vgsvg.New(15*vg.Centimeter, 9*vg.Centimeter)
	p.Legend.XOffs = -vg.Points(18)                              // fonts of a browser may be wider
	p.Draw(draw.Crop(draw.New(canvas), 0, -vg.Points(16), 0, 0)) // as may the title and the last mark
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestCharts holds that the charts of docs/staffing.md are what the formulas
// give; -update draws them.
func TestCharts(t *testing.T) {
	if underRace {
		t.Skip("drawn by one goroutine")
	}
	target := Target{Ratio: 0.8, Within: 20 * time.Second}
	// A day for the charts of load and certainty.
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	var ivs []Interval
	for i, a := range studyDay(60) {
		ivs = append(ivs, Interval{Start: t0.Add(time.Duration(i) * 15 * time.Minute), Step: 15 * time.Minute, Offered: a * 3, AHT: 300})
	}
	dayLine := func(name string, f func(i int) float64) curveLine {
		return sample(name, 0, float64(len(ivs)-1), 1, func(x float64) float64 { return f(int(x)) })
	}
	mol, sipp := loads(ivs, Settings{}, MOL), loads(ivs, Settings{}, SIPP)
	charts := map[string][]byte{
		"staffing-b.svg": drawChart(t, "Erlang B: lines for 10, 20 and 40 erlangs", "lines", "share of calls lost",
			sample("10 erlangs", 0, 60, 1, func(n float64) float64 { return B(10, n) }),
			sample("20 erlangs", 0, 60, 1, func(n float64) float64 { return B(20, n) }),
			sample("40 erlangs", 0, 60, 1, func(n float64) float64 { return B(40, n) })),
		"staffing-c.svg": drawChart(t, "Erlang C: 10 erlangs, handle time 180 s", "agents", "share",
			sample("answered within 20 s", 10, 18, 0.1, func(n float64) float64 { return WaitC(10, n, 180, 20).ServiceLevel }),
			sample("waits at all", 10, 18, 0.1, func(n float64) float64 { return C(10, n) }),
			sample("occupancy", 10, 18, 0.1, func(n float64) float64 { return math.Min(1, 10/n) })),
		"staffing-a.svg": drawChart(t, "Erlang A beside C: 48 erlangs, handle time 60 s, patience 120 s", "agents", "share",
			sample("A: answered within 20 s", 40, 58, 0.25, func(n float64) float64 { return A(48, n, 60, 120, 20, 20).SLOffered }),
			sample("C: answered within 20 s", 40, 58, 0.25, func(n float64) float64 { return WaitC(48, n, 60, 20).ServiceLevel }),
			sample("A: leaves", 40, 58, 0.25, func(n float64) float64 { return A(48, n, 60, 120, 20, 20).PAbandon })),
		"staffing-mol.svg": drawChart(t, "Load of a day, 08:00-18:00, handle time 300 s", "quarter", "erlangs",
			dayLine("each interval alone (SIPP)", func(i int) float64 { return sipp[i] }),
			dayLine("modified offered load (MOL)", func(i int) float64 { return mol[i] })),
		"staffing-certainty.svg": drawChart(t, "Agents for 40 erlangs, by certainty", "certainty", "agents (exact)",
			sample("volume spread 5 %", 0.5, 0.98, 0.02, func(p float64) float64 { return certain(target, 0.05, p) }),
			sample("volume spread 10 %", 0.5, 0.98, 0.02, func(p float64) float64 { return certain(target, 0.10, p) }),
			sample("volume spread 20 %", 0.5, 0.98, 0.02, func(p float64) float64 { return certain(target, 0.20, p) })),
		"staffing-chat.svg": drawChart(t, "Chat: service level in 30 s, 200 chats an hour, 300/400/540 s", "agents", "share",
			sample("birth-death model, 3 chats an agent", 9, 17, 1, func(n float64) float64 {
				return Chat(ChatLoad{Rate: 200.0 / 3600, AHT: []float64{300, 400, 540}}, int(n), 30, 30).SLOffered
			}),
			sample("Erlang C on a third of the handle time", 5, 17, 1, func(n float64) float64 { return WaitC(200.0/3600*100, n, 100, 30).ServiceLevel })),
		"staffing-deadline.svg": deadlineChart(t),
		"staffing-cost.svg":     costChart(t, target),
		"staffing-pool.svg":     poolChart(t),
		"staffing-carry.svg":    carryChart(t),
	}
	dir := filepath.Join("..", "docs", "img")
	for name, want := range charts {
		path := filepath.Join(dir, name)
		if *updateCharts {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("docs/img/%s is not what the formulas give: run go test ./erlang -run Charts -update and look at it", name)
		}
	}
}

func certain(t Target, cv, p float64) float64 {
	_, frac, _ := newStation(40, 300, Settings{Patience: 180, Target: t}).sizeUncertain(cv, p)
	return frac
}

// deadlineChart draws a working day of e-mail that is due within two hours.
func deadlineChart(t *testing.T) []byte {
	var slots []Slot
	var work []Work
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	perHour := []float64{120, 90, 40, 25, 20, 25, 40, 30, 20}
	arrive, due := curveLine{name: "has come in"}, curveLine{name: "is due"}
	var in, out float64
	for h := range 9 {
		slots = append(slots, Slot{t0.Add(time.Duration(h) * time.Hour), time.Hour})
	}
	arrive.xy = append(arrive.xy, plotter.XY{})
	due.xy = append(due.xy, plotter.XY{})
	for h, n := range perHour {
		at := t0.Add(time.Duration(h) * time.Hour)
		end := at.Add(2 * time.Hour)
		if last := t0.Add(9 * time.Hour); end.After(last) {
			end = last
		}
		work = append(work, Work{Count: n, AHT: 300, Available: at, Due: end})
		in += n * 300 / 3600
		arrive.xy = append(arrive.xy, plotter.XY{X: float64(h + 1), Y: in})
	}
	for h := 1; h <= 9; h++ {
		out = 0
		for _, w := range work {
			if !w.Due.After(t0.Add(time.Duration(h) * time.Hour)) {
				out += w.Count * w.AHT / 3600
			}
		}
		due.xy = append(due.xy, plotter.XY{X: float64(h), Y: out})
	}
	agents, _ := Deadline(slots, work, nil)
	done := curveLine{name: "is done: the tightest string", xy: plotter.XYs{{}}}
	sum := 0.0
	for h, n := range agents {
		sum += n
		done.xy = append(done.xy, plotter.XY{X: float64(h + 1), Y: math.Round(sum*1e4) / 1e4})
	}
	return drawChart(t, "E-mail due within two hours", "hour of the day", "agent-hours of work", done, arrive, due)
}

func costChart(t *testing.T, target Target) []byte {
	r := Require(Interval{Step: 15 * time.Minute, Offered: 60, AHT: 300}, 20, Settings{Target: target, Patience: 180}, PlanOptions{})
	c := curveLine{name: fmt.Sprintf("20 erlangs, %d agents needed", r.Rostered)}
	for i, v := range r.Curve {
		if n := r.Base + i; n >= r.Rostered-8 {
			c.xy = append(c.xy, plotter.XY{X: float64(n), Y: math.Round(v*1e4) / 1e4})
		}
	}
	return drawChart(t, "Cost of an interval as the roster sees it", "agents", "cost", c)
}

// poolChart shows what a share of all-rounders saves.
func poolChart(t *testing.T) []byte {
	t.Helper()
	slots, queues := poolDay(1)
	var separate, together float64
	settled := curveLine{name: "settled by simulation"}
	for _, share := range []float64{0, 0.1, 0.2, 0.35, 0.5, 0.75, 1} {
		p, err := SettlePool(context.Background(), slots, queues, PoolOptions{Flexible: share, Sim: SimOptions{Seed: 1, Runs: 60}})
		if err != nil {
			t.Fatal(err)
		}
		separate, together = float64(sumInts(p.Separate))/4, float64(sumInts(p.Together))/4
		settled.xy = append(settled.xy, plotter.XY{X: share, Y: float64(sumInts(p.Total)) / 4})
	}
	flat := func(name string, y float64) curveLine {
		return curveLine{name: name, xy: plotter.XYs{{X: 0, Y: y}, {X: 1, Y: y}}}
	}
	return drawChart(t, "Agent hours of a morning, two channels, 80/20 and 80/60", "share of all-rounders", "agent hours",
		flat("a team per channel", separate), settled, flat("everybody does everything", together))
}

// carryChart shows an overloaded morning by the formula, by the backlog that is
// carried over, and by simulation.
func carryChart(t *testing.T) []byte {
	t.Helper()
	sc, ivs, agents, set := overloadedMorning(0)
	sim, err := Simulate(context.Background(), sc, SimOptions{Seed: 1, Runs: 300})
	if err != nil {
		t.Fatal(err)
	}
	got := CarryOver(ivs, agents, set)
	at := func(name string, f func(i int) float64) curveLine {
		return sample(name, 1, float64(len(ivs)), 1, func(x float64) float64 { return f(int(x) - 1) })
	}
	return drawChart(t, "11 agents in an overloaded morning, nobody leaves", "quarter", "share in 20 s",
		at("carried over", func(i int) float64 { return got[i].ServiceLevel }),
		at("simulated", func(i int) float64 { return sim.Slots[0][i].ServiceLevel() }),
		at("each quarter on its own", func(i int) float64 {
			return Evaluate(Load{Erlangs: ivs[i].Offered * 300 / 900, AHT: 300}, agents[i], set.Target).ServiceLevel
		}))
}
