package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// readNurses reads a problem from the public data.
func readNurses(t *testing.T, name string, history int, weeks ...int) *Nurses {
	t.Helper()
	dir := filepath.Join(dataDir(t), "roster", "inrc2", name)
	open := func(file string) io.Reader {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		return strings.NewReader(string(b))
	}
	var files []io.Reader
	for _, w := range weeks {
		files = append(files, open(fmt.Sprintf("WD-%s-%d.txt", name, w)))
	}
	n, err := ParseNurses(open("Sc-"+name+".txt"), open(fmt.Sprintf("H0-%s-%d.txt", name, history)), files)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// readSolution reads the competition's solution files of all weeks.
func readSolution(t *testing.T, n *Nurses, files ...string) Duties {
	t.Helper()
	var duties Duties
	for range n.Staff {
		line := make([]Duty, n.Days())
		for d := range line {
			line[d] = Duty{Off, Off}
		}
		duties = append(duties, line)
	}
	for week, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range strings.Split(string(b), "\n") {
			f := strings.Fields(row)
			if len(f) != 4 {
				continue
			}
			e := indexOf(t, n.nurseNames(), f[0])
			d := 7*week + indexOf(t, weekDays, f[1])
			duties[e][d] = Duty{int16(indexOf(t, n.shiftNames(), f[2])), int16(indexOf(t, n.Skills, f[3]))}
		}
	}
	return duties
}

// week returns the last character before the extension: the week's number.
func week(file string) byte { return file[len(file)-5] }

func indexOf(t *testing.T, names []string, name string) int {
	t.Helper()
	for i, s := range names {
		if s == name {
			return i
		}
	}
	t.Fatalf("%q is not one of %v", name, names)
	return 0
}

// The cost split printed by the competition's own validator.
func TestNurseCostAgainstValidator(t *testing.T) {
	for _, c := range []struct {
		name    string
		history int
		weeks   []int
		want    NurseCost
	}{
		{"n005w4", 0, []int{1, 2, 3, 3}, NurseCost{Total: 320, Consecutive: 465, NonWorking: 330, Preferences: 70, Weekends: 210, Complete: 60, Cover: 240}},
		{"n030w4", 1, []int{6, 2, 9, 1}, NurseCost{Total: 820, Consecutive: 135, NonWorking: 90, Preferences: 30, Weekends: 150, Cover: 450}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := readNurses(t, c.name, c.history, c.weeks...)
			text := make([]string, len(c.weeks))
			for i, w := range c.weeks {
				text[i] = fmt.Sprint(w)
			}
			dir := filepath.Join(dataDir(t), "roster", "inrc2", c.name, fmt.Sprintf("example_solution_H%d_WD%s", c.history, strings.Join(text, "-")))
			var files []string
			for _, pattern := range []string{"sol-week*.txt", "Sol-*.txt"} {
				found, err := filepath.Glob(filepath.Join(dir, pattern))
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, found...)
			}
			slices.SortFunc(files, func(a, b string) int { return cmp.Compare(week(a), week(b)) })
			broken, got := CheckNurses(n, readSolution(t, n, files...))
			if len(broken) > 0 {
				t.Errorf("hard rules broken: %v", broken)
			}
			if d := gocmp.Diff(c.want, got); d != "" {
				t.Errorf("cost (-want +got):\n%s", d)
			}
		})
	}
}

// The prices that the search sees must be those of the checker, for any line.
func TestSoftPenaltyAgainstChecker(t *testing.T) {
	n := readNurses(t, "n030w4", 1, 6, 2, 9, 1)
	p, err := newNurseProblem(n)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for e := range n.Staff {
		for range 200 {
			shifts, duties := make([]int16, n.Days()), make([]Duty, n.Days())
			last := n.Staff[e].Last
			for d := range shifts {
				s := rng.IntN(len(n.Shifts)*2) - len(n.Shifts)
				if s < 0 || last >= 0 && indexInt(n.Shifts[last].NotNext, s) {
					s = -1
				}
				last = s
				shifts[d], duties[d] = int16(s), Duty{int16(s), 0}
			}
			var c NurseCost
			c.line(n, &n.Staff[e], duties)
			if got, want := int64(p.soft[e].Penalty(shifts)), c.Sum()*int64(p.scale); got != want {
				t.Fatalf("nurse %d: penalty of %v = %d, want %d", e, shifts, got, want)
			}
		}
	}
}

func indexInt(list []int, v int) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func TestSolveNurses(t *testing.T) {
	n := readNurses(t, "n005w4", 1, 6, 2, 9, 1)
	r, err := SolveNurses(context.Background(), n, Options{Effort: 4, Seed: 1, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Broken) > 0 || r.Bound > r.Objective {
		t.Errorf("objective %d, bound %d, broken %v", r.Objective, r.Bound, r.Broken)
	}
	if r.Objective > 1800 {
		t.Errorf("objective %d, want at most 1800", r.Objective)
	}
	t.Logf("objective %d, bound %d", r.Objective, r.Bound)
	again, err := SolveNurses(context.Background(), n, Options{Effort: 4, Seed: 1, Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(r.Duties, again.Duties); d != "" {
		t.Errorf("one and three workers differ:\n%s", d)
	}
}

func FuzzParseNurses(f *testing.F) {
	const scenario = `SCENARIO = tiny

WEEKS = 1

SKILLS = 1
Nurse

SHIFT_TYPES = 1
Day (1,5)

FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Day 0

CONTRACTS = 1
Full (1,5) (1,5) (1,3) 1 1

NURSES = 1
Ann Full 1 Nurse
`
	const history = `HISTORY
0 tiny

NURSE_HISTORY
Ann 0 0 None 0 0 1
`
	const week = `WEEK_DATA
tiny

REQUIREMENTS
Day Nurse (1,1) (1,1) (1,1) (1,1) (1,1) (0,0) (0,0)

SHIFT_OFF_REQUESTS = 1
Ann Day Mon
`
	if n, err := ParseNurses(strings.NewReader(scenario), strings.NewReader(history), []io.Reader{strings.NewReader(week)}); err != nil || len(n.Staff) != 1 || len(n.Cover) == 0 {
		f.Fatalf("the seed does not parse: %v", err)
	}
	f.Add(scenario, history, week)
	f.Fuzz(func(t *testing.T, scenario, history, week string) {
		n, err := ParseNurses(strings.NewReader(scenario), strings.NewReader(history), []io.Reader{strings.NewReader(week)})
		if err == nil && (n.Weeks < 1 || len(n.Shifts) == 0 || len(n.Staff) == 0) {
			t.Errorf("accepted %q as %+v", scenario, n)
		}
	})
}
