package kpi

import (
	"context"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestEncode: what is written comes back, whatever the sums.
func TestEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := newNames()
		b := newBuilder(texts)
		n := rapid.IntRange(1, 12).Draw(t, "rows")
		for i := range n {
			k := cellKey{}
			for d := range k.dims {
				k.dims[d] = texts.id([]byte(rapid.SampledFrom([]string{"", "a", "b", "longer text", "é"}).Draw(t, "text")))
			}
			if rapid.Bool().Draw(t, "timed") {
				k.start, k.step = int64(i)*900, 900
			}
			s := b.cell(&k)
			for j := range cubeSums {
				if rapid.IntRange(0, 3).Draw(t, "zero") == 0 {
					s[j] = rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Map(rapid.IntRange(-100, 1e6), func(i int) float64 { return float64(i) })).Draw(t, "sum")
				}
			}
		}
		w := want{time: true}
		for d := range w.dims {
			w.dims[d] = true
		}
		for s := range w.sums {
			w.sums[s] = true
		}
		var got part
		for range 2 { // the second time into used slices
			if err := got.decode(b.encode(), &w); err != nil {
				t.Fatal(err)
			}
			if got.rows != len(b.keys) {
				t.Fatalf("%d rows, want %d", got.rows, len(b.keys))
			}
			for i, k := range b.keys {
				for d := range numDims {
					if want := texts.list[k.dims[d]]; got.text(d, i) != want {
						t.Fatalf("row %d, dimension %d: %q, want %q", i, d, got.text(d, i), want)
					}
				}
				for s, v := range b.at(i) {
					if got.sum(Sum(s), i) != v {
						t.Fatalf("row %d, sum %d: %v, want %v", i, s, got.sum(Sum(s), i), v)
					}
				}
				if len(got.start) > 0 && (got.start[i] != k.start || got.step[i] != k.step) || len(got.start) == 0 && k.step != 0 {
					t.Fatalf("row %d: time %v %v, want %d %d", i, got.start, got.step, k.start, k.step)
				}
			}
		}
	})
}

// FuzzDecode: no bytes make reading a part panic or take much memory.
func FuzzDecode(f *testing.F) {
	texts := newNames()
	b := newBuilder(texts)
	k := cellKey{start: 900, step: 900}
	k.dims[Channel] = texts.id([]byte("phone"))
	b.cell(&k)[Offered] = 3
	f.Add(b.encode())
	f.Add([]byte{partVersion, 3, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		w := want{time: true}
		w.dims[Channel], w.sums[Offered] = true, true
		var p part
		if p.decode(data, &w) == nil && len(p.dims[Channel]) > 0 {
			for i := range p.rows {
				_ = p.text(Channel, i)
			}
		}
	})
}

// TestPartsAreTheWhole: whatever figures are split by, the groups add up to what
// one row shows, and so do subtotals.
func TestPartsAreTheWhole(t *testing.T) {
	runs := 12
	if testing.Short() {
		runs = 4
	}
	for seed := range runs {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := newDesk(t)
			pickOf := func(i int, list ...string) string { return list[(i*7+seed*3+i/5)%len(list)] }
			for i := range 60 {
				id := d.call(call{
					at:      fmt.Sprintf("2026-%02d-%02d %02d:%02d", 9+(i*5+seed)%3, 1+(i*11)%28, 8+i%10, (i*13)%60),
					channel: pickOf(i, "phone", "chat", "email"), subject: pickOf(i, "waste", "taxes", "", "building"), kind: pickOf(i, "question", "complaint"),
					segment: pickOf(i, "resident", "business", ""), direction: pickOf(i/3, "inbound", "inbound", "outbound"), department: pickOf(i, "", "taxes", "public"),
					outcome: pickOf(i, "answered", "abandoned", "handed_off", "transferred", "answered_self"), agent: pickOf(i, "", "x", "y"),
					wait: float64((i * 17) % 90), talk: []any{100 + float64(i)/3, nil, 50.0}[i%3], csat: float64(5 + i%5), source: int64(1 + i%2),
				})
				if i%6 == 0 {
					d.handOff(id, pickOf(i, "taxes", "public"), fmt.Sprintf("2026-10-%02d 09:00", 1+i%28), fmt.Sprintf("2026-10-%02d 09:00", 3+i%26), map[bool]string{true: "2026-10-20 12:00"}[i%4 == 0 && i%28 < 19], "")
				}
			}
			set := phoneSettings()
			set.Specialist = func(s string) (bool, bool) { return s == "building", s != "" }
			set.TeamOf = func(a string) string { return "team " + a }
			set.Costs = Costs{Wage: 30, Channel: map[string]float64{"phone": 0.1}}
			q := Query{Period: days(t, "2026-09-01", "2026-11-30"), Filter: map[Key][]string{ByDirection: {"inbound", "outbound"}}}
			whole := d.load(set, q, "2026-12-02 12:00").Total
			for _, by := range [][]Key{
				{ByChannel}, {BySubject}, {ByKind, BySegment}, {ByDirection, ByChannel}, {ByDepartment}, {BySubject, ByKind, ByChannel}, {ByCause},
			} {
				for _, every := range []Every{Whole, Day, Week, Month, Quarter, Year} {
					p := q
					p.By, p.Every = by, every
					f := d.load(set, p, "2026-12-02 12:00")
					var sum Sums
					last := f.Groups[len(f.Groups)-1].Start
					for i := range f.Groups {
						s := f.Groups[i].Sums
						if f.Groups[i].Start.Before(last) {
							s[Open], s[Overdue] = 0, 0 // a level: that of the last bucket counts
						}
						sum.Add(&s)
					}
					for s := range int(numSums) {
						if work := Sum(s) >= Decided; work && by[0] == ByCause {
							continue // work has no cause
						}
						if math.Abs(sum[s]-whole[s]) > 1e-9*(1+math.Abs(whole[s])) {
							t.Errorf("by %v every %q: sum %d is %v, the whole is %v", by, every, s, sum[s], whole[s])
						}
					}
					if every == Whole && len(by) > 1 {
						v := &View{}
						top := Sums{}
						for _, ln := range f.lines(nil, v, true) {
							if ln.level == len(by) {
								top.Add(&ln.sums)
							}
						}
						if math.Abs(top[Offered]-whole[Offered]) > 1e-9 {
							t.Errorf("rows of %v hold %v of %v offered", by, top[Offered], whole[Offered])
						}
					}
				}
			}
			// Small groups put together change no total.
			p := q
			p.By = []Key{BySubject, ByKind}
			f, err := loadAll(context.Background(), d.db, set, p, View{Now: localTime(t, "2026-12-02 12:00"), MinCell: 5})
			if err != nil {
				t.Fatal(err)
			}
			for i := range f.Groups {
				if n := f.Groups[i].Sums[Offered]; n > 0 && n < 5 {
					t.Errorf("group %v shows %v contacts", f.Groups[i].Values, n)
				}
			}
			if f.Total[Offered] != whole[Offered] {
				t.Errorf("total %v with small groups together, want %v", f.Total[Offered], whole[Offered])
			}
		})
	}
}
