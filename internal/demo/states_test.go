package demo

import (
	"encoding/csv"
	"math"
	"os"
	"testing"
	"time"
)

// TestStates: each agent is in one state at a time, within the last weeks, and the
// shares that are planted come out.
func TestStates(t *testing.T) {
	_, f := first(t)
	file, err := os.Open(f.States)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]string{}
	agents := map[string]bool{}
	byState := map[string]float64{}
	for _, r := range rows[1:] {
		from, err1 := time.Parse("2006-01-02 15:04:05", r[1])
		to, err2 := time.Parse("2006-01-02 15:04:05", r[2])
		if err1 != nil || err2 != nil || !from.Before(to) {
			t.Fatalf("row %q", r)
		}
		if r[1] < last[r[0]] {
			t.Fatalf("%s: %s begins before %s, the end of the state before", r[0], r[1], last[r[0]])
		}
		last[r[0]] = r[2]
		agents[r[0]] = true
		if day := r[1][:10]; day < f.Last.Add(1-7*StateWeeks).String() || day > f.Last.String() || from.Weekday() == time.Saturday || from.Weekday() == time.Sunday {
			t.Fatalf("a state on %s", day)
		}
		h := to.Sub(from).Hours()
		byState[r[3]] += h
	}
	if len(agents) != TeamSize {
		t.Errorf("%d agents have states, want %d", len(agents), TeamSize)
	}
	busy, ready := byState["Talking"]+byState["After-contact work"], byState["Ready"]
	if x := busy / (busy + ready); x < 0.70 || x > 0.90 {
		t.Errorf("occupancy %.2f, want about 0.8", x)
	}
	paid := 0.0
	for state, h := range byState {
		if state != "Lunch" {
			paid += h
		}
	}
	if sick := byState["Sick"] / paid; math.Abs(sick-sickDays) > 0.025 {
		t.Errorf("sickness %.3f of paid time, want about %.2f", sick, sickDays)
	}
}
