package register

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/contacts"
	"kcc/contacts/promise"
	"kcc/internal/store"
)

// dayCells dumps the roll-ups of contacts, in order.
func dayCells(t *testing.T, db *sql.DB) []string {
	t.Helper()
	var out []string
	for _, table := range []string{"volume_day", "volume_interval"} {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		cols, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			vals, ptrs := make([]any, len(cols)), make([]any, len(cols))
			for i := range vals {
				ptrs[i] = &vals[i]
			}
			if err := rows.Scan(ptrs...); err != nil {
				t.Fatal(err)
			}
			for i, v := range vals {
				if f, ok := v.(float64); ok {
					vals[i] = math.Round(f*1000)/1000 + 0
				}
			}
			out = append(out, fmt.Sprint(table, vals))
		}
	}
	slices.Sort(out)
	return out
}

// checkCells compares the roll-ups kept contact by contact with those of all
// contacts at once.
func checkCells(t *testing.T, d *Desk) {
	t.Helper()
	kept := dayCells(t, d.DB)
	err := store.Write(context.Background(), d.DB, func(tx *sql.Tx) error {
		if _, err := tx.Exec("DELETE FROM volume_day; DELETE FROM volume_interval"); err != nil {
			return err
		}
		queues, err := ids(context.Background(), tx, "SELECT id FROM queue")
		if err != nil {
			return err
		}
		for _, q := range queues {
			if err := contacts.RebuildContacts(context.Background(), tx, q); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dayCells(t, d.DB), kept); diff != "" {
		t.Errorf("roll-ups kept by the register differ from the contacts (-contacts +kept):\n%s", diff)
	}
}

// TestRollupsOfTheRegister follows a customer who comes back: each change of a
// contact also changes the days of its neighbours.
func TestRollupsOfTheRegister(t *testing.T) {
	ctx := context.Background()
	clock := when(t, "2026-11-16 09:00")
	d := testDesk(t, filepath.Join(t.TempDir(), "kcc.db"), &clock)
	d.Centre.Targets = map[string]time.Duration{"phone": 30 * time.Second}
	num := func(v float64) *float64 { return &v }
	add := func(start, subject, party string) int64 {
		t.Helper()
		a, err := d.Add(ctx, &Entry{Channel: "phone", Start: start, Subject: subject, Party: party, Wait: num(25), Talk: num(100), NPS: num(9), CSAT: num(8), Effort: num(2)})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	links := func(want ...string) {
		t.Helper()
		rows, err := d.DB.Query("SELECT id, repeat_of, followed_by FROM contact WHERE repeat_of IS NOT NULL OR followed_by IS NOT NULL ORDER BY start")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var got []string
		for rows.Next() {
			var id int64
			var of, by sql.NullInt64
			if err := rows.Scan(&id, &of, &by); err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%d<%d>%d", of.Int64, id, by.Int64))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("links (-want +got):\n%s", diff)
		}
		checkCells(t, d)
		sound(t, d)
	}
	first := add("2026-11-02 10:00", "waste", "06-12345678")  // 1
	third := add("2026-11-09 09:00", "waste", "06-12345678")  // 2
	second := add("2026-11-05 10:00", "waste", "06-12345678") // 3, registered late
	other := add("2026-11-06 10:00", "container", "06-12345678")
	links("0<1>3", "1<3>2", "3<2>0")
	subject := "container"
	if err := d.Edit(ctx, second, Edit{Subject: &subject}); err != nil { // now before the other one
		t.Fatal(err)
	}
	links("0<1>2", "0<3>4", "3<4>0", "1<2>0")
	nobody := ""
	if err := d.Edit(ctx, other, Edit{Party: &nobody, NPS: num(3)}); err != nil {
		t.Fatal(err)
	}
	links("0<1>2", "1<2>0")
	if _, err := d.HandOffAdd(ctx, Work{Contact: first, Department: "streets"}); err != nil {
		t.Fatal(err)
	}
	if err := d.CloseContact(ctx, first, "answered_self", "", clock.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	h, err := d.HandOffAdd(ctx, Work{Contact: third, Department: "streets"})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Event(ctx, h.ID, promise.Event{Kind: promise.Assigned, Department: "taxes"}); err != nil {
		t.Fatal(err)
	}
	links("0<1>2", "1<2>0")
	if _, err := d.DB.Exec("UPDATE volume_day SET repeats = repeats + 1 WHERE day = (SELECT MIN(day) FROM volume_day)"); err != nil {
		t.Fatal(err)
	}
	if found, err := store.Check(ctx, d.DB, Rules()...); err != nil || len(found) == 0 {
		t.Errorf("a roll-up that does not fit is not found: %v (%v)", found, err)
	}
	var n, taxes, own, in int
	err = d.DB.QueryRow(`SELECT SUM(judgeable), SUM(contacts * (department = 'taxes')), SUM(own_answer), SUM(within_target) FROM volume_day`).Scan(&n, &taxes, &own, &in)
	if err != nil || n != 3 || taxes != 1 || own != 4 || in != 4 {
		t.Errorf("judgeable %d, taxes %d, own answers %d, in time %d (%v), want 3, 1, 4, 4", n, taxes, own, in, err)
	}
}
