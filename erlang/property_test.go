package erlang

import (
	"context"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

// closeTo reports whether two numbers agree within a relative or an absolute
// tolerance.
func closeTo(a, b, rel, abs float64) bool {
	return a == b || math.Abs(a-b) <= rel*math.Max(math.Abs(a), math.Abs(b)) || math.Abs(a-b) <= abs
}

// logLoad draws a load from 0.001 to 100,000 erlangs, even on a log scale.
func logLoad(t *rapid.T, top float64) float64 {
	return math.Exp(rapid.Float64Range(math.Log(1e-3), math.Log(top)).Draw(t, "ln load"))
}

// nearAgents draws agents around a load.
func nearAgents(t *rapid.T, a float64) float64 {
	n := math.Round(a + rapid.Float64Range(-4, 6).Draw(t, "beta")*math.Sqrt(a+1))
	return math.Max(1, n)
}

func TestPropertiesOfBAndC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := logLoad(t, 1e5)
		n := nearAgents(t, a)
		f := rapid.Float64Range(0, 1).Draw(t, "fraction")
		b := B(a, n)
		if !(b >= 0 && b <= 1) {
			t.Fatalf("B(%g, %g) = %g", a, n, b)
		}
		// Recursion, also between whole numbers.
		if next, want := B(a, n+f+1), a*B(a, n+f)/(n+f+1+a*B(a, n+f)); !closeTo(next, want, 1e-12, 1e-300) {
			t.Fatalf("B(%g, %g) = %g, recursion %g", a, n+f+1, next, want)
		}
		if B(a, n+f) > b*(1+1e-12) || B(a*1.01, n) < b {
			t.Fatalf("B is not monotone at a=%g n=%g f=%g", a, n, f)
		}
		if got := Carried(a, n); !closeTo(got, a*(1-b), 1e-9, 1e-9*a) {
			t.Fatalf("Carried(%g, %g) = %g, want %g", a, n, got, a*(1-b))
		}
		if n <= a {
			return
		}
		// C from B.
		rho := a / n
		if got, want := C(a, n), b/(1-rho*(1-b)); !closeTo(got, want, 1e-9, 1e-300) {
			t.Fatalf("C(%g, %g) = %g, from B %g", a, n, got, want)
		}
		if C(a, n) < b*(1-1e-12) {
			t.Fatalf("C(%g, %g) = %g is less than B = %g", a, n, C(a, n), b)
		}
		// Time scales: only T/h counts.
		h := rapid.Float64Range(1, 2000).Draw(t, "aht")
		T := rapid.Float64Range(0, 200).Draw(t, "T")
		x, y := WaitC(a, n, h, T), WaitC(a, n, 3*h, 3*T)
		if !closeTo(x.ServiceLevel, y.ServiceLevel, 1e-12, 0) || !closeTo(3*x.ASA, y.ASA, 1e-12, 0) {
			t.Fatalf("scaling: %+v and %+v", x, y)
		}
		if !closeTo(x.ServiceLevel+x.PWaitOver, 1, 1e-12, 0) {
			t.Fatalf("service level %g and tail %g do not add to 1", x.ServiceLevel, x.PWaitOver)
		}
	})
}

