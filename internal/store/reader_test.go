package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kcc/internal/store"
)

func TestReader(t *testing.T) {
	ctx := context.Background()
	path := t.TempDir() + "/a folder?with %23 signs#.db"
	db, err := store.Open(ctx, path, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{
		"CREATE TABLE probe (id INTEGER PRIMARY KEY, n INTEGER, x REAL, t TEXT, b BLOB) STRICT",
		"INSERT INTO probe VALUES (1, -5, 2.5, 'één', x'00ff00'), (2, NULL, NULL, NULL, NULL), (3, 9007199254740993, 4, '', x'')",
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	r, err := store.OpenReader(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	// What is written after the Reader was opened and read from first is not seen.
	count := func() (n int64) {
		if err := r.Each(ctx, "SELECT COUNT(*) FROM probe WHERE id > ?", func(row store.Row) error { n = row.Int(0); return nil }, 0); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(); n != 3 {
		t.Fatalf("%d rows, want 3", n)
	}
	if _, err := db.Exec("INSERT INTO probe (id) VALUES (4)"); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 3 {
		t.Errorf("%d rows after another was written, want the state of before: 3", n)
	}
	seen := 0
	err = r.Each(ctx, "SELECT id, n, x, t, b FROM probe ORDER BY id", func(row store.Row) error {
		seen++
		switch row.Int(0) {
		case 1:
			if row.Int(1) != -5 || row.Float(2) != 2.5 || string(row.Bytes(3)) != "één" || string(row.Bytes(4)) != "\x00\xff\x00" || row.Null(1) {
				t.Errorf("row 1: %d %v %q %x", row.Int(1), row.Float(2), row.Bytes(3), row.Bytes(4))
			}
		case 2:
			for col := 1; col <= 4; col++ {
				if !row.Null(col) {
					t.Errorf("row 2, column %d is not NULL", col)
				}
			}
			if row.Int(1) != 0 || row.Float(2) != 0 || row.Bytes(3) != nil {
				t.Error("row 2: NULL is not zero")
			}
		case 3:
			if row.Int(1) != 9007199254740993 || row.Null(3) || len(row.Bytes(3)) != 0 || len(row.Bytes(4)) != 0 {
				t.Errorf("row 3: %d %q", row.Int(1), row.Bytes(3))
			}
			// A query within a query.
			if n := count(); n != 3 {
				t.Errorf("%d rows, want 3", n)
			}
		}
		return nil
	})
	if err != nil || seen != 3 {
		t.Fatalf("%d rows, %v", seen, err)
	}
	stop := errors.New("stop")
	if err := r.Each(ctx, "SELECT 1", func(store.Row) error { return stop }); err != stop {
		t.Errorf("error of the callback: %v", err)
	}
	if err := r.Each(ctx, "SELECT nothing FROM probe", func(store.Row) error { return nil }); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("a wrong query: %v", err)
	}
	if err := r.Each(ctx, "DELETE FROM probe", func(store.Row) error { return nil }); err == nil {
		t.Error("a Reader deleted rows")
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := r.Each(ended, "SELECT 1", func(store.Row) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	// The file is as usable as before.
	if _, err := db.Exec("DELETE FROM probe"); err != nil {
		t.Error(err)
	}
}
