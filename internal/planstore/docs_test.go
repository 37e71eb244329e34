package planstore

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocsOfTheStore holds that docs/store.md tells of every table of planning
// and that its query runs.
func TestDocsOfTheStore(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "store.md"))
	if err != nil {
		t.Fatal(err)
	}
	db := newStore(t)
	rows, err := db.Query("SELECT name FROM sqlite_schema WHERE type = 'table' AND (name GLOB 'plan_*' OR name GLOB 'centre_*')")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		n++
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/store.md does not tell of the table %s", name)
		}
	}
	if err := rows.Err(); err != nil || n < 10 {
		t.Fatalf("%d tables, %v", n, err)
	}
	var query []string
	for _, line := range strings.Split(string(text), "\n") {
		if sql, ok := strings.CutPrefix(line, "    "); ok {
			query = append(query, sql)
		}
	}
	if len(query) == 0 {
		t.Fatal("docs/store.md has no query")
	}
	res, err := db.Query(strings.Join(query, "\n"))
	if err != nil {
		t.Fatalf("the query of docs/store.md: %v", err)
	}
	res.Close()
}