func TestPropertiesOfA(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := logLoad(t, 1e5)
		n := nearAgents(t, a)
		h := rapid.Float64Range(10, 2000).Draw(t, "aht")
		p := h * math.Exp(rapid.Float64Range(-4, 4).Draw(t, "ln patience/aht"))
		T := rapid.SampledFrom([]float64{0, 1, 20, 120, 900}).Draw(t, "T")
		r := A(a, n, h, p, T, T)
		for name, v := range map[string]float64{
			"PWait": r.PWait, "PAbandon": r.PAbandon, "SLOffered": r.SLOffered, "SLAnswered": r.SLAnswered,
			"SLExclShort": r.SLExclShort, "SLWaitAny": r.SLWaitAny, "Occupancy": r.Occupancy, "PVirtualWaitOver": r.PVirtualWaitOver,
		} {
			if !(v >= -1e-13 && v <= 1+1e-12) {
				t.Fatalf("a=%g n=%g h=%g p=%g T=%g: %s = %g", a, n, h, p, T, name, v)
			}
		}
		if r.PAbandon > r.PWait*(1+1e-12) || r.SLOffered > r.SLAnswered+1e-12 || r.SLOffered > r.SLWaitAny+1e-12 {
			t.Fatalf("a=%g n=%g h=%g p=%g T=%g: %+v is out of order", a, n, h, p, T, r)
		}
		// Balance: the queue that waits is what leaves; carried load is what keeps agents busy.
		if !closeTo(r.MeanWait, r.PAbandon*p, 1e-12, 0) || !closeTo(n*r.Occupancy, a*(1-r.PAbandon), 1e-10, 1e-12) {
			t.Fatalf("a=%g n=%g h=%g p=%g: conservation fails: %+v", a, n, h, p, r)
		}
		// More agents help, more load hurts.
		if m := A(a, n+1, h, p, T, T); m.SLOffered < r.SLOffered-1e-12 || m.PAbandon > r.PAbandon+1e-12 {
			t.Fatalf("a=%g n=%g h=%g p=%g T=%g: an agent more makes it worse: %+v, %+v", a, n, h, p, T, r, m)
		}
		if m := A(a*1.02, n, h, p, T, T); m.SLOffered > r.SLOffered+1e-12 || m.PAbandon < r.PAbandon-1e-12 {
			t.Fatalf("a=%g n=%g h=%g p=%g T=%g: more load makes it better: %+v, %+v", a, n, h, p, T, r, m)
		}
	})
}

// The two ways to evaluate Erlang A agree where both can be used.
func TestSeriesAndQuadratureAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := logLoad(t, 200)
		n := nearAgents(t, a)
		h := rapid.Float64Range(30, 900).Draw(t, "aht")
		p := h * math.Exp(rapid.Float64Range(-1, 1.5).Draw(t, "ln patience/aht"))
		T := rapid.Float64Range(0, 300).Draw(t, "T")
		q := newPalm(a, n, h, p)
		if q.c < 1 {
			t.Skip("the quadrature is not used for so little service")
		}
		q.series = true
		if q.peak() > seriesExponent {
			t.Skip("the series would overflow")
		}
		x := q.figures(T, T)
		q.series = false
		y := q.figures(T, T)
		for _, v := range [][2]float64{
			{x.PWait, y.PWait},
			{x.PAbandon, y.PAbandon},
			{x.SLOffered, y.SLOffered},
			{x.SLWaitAny, y.SLWaitAny},
			{x.PVirtualWaitOver, y.PVirtualWaitOver},
			{x.ASAAnswered, y.ASAAnswered},
		} {
			if !closeTo(v[0], v[1], 1e-11, 1e-13) {
				t.Fatalf("a=%g n=%g h=%g p=%g T=%g:\nseries     %+v\nquadrature %+v", a, n, h, p, T, x, y)
			}
		}
	})
}

// A becomes C as patience grows and B as it vanishes.
func TestLimitsOfA(t *testing.T) {
	for _, c := range []struct{ a, n, h, T float64 }{{10, 13, 180, 20}, {0.5, 2, 300, 10}, {100, 108, 60, 5}, {2000, 2060, 300, 20}, {50000, 50300, 240, 20}} {
		w, r := WaitC(c.a, c.n, c.h, c.T), A(c.a, c.n, c.h, 1e11*c.h, c.T, c.T)
		if !closeTo(w.ServiceLevel, r.SLOffered, 1e-7, 0) || !closeTo(w.ASA, r.ASAAnswered, 1e-6, 0) {
			t.Errorf("patient %+v: C %+v, A %+v", c, w, r)
		}
		b, r := B(c.a, c.n), A(c.a, c.n, c.h, 1e-9*c.h, c.T, c.T)
		if !closeTo(b, r.PAbandon, 1e-6, 1e-12) {
			t.Errorf("impatient %+v: B %g, A loses %g", c, b, r.PAbandon)
		}
	}
}

