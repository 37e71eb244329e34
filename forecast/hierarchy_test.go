package forecast

import (
	"math"
	"testing"
	"time"

	"gonum.org/v1/gonum/mat"

	"kcc/internal/calendar"
)

// Two ways to divide one channel, against the matrix form with the constraint that
// both add up: ỹ = ŷ - W·C'·(C·W·C')⁻¹·C·ŷ.
func TestReconcileTwoDivisions(t *testing.T) {
	means := []float64{100, 60, 50, 30, 62} // channel, subjects a b, teams x y
	sds := []float64{9, 6, 5, 3, 7}
	f := make([]*Forecast, 5)
	for i := range f {
		f[i] = flatForecast(means[i], sds[i])
	}
	Reconcile(&Node{Forecast: f[0], Parts: []*Node{{Forecast: f[1]}, {Forecast: f[2]}}, Views: [][]*Node{{{Forecast: f[3]}, {Forecast: f[4]}}}})
	c := mat.NewDense(2, 5, []float64{1, -1, -1, 0, 0, 1, 0, 0, -1, -1})
	w := mat.NewDense(5, 5, nil)
	for i, x := range sds {
		w.Set(i, i, x*x)
	}
	y := mat.NewDense(5, 1, means)
	var wc, cwc, inv, cy, k, want mat.Dense
	wc.Mul(w, c.T())
	cwc.Mul(c, &wc)
	if err := inv.Inverse(&cwc); err != nil {
		t.Fatal(err)
	}
	cy.Mul(c, y)
	k.Mul(&inv, &cy)
	want.Mul(&wc, &k)
	want.Sub(y, &want)
	for i := range f {
		if got := f[i].Points[0].Mean; math.Abs(got-want.At(i, 0)) > 1e-6 {
			t.Errorf("node %d = %g, want %g", i, got, want.At(i, 0))
		}
	}
}

// twoChannels has a busy and a quiet channel; the busy one has two subjects and
// two teams that divide it in different ways.
func twoChannels() []Series {
	phone := synth{seed: 1, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 84, perDay: 400}.series()
	mail := synth{seed: 2, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 84, perDay: 60}.series()
	mail.Channel = "email"
	out := []Series{phone, mail}
	part := func(name string, team bool, share func(i int) float64) {
		s := phone
		s.Obs = append([]Observation(nil), phone.Obs...)
		for i := range s.Obs {
			s.Obs[i].Offered = math.Round(s.Obs[i].Offered * share(i))
		}
		if team {
			s.Team = name
		} else {
			s.Subject = name
		}
		out = append(out, s)
	}
	for k, name := range []string{"tax", "waste"} {
		part(name, false, func(i int) float64 { return math.Abs(float64(k) - 0.4 - 0.05*float64(i%3)) })
	}
	for k, name := range []string{"north", "south"} {
		part(name, true, func(int) float64 { return math.Abs(float64(k) - 0.7) })
	}
	total, err := TotalOf(out)
	if err != nil {
		panic(err)
	}
	return append(out, total)
}

// sums returns per interval what a selection of forecasts says together.
func sums(list []*Forecast, pick func(*Forecast) bool) map[int64]float64 {
	out := map[int64]float64{}
	for _, f := range list {
		if pick(f) {
			for at, x := range f.means() {
				out[at] += x
			}
		}
	}
	return out
}

func wantSame(t *testing.T, what string, a, b map[int64]float64) {
	t.Helper()
	if len(a) == 0 || len(a) != len(b) {
		t.Fatalf("%s: %d and %d intervals", what, len(a), len(b))
	}
	for at, x := range a {
		if math.Abs(x-b[at]) > 1e-6*(1+x) {
			t.Fatalf("%s: %g and %g at %s", what, x, b[at], time.Unix(at, 0).UTC())
		}
	}
}

func TestEverythingAddsUp(t *testing.T) {
	zone := ams(t)
	first := calendar.NewDate(2026, 3, 30)
	for name, adjust := range map[string][]Adjustment{
		"computed": nil,
		"percent":  {{From: first.Start(zone), To: first.Add(2).Start(zone), Factor: 1.2, Reason: "x"}},
		"channel":  {{Channel: "phone", From: first.Start(zone), To: first.Add(2).Start(zone), HasSet: true, SetTo: 900, Reason: "x"}},
		"subject":  {{Channel: "phone", Subject: "tax", From: first.Start(zone), To: first.Add(2).Start(zone), Add: 3, Reason: "x"}},
	} {
		t.Run(name, func(t *testing.T) {
			opt := Options{Horizon: 7, Adjust: adjust}
			if adjust != nil {
				opt.Model = "means8" // by hand is by hand, whatever the model
			}
			list, bad, err := RunAll(ctx, twoChannels(), opt, nil)
			if err != nil || len(bad) > 0 {
				t.Fatal(err, bad)
			}
			phone := sums(list, func(f *Forecast) bool { return f.Channel == "phone" && f.Subject == "" && f.Team == "" })
			wantSame(t, "subjects", phone, sums(list, func(f *Forecast) bool { return f.Subject != "" }))
			wantSame(t, "teams", phone, sums(list, func(f *Forecast) bool { return f.Team != "" }))
			wantSame(t, "total", sums(list, func(f *Forecast) bool { return f.Channel == Total }),
				sums(list, func(f *Forecast) bool { return f.Channel != Total && f.Subject == "" && f.Team == "" }))
			if name == "channel" {
				sum := 0.0
				for at, x := range phone {
					if at < first.Add(2).Start(zone).Unix() {
						sum += x
					}
				}
				if math.Abs(sum-900) > 1e-6 {
					t.Errorf("two days set to 900 hold %g", sum)
				}
			}
			if name == "subject" {
				bare, _, _ := RunAll(ctx, twoChannels(), Options{Horizon: 7, Model: opt.Model}, nil)
				before := sums(bare, func(f *Forecast) bool { return f.Channel == "phone" && f.Subject == "" && f.Team == "" })
				at := first.At(10*60, zone).Unix()
				if math.Abs(phone[at]-before[at]-3) > 1e-6 {
					t.Errorf("3 contacts more on a subject moved the channel by %g", phone[at]-before[at])
				}
			}
		})
	}
}

func TestTotalNeedsOneLength(t *testing.T) {
	a := synth{seed: 1, step: time.Hour, first: calendar.NewDate(2026, 1, 5), days: 14, perDay: 40}.series()
	b := synth{seed: 1, step: 30 * time.Minute, first: calendar.NewDate(2026, 1, 5), days: 14, perDay: 40}.series()
	b.Channel = "email"
	if _, err := TotalOf([]Series{a, b}); err == nil {
		t.Error("channels of 60 and 30 minutes were added up")
	}
}

func TestDivide(t *testing.T) {
	f := flatForecast(100, 20)
	f.Channel = "phone"
	parts := Divide([]*Forecast{f}, []TeamShare{{Team: "n", Share: 0.75}, {Team: "s", Share: 0.25}, {Team: "other", Channel: "email", Share: 1}})
	if len(parts) != 2 || parts[0].Points[0].Mean != 75 || parts[1].Points[0].Mean != 25 {
		t.Fatalf("parts %v", parts)
	}
	// Var = share²·(400-100) + share·100: 243.75 and 43.75.
	for i, want := range []float64{243.75, 43.75} {
		p := parts[i].Points[0]
		if got := math.Pow((p.Bounds[1]-p.Mean)/1.2815515655446004, 2); math.Abs(got-want) > 1e-6 {
			t.Errorf("variance of part %d = %g, want %g", i, got, want)
		}
	}
}
