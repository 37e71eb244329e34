package erlang

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// The reference files hold numbers computed with 320-bit arithmetic from series
// with positive terms only; their README tells how. They lie outside the
// module: KCC_DATA names the folder, else ../shared/data beside it.

// referenceRow is one row of a reference file by column name.
type referenceRow struct {
	t    *testing.T
	line int
	cell map[string]string
}

func reference(t *testing.T, name string) []referenceRow {
	t.Helper()
	root := os.Getenv("KCC_DATA")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for dir != filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, "erlang", name))
	if err != nil {
		t.Skipf("no reference numbers: set KCC_DATA to the folder that holds erlang/%s", name)
	}
	defer f.Close()
	recs, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []referenceRow
	for i, rec := range recs[1:] {
		cell := map[string]string{}
		for j, h := range recs[0] {
			cell[h] = rec[j]
		}
		rows = append(rows, referenceRow{t, i + 2, cell})
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no rows", name)
	}
	return rows
}

// num returns a number; an empty cell is NaN.
func (r referenceRow) num(col string) float64 {
	s, ok := r.cell[col]
	if !ok {
		r.t.Fatalf("no column %s", col)
	}
	if s == "" {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(v, 0) && v != 0 {
		r.t.Fatalf("line %d: %s: %v", r.line, col, err)
	}
	return v
}

func (r referenceRow) seconds(col string) time.Duration {
	return time.Duration(r.num(col) * float64(time.Second))
}

// Below negligible a probability may have any relative error.
const negligible = 1e-290

// near checks got against the column within a relative tolerance, or an
// absolute one where abs > 0.
func (r referenceRow) near(col string, got, rel, abs float64) float64 {
	r.t.Helper()
	want := r.num(col)
	switch {
	case math.IsNaN(want):
		if !math.IsNaN(got) {
			r.t.Errorf("line %d: %s = %g, want none", r.line, col, got)
		}
		return 0
	case math.IsInf(want, 0) || want == 0:
		if got != want && !(math.Abs(got) <= abs) {
			r.t.Errorf("line %d: %s = %g, want %g", r.line, col, got, want)
		}
		return 0
	case want < negligible && got <= negligible:
		return 0
	}
	err := math.Abs(got-want) / math.Abs(want)
	if !(err <= rel) && !(math.Abs(got-want) <= abs) {
		r.t.Errorf("line %d: %s = %.17g, want %.17g, relative error %.2g %v", r.line, col, got, want, err, r.cell)
	}
	return err
}

const (
	probabilityTol = 1e-12
	timeTol        = 1e-10
	absoluteA      = 1e-14
)

func TestReferenceB(t *testing.T) {
	worst := 0.0
	for _, r := range reference(t, "erlang_b.csv") {
		a, n := r.num("offered_erlangs"), r.num("lines")
		worst = math.Max(worst, r.near("p_block", B(a, n), probabilityTol, 0))
		worst = math.Max(worst, r.near("carried_erlangs", Carried(a, n), probabilityTol, 0))
	}
	t.Logf("largest relative error %.2g", worst)
}

func TestReferenceTrunks(t *testing.T) {
	for _, r := range reference(t, "trunks.csv") {
		a := r.num("offered_erlangs")
		n, status := Lines(a, r.num("target_block"))
		if want := r.num("lines"); float64(n) != want || status != OK {
			t.Errorf("line %d: Lines(%g) = %d %v, want %g", r.line, a, n, status, want)
		}
		r.near("p_block_at_lines", B(a, float64(n)), probabilityTol, 0)
	}
}

func TestReferenceC(t *testing.T) {
	worst := 0.0
	for _, r := range reference(t, "erlang_c.csv") {
		a, n := r.num("offered_erlangs"), r.num("agents")
		da, err1 := ParseDecimal(r.cell["offered_erlangs"])
		dn, err2 := ParseDecimal(r.cell["agents"])
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		w := WaitCDecimal(da, dn, r.num("aht_s"), r.num("target_s"))
		for col, v := range map[string]float64{
			"p_wait": w.PWait, "service_level": w.ServiceLevel, "p_wait_gt_target": w.PWaitOver,
			"asa_s": w.ASA, "occupancy": w.Occupancy,
		} {
			worst = math.Max(worst, r.near(col, v, probabilityTol, 0))
		}
		r.near("p_wait", C(a, n), probabilityTol, 0)
	}
	t.Logf("largest relative error %.2g", worst)
}

func TestReferenceStaffing(t *testing.T) {
	worst := 0.0
	for _, r := range reference(t, "staffing.csv") {
		l := LoadOf(r.num("calls"), r.seconds("interval_s"), r.num("aht_s"), 0)
		target := Target{Ratio: r.num("target_pct") / 100, Within: r.seconds("target_s")}
		if v := r.num("max_occupancy"); !math.IsNaN(v) {
			target.MaxOccupancy = v
		}
		s := Size(l, target)
		if s.Status.String() != r.cell["status"] {
			t.Errorf("line %d: status %v, want %v", r.line, s.Status, r.cell["status"])
		}
		if s.Status != OK {
			continue
		}
		if want := r.num("agents"); float64(s.Agents) != want {
			t.Errorf("line %d: Size = %d, want %g", r.line, s.Agents, want)
		}
		worst = math.Max(worst, r.near("agents_fractional", s.Fractional, timeTol, 0))
		r.near("sl_at_agents", s.Result.ServiceLevel, probabilityTol, 0)
		shrinkage := r.num("shrinkage")
		if math.IsNaN(shrinkage) {
			shrinkage = 0
		}
		whole, exact := Gross(float64(s.Agents), shrinkage)
		r.near("scheduled_exact", exact, timeTol, 0)
		if float64(whole) != r.num("scheduled_ceil") {
			t.Errorf("line %d: Gross = %d, want %s", r.line, whole, r.cell["scheduled_ceil"])
		}
	}
	t.Logf("largest relative error of fractional agents %.2g", worst)
}

func TestReferenceA(t *testing.T) {
	worst := map[string]float64{}
	for _, r := range reference(t, "erlang_a.csv") {
		T := r.num("target_s")
		x := A(r.num("offered_erlangs"), r.num("agents"), r.num("aht_s"), r.num("patience_s"), T, T)
		for col, v := range map[string]float64{
			"p_wait": x.PWait, "p_abandon": x.PAbandon, "sl_offered": x.SLOffered, "sl_answered": x.SLAnswered,
			"sl_excl_short_abandons": x.SLExclShort, "sl_wait_any": x.SLWaitAny,
			"p_virtual_wait_gt_target": x.PVirtualWaitOver, "occupancy": x.Occupancy,
		} {
			worst[col] = math.Max(worst[col], r.near(col, v, probabilityTol, absoluteA))
		}
		worst["asa"] = math.Max(worst["asa"], r.near("asa_answered_s", x.ASAAnswered, timeTol, 0))
		worst["wait"] = math.Max(worst["wait"], r.near("mean_wait_all_s", x.MeanWait, timeTol, 0))
		worst["queue"] = math.Max(worst["queue"], r.near("mean_queue", x.Queue, timeTol, 0))
	}
	t.Logf("largest relative errors %v", worst)
}

func TestReferenceStaffingA(t *testing.T) {
	for _, r := range reference(t, "staffing_a.csv") {
		l := LoadOf(r.num("calls"), r.seconds("interval_s"), r.num("aht_s"), r.num("patience_s"))
		target := Target{Ratio: r.num("target_pct") / 100, Within: r.seconds("target_s")}
		if v := r.num("max_abandon"); !math.IsNaN(v) {
			target.MaxAbandon = v
		}
		s := Size(l, target)
		if float64(s.Agents) != r.num("agents") || s.Status.String() != r.cell["status"] {
			t.Errorf("line %d: Size = %d %v, want %s", r.line, s.Agents, s.Status, r.cell["agents"])
		}
		if l.Erlangs > 0 {
			r.near("sl_at_agents", s.Result.ServiceLevel, probabilityTol, absoluteA)
			r.near("p_abandon_at_agents", s.Result.PAbandon, probabilityTol, absoluteA)
			if s.Agents > 0 && !(s.Fractional > float64(s.Agents)-1 && s.Fractional <= float64(s.Agents)) {
				t.Errorf("line %d: fractional %g outside (%d-1, %d]", r.line, s.Fractional, s.Agents, s.Agents)
			}
		}
	}
}