// With endless lines the limited queue is Erlang A or C, with none Erlang B.
func TestWithLines(t *testing.T) {
	for _, c := range []struct {
		a       float64
		n       int
		h, p, T float64
	}{{10, 11, 180, 120, 20}, {10, 13, 180, 0, 20}, {3, 3, 240, 60, 10}, {48, 50, 60, 120, 20}, {1, 2, 300, 0, 0}} {
		l := WithLines(c.a, c.n, c.n+3000, c.h, c.p, c.T)
		var sl, asa float64
		if c.p > 0 {
			r := A(c.a, float64(c.n), c.h, c.p, c.T, c.T)
			sl, asa = r.SLOffered, r.ASAAnswered
		} else {
			r := WaitC(c.a, float64(c.n), c.h, c.T)
			sl, asa = r.ServiceLevel, r.ASA
		}
		if !closeTo(l.ServiceLevel, sl, 1e-9, 0) || !closeTo(l.ASA, asa, 1e-9, 0) || l.PBlock > 1e-12 {
			t.Errorf("%+v: %+v, want service level %g, wait %g", c, l, sl, asa)
		}
		if l := WithLines(c.a, c.n, c.n, c.h, c.p, c.T); !closeTo(l.PBlock, B(c.a, float64(c.n)), 1e-12, 0) {
			t.Errorf("%+v without room: blocked %g, want %g", c, l.PBlock, B(c.a, float64(c.n)))
		}
	}
}

// bruteSize is the slow way: try every number from 0.
func bruteSize(l Load, t Target) int {
	for n := 0; ; n++ {
		if n == 0 && !l.leaves() {
			continue
		}
		if r := Evaluate(l, float64(n), t); r.Status == OK && r.Meets(t) {
			return n
		}
	}
}

func TestSizeIsTheSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Load{Erlangs: logLoad(t, 300), AHT: rapid.Float64Range(20, 900).Draw(t, "aht")}
		if rapid.Bool().Draw(t, "patience") {
			l.Patience = l.AHT * math.Exp(rapid.Float64Range(-2, 2).Draw(t, "ln patience"))
		}
		target := Target{
			Ratio:  rapid.SampledFrom([]float64{0.3, 0.5, 0.8, 0.9, 0.99}).Draw(t, "ratio"),
			Within: rapid.SampledFrom([]time.Duration{0, 10 * time.Second, 20 * time.Second, time.Minute}).Draw(t, "within"),
		}
		if rapid.Bool().Draw(t, "asa") {
			target.MaxASA = rapid.SampledFrom([]time.Duration{2 * time.Second, 30 * time.Second}).Draw(t, "max asa")
		}
		if rapid.Bool().Draw(t, "cap") {
			target.MaxOccupancy = rapid.SampledFrom([]float64{0.7, 0.85}).Draw(t, "occupancy")
		}
		if l.Patience > 0 && rapid.Bool().Draw(t, "abandon") {
			target.MaxAbandon = rapid.SampledFrom([]float64{0.02, 0.1}).Draw(t, "max abandon")
		}
		if l.Patience > 0 {
			target.Definition = Definition(rapid.IntRange(0, 3).Draw(t, "definition"))
		}
		s := Size(l, target)
		if want := bruteSize(l, target); s.Agents != want || s.Status != OK {
			t.Fatalf("Size(%+v, %+v) = %d, want %d", l, target, s.Agents, want)
		}
		if s.Agents > 0 && !(s.Fractional > float64(s.Agents-1)-1e-9 && s.Fractional <= float64(s.Agents)*(1+1e-9)) {
			t.Fatalf("Size(%+v, %+v): fractional %g for %d agents", l, target, s.Fractional, s.Agents)
		}
	})
}

func TestTies(t *testing.T) {
	// 35.7/0.85 is 42 in decimals and 42.000000000000007 in doubles.
	if n, _ := Agents(Load{Erlangs: 35.7, AHT: 1}, Target{Ratio: 0.01, Within: time.Hour, MaxOccupancy: 0.85}); n != 42 {
		t.Errorf("35.7 erlangs at 85 %% = %d agents, want 42", n)
	}
	if n, _ := Gross(2702, 0.3); n != 3860 {
		t.Errorf("Gross(2702, 0.3) = %d, want 3860", n)
	}
	if n, status := Agents(Load{Erlangs: 10, AHT: 180}, Target{Ratio: 1, Within: 20 * time.Second}); status != Unreachable || n != 0 {
		t.Errorf("100 %% = %d %v, want unreachable", n, status)
	}
	if n, status := Agents(Load{AHT: 180}, Target{Ratio: 1, Within: 20 * time.Second}); status != OK || n != 0 {
		t.Errorf("no calls = %d %v, want 0 ok", n, status)
	}
}

