package importer

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/store"
)

// dump returns every row of a table with the types of its values.
func dump(t *testing.T, db *sql.DB, table string) []string {
	t.Helper()
	rows, err := db.Query("SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			t.Fatal(err)
		}
		parts = append(parts, fmt.Sprintf("'%[1]s=' || quote(%[1]s) || ' ' || typeof(%[1]s)", c))
	}
	rows.Close()
	rows, err = db.Query("SELECT " + strings.Join(parts, " || ', ' || ") + " FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}

// TestLoadedWhole imports first files as a whole, as big ones are, and row by
// row: the stores are the same to the last value, and SQLite finds no fault.
func TestLoadedWhole(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	var notes, log strings.Builder
	notes.WriteString("start;wachtrij;resultaat;wachttijd;gesprekstijd;telefoon;onderwerp;opmerking;artikel;opgelost\n")
	for i := range 300 {
		fmt.Fprintf(&notes, "%02d-03-2026 %02d:%02d;Lijn %d;%s;%d,5;%d;06%08d;%s;%s;%s;%s\n", 14+i/60, 8+i%60/10, i%60, i%3, []string{"beantwoord", "opgehangen"}[i%7/6], i%40, 60+i,
			rnd.IntN(60), []string{"paspoort", "afval"}[i%2], []string{"", "belt over brief\u00e9n", "kwam \u201claat\u201d"}[i%3], []string{"", "vac-7", "vac-12"}[i%3], []string{"ja", "nee", ""}[i%3])
	}
	for i := range 200 {
		at := 1775000000 + i*60
		fmt.Fprintf(&log, "%d|17750%d.1|kcc|NONE|ENTERQUEUE||0612345%03d|1\n%d|17750%d.1|kcc|Agent/1|CONNECT|%d|17750%d.2\n%d|17750%d.1|kcc|Agent/1|COMPLETECALLER|%d|%d|1\n",
			at, i, i%20, at+5, i, 5, i, at+100, i, 5, 95)
	}
	for name, f := range map[string]struct {
		file, text string
		whole      bool // else one of its rows keeps it from being loaded as a whole
	}{
		"records":        {"a.csv", dayRecords(rnd, 0, 700, "2026-04-01T00:00:00Z"), true},
		"notes":          {"n.csv", notes.String(), true},
		"queue_log":      {"queue_log", log.String(), true},
		"queue_log 2":    {"queue_log", log.String() + log.String(), false},
		"a long note":    {"l.csv", notes.String() + "20-03-2026 08:00;Lijn 1;beantwoord;1;2;0611111111;afval;" + strings.Repeat("woord ", 7000) + ";;\n", false},
		"a long article": {"l.csv", notes.String() + "20-03-2026 08:00;Lijn 1;beantwoord;1;2;0611111111;afval;;" + strings.Repeat("x", 9000) + ";\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, f.file, f.text)
			_, so := testStore(t)
			so.Targets = map[string]time.Duration{"phone": 30 * time.Second}
			state := func(big int64) (tables map[string][]string, counts Counts, seen int) {
				db, _ := testStore(t)
				so := so
				so.big = big
				sum := load(t, db, so, Options{}, path)
				checkDays(t, db)
				var ok string
				if err := db.QueryRow("SELECT integrity_check FROM pragma_integrity_check").Scan(&ok); err != nil || ok != "ok" {
					t.Errorf("check: %s %v", ok, err)
				}
				tables = map[string][]string{}
				for _, table := range []string{"contact", "volume_day", "volume_interval", "coverage", "queue", "import_file", "sqlite_schema"} {
					tables[table] = dump(t, db, table)
				}
				for i, row := range tables["sqlite_schema"] { // where a table begins may differ
					at := strings.Index(row, ", rootpage=")
					tables["sqlite_schema"][i] = row[:at] + row[at+strings.Index(row[at+2:], ", ")+2:]
				}
				return tables, sum.Total, one(t, db, "SELECT COUNT(*) FROM contact_text WHERE contact_text MATCH 'brieven OR laat'")
			}
			rows, counts, seen := state(1 << 40)
			bigRows, bigCounts, bigSeen := state(1)
			for table, want := range rows {
				if d := cmp.Diff(want, bigRows[table]); d != "" {
					t.Errorf("%s differs (-row by row +whole):\n%s", table, d)
				}
			}
			if counts != bigCounts || seen != bigSeen {
				t.Errorf("counts are %+v and %d notes found, want %+v and %d", bigCounts, bigSeen, counts, seen)
			}
		})
	}
}

