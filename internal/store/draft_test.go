package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestDraft changes a copy and puts it in place of the store, which another
// connection reads before and after.
func TestDraft(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	path := filepath.Join(dir, "kcc.db")
	db, err := Open(ctx, path, Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other, err := Open(ctx, path, Options{LockTimeout: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	count := func() (n int) {
		t.Helper()
		if err := other.QueryRow("SELECT COUNT(*) FROM import_run").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	draftWith := func() *Draft {
		t.Helper()
		d, err := NewDraft(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Exec("INSERT INTO import_run (started) VALUES (1)"); !errors.Is(Explain(err), ErrLocked) {
			t.Errorf("another run writes beside a draft: %v", err)
		}
		copied, err := d.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := copied.Exec("INSERT INTO import_run (started) VALUES (1)"); err != nil {
			t.Fatal(err)
		}
		copied.Close()
		return d
	}
	end := func(d *Draft) {
		t.Helper()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		left, _ := filepath.Glob(filepath.Join(dir, "*[.-][td][mr]*")) // .tmp, -draft
		if len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}

	d := draftWith()
	if n := count(); n != 0 {
		t.Errorf("%d runs before the draft is put", n)
	}
	if err := d.Put(ctx); err != nil {
		t.Fatal(err)
	}
	end(d)
	if n := count(); n != 1 {
		t.Errorf("%d runs, want the one of the draft", n)
	}

	end(draftWith()) // and not put
	if n := count(); n != 1 {
		t.Errorf("%d runs after a draft that was dropped", n)
	}

	d = draftWith()
	d.version-- // as if another run had written in the moment without lock
	if err := d.Put(ctx); !errors.Is(err, ErrChanged) {
		t.Errorf("put over what another run wrote: %v", err)
	}
	end(d)
	if n := count(); n != 1 {
		t.Errorf("%d runs, want those before", n)
	}
	if _, err := other.Exec("INSERT INTO import_run (started) VALUES (1)"); err != nil {
		t.Errorf("after a draft: %v", err)
	}

	stopped, cancel := context.WithCancel(ctx)
	d = draftWith()
	cancel()
	if err := d.Put(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("put after the end of the context: %v", err)
	}
	end(d)
	if _, err := db.Exec("INSERT INTO import_run (started) VALUES (1)"); err != nil {
		t.Errorf("after a draft that was stopped: %v", err)
	}
	var ok string
	if err := other.QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		t.Errorf("check: %s %v", ok, err)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != fileMode {
		t.Errorf("the store has mode %v: %v", st.Mode(), err)
	}
}