// The chat model with one chat per agent is Erlang A or C.
func TestChatWithOneSessionIsErlang(t *testing.T) {
	for _, p := range []float64{0, 120} {
		r := Chat(ChatLoad{Rate: 10.0 / 180, AHT: []float64{180}, Patience: p}, 12, 20, 20)
		if p == 0 {
			if w := WaitC(10, 12, 180, 20); !closeTo(r.SLOffered, w.ServiceLevel, 1e-10, 0) || !closeTo(r.ASAAnswered, w.ASA, 1e-10, 0) || !closeTo(r.Occupancy, w.Occupancy, 1e-10, 0) {
				t.Errorf("chat %+v, Erlang C %+v", r, w)
			}
		} else if w := A(10, 12, 180, p, 20, 20); !closeTo(r.SLOffered, w.SLOffered, 1e-10, 0) || !closeTo(r.ASAAnswered, w.ASAAnswered, 1e-10, 0) || !closeTo(r.Occupancy, w.Occupancy, 1e-10, 0) {
			t.Errorf("chat %+v, Erlang A %+v", r, w)
		}
	}
}

// Published by the study of staffing methods: 3 chats an agent, 300/400/540 s,
// 80 % in 30 s: 4, 12 and 32 agents for 60, 200 and 600 chats an hour.
func TestChatSizes(t *testing.T) {
	for perHour, want := range map[float64]int{60: 4, 200: 12, 600: 32} {
		w := WhatIf{Load: perHour / 3600 * 300, AHT: 300, Settings: Settings{
			Model: ModelChat, Concurrency: 3, ChatAHT: []float64{300, 400, 540}, Target: Target{Ratio: 0.8, Within: 30 * time.Second},
		}}
		if s := w.Size(); s.Agents != want {
			t.Errorf("%g chats an hour = %d agents, want %d", perHour, s.Agents, want)
		}
	}
}

// returnsError evaluates a queue whose callers come back; what it returns is how
// far the total load is from the right side of its own equation, as a share.
func returnsError(a, n, redial, repeat float64) float64 {
	s := Settings{Patience: 120, Redial: redial, Repeat: repeat, Target: Target{Ratio: 0.8, Within: 20 * time.Second}}
	r := WhatIf{Load: a, AHT: 240, Settings: s}.With(n)
	want := a + r.Erlangs*(redial*r.PAbandon+repeat*(1-r.PAbandon))
	return math.Abs(r.Erlangs-want) / want
}

// Redials: the total load solves its own equation.
func TestRedials(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(1, 100).Draw(t, "load")
		n := nearAgents(t, a)
		redial, repeat := rapid.Float64Range(0, 0.9).Draw(t, "redial"), rapid.Float64Range(0, 0.5).Draw(t, "repeat")
		if off := returnsError(a, n, redial, repeat); off > 1e-9 {
			t.Fatalf("load %g with returns is %.3g of itself off its equation", a, off)
		}
	})
}

// Callers who hardly come back: the root lies next to one end of its bracket,
// where a first short step was once taken for the last.
func TestFewRedials(t *testing.T) {
	for _, a := range []float64{1, 5.1875, 60} {
		n := math.Round(a + 6*math.Sqrt(a+1))
		for repeat := 1e-15; repeat < 0.5; repeat *= 3 {
			for _, redial := range []float64{0, repeat, 0.1, 0.75, 0.9} {
				if off := returnsError(a, n, redial, repeat); off > 1e-9 {
					t.Errorf("load %g, %g redials and %g repeats: %.3g of itself off its equation", a, redial, repeat, off)
				}
			}
		}
	}
}

