package bench

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// tiny is the hand-computed problem of the data's own checker.
const tiny = `SECTION_HORIZON
14
SECTION_SHIFTS
E,480,
L,480,E
SECTION_STAFF
A,E=14|L=1,2400,960,3,2,2,1
B,E=14,4800,0,5,1,1,2
SECTION_DAYS_OFF
A,0
SECTION_SHIFT_ON_REQUESTS
A,1,E,3
B,0,E,5
SECTION_SHIFT_OFF_REQUESTS
A,2,L,7
SECTION_COVER
0,E,1,100,1
1,E,1,100,1
2,L,2,100,1
3,E,0,100,10
`

func parse(t *testing.T, text string) *Instance {
	t.Helper()
	inst, err := Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return inst
}

func TestCheckByHand(t *testing.T) {
	inst := parse(t, tiny)
	for _, c := range []struct {
		name, a, b string
		broken     int
		want       Cost
	}{
		{"plain", ".EL...........", "..............", 0, Cost{On: 5, Off: 7, Under: 200}},
		{"forbidden", ".ELE..........", "..............", 1, Cost{On: 5, Off: 7, Under: 200, Over: 10}},
		{"short", ".....E........", "..............", 2, Cost{On: 8, Under: 400}},
		{"edge", ".EE..........E", "..............", 0, Cost{On: 5, Under: 300}},
		{"weekends", ".....EE.....EE", "..............", 1, Cost{On: 8, Under: 400}},
		{"days off", ".LL.EE........", "..............", 2, Cost{On: 8, Off: 7, Under: 300}},
		{"fixed", "EEEE..........", "..............", 2, Cost{On: 5, Under: 200, Over: 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var roster Roster
			for _, text := range []string{c.a, c.b} {
				var line []int16
				for _, r := range text {
					line = append(line, int16(strings.IndexRune("EL", r)))
				}
				roster = append(roster, line)
			}
			broken, cost := Check(inst, roster)
			if len(broken) != c.broken {
				t.Errorf("broken %q, want %d", broken, c.broken)
			}
			if d := gocmp.Diff(c.want, cost); d != "" {
				t.Errorf("cost (-want +got):\n%s", d)
			}
		})
	}
}

