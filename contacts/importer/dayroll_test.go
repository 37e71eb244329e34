package importer

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/contacts"
)

// dayRecords writes call records with every dimension and figure of the daily
// roll-up; from is the number of the first id.
func dayRecords(rng *rand.Rand, from, n int, updated string) string {
	var b strings.Builder
	b.WriteString("id,updated,start,channel,queue,direction,outcome,subject,kind,segment,cause,department,wait_s,talk_s,hold_s,acw_s,party,csat,effort,nps,resolved,transferred\n")
	pick := func(s ...string) string { return s[rng.IntN(len(s))] }
	for i := range n {
		at := time.Date(2026, 3, 2+rng.IntN(20), 8+rng.IntN(9), rng.IntN(60), 0, 0, time.UTC)
		fmt.Fprintf(&b, "c%05d,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%d,%d,%d,%d,%s,%s,%s,%s,%s,%s\n", from+i, updated, at.Format(time.RFC3339),
			pick("phone", "chat"), pick("KCC", "Belastingen"), pick("inbound", "inbound", "inbound", "outbound"),
			pick("answered", "answered", "answered_self", "transferred", "abandoned", "short_abandon", "callback_requested", "handed_off", "overflow"),
			pick("waste", "parking", ""), pick("question", "complaint", ""), pick("resident", "business"), pick("", "unclear letter", "status"), pick("", "taxes"),
			rng.IntN(120), rng.IntN(400), rng.IntN(30), rng.IntN(60), pick("", fmt.Sprintf("06-1234%04d", rng.IntN(40))),
			pick("", "7", "8.5"), pick("", "2", "5"), pick("", "3", "8", "10"), pick("", "yes", "no"), pick("", "yes", "no"))
	}
	return b.String()
}

// chains reads which contact repeats which, by their ids elsewhere.
func chains(t *testing.T, db *sql.DB) []string {
	t.Helper()
	rows, err := db.Query(`SELECT c.external_id, COALESCE(p.external_id, ''), COALESCE(f.external_id, '') FROM contact c
		LEFT JOIN contact p ON p.id = c.repeat_of LEFT JOIN contact f ON f.id = c.followed_by
		WHERE c.repeat_of IS NOT NULL OR c.followed_by IS NOT NULL ORDER BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var c, p, f string
		if err := rows.Scan(&c, &p, &f); err != nil {
			t.Fatal(err)
		}
		out = append(out, c+" repeats "+p+" followed by "+f)
	}
	return out
}

// wantChains finds the repeats by looking at every pair of contacts.
const wantChains = `WITH pair AS (
	SELECT c.external_id AS id, (SELECT p.external_id FROM contact p WHERE p.party_ref = c.party_ref AND p.subject = c.subject
		AND (p.start < c.start OR (p.start = c.start AND p.id < c.id)) AND c.start - p.start <= 7 * 86400 ORDER BY p.start DESC, p.id DESC LIMIT 1) AS of
	FROM contact c WHERE c.party_ref IS NOT NULL)
SELECT COUNT(*) FROM pair JOIN contact c ON c.external_id = pair.id LEFT JOIN contact p ON p.id = c.repeat_of WHERE COALESCE(p.external_id, '') <> COALESCE(pair.of, '')`

func checkDays(t *testing.T, db *sql.DB) {
	t.Helper()
	checkRolls(t, db)
	if n := one(t, db, wantChains); n != 0 {
		t.Errorf("%d contacts repeat another one than they should", n)
	}
	if n := one(t, db, "SELECT COUNT(*) FROM contact c WHERE c.followed_by IS NOT (SELECT f.id FROM contact f WHERE f.repeat_of = c.id)"); n != 0 {
		t.Errorf("the other end of %d repeats does not fit", n)
	}
}

// TestDayRollup goes through a first file, a second whose contacts repeat those of
// the first, a correction and the undoing of both.
func TestDayRollup(t *testing.T) {
	db, so := testStore(t)
	so.Targets = map[string]time.Duration{"phone": 30 * time.Second, "chat": 45 * time.Second}
	rng := rand.New(rand.NewPCG(3, 4))
	load(t, db, so, Options{}, write(t, "a.csv", dayRecords(rng, 0, 400, "2026-04-01T00:00:00Z")))
	checkDays(t, db)
	for _, col := range strings.Fields("contacts answered abandoned short_abandoned within_target abandoned_within within_n transferred callback handed_off own_answer resolved resolved_n " +
		"wait_sum wait_n talk_sum talk_n hold_sum acw_sum handle_sum handle_n csat_sum csat_sq csat_n effort_sum effort_sq effort_n nps_sum promoters detractors nps_n repeats followed judgeable") {
		if n := one(t, db, "SELECT CAST(SUM("+col+") AS INTEGER) FROM volume_day"); n == 0 {
			t.Errorf("%s is 0 everywhere", col)
		}
	}
	first, firstChains := rolls(t, db), chains(t, db)

	load(t, db, so, Options{}, write(t, "b.csv", dayRecords(rng, 400, 400, "2026-04-01T00:00:00Z")))
	checkDays(t, db)
	second, secondChains := rolls(t, db), chains(t, db)
	load(t, db, so, Options{}, write(t, "c.csv", dayRecords(rng, 200, 300, "2026-04-02T00:00:00Z")))
	checkDays(t, db)

	undo := func(run int64, rollsWant, chainsWant []string) {
		t.Helper()
		if _, _, err := Undo(context.Background(), db, run, so.Now); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(rollsWant, rolls(t, db)); d != "" {
			t.Errorf("roll-ups after undoing run %d (-want +got):\n%s", run, d)
		}
		if d := cmp.Diff(chainsWant, chains(t, db)); d != "" {
			t.Errorf("repeats after undoing run %d (-want +got):\n%s", run, d)
		}
		checkDays(t, db)
	}
	undo(3, second, secondChains)
	undo(2, first, firstChains)
}

// TestLinkAll links the repeats by one walk over all customers, as for a file of
// very many, and gets what looking each of them up gives.
func TestLinkAll(t *testing.T) {
	db, so := testStore(t)
	load(t, db, so, Options{}, write(t, "a.csv", dayRecords(rand.New(rand.NewPCG(7, 8)), 0, 600, "2026-04-01T00:00:00Z")))
	want := chains(t, db)
	if len(want) == 0 {
		t.Fatal("no repeats to compare")
	}
	ctx := context.Background()
	for chunk, redo := range map[int]bool{0: false, 7: true, 1: false} {
		err := bulk(ctx, db, false, func(_ *sql.Conn, tx *sql.Tx) error {
			if _, err := tx.Exec("UPDATE contact SET repeat_of = NULL, followed_by = NULL"); err != nil {
				return err
			}
			l := &linker{ctx: ctx, tx: tx, within: 7 * 86400, chunk: chunk, moved: func(contacts.DayKey, int, int) error { return nil }}
			return l.link(&partySet{all: true, redo: redo})
		})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, chains(t, db)); d != "" {
			t.Errorf("repeats (-one by one +all):\n%s", d)
		}
	}
}