func TestCurveIsConvex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		iv := Interval{Step: 15 * time.Minute, Offered: rapid.Float64Range(0, 300).Draw(t, "calls"), AHT: rapid.Float64Range(60, 900).Draw(t, "aht")}
		s := Settings{Target: Target{Ratio: 0.8, Within: 20 * time.Second}, Unplanned: rapid.SampledFrom([]float64{0, 0.07, 0.3}).Draw(t, "shrinkage")}
		if rapid.Bool().Draw(t, "patience") {
			s.Patience = 180
		}
		r := Require(iv, iv.Offered*iv.AHT/900, s, PlanOptions{})
		if len(r.Curve) < 2 {
			t.Fatalf("no curve: %+v", r)
		}
		low := 0
		for i := 1; i < len(r.Curve); i++ {
			if r.Curve[i] < r.Curve[low] {
				low = i
			}
			if i > 1 && r.Curve[i]-2*r.Curve[i-1]+r.Curve[i-2] < -1e-9*math.Abs(r.Curve[i]) {
				t.Fatalf("not convex at %d: %v", i, r.Curve)
			}
		}
		if r.Base+low != r.Rostered {
			t.Fatalf("the curve is lowest at %d, rostered is %d", r.Base+low, r.Rostered)
		}
		if at := r.Rostered - r.Base; at > 1 {
			if d := r.Curve[at-2] - r.Curve[at-1]; d < DefaultMissing*(1-1e-9) {
				t.Fatalf("two missing cost %g more than one, want %g", d, DefaultMissing)
			}
			if d := r.Curve[at-1] - r.Curve[at]; d < 0.2*DefaultMissing*(1-1e-9) || d > 5*DefaultMissing {
				t.Fatalf("one missing costs %g", d)
			}
		}
		if n := len(r.Curve); r.Curve[n-1]-r.Curve[n-2] > DefaultWage+1e-9 || r.Curve[n-1] <= r.Curve[n-2] {
			t.Fatalf("one more costs %g, want at most %g", r.Curve[n-1]-r.Curve[n-2], DefaultWage)
		}
	})
}

// The tightest string stays in its tube and no path in the tube has a smaller
// largest slope or a smaller sum of squares: checked against random paths.
func TestTautString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		x, lower, upper := make([]float64, n+1), make([]float64, n+1), make([]float64, n+1)
		for i := 1; i <= n; i++ {
			x[i] = x[i-1] + float64(rapid.IntRange(1, 3).Draw(t, "dx"))
			upper[i] = upper[i-1] + float64(rapid.IntRange(0, 10).Draw(t, "arrive"))
			lower[i] = lower[i-1] + rapid.Float64Range(0, 1).Draw(t, "due")*(upper[i]-lower[i-1])
		}
		cost := func(y []float64) (peak, squares float64) {
			for i := 1; i <= n; i++ {
				s := (y[i] - y[i-1]) / (x[i] - x[i-1])
				peak = math.Max(peak, s)
				squares += s * s * (x[i] - x[i-1])
			}
			return peak, squares
		}
		y := tautString(x, lower, upper)
		for i := range y {
			if y[i] < lower[i]-1e-9 || y[i] > upper[i]+1e-9 || (i > 0 && y[i] < y[i-1]-1e-9) {
				t.Fatalf("y = %v leaves the tube %v %v", y, lower, upper)
			}
		}
		peak, squares := cost(y)
		z := make([]float64, n+1)
		for range 200 {
			for i := 1; i <= n; i++ {
				lo, hi := math.Max(lower[i], z[i-1]), upper[i]
				if i == n {
					hi = lo
				}
				mix := rapid.Float64Range(0, 1).Draw(t, "mix")
				z[i] = lo + mix*(hi-lo)
				if i < n { // stay near the string, where a better path would be
					z[i] = math.Max(lo, math.Min(hi, y[i]+(mix-0.5)*(hi-lo)*0.3))
				}
			}
			if math.Abs(z[n]-y[n]) > 1e-9 {
				continue
			}
			if p, s := cost(z); p < peak-1e-9 || s < squares-1e-9 {
				t.Fatalf("path %v beats the string %v: peak %g < %g or squares %g < %g", z, y, p, peak, s, squares)
			}
		}
	})
}

