package storetest

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/store"
)

// TestOpenIsANewStore: the copy has the layout, pragmas and rows of a store that
// is made, and two of them share nothing.
func TestOpenIsANewStore(t *testing.T) {
	ctx := context.Background()
	made, err := store.Open(ctx, filepath.Join(t.TempDir(), "kcc.db"), store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	a, b := Open(t, filepath.Join(t.TempDir(), "kcc.db")), Open(t, filepath.Join(t.TempDir(), "kcc.db"))
	list := func(db *sql.DB) (out []string) {
		t.Helper()
		rows, err := db.Query(`SELECT type || ' ' || name || ' ' || COALESCE(sql, '') FROM sqlite_schema
			UNION ALL SELECT 'step ' || version || name FROM schema_migrations
			UNION ALL SELECT 'pragma ' || user_version FROM pragma_user_version UNION ALL SELECT 'pragma ' || application_id FROM pragma_application_id
			UNION ALL SELECT 'pragma ' || page_size FROM pragma_page_size UNION ALL SELECT 'pragma ' || journal_mode FROM pragma_journal_mode
			ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
		return out
	}
	if diff := cmp.Diff(list(made), list(a)); diff != "" {
		t.Errorf("a copy is not a new store (-made +copy):\n%s", diff)
	}
	if _, err := a.Exec("INSERT INTO source (name, rank) VALUES ('x', 1)"); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := b.QueryRow("SELECT COUNT(*) FROM source WHERE name = 'x'").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of another store (%v)", n, err)
	}
}
