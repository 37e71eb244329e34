package importer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/contacts"
)

// dataDir returns the folder of real data, or skips the test.
func dataDir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("KCC_DATA")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for wd != filepath.Dir(wd) {
			if _, err := os.Stat(filepath.Join(wd, "go.mod")); err == nil {
				break
			}
			wd = filepath.Dir(wd)
		}
		dir = filepath.Join(wd, "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "imports")); err != nil {
		t.Skip("no sample files: set KCC_DATA to the folder that holds imports/")
	}
	return dir
}

// parse reads every row of a file; rejects fail the test unless allowed.
func parse(t testing.TB, path string, opt Options) ([]*Parsed, []Row, []Reject) {
	t.Helper()
	in, err := Expand([]string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(in.Close)
	var rows []Row
	var rejects []Reject
	var all []*Parsed
	for _, f := range in.Files {
		ps, err := Understand(context.Background(), f, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			err := p.Rows(context.Background(), func(r *Row) error { rows = append(rows, *r); return nil }, func(r *Reject) { rejects = append(rejects, *r) })
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, p)
		}
	}
	return all, rows, rejects
}

func TestSamples(t *testing.T) {
	dir := filepath.Join(dataDir(t), "imports")
	loc, _ := time.LoadLocation("Europe/Amsterdam")
	for _, c := range []struct {
		file, expected, encoding, delimiter string
		kind                                Kind
		counts                              Counts
	}{
		{"nl_wachtrij_kwartier_cp1252.csv", "nl_wachtrij_kwartier_cp1252.expected.jsonl", "windows-1252", ";", Intervals, Counts{Read: 217, Imported: 216, Skipped: 1}},
		{"genesys_style_queue_performance.csv", "genesys_style_queue_performance.expected.jsonl", "utf-8-bom", ",", Intervals, Counts{Read: 72, Imported: 72}},
		{"call_level_iso_duplicates_utf8.csv", "call_level_iso_duplicates_utf8.expected.jsonl", "utf-8", ",", Calls, Counts{Read: 188, Imported: 160, Duplicate: 28}},
		{"asterisk_queue_log.txt", "asterisk_queue_log.expected.jsonl", "utf-8", "|", QueueLog, Counts{Read: 173, Imported: 60, Skipped: 1}},
	} {
		t.Run(c.file, func(t *testing.T) {
			ps, rows, rejects := parse(t, filepath.Join(dir, c.file), Options{})
			if len(rejects) > 0 {
				t.Errorf("%d rejects, first: %v", len(rejects), rejects[0].Error())
			}
			if p := ps[0]; p.Kind != c.kind || p.Encoding() != c.encoding || p.Delimiter() != c.delimiter {
				t.Errorf("kind %s, encoding %s, delimiter %q; want %s, %s, %q", p.Kind, p.Encoding(), p.Delimiter(), c.kind, c.encoding, c.delimiter)
			}
			if d := cmp.Diff(c.counts, ps[0].Counts); d != "" {
				t.Errorf("counts (-want +got):\n%s", d)
			}
			for _, w := range ps[0].Warnings() {
				t.Errorf("warning: %s", w)
			}
			var buf bytes.Buffer
			w := NewRowWriter(&buf, loc)
			for i := range rows {
				if err := w.Write(&rows[i]); err != nil {
					t.Fatal(err)
				}
			}
			w.Flush()
			compareRows(t, filepath.Join(dir, c.expected), &buf)
		})
	}
}

// compareRows compares every key of the expected rows, in order.
func compareRows(t *testing.T, expected string, got *bytes.Buffer) {
	t.Helper()
	f, err := os.Open(expected)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, have := bufio.NewScanner(f), bufio.NewScanner(got)
	n := 0
	for want.Scan() {
		n++
		if !have.Scan() {
			t.Fatalf("row %d is missing", n)
		}
		var w, h map[string]any
		if err := json.Unmarshal(want.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(have.Bytes(), &h); err != nil {
			t.Fatal(err)
		}
		for k, v := range w {
			if d := cmp.Diff(v, h[k]); d != "" {
				t.Errorf("row %d, %s (-want +got):\n%s%s", n, k, d, have.Text())
			}
		}
		if t.Failed() {
			return
		}
	}
	for have.Scan() {
		t.Fatalf("row too many: %s", have.Text())
	}
}

func TestWorkbookSample(t *testing.T) {
	_, rows, rejects := parse(t, filepath.Join(dataDir(t), "imports", "pwc_call_center_2021.xlsx"), Options{})
	if len(rejects) > 0 {
		t.Fatalf("%d rejects, first: %v", len(rejects), rejects[0].Error())
	}
	answered, resolved := 0, 0
	var wait, talk float64
	first, last := rows[0].Contact.Start, rows[0].Contact.Start
	for i := range rows {
		c := &rows[i].Contact
		if c.Resolved == contacts.Yes {
			resolved++
		}
		if c.Start.Before(first) {
			first = c.Start
		}
		if c.Start.After(last) {
			last = c.Start
		}
		if c.Outcome == contacts.Answered {
			answered++
			wait += c.Wait
			talk += c.Talk
		}
	}
	round := func(v float64) float64 { return math.Round(v/float64(answered)*100) / 100 }
	if len(rows) != 5000 || answered != 4054 || resolved != 3646 || round(wait) != 67.52 || round(talk) != 224.92 {
		t.Errorf("rows %d answered %d resolved %d wait %v talk %v; want 5000 4054 3646 67.52 224.92", len(rows), answered, resolved, round(wait), round(talk))
	}
	loc, _ := time.LoadLocation("Europe/Amsterdam")
	if a, b := first.In(loc).Format(time.DateOnly), last.In(loc).Format(time.DateOnly); a != "2021-01-01" || b != "2021-03-31" {
		t.Errorf("span %s..%s, want 2021-01-01..2021-03-31", a, b)
	}
}