// Every piece of work is done in time when the profile says so.
func TestDeadlineKeepsPromises(t *testing.T) {
	loc := time.UTC
	week, _ := calendar.ParseWeek("mo-fr 08:00-17:00")
	hours := &calendar.Hours{Loc: loc, Week: week}
	rapid.Check(t, func(t *rapid.T) {
		var slots []Slot
		for d := calendar.NewDate(2026, 1, 5); d < calendar.NewDate(2026, 1, 17); d++ {
			for _, at := range hours.Intervals(d, time.Hour) {
				slots = append(slots, Slot{at, time.Hour})
			}
		}
		wt := calendar.NewWorkTime(hours)
		var work []Work
		for range rapid.IntRange(1, 30).Draw(t, "pieces") {
			at := slots[0].Start.Add(time.Duration(rapid.IntRange(0, 150).Draw(t, "hour")) * time.Hour)
			due, err := wt.AddBusiness(at, time.Duration(rapid.IntRange(2, 18).Draw(t, "lead"))*time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			work = append(work, Work{Count: float64(rapid.IntRange(1, 50).Draw(t, "count")), AHT: 300, Available: at, Due: due})
		}
		free := make([]float64, len(slots))
		if rapid.Bool().Draw(t, "idle") {
			for i := range free {
				free[i] = rapid.Float64Range(0, 2).Draw(t, "free")
			}
		}
		agents, late := Deadline(slots, work, free)
		if late != 0 {
			t.Fatalf("late %g", late)
		}
		total := make([]float64, len(slots))
		sum := 0.0
		for i := range agents {
			total[i] = agents[i] + free[i]
			sum += agents[i] * 3600
		}
		need := 0.0
		for _, w := range work {
			need += w.Count * w.AHT
		}
		if sum > need*(1+1e-9) {
			t.Fatalf("capacity %g for work %g", sum, need)
		}
		for i := range total {
			total[i] *= 1 + 1e-9
		}
		r := PlayDeadline(slots, work, total)
		if r.Late > 1e-6*need {
			t.Fatalf("%g of the contacts are late with %v", r.Late, agents)
		}
	})
}

// The exact formula of the modified offered load against small steps.
func TestOfferedLoad(t *testing.T) {
	rate := []float64{0.1, 0.3, 0.5, 0.2, 0}
	h := []float64{300, 300, 300, 300, 300}
	step := []float64{900, 900, 900, 900, 900}
	got, end := OfferedLoad(rate, h, step, 5)
	m := 5.0
	for i := range rate {
		sum, dt := 0.0, 0.01
		for x := 0.0; x < step[i]; x += dt {
			mid := m + dt/2*(rate[i]-m/h[i])
			sum += mid * dt
			m += dt * (rate[i] - mid/h[i])
		}
		if !closeTo(got[i], sum/step[i], 1e-4, 0) {
			t.Errorf("slot %d: mean %g, by steps %g", i, got[i], sum/step[i])
		}
	}
	if !closeTo(end, m, 1e-4, 0) {
		t.Errorf("end %g, by steps %g", end, m)
	}
}

// Certainty: more of it needs more agents, and what is promised holds for the
// quantile of the volume.
func TestCertainty(t *testing.T) {
	s := Settings{Target: Target{Ratio: 0.8, Within: 20 * time.Second}, Patience: 180}
	st := newStation(40, 300, s)
	last := 0
	for _, p := range []float64{0.6, 0.8, 0.9, 0.95, 0.99} {
		n, frac, status := st.sizeUncertain(0.15, p)
		if status != OK || n < last || !(frac <= float64(n) && frac > float64(n-1)) {
			t.Errorf("certainty %g: %d agents (%g) after %d", p, n, frac, last)
		}
		last = n
		if sl := st.at(float64(n), gammaQuantile(0.15, p)).ServiceLevel; sl < 0.8 {
			t.Errorf("certainty %g: service level %g at the quantile", p, sl)
		}
	}
	x, w := gammaNodes(0.2)
	mean, square := 0.0, 0.0
	for i := range x {
		mean += w[i] * x[i]
		square += w[i] * x[i] * x[i]
	}
	if !closeTo(mean, 1, 1e-12, 0) || !(math.Sqrt(square-1) > 0.18 && math.Sqrt(square-1) <= 0.2) {
		t.Errorf("nodes have mean %g and spread %g", mean, math.Sqrt(square-1))
	}
}

func TestEstimates(t *testing.T) {
	// Patience from a simulated queue.
	s := steady(20, 240, 150, 19, 20*time.Second, 60)
	r, err := Simulate(context.Background(), s, SimOptions{Seed: 3, Runs: 60, Warmup: 12})
	if err != nil {
		t.Fatal(err)
	}
	c := &r.Total[0]
	left := c.Left
	exact := A(20, 19, 240, 150, 20, 20)
	waited := exact.MeanWait * c.Offered // the simulation does not keep the waits of those who left
	if got := EstimatePatience(waited, left); !closeTo(got, 150, 0.03, 0) {
		t.Errorf("patience %g, want about 150", got)
	}
	if got := MeanAHT([]float64{100, 1, 0}, []float64{200, 700, 1e6}); !closeTo(got, (20000.0+700)/101, 1e-12, 0) {
		t.Errorf("mean AHT %g", got)
	}
	var chats []ChatRecord
	for i := range 300 {
		k := 1 + float64(i%3)
		chats = append(chats, ChatRecord{Seconds: 300*(1+0.3*(k-1)) + float64(i%7-3), Concurrency: k})
	}
	first, growth := EstimateChat(chats)
	if !closeTo(first, 300, 0.01, 0) || !closeTo(growth, 0.3, 0.02, 0) {
		t.Errorf("chat: %g, growth %g", first, growth)
	}
	if held := HeldTogether([]float64{0, 50, 200}, []float64{100, 150, 300}); held[0] != 1.5 || held[1] != 1.5 || held[2] != 1 {
		t.Errorf("held together %v", held)
	}
}

func TestLeastCost(t *testing.T) {
	w := WhatIf{Load: 20, AHT: 300, Settings: Settings{Patience: 180}}
	p := Prices{WageHour: 35, WaitHour: 60, Abandon: 8}
	best := LeastCost(w, p)
	for n := best.Agents - 3; n <= best.Agents+3; n++ {
		r := w.With(float64(n))
		if cost := 35*float64(n) + 60*r.Queue + 8*r.PAbandon*240; cost < best.PerHour-1e-9 {
			t.Errorf("%d agents cost %g, less than %d with %g", n, cost, best.Agents, best.PerHour)
		}
	}
	dear := LeastCost(w, Prices{WageHour: 35, WaitHour: 60, Abandon: 80})
	if dear.Agents <= best.Agents {
		t.Errorf("dearer customers: %d agents, cheaper ones %d", dear.Agents, best.Agents)
	}
	if c := LeastCost(w, Prices{WageHour: 35, WaitHour: 60, Abandon: 8, Partners: []Partner{{PerContact: 0.5}}}); c.Partner < 0.99 {
		t.Errorf("a partner for 0.50 gets %g of the contacts, want all", c.Partner)
	}
}

func TestOutboundWork(t *testing.T) {
	w := Outbound{Records: 1000, Attempts: 3, Connect: []float64{0.4, 0.3}, Talk: 180, Dial: 30}.Work()
	calls := []float64{1000, 600, 420}
	want := 0.0
	for i, c := range calls {
		p := []float64{0.4, 0.3, 0.3}[i]
		want += c * (p*180 + (1-p)*30)
		if !closeTo(w.ByAttempt[i], c, 1e-12, 0) {
			t.Errorf("attempt %d: %g calls, want %g", i+1, w.ByAttempt[i], c)
		}
	}
	if !closeTo(w.Seconds, want, 1e-12, 0) || !closeTo(w.Reached+w.Left, 1000, 1e-12, 0) {
		t.Errorf("work %+v, want %g s", w, want)
	}
	per, left := BestHours(100, 180, 30, []float64{0.2, 0.5, 0.4}, []float64{3600, 3600, 3600})
	if !(per[1] > 0 && per[0] == 100-per[1]-per[2] || left > 0) {
		t.Errorf("calls per slot %v, left %g", per, left)
	}
}

func TestPool(t *testing.T) {
	target := Target{Ratio: 0.8, Within: 20 * time.Second}
	loads := []SkillLoad{
		{"a", Load{Erlangs: 6, AHT: 300, Patience: 240}, target},
		{"b", Load{Erlangs: 4, AHT: 300, Patience: 240}, target},
	}
	last := math.MaxInt
	for _, f := range []float64{0, 0.3, 1} {
		p, err := Pool(context.Background(), loads, f, SimOptions{Seed: 1, Runs: 40})
		if err != nil {
			t.Fatal(err)
		}
		if p.Together > p.SeparateSum || p.Total > last || p.Total < p.Together-1 || p.Total > p.SeparateSum+2 {
			t.Errorf("flexible %g: %+v", f, p)
		}
		last = p.Total + 1 // noise may cost one
	}
}
