package demo

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kcc/internal/calendar"
)

var today = calendar.NewDate(2026, 11, 22)

func write(t *testing.T, dir string, seed uint64) Files {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Write(dir, today, 4, TeamSize, loc, seed)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

var shared struct {
	once  sync.Once
	dir   string
	files Files
}

// first is the demo of seed 1, written once for all tests that only read it.
func first(t *testing.T) (string, Files) {
	t.Helper()
	shared.once.Do(func() { shared.files = write(t, shared.dir, 1) })
	return shared.dir, shared.files
}

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "kcc-demo")
	if err != nil {
		panic(err)
	}
	shared.dir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func TestSameSeedSameBytes(t *testing.T) {
	a, _ := first(t)
	b, c := t.TempDir(), t.TempDir()
	write(t, b, 1)
	write(t, c, 8)
	names, err := os.ReadDir(a)
	if err != nil || len(names) != 16 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	differ := 0
	for _, n := range names {
		x, _ := os.ReadFile(filepath.Join(a, n.Name()))
		y, _ := os.ReadFile(filepath.Join(b, n.Name()))
		z, _ := os.ReadFile(filepath.Join(c, n.Name()))
		if !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs with one seed", n.Name())
		}
		if !bytes.Equal(x, z) {
			differ++
		}
	}
	if differ < 10 {
		t.Errorf("only %d files change with the seed", differ)
	}
}

// day totals of one channel's file.
func dayTotals(t *testing.T, path string) map[string]float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, r := range rows[1:] {
		n, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if len(r) > 5 {
			answered, _ := strconv.Atoi(r[3])
			abandoned, _ := strconv.Atoi(r[4])
			within, _ := strconv.Atoi(r[5])
			if answered+abandoned != int(n) || within > answered {
				t.Fatalf("%s: offered %s, answered %s, abandoned %s, within %s", r[0], r[2], r[3], r[4], r[5])
			}
		}
		out[r[0][:10]] += n
	}
	return out
}

func TestPatternsAreInTheData(t *testing.T) {
	_, f := first(t)
	phone := dayTotals(t, f.History[0])
	sum, n := map[time.Weekday]float64{}, map[time.Weekday]float64{}
	for day, v := range phone {
		d, _ := calendar.ParseDate(day)
		sum[d.Weekday()] += v
		n[d.Weekday()]++
	}
	if n[time.Sunday] > 0 || n[time.Saturday] > 0 {
		t.Error("phone calls at the weekend")
	}
	if mo, fr := sum[time.Monday]/n[time.Monday], sum[time.Friday]/n[time.Friday]; mo < 1.25*fr {
		t.Errorf("Monday %.0f is not well above Friday %.0f", mo, fr)
	}
	for _, closed := range []string{"2025-04-21", "2025-12-25", "2026-04-27", "2026-05-05"} {
		if phone[closed] > 0 {
			t.Errorf("%.0f calls on %s, a holiday", phone[closed], closed)
		}
	}
	// The Friday after the tax letter of 2026 (Thursday 26 February).
	if peak, before := phone["2026-02-27"], phone["2026-02-20"]; peak < 1.4*before {
		t.Errorf("tax letter: %.0f calls against %.0f a week before", peak, before)
	}
	chat := dayTotals(t, f.History[1])
	first, last := 0.0, 0.0
	for day, v := range chat {
		if d, _ := calendar.ParseDate(day); d < f.First+365 {
			first += v
		} else {
			last += v
		}
	}
	if last < 1.12*first {
		t.Errorf("chat grew from %.0f to %.0f only", first, last)
	}
}

func TestTeam(t *testing.T) {
	dir, f := first(t)
	b, err := os.ReadFile(f.Agents)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	if len(lines) != TeamSize+1 || !strings.HasPrefix(lines[1], "agent-001,") {
		t.Errorf("%d lines in %s, first %q", len(lines), dir, lines[1])
	}
}
