package roster

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// writeLP writes a problem as a mixed integer programme with one binary per
// agent, day, option and placing of breaks. It knows hours per week, days per week
// and coverage, not the rest rules: for problems in which those cannot bind its
// optimum is the optimum of the roster, and its bound a bound.
func writeLP(m *model) string {
	var obj, rows, bounds, bins strings.Builder
	k := len(m.skills)
	present := make([]map[int][]string, len(m.agents)) // per agent and slot
	var prog programme
	_ = prog
	for a := range m.agents {
		ma := &m.agents[a]
		present[a] = map[int][]string{}
		perWeek := map[int][]string{} // hours terms per period
		weekDays := map[int][]string{}
		for d := range ma.days {
			var day []string
			options := ma.book.days[d]
			for i := range options {
				if !ma.days[d].all && !containsInt32(ma.days[d].allow, int32(i)) {
					continue
				}
				o := &options[i]
				for v, brks := range everyPlacing(ma, d, o) {
					x := fmt.Sprintf("x%d_%d_%d_%d", a, d, i, v)
					day = append(day, x)
					fmt.Fprintf(&bins, " %s\n", x)
					period := 0
					for q := range ma.periods {
						if d >= ma.periods[q].from && d <= ma.periods[q].to {
							period = q
						}
					}
					perWeek[period] = append(perWeek[period], fmt.Sprintf("%d %s", o.paid, x))
					weekDays[d/7] = append(weekDays[d/7], x)
					m.present(o, brks, func(t int) { present[a][t] = append(present[a][t], x) })
				}
			}
			if len(day) > 0 {
				fmt.Fprintf(&rows, " day%d_%d: %s <= 1\n", a, d, strings.Join(day, " + "))
			}
		}
		for q := range ma.periods {
			p := &ma.periods[q]
			u, v, w := fmt.Sprintf("u%d_%d", a, q), fmt.Sprintf("o%d_%d", a, q), fmt.Sprintf("l%d_%d", a, q)
			fmt.Fprintf(&obj, " + %g %s + %g %s + %g %s", m.w.UnderContract/60, u, m.w.OverContract/60, v, m.w.UnderMin/60, w)
			terms := strings.Join(perWeek[q], " + ")
			if terms == "" {
				terms = "0 " + u
			}
			fmt.Fprintf(&rows, " hours%d_%d: %s + %s - %s = %d\n", a, q, terms, u, v, p.target)
			fmt.Fprintf(&rows, " min%d_%d: %s + %s >= %d\n", a, q, terms, w, p.min)
			fmt.Fprintf(&rows, " cap%d_%d: %s <= %d\n", a, q, terms, p.cap)
		}
		for week, xs := range weekDays {
			if ma.maxDays < 7 {
				fmt.Fprintf(&rows, " days%d_%d: %s <= %d\n", a, week, strings.Join(xs, " + "), ma.maxDays)
			}
		}
	}
	for t := range m.slots {
		serve := make([][]string, k)
		for a := range m.agents {
			xs := present[a][t]
			if len(xs) == 0 {
				continue
			}
			var ys []string
			for _, s := range m.groups[m.agents[a].group].skills {
				y := fmt.Sprintf("y%d_%d_%d", a, t, s)
				ys = append(ys, y)
				serve[s] = append(serve[s], fmt.Sprintf("%g %s", m.groups[m.agents[a].group].eff[s], y))
			}
			fmt.Fprintf(&rows, " pres%d_%d: %s - %s = 0\n", a, t, strings.Join(ys, " + "), strings.Join(xs, " - "))
		}
		for s := range k {
			c := &m.costs[t*k+s]
			if len(serve[s]) == 0 && c.need == 0 {
				continue
			}
			z, e := fmt.Sprintf("z%d_%d", t, s), fmt.Sprintf("e%d_%d", t, s)
			fmt.Fprintf(&obj, " + %s", e)
			terms := strings.Join(serve[s], " - ")
			if terms != "" {
				terms = " - " + terms
			}
			fmt.Fprintf(&rows, " cov%d_%d: %s%s = 0\n", t, s, z, terms)
			lo := math.Floor(c.need/m.quantum+gridSlack) * m.quantum
			for i, from := range []float64{lo - m.quantum, lo, lo + m.quantum} {
				slope := (c.at(from+m.quantum) - c.at(from)) / m.quantum
				fmt.Fprintf(&rows, " pc%d_%d_%d: %s %+.9f %s >= %.9f\n", t, s, i, e, -slope, z, c.at(from)-slope*from)
			}
			fmt.Fprintf(&bounds, " %s >= 0\n", e)
		}
	}
	return "Minimize\n obj:" + obj.String() + "\nSubject To\n" + rows.String() + "Bounds\n" + bounds.String() + "Binaries\n" + bins.String() + "End\n"
}

func containsInt32(xs []int32, x int32) bool {
	for _, y := range xs {
		if y == x {
			return true
		}
	}
	return false
}

