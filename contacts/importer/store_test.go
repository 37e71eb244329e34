package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/contacts"
	"kcc/contacts/privacy"
	"kcc/internal/store"
	"kcc/internal/store/storetest"
)

// testStore makes an empty store with a key file beside it.
func testStore(t testing.TB) (*sql.DB, StoreOptions) {
	t.Helper()
	dir := t.TempDir()
	db := storetest.Open(t, filepath.Join(dir, "kcc.db"))
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	return db, StoreOptions{Now: now, Vault: &privacy.Vault{Path: filepath.Join(dir, "kcc.key"), Now: func() time.Time { return now }}}
}

func load(t testing.TB, db *sql.DB, so StoreOptions, opt Options, paths ...string) *Summary {
	t.Helper()
	in, err := Expand(paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	sum, err := Import(context.Background(), db, in.Files, opt, so)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func write(t testing.TB, name, text string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func one(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// rolls dumps the roll-ups, rounded, in order.
func rolls(t testing.TB, db *sql.DB) []string {
	t.Helper()
	var out []string
	for _, table := range []string{"volume_interval", "volume_day", "coverage"} {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		cols, _ := rows.Columns()
		for rows.Next() {
			vals := make([]any, len(cols))
			ptr := make([]any, len(cols))
			for i := range vals {
				ptr[i] = &vals[i]
			}
			if err := rows.Scan(ptr...); err != nil {
				t.Fatal(err)
			}
			for i, v := range vals {
				if f, ok := v.(float64); ok {
					vals[i] = math.Round(f*1000)/1000 + 0 // no negative zero
				}
			}
			out = append(out, table+" "+fmt.Sprint(vals...))
		}
		rows.Close()
	}
	slices.Sort(out)
	return out
}

// checkRolls compares the roll-ups kept row by row with those computed at once.
func checkRolls(t testing.TB, db *sql.DB) {
	t.Helper()
	kept := rolls(t, db)
	err := store.Write(context.Background(), db, func(tx *sql.Tx) error {
		rows, err := tx.Query("SELECT id FROM queue")
		if err != nil {
			return err
		}
		var ids []int64
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		rows.Close()
		return rebuild(context.Background(), tx, ids)
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rolls(t, db), kept); d != "" {
		t.Errorf("roll-ups kept at import differ from the rows (-rows +kept):\n%s", d)
	}
}

func TestImportSamples(t *testing.T) {
	dir := filepath.Join(dataDir(t), "imports")
	db, so := testStore(t)
	paths := []string{
		filepath.Join(dir, "nl_wachtrij_kwartier_cp1252.csv"), filepath.Join(dir, "genesys_style_queue_performance.csv"),
		filepath.Join(dir, "call_level_iso_duplicates_utf8.csv"), filepath.Join(dir, "asterisk_queue_log.txt"), filepath.Join(dir, "pwc_call_center_2021.xlsx"),
	}
	sum := load(t, db, so, Options{}, paths...)
	if want := (Counts{Read: 217 + 72 + 188 + 173 + 5000, Imported: 216 + 72 + 160 + 60 + 5000, Duplicate: 28, Skipped: 2}); sum.Total != want {
		t.Errorf("first import %+v, want %+v", sum.Total, want)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != 5220 {
		t.Errorf("%d contacts, want 5220", n)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM interval_fact"); n != 288 {
		t.Errorf("%d interval rows, want 288", n)
	}
	checkRolls(t, db)
	before := rolls(t, db)
	again := load(t, db, so, Options{}, paths...)
	if again.Total.Imported != 0 || again.Total.Updated != 0 || again.Total.Read != sum.Total.Read {
		t.Errorf("second import %+v, want no new rows", again.Total)
	}
	so.Force = true
	forced := load(t, db, so, Options{}, paths...)
	if forced.Total.Imported != 0 || forced.Total.Updated != 0 || forced.Total.Rejected != 0 {
		t.Errorf("forced import %+v, want no new rows", forced.Total)
	}
	if d := cmp.Diff(before, rolls(t, db)); d != "" {
		t.Errorf("importing twice changes the roll-ups (-before +after):\n%s", d)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM contact WHERE agent LIKE 'agent%' OR agent IN ('Diane', 'Becky')"); n > 0 {
		t.Errorf("%d contacts hold the name of an agent", n)
	}
}

func TestHistoryFromStoreEqualsFiles(t *testing.T) {
	dir := filepath.Join(dataDir(t), "imports")
	path := filepath.Join(dir, "call_level_iso_duplicates_utf8.csv")
	db, so := testStore(t)
	load(t, db, so, Options{}, path)
	f := contacts.Filter{BySubject: true}
	got, err := contacts.History(context.Background(), db, f)
	if err != nil {
		t.Fatal(err)
	}
	h, err := ReadHistory(context.Background(), []string{path}, nil, Options{}, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) == 0 || len(got) != len(h.Series) {
		t.Fatalf("%d series in the store, %d in the file", len(got), len(h.Series))
	}
	near := func(a, b float64) bool { return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) < 1e-9 }
	for i, s := range got {
		w := h.Series[i]
		if s.Channel != w.Channel || s.Subject != w.Subject || s.Step != w.Step || s.First != w.First || s.Last != w.Last || len(s.Obs) != len(w.Obs) {
			t.Fatalf("series %d: %s %s %v %v-%v %d, file has %s %s %v %v-%v %d", i, s.Channel, s.Subject, s.Step, s.First, s.Last, len(s.Obs),
				w.Channel, w.Subject, w.Step, w.First, w.Last, len(w.Obs))
		}
		for j, o := range s.Obs {
			x := w.Obs[j]
			if !o.Start.Equal(x.Start) || !near(o.Offered, x.Offered) || !near(o.Handled, x.Handled) || !near(o.AHT, x.AHT) || !near(o.Wait, x.Wait) {
				t.Fatalf("series %d, interval %d: store %+v, file %+v", i, j, o, x)
			}
		}
	}
}

const callsCSV = "id,start,channel,queue,wait_s,talk_s,outcome,updated\n" +
	"a,2026-03-02 08:00,phone,Q,10,100,answered,2026-03-02 09:00\n" +
	"b,2026-03-02 08:20,phone,Q,20,200,answered,2026-03-02 09:00\n"

func TestCorrectedFileUpdates(t *testing.T) {
	db, so := testStore(t)
	load(t, db, so, Options{}, write(t, "a.csv", callsCSV))
	fixed := strings.Replace(callsCSV, "b,2026-03-02 08:20,phone,Q,20,200,answered,2026-03-02 09:00", "b,2026-03-02 08:40,phone,Q,20,300,answered,2026-03-02 10:00", 1)
	sum := load(t, db, so, Options{}, write(t, "b.csv", fixed))
	if want := (Counts{Read: 2, Duplicate: 1, Updated: 1}); sum.Total != want {
		t.Errorf("corrected file %+v, want %+v", sum.Total, want)
	}
	// The older state sent again changes nothing.
	older := load(t, db, so, Options{}, write(t, "c.csv", callsCSV+"c,2026-03-02 09:00,phone,Q,1,1,answered,2026-03-02 09:00\n"))
	if want := (Counts{Read: 3, Duplicate: 2, Imported: 1}); older.Total != want {
		t.Errorf("older file %+v, want %+v", older.Total, want)
	}
	if n := one(t, db, "SELECT CAST(SUM(talk_s) AS INTEGER) FROM contact"); n != 401 {
		t.Errorf("talk adds up to %d, want 401", n)
	}
	checkRolls(t, db)
}

func TestRowsWithoutID(t *testing.T) {
	const head = "start,queue,wait_s,talk_s\n"
	const two = "2026-03-02 08:00,Q,10,100\n2026-03-02 08:00,Q,10,100\n"
	db, so := testStore(t)
	sum := load(t, db, so, Options{}, write(t, "a.csv", head+two+"2026-03-02 08:10,Q,5,50\n2026-03-02 09:00,Q,5,50\n"))
	if sum.Total.Imported != 4 {
		t.Fatalf("two equal calls are two calls: %+v", sum.Total)
	}
	// A correction of 8:00 to 8:30: one of the equal calls and the one of 8:10 are gone, 8:30 is new.
	sum = load(t, db, so, Options{}, write(t, "b.csv", head+"2026-03-02 08:00,Q,10,100\n2026-03-02 08:30,Q,7,70\n"))
	if sum.Total.Imported != 1 || sum.Total.Duplicate != 1 || sum.Files[0].Replaced != 2 {
		t.Errorf("correction: %+v, replaced %d; want 1 new, 1 duplicate, 2 replaced", sum.Total, sum.Files[0].Replaced)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != 3 {
		t.Errorf("%d contacts, want 3", n)
	}
	checkRolls(t, db)
	// Undo brings back what was replaced.
	if _, _, err := Undo(context.Background(), db, sum.Run, so.Now); err != nil {
		t.Fatal(err)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != 4 {
		t.Errorf("%d contacts after undo, want 4", n)
	}
	checkRolls(t, db)
}

func TestUndo(t *testing.T) {
	db, so := testStore(t)
	first := load(t, db, so, Options{}, write(t, "a.csv", callsCSV))
	want := rolls(t, db)
	second := load(t, db, so, Options{}, write(t, "b.csv", strings.ReplaceAll(strings.Replace(callsCSV, ",200,", ",300,", 1), "09:00\n", "10:00\n")))
	if _, _, err := Undo(context.Background(), db, first.Run, so.Now); err == nil || !strings.Contains(err.Error(), "undo that one first") {
		t.Errorf("undo of a run with later changes: %v", err)
	}
	if _, _, err := Undo(context.Background(), db, second.Run, so.Now); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, rolls(t, db)); d != "" {
		t.Errorf("roll-ups after undo (-want +got):\n%s", d)
	}
	if _, _, err := Undo(context.Background(), db, second.Run, so.Now); !errors.Is(err, ErrNoRun) {
		t.Errorf("undo twice: %v, want ErrNoRun", err)
	}
	if _, _, err := Undo(context.Background(), db, first.Run, so.Now); err != nil {
		t.Fatal(err)
	}
	if n := one(t, db, "SELECT (SELECT COUNT(*) FROM contact) + (SELECT COUNT(*) FROM volume_interval) + (SELECT COUNT(*) FROM coverage)"); n != 0 {
		t.Errorf("%d rows left after undoing everything", n)
	}
	// What was undone can be imported again.
	if sum := load(t, db, so, Options{}, write(t, "a.csv", callsCSV)); sum.Total.Imported != 2 {
		t.Errorf("import after undo: %+v", sum.Total)
	}
}

func TestRejects(t *testing.T) {
	db, so := testStore(t)
	var rejects []string
	var out strings.Builder
	w := NewRejectWriter(&out)
	so.Reject = func(r *Reject) {
		rejects = append(rejects, r.Error())
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	path := write(t, "h.csv", "date,time,queue,offered\n2026-03-02,08:00,Q,12\n2026-03-02,25:00,Q,3\n2026-13-02,08:15,Q,4\n2026-03-02,08:30,Q,x\n2026-03-02,08:45,Q,7\n")
	sum := load(t, db, so, Options{}, path)
	if want := (Counts{Read: 5, Imported: 2, Rejected: 3}); sum.Total != want {
		t.Errorf("%+v, want %+v", sum.Total, want)
	}
	want := path + `: line 5: column "offered": value "x": want a number`
	if len(rejects) != 3 || rejects[2] != want {
		t.Errorf("rejects %q, want the last to be %q", rejects, want)
	}
	w.Flush()
	fixed := strings.NewReplacer("25:00", "09:00", "2026-13-02", "2026-03-02", ",x,", ",5,").Replace(out.String())
	sum = load(t, db, so, Options{}, write(t, "rejects.csv", fixed))
	if sum.Total.Imported != 3 || sum.Total.Rejected != 0 {
		t.Errorf("repaired rejects: %+v, want 3 new", sum.Total)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM interval_fact"); n != 5 {
		t.Errorf("%d rows, want 5", n)
	}
}

func TestRules(t *testing.T) {
	ctx := context.Background()
	db, so := testStore(t)
	path := write(t, "q.csv", "start,queue,offered,answered\n2026-03-02 08:00,Burgerzaken A,12,11\n2026-03-02 08:00,Chat KCC,4,4\n2026-03-02 08:15,Chat KCC,4,4\n")
	sum := load(t, db, so, Options{}, path)
	if len(sum.Unknown) != 2 {
		t.Errorf("unknown queues %v, want two", sum.Unknown)
	}
	if n, err := SetRule(ctx, db, QueueRule{Pattern: "chat*", Channel: "chat"}); err != nil || n != 1 {
		t.Fatalf("SetRule = %d, %v", n, err)
	}
	if _, err := SetRule(ctx, db, QueueRule{Pattern: "burgerzaken ?", Channel: "telefoon", Subject: "burgerzaken"}); err != nil {
		t.Fatal(err)
	}
	h, err := contacts.History(ctx, db, contacts.Filter{BySubject: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range h {
		got = append(got, fmt.Sprint(s.Channel, "/", s.Subject, " ", s.Offered()))
	}
	if d := cmp.Diff([]string{"chat/ 8", "phone/ 12", "phone/burgerzaken 12"}, got); d != "" {
		t.Errorf("history after rules (-want +got):\n%s", d)
	}
	checkRolls(t, db)
	// New files follow the rules at once.
	so.Force = true
	if sum := load(t, db, so, Options{}, path); sum.Total.Imported+sum.Total.Updated != 0 {
		t.Errorf("the same file after rules: %+v", sum.Total)
	}
}

func TestOverlappingSources(t *testing.T) {
	ctx := context.Background()
	db, so := testStore(t)
	so.Source = "acd"
	load(t, db, so, Options{}, write(t, "a.csv", "start,channel,offered\n2026-03-02 08:00,phone,10\n2026-03-03 08:00,phone,20\n"))
	so.Source = "planner"
	sum := load(t, db, so, Options{}, write(t, "b.csv", "start,channel,offered\n2026-03-03 08:00,phone,99\n2026-03-04 08:00,phone,30\n"))
	if len(sum.Overlaps) != 1 || sum.Overlaps[0].Source != "planner" || sum.Overlaps[0].Days != 1 {
		t.Errorf("overlaps %+v, want planner on one day", sum.Overlaps)
	}
	volume := func() float64 {
		h, err := contacts.History(ctx, db, contacts.Filter{})
		if err != nil || len(h) != 1 {
			t.Fatalf("history %v, %v", h, err)
		}
		return h[0].Offered()
	}
	if v := volume(); v != 60 {
		t.Errorf("volume %v, want 10 + 20 + 30", v)
	}
	if err := Prefer(ctx, db, "planner"); err != nil {
		t.Fatal(err)
	}
	if v := volume(); v != 139 {
		t.Errorf("volume %v, want 10 + 99 + 30", v)
	}
}

func TestPersonalData(t *testing.T) {
	db, so := testStore(t)
	path := write(t, "c.csv", "id,start,wait_s,talk_s,bsn,phone,agent,subject,notes\n"+
		"1,2026-03-02 08:00,5,60,111222333,,Jansen,paspoort,bsn 111222333 gebeld\n"+
		"2,2026-03-03 08:00,5,60,,06-12345678,Jansen,paspoort,\n"+
		"3,2026-03-05 08:00,5,60,,+31612345678,Jansen,paspoort,\n"+
		"4,2026-03-20 08:00,5,60,,0031612345678,Jansen,paspoort,\n")
	sum := load(t, db, so, Options{}, path)
	if sum.Total.Imported != 4 || sum.Masked != 1 {
		t.Fatalf("%+v, masked %d", sum.Total, sum.Masked)
	}
	rows, err := db.Query("SELECT COALESCE(party_ref,'') || ' ' || COALESCE(agent,'') || ' ' || COALESCE(note,'') FROM contact")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"111222333", "12345678", "Jansen"} {
			if strings.Contains(s, secret) {
				t.Errorf("the store holds %s: %s", secret, s)
			}
		}
	}
	if n := one(t, db, "SELECT COUNT(DISTINCT party_ref) FROM contact"); n != 2 {
		t.Errorf("%d parties, want 2", n)
	}
	// 3 repeats 2 within 7 days; 4 comes too late.
	if n := one(t, db, "SELECT COUNT(*) FROM contact WHERE repeat_of IS NOT NULL AND external_id = '3'"); n != 1 || one(t, db, "SELECT COUNT(*) FROM contact WHERE repeat_of IS NOT NULL") != 1 {
		t.Error("want contact 3 alone to repeat an earlier one")
	}
	so.Strict, so.Force = true, true
	db2, so2 := testStore(t)
	so2.Strict = true
	if sum := load(t, db2, so2, Options{}, path); sum.Total.Rejected != 1 || sum.Total.Imported != 3 {
		t.Errorf("strict: %+v, want one reject", sum.Total)
	}
}

// TestQueueWithAndWithoutChannel imports the same interval twice, once with the
// channel of the queue and once without: it counts once.
func TestQueueWithAndWithoutChannel(t *testing.T) {
	with := "start,queue,channel,offered,answered\n2026-03-27 08:00,KCC,chat,5,4\n2026-03-27 08:15,KCC,chat,6,5\n"
	without := "start,queue,offered,answered\n2026-03-27 08:00,KCC,5,4\n2026-03-27 08:15,KCC,6,5\n"
	for name, files := range map[string][2]string{"with first": {with, without}, "without first": {without, with}} {
		t.Run(name, func(t *testing.T) {
			db, so := testStore(t)
			load(t, db, so, Options{}, write(t, "a.csv", files[0]))
			sum := load(t, db, so, Options{}, write(t, "b.csv", files[1]))
			if sum.Total.Duplicate != 2 {
				t.Errorf("second file %+v, want two duplicates", sum.Total)
			}
			if n := one(t, db, "SELECT CAST(SUM(offered) AS INTEGER) FROM volume_interval"); n != 11 {
				t.Errorf("offered %d, want 11", n)
			}
			if n := one(t, db, "SELECT COUNT(*) FROM queue WHERE channel = 'chat'"); n != 1 {
				t.Errorf("%d queues of chat, want 1", n)
			}
			checkRolls(t, db)
		})
	}
}

func TestHeaderWithoutRows(t *testing.T) {
	sum := scanFiles(t, Options{}, write(t, "a.csv", "Datum;Tijd;Aangeboden\n"))
	if got := sum.Files[0].Error; !strings.Contains(got, "no rows below the header") {
		t.Errorf("error %q", got)
	}
}

// A run tells the days of a channel as its dry run did: a day without rows counts
// when other weeks have rows on its weekday, so that weekends are not missing.
func TestDaysCoveredAsInDryRun(t *testing.T) {
	var text strings.Builder
	text.WriteString("date,time,calls\n")
	for d := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC); d.Day() <= 27; d = d.AddDate(0, 0, 1) {
		if w := d.Weekday(); w == time.Saturday || w == time.Sunday || d.Day() == 11 {
			continue // closed, and a Wednesday that is missing
		}
		fmt.Fprintf(&text, "%s,09:00,5\n%s,09:15,6\n", d.Format(time.DateOnly), d.Format(time.DateOnly))
	}
	path := write(t, "calls.csv", text.String())
	db, so := testStore(t)
	dry := so
	dry.DryRun = true
	want := []Span{{Channel: "phone", First: "2026-11-02", Last: "2026-11-27", Days: 19, DaysWithout: 1}}
	for name, so := range map[string]StoreOptions{"dry run": dry, "run": so} {
		if d := cmp.Diff(want, load(t, db, so, Options{}, path).Spans); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}