// Published rosters and their totals.
func TestCheckPublished(t *testing.T) {
	dir := filepath.Join(dataDir(t), "roster")
	files, err := filepath.Glob(filepath.Join(dir, "solutions", "published_example_Instance*.csv"))
	if err != nil || len(files) == 0 {
		t.Skip("no published rosters found: set KCC_DATA")
	}
	want := map[string]int64{"1": 608, "2": 845, "3": 1005, "4": 1733, "5": 1264, "7": 1183, "8": 2734, "10": 4650}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "published_example_Instance"), ".csv")
		text, err := os.ReadFile(filepath.Join(dir, "curtois", "Instance"+name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		inst := parse(t, string(text))
		rows, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		roster, err := ReadCSV(bytes.NewReader(rows), inst)
		if err != nil {
			t.Fatal(err)
		}
		if broken, cost := Check(inst, roster); len(broken) > 0 || want[name] != 0 && cost.Total() != want[name] {
			t.Errorf("instance %s: %d, broken %v, want %d", name, cost.Total(), broken, want[name])
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ name, old, now, want string }{
		{"day", "2,L,2,100,1", "14,L,2,100,1", "line 19: day 14: want a number from 0 to 13"},
		{"shift", "2,L,2,100,1", "2,N,2,100,1", `line 19: shift "N" is not in SECTION_SHIFTS`},
		{"number", "E,480,", "E,eight,", `line 4: minutes "eight": want a whole number`},
		{"employee", "A,0\n", "C,0\n", `line 10: employee "C" is not in SECTION_STAFF`},
		{"successor", "L,480,E", "L,480,X", `line 5: shift "L" may not be followed by "X", which is not a shift`},
		{"section", "SECTION_COVER", "SECTION_COVERS", `line 16: section "SECTION_COVERS" is not known`},
		{"empty", tiny, "", "no SECTION_HORIZON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(strings.NewReader(strings.Replace(tiny, c.old, c.now, 1)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(tiny)
	f.Fuzz(func(t *testing.T, text string) {
		if inst, err := Parse(strings.NewReader(text)); err == nil {
			if inst.Days < 1 || len(inst.Shifts) == 0 || len(inst.Staff) == 0 {
				t.Errorf("accepted %q as %+v", text, inst)
			}
		}
	})
}

// randomInstance is small enough to try all rosters.
func randomInstance(rng *rand.Rand) *Instance {
	inst := &Instance{Days: 4 + rng.IntN(2), Shifts: []Shift{{ID: "E", Minutes: 480}, {ID: "L", Minutes: 600, NotNext: []int{0}}}}
	for e := range 2 + rng.IntN(2) {
		inst.Staff = append(inst.Staff, Employee{
			ID: string(rune('A' + e)), MaxShifts: []int{inst.Days, rng.IntN(3)}, MinMinutes: rng.IntN(3) * 480,
			MaxMinutes: 960 + rng.IntN(1500), MaxRun: 2 + rng.IntN(3), MinRun: 1 + rng.IntN(2), MinOff: 1 + rng.IntN(2), MaxWeekends: 1,
		})
		inst.On = append(inst.On, Request{e, rng.IntN(inst.Days), rng.IntN(2), 1 + rng.IntN(5)})
		inst.Off = append(inst.Off, Request{e, rng.IntN(inst.Days), rng.IntN(2), 1 + rng.IntN(5)})
	}
	for d := range inst.Days {
		for s := range 2 {
			inst.Cover = append(inst.Cover, Cover{d, s, rng.IntN(3), 5 + rng.IntN(100), rng.IntN(10)})
		}
	}
	return inst
}

// bestByEnumeration tries every roster.
func bestByEnumeration(inst *Instance) (best int64, found bool) {
	lines := make([][][]int16, len(inst.Staff))
	for e := range inst.Staff {
		line := make([]int16, inst.Days)
		var walk func(d int)
		walk = func(d int) {
			if d == inst.Days {
				if len(checkLine(inst, &inst.Staff[e], line)) == 0 {
					lines[e] = append(lines[e], append([]int16(nil), line...))
				}
				return
			}
			for s := Off; s < int16(len(inst.Shifts)); s++ {
				line[d] = s
				walk(d + 1)
			}
		}
		walk(0)
	}
	roster := make(Roster, len(inst.Staff))
	var walk func(e int)
	walk = func(e int) {
		if e == len(roster) {
			if c := price(inst, roster).Total(); !found || c < best {
				best, found = c, true
			}
			return
		}
		for _, l := range lines[e] {
			roster[e] = l
			walk(e + 1)
		}
	}
	walk(0)
	return best, found
}

func TestSolveAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	optimal, trials := 0, 0
	for range 8 {
		inst := randomInstance(rng)
		if len(inst.Staff) == 3 && inst.Days == 5 {
			inst.Staff, inst.On, inst.Off = inst.Staff[:2], inst.On[:2], inst.Off[:2]
		}
		want, found := bestByEnumeration(inst)
		r, err := Solve(context.Background(), inst, Options{Effort: 1, Seed: 1, Workers: 1})
		if !found {
			if !errors.Is(err, ErrInfeasible) {
				t.Errorf("error %v, want %v", err, ErrInfeasible)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		trials++
		if r.Objective < want || r.Bound > want {
			t.Errorf("objective %d, bound %d, but the optimum is %d", r.Objective, r.Bound, want)
		}
		if r.Objective == want {
			optimal++
		}
	}
	if optimal < trials-1 || trials < 4 {
		t.Errorf("%d of %d problems solved to the optimum", optimal, trials)
	}
}

func TestSolveInfeasible(t *testing.T) {
	for _, c := range []struct{ name, staff, want string }{
		{"weekends", "A,E=14|L=1,6720,5760,5,2,2,0", "employee A"},
		{"minutes", "A,E=14|L=1,100,50,5,2,2,1", "no number of shifts gives between 50 and 100 minutes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inst := parse(t, strings.Replace(tiny, "A,E=14|L=1,2400,960,3,2,2,1", c.staff, 1))
			_, err := Solve(context.Background(), inst, Options{Effort: 1})
			if !errors.Is(err, ErrInfeasible) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestSolveRepeatable(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", "Instance3.txt"))
	if err != nil {
		t.Fatal(err)
	}
	inst := parse(t, string(b))
	var first *Result
	for _, workers := range []int{1, 2, 4} {
		r, err := Solve(context.Background(), inst, Options{Effort: 1, Seed: 5, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if d := gocmp.Diff(first.Roster, r.Roster); d != "" || r.Bound != first.Bound {
			t.Errorf("%d workers give another roster or bound (%d, %d)", workers, first.Bound, r.Bound)
		}
	}
	if first.Bound > 1001 || first.Objective > 1300 {
		t.Errorf("objective %d, bound %d; the optimum is 1001", first.Objective, first.Bound)
	}
}

// Relaxation, dive and parts must not depend on the number of workers either.
func TestSolveRepeatableParts(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", "Instance7.txt"))
	if err != nil {
		t.Fatal(err)
	}
	inst := parse(t, string(b))
	var first *Result
	for _, workers := range []int{1, 2} {
		r, err := Solve(context.Background(), inst, Options{Effort: 6, Seed: 3, Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if d := gocmp.Diff(first.Roster, r.Roster); d != "" || r.Bound != first.Bound {
			t.Errorf("%d workers give another roster or bound (%d, %d)", workers, first.Bound, r.Bound)
		}
	}
	// The optimum is 1056, the value of the linear programme 1054.06.
	if first.Bound < 1050 || first.Bound > 1056 || first.Objective < 1056 || first.Objective > 1300 {
		t.Errorf("objective %d, bound %d; the optimum is 1056", first.Objective, first.Bound)
	}
}

// Whatever the problem, the roster keeps the rules and the bound holds, or the error
// says which employee has no line.
func TestSolveRandomProblems(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		inst := randomInstance(rand.New(rand.NewPCG(seed, 1)))
		inst.Days = rapid.IntRange(inst.Days, 16).Draw(rt, "days")
		for e := range inst.Staff {
			inst.Staff[e].MaxRun = rapid.IntRange(0, 5).Draw(rt, "run")
			inst.Staff[e].MaxWeekends = rapid.IntRange(0, 2).Draw(rt, "weekends")
			inst.Staff[e].MinMinutes = 480 * rapid.IntRange(0, 8).Draw(rt, "least")
			inst.Staff[e].MaxMinutes = inst.Staff[e].MinMinutes + 480*rapid.IntRange(0, 3).Draw(rt, "band")
			if rapid.Bool().Draw(rt, "fixed") {
				inst.Staff[e].DaysOff = []int{rapid.IntRange(0, inst.Days-1).Draw(rt, "off")}
			}
		}
		r, err := Solve(context.Background(), inst, Options{Effort: 1, TimeLimit: 40 * time.Millisecond, Seed: seed, Workers: 1})
		if errors.Is(err, ErrInfeasible) {
			if !strings.Contains(err.Error(), "employee ") {
				rt.Fatalf("error %q names nobody", err)
			}
			return
		}
		if err != nil {
			rt.Fatal(err)
		}
		if broken, cost := Check(inst, r.Roster); len(broken) > 0 || cost.Total() != r.Objective || r.Bound > r.Objective {
			rt.Fatalf("objective %d, bound %d, checked %d, broken %v", r.Objective, r.Bound, cost.Total(), broken)
		}
	})
}

func TestSolveCancelled(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", "Instance14.txt"))
	if err != nil {
		t.Fatal(err)
	}
	inst := parse(t, string(b))
	// The end comes in the ascent, in the linear programme or dive, and in the parts;
	// every one stops within a tenth of a second of a quiet machine.
	for _, after := range []time.Duration{30, 300, 900} {
		ctx, cancel := context.WithCancel(context.Background())
		var ended time.Time
		first := true
		r, err := Solve(ctx, inst, Options{TimeLimit: 6 * time.Second, Progress: func(Progress) {
			if first { // there is a roster
				time.AfterFunc(after*time.Millisecond, func() { ended = time.Now(); cancel() })
			}
			first = false
		}})
		if !errors.Is(err, context.Canceled) || r == nil {
			t.Fatalf("result %v, error %v; want the best roster and %v", r, err, context.Canceled)
		}
		late := time.Since(ended)
		if late > 3*time.Second {
			t.Errorf("stopped %v after the end", late)
		}
		t.Logf("ended after %v, stopped %v later", after*time.Millisecond, late)
	}
}