// TestLoadLeavesNothing looks for files beside the store after a load, and after
// one that ends early.
func TestLoadLeavesNothing(t *testing.T) {
	path := write(t, "a.csv", dayRecords(rand.New(rand.NewPCG(5, 6)), 0, 700, "2026-04-01T00:00:00Z"))
	db, so := testStore(t)
	so.big = 1
	so.DryRun = true
	load(t, db, so, Options{}, path)
	so.DryRun = false
	load(t, db, so, Options{}, path)
	var file string
	if err := db.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&file); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(filepath.Dir(file))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if strings.Contains(e.Name(), "-draft") || strings.HasSuffix(e.Name(), ".tmp") {
			t.Errorf("%s is left", e.Name())
		}
	}
	if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != 700 {
		t.Errorf("%d contacts of 700", n)
	}
}

// TestLoadBeside looks at the store from outside while a file is about to get into
// it: readers see the state before, and no one else writes.
func TestLoadBeside(t *testing.T) {
	db, so := testStore(t)
	so.big = 1
	seen := false
	so.beforePut = func() {
		seen = true
		if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != 0 {
			t.Errorf("%d contacts are there before they should", n)
		}
		if _, err := db.Exec("PRAGMA busy_timeout = 1; INSERT INTO import_run (started) VALUES (1)"); !errors.Is(store.Explain(err), store.ErrLocked) {
			t.Errorf("another run writes: %v", err)
		}
	}
	load(t, db, so, Options{}, write(t, "a.csv", dayRecords(rand.New(rand.NewPCG(5, 6)), 0, 50, "2026-04-01T00:00:00Z")))
	if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != 50 || !seen {
		t.Errorf("%d contacts of 50, by way of a draft: %v", n, seen)
	}
	if _, err := db.Exec("UPDATE contact SET direction = 'sideways'"); err == nil {
		t.Error("the checks of contact are gone")
	}
	if _, err := db.Exec("INSERT INTO import_run (started) VALUES (1)"); err != nil {
		t.Error(err)
	}
}

// TestLoadBesideIntervals loads contacts into a store that has interval statistics
// of the same queues, whose roll-ups both add to.
func TestLoadBesideIntervals(t *testing.T) {
	intervals := write(t, "i.csv", "interval_start,queue,channel,offered,answered\n2026-04-01 10:00,Q1,phone,7,6\n2026-04-01 10:15,Q1,phone,5,5\n")
	calls := write(t, "a.csv", dayRecords(rand.New(rand.NewPCG(5, 6)), 0, 300, "2026-04-01T00:00:00Z"))
	want := map[string][]string{}
	for _, big := range []int64{1 << 40, 1} {
		db, so := testStore(t)
		so.Source = "acd"
		load(t, db, so, Options{}, intervals)
		so.big = big
		load(t, db, so, Options{}, calls)
		for _, table := range []string{"volume_day", "volume_interval", "coverage", "queue"} {
			rows := dump(t, db, table)
			if d := cmp.Diff(want[table], rows); want[table] != nil && d != "" {
				t.Errorf("%s differs (-row by row +whole):\n%s", table, d)
			}
			want[table] = rows
		}
		if n := one(t, db, "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'load%'"); n != 0 {
			t.Errorf("%d tables are left", n)
		}
		var ok string
		if err := db.QueryRow("SELECT integrity_check FROM pragma_integrity_check").Scan(&ok); err != nil || ok != "ok" {
			t.Errorf("check: %s %v", ok, err)
		}
	}
}

// TestNumbersSort holds that numbers of sorted entries come back and sort as such.
func TestNumbersSort(t *testing.T) {
	at := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
	numbers := []int64{-1 << 39, -at, -2208988800, -1, 0, 1, 255, 256, 1 << 31, 1<<32 + 5, at, 1<<39 - 1}
	last := ""
	for _, n := range numbers {
		b := appendNumbers(nil, n, -n-1)
		if got := numberAt(b, 0); got != n || numberAt(b, 1) != -n-1 || string(b) <= last {
			t.Errorf("%d comes back as %d and %d, sorted after the one before: %v", n, got, numberAt(b, 1), string(b) > last)
		}
		last = string(b)
	}
}
