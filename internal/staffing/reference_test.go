package staffing

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kcc/internal/tabular"
)

// reference reads a file of reference numbers; KCC_DATA names the folder, else
// ../shared/data beside the module.
func reference(t *testing.T, name string) [][]string {
	t.Helper()
	root := os.Getenv("KCC_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(root, "erlang", name))
	if err != nil {
		t.Skipf("no reference numbers: set KCC_DATA to the folder that holds erlang/%s", name)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// answers runs a job over the named input columns of rows and returns what it
// wrote.
func answers(t *testing.T, rows [][]string, inputs []string, run func(*tabular.Reader, Sink) error) [][]string {
	t.Helper()
	var in, out bytes.Buffer
	w := csv.NewWriter(&in)
	for _, row := range rows {
		var cut []string
		for i, h := range rows[0] {
			if slices.Contains(inputs, h) {
				cut = append(cut, row[i])
			}
		}
		if err := w.Write(cut); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	r, err := tabular.Open("reference", &in, tabular.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sink := &CSVSink{W: &out}
	if err := run(r, sink); err != nil {
		t.Fatal(err)
	}
	if err := sink.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(rows) {
		t.Fatalf("%d rows in, %d out", len(rows), len(got))
	}
	return got
}

// agree compares columns of want and got: equal text, or numbers within rel or
// abs. Values below 1e-290 agree with each other.
func agree(t *testing.T, want, got [][]string, pairs map[string]string, rel, abs float64) {
	t.Helper()
	for wantCol, gotCol := range pairs {
		i, j := slices.Index(want[0], wantCol), slices.Index(got[0], gotCol)
		if i < 0 || j < 0 {
			t.Fatalf("columns %q and %q: not there", wantCol, gotCol)
		}
		for k := 1; k < len(want); k++ {
			w, g := want[k][i], got[k][j]
			if w == g {
				continue
			}
			x, err1 := strconv.ParseFloat(w, 64)
			y, err2 := strconv.ParseFloat(g, 64)
			if w == "" || g == "" || (err1 != nil && x != 0) || err2 != nil {
				t.Errorf("row %d: %s = %q, want %q", k+1, gotCol, g, w)
				continue
			}
			if math.Abs(x-y) <= rel*math.Abs(x) || math.Abs(x-y) <= abs || (x < 1e-290 && y < 1e-290) {
				continue
			}
			t.Errorf("row %d: %s = %.17g, want %.17g", k+1, gotCol, y, x)
		}
	}
}

func same(columns string) map[string]string {
	m := map[string]string{}
	for _, c := range strings.Split(columns, ",") {
		m[c] = c
	}
	return m
}

func TestReferenceThroughRows(t *testing.T) {
	formulas := func(f Formula) func(*tabular.Reader, Sink) error {
		return func(r *tabular.Reader, s Sink) error {
			rep, err := Formulas(context.Background(), r, f, NoDefaults(), s)
			if err == nil && rep.Rejected.Count > 0 {
				t.Errorf("rejected rows: %v", rep.Rejected.First)
			}
			return err
		}
	}
	staffed := func(r *tabular.Reader, s Sink) error {
		_, err := Staff(context.Background(), r, Options{}, s)
		return err
	}
	cases := []struct {
		file, inputs     string
		run              func(*tabular.Reader, Sink) error
		compare          map[string]string
		times            map[string]string
		absProbabilities float64
	}{
		{"erlang_b.csv", "offered_erlangs,lines", formulas(ErlangB), same("p_block,carried_erlangs,line_occupancy"), nil, 0},
		{"trunks.csv", "offered_erlangs,target_block", formulas(ErlangB), same("lines,p_block_at_lines"), nil, 0},
		{"erlang_c.csv", "offered_erlangs,agents,aht_s,target_s", formulas(ErlangC), same("p_wait,p_wait_gt_target,service_level,occupancy"), same("asa_s"), 0},
		{
			"erlang_a.csv", "offered_erlangs,agents,aht_s,patience_s,target_s", formulas(ErlangA),
			same("p_wait,p_abandon,sl_offered,sl_answered,sl_excl_short_abandons,sl_wait_any,p_virtual_wait_gt_target,occupancy"),
			same("asa_answered_s,mean_wait_all_s,mean_queue"), 1e-14,
		},
		{
			"staffing.csv", "calls,interval_s,aht_s,target_pct,target_s,max_occupancy,shrinkage", staffed,
			map[string]string{"status": "status", "agents": "agents", "scheduled_ceil": "rostered", "sl_at_agents": "service_level"},
			map[string]string{"agents_fractional": "agents_fractional"},
			0,
		},
		{
			"staffing_a.csv", "calls,interval_s,aht_s,patience_s,target_pct,target_s,max_abandon", staffed,
			same("status,agents"), nil, 1e-14,
		},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			want := reference(t, c.file)
			got := answers(t, want, strings.Split(c.inputs, ","), c.run)
			agree(t, want, got, c.compare, 1e-12, c.absProbabilities)
			agree(t, want, got, c.times, 1e-10, 0)
		})
	}
}