// everyPlacing lists all placings of the breaks of an option.
func everyPlacing(ma *mAgent, d int, o *option) [][]placed {
	if o.brk < 0 {
		return [][]placed{nil}
	}
	c := ma.book.cases[d][o.brk]
	out := [][]placed{nil}
	end := []int{0}
	for _, b := range ma.book.breaks[c.list] {
		var next [][]placed
		var nextEnd []int
		for i, have := range out {
			for t := max(b.lo, end[i]); t <= b.hi; t++ {
				next = append(next, append(append([]placed{}, have...), placed{c.start + t, b.n, b.paid}))
				nextEnd = append(nextEnd, t+b.n)
			}
		}
		out, end = next, nextEnd
	}
	return out
}

var (
	cbcObjective = regexp.MustCompile(`(?m)^Objective value:\s+([-0-9.e+]+)`)
	cbcBound     = regexp.MustCompile(`(?m)^Lower bound:\s+([-0-9.e+]+)`)
)

// runCBC solves an LP file; seconds bounds it. The optimum is NaN when it was not
// proven.
func runCBC(t *testing.T, lp string, seconds int, relax bool) (best, bound float64) {
	cbc, err := exec.LookPath("cbc")
	if err != nil {
		t.Skip("cbc (coinor-cbc) is not installed")
	}
	file := filepath.Join(t.TempDir(), "roster.lp")
	if err := os.WriteFile(file, []byte(lp), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{file, "sec", strconv.Itoa(seconds), "solve"}
	if relax {
		args = []string{file, "initialSolve"}
	}
	text, err := exec.Command(cbc, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("cbc: %v\n%s", err, text)
	}
	if relax {
		x := regexp.MustCompile(`(?m)Optimal objective\s+([-0-9.e+]+)`).FindSubmatch(text)
		if x == nil {
			x = regexp.MustCompile(`(?m)Optimal - objective value\s+([-0-9.e+]+)`).FindSubmatch(text)
		}
		if x == nil {
			t.Fatalf("cbc: no relaxation\n%s", text)
		}
		best, _ = strconv.ParseFloat(string(x[1]), 64)
		return best, best
	}
	best, bound = math.NaN(), math.NaN()
	if x := cbcObjective.FindSubmatch(text); x != nil {
		best, _ = strconv.ParseFloat(string(x[1]), 64)
		bound = best
	}
	if x := cbcBound.FindSubmatch(text); x != nil {
		bound, _ = strconv.ParseFloat(string(x[1]), 64)
	}
	if math.IsNaN(best) {
		t.Logf("cbc:\n%s", text[max(0, len(text)-1500):])
	}
	return best, bound
}

// TestAgainstMIP compares roster and bound with an external solver on cuts of
// generated problems.
func TestAgainstMIP(t *testing.T) {
	sizes := os.Getenv("ROSTER_MIP")
	if sizes == "" {
		t.Skip("set ROSTER_MIP=10,15,20 to compare cuts of that many agents with coinor-cbc (minutes)")
	}
	seconds, _ := strconv.Atoi(os.Getenv("ROSTER_MIP_SECONDS"))
	if seconds == 0 {
		seconds = 60
	}
	for _, size := range strings.Split(sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		for _, preset := range []Preset{Standard, Short} {
			p := Generate(GenerateOptions{Agents: n, Skills: 2, Weeks: 1, Preset: preset, Seed: uint64(n)})
			p.Weights.SplitDaysOff = -1
			for i := range p.Shifts { // lunch only, fewer starts: the programme stays small
				p.Shifts[i].Every = 30 * 60e9
				var keep []BreakTemplate
				for _, b := range p.Shifts[i].Breaks {
					if !b.Paid {
						b.Earliest, b.Latest = 210*60e9, 270*60e9
						keep = append(keep, b)
					}
				}
				p.Shifts[i].Breaks = keep
			}
			m, err := newModel(p)
			if err != nil {
				t.Fatal(err)
			}
			res, err := Make(context.Background(), p, Options{Effort: 400, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			lp := writeLP(m)
			relaxed, _ := runCBC(t, lp, seconds, true)
			best, bound := runCBC(t, lp, seconds, false)
			t.Logf("%d agents %s: roster %.1f bound %.1f; cbc %.1f bound %.1f relaxation %.1f", n, preset, res.Cost.Total, res.Bound, best, bound, relaxed)
			if res.Bound > best+0.01 {
				t.Errorf("bound %.2f above the cost %.2f of a roster", res.Bound, best)
			}
			if res.Bound > relaxed+0.01*math.Abs(relaxed) && res.Bound > best {
				t.Errorf("bound %.2f far above the relaxation %.2f", res.Bound, relaxed)
			}
			if bound > res.Cost.Total+0.01 {
				t.Errorf("cbc's bound %.2f above the cost %.2f of our roster", bound, res.Cost.Total)
			}
		}
	}
}
