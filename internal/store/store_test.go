package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// EmptyStore is the file of a new store, from package storetest, which tests of this
// package cannot import: see storetest_test.go.
var EmptyStore func() ([]byte, error)

// newStore makes a store with one table of n rows beside the layout of kcc.
func newStore(t *testing.T, n int) (*sql.DB, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kcc.db")
	file, err := EmptyStore()
	must(t, err)
	must(t, os.WriteFile(path, file, fileMode))
	db, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	must(t, Write(t.Context(), db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("CREATE TABLE probe (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"); err != nil {
			return err
		}
		for i := range n {
			if _, err := tx.Exec("INSERT INTO probe (id, text) VALUES (?, ?)", i, strings.Repeat("probe ", 40)); err != nil {
				return err
			}
		}
		return nil
	}))
	return db, path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sql.DB) int {
	t.Helper()
	var n int
	must(t, db.QueryRow("SELECT COUNT(*) FROM probe").Scan(&n))
	return n
}

func TestOpenSetsWhatTheRestReliesOn(t *testing.T) {
	db, path := newStore(t, 0)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "foreign_keys": "1", "synchronous": "1", "busy_timeout": "5000", "page_size": "8192",
	} {
		var got string
		must(t, db.QueryRow("PRAGMA "+pragma).Scan(&got))
		if got != want {
			t.Errorf("PRAGMA %s = %s, want %s", pragma, got, want)
		}
	}
	if _, err := db.Exec(`SELECT "no such column"`); err == nil {
		t.Error("a misspelt column in double quotes passes as text")
	}
	var version int
	must(t, db.QueryRow("PRAGMA user_version").Scan(&version))
	if version != SchemaVersion() || version == 0 {
		t.Errorf("user_version = %d, want %d", version, SchemaVersion())
	}
	if runtime.GOOS != "windows" {
		for _, f := range []string{path, path + "-wal", path + "-shm"} {
			st, err := os.Stat(f)
			must(t, err)
			if st.Mode().Perm() != 0o600 {
				t.Errorf("mode of %s = %v, want 0600", filepath.Base(f), st.Mode().Perm())
			}
		}
	}
}

func TestOpenTightensTheMode(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file modes")
	}
	db, path := newStore(t, 0)
	db.Close()
	must(t, os.Chmod(path, 0o644))
	db, err := Open(t.Context(), path, Options{})
	must(t, err)
	defer db.Close()
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Errorf("mode = %v, want 0600", st.Mode().Perm())
	}
}

func TestOpenPathsThatLookLikeAURI(t *testing.T) {
	for _, name := range []string{"a b.db", "50%.db", "what?mode=ro.db", "a#b.db", "käse.db"} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, "?") {
			continue
		}
		path := filepath.Join(t.TempDir(), name)
		db, err := Open(t.Context(), path, Options{Create: true})
		if err != nil {
			t.Errorf("Open(%q): %v", name, err)
			continue
		}
		db.Close()
		if st, err := os.Stat(path); err != nil || st.Size() == 0 {
			t.Errorf("Open(%q) wrote elsewhere: %v", name, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		p := filepath.Join(dir, name)
		must(t, os.WriteFile(p, []byte(text), 0o600))
		return p
	}
	other := filepath.Join(dir, "other.db")
	odb, err := sql.Open("sqlite", other)
	must(t, err)
	_, err = odb.Exec("CREATE TABLE theirs (x)")
	must(t, err)
	odb.Close()

	tests := []struct {
		name, path string
		create     bool
		want       error
	}{
		{"absent", filepath.Join(dir, "absent.db"), false, ErrNoStore},
		{"empty", write("empty.db", ""), false, ErrNoStore},
		{"folder", dir, true, ErrNoStore},
		{"CSV file", write("h.csv", strings.Repeat("start,offered\n", 100)), true, ErrNoStore},
		{"other program", other, true, ErrNoStore},
		{"folder absent", filepath.Join(dir, "no", "kcc.db"), true, fs.ErrNotExist},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			db, err := Open(t.Context(), tt.path, Options{Create: tt.create})
			if err == nil {
				db.Close()
			}
			if !errors.Is(err, tt.want) {
				t.Fatalf("Open = %v, want %v", err, tt.want)
			}
			if !strings.Contains(err.Error(), tt.path) {
				t.Errorf("%q does not name the file", err)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "absent.db")); err == nil {
		t.Error("Open made a file without being asked")
	}
}

func TestOpenNewer(t *testing.T) {
	for name, stmt := range map[string]string{
		"higher number": "PRAGMA user_version = 99999",
		"unknown step":  "INSERT INTO schema_migrations VALUES (99998, 'later', 0)",
	} {
		t.Run(name, func(t *testing.T) {
			db, path := newStore(t, 0)
			_, err := db.Exec(stmt)
			must(t, err)
			db.Close()
			for _, inspect := range []bool{false, true} {
				if _, err := Open(t.Context(), path, Options{Inspect: inspect}); !errors.Is(err, ErrNewer) {
					t.Errorf("Open(Inspect: %v) = %v, want ErrNewer", inspect, err)
				}
			}
		})
	}
}

// A store that lacks a step below its highest gets it, with a backup made first.
func TestMigrateAppliesAMissedStep(t *testing.T) {
	db, path := newStore(t, 3)
	_, err := db.Exec("DELETE FROM schema_migrations WHERE version = 1; DROP TABLE centre_version")
	must(t, err)
	db.Close()
	db, err = Open(t.Context(), path, Options{Inspect: true})
	must(t, err)
	if steps, err := pending(t.Context(), db); err != nil || len(steps) != 1 {
		t.Fatalf("pending = %v, %v, want the one step", steps, err)
	}
	db.Close()
	fixed := func() time.Time { return time.Unix(1234, 0) }
	db, err = Open(t.Context(), path, Options{Now: fixed})
	must(t, err)
	defer db.Close()
	var at int64
	must(t, db.QueryRow("SELECT applied_at FROM schema_migrations WHERE version = 1").Scan(&at))
	if at != 1234 {
		t.Errorf("applied_at = %d, want 1234", at)
	}
	must(t, db.QueryRow("SELECT COUNT(*) FROM centre_version").Scan(&at))
	backups, _ := filepath.Glob(path + ".before-*")
	if len(backups) != 1 {
		t.Fatalf("backups = %v, want one", backups)
	}
	old, err := sql.Open("sqlite", backups[0])
	must(t, err)
	defer old.Close()
	if n := count(t, old); n != 3 {
		t.Errorf("backup has %d rows, want 3", n)
	}
}

// A step that fails leaves nothing of itself behind.
func TestMigrateRollsBack(t *testing.T) {
	db, _ := newStore(t, 0)
	err := Write(t.Context(), db, func(tx *sql.Tx) error {
		return apply(t.Context(), tx, migration{90000, "bad", "CREATE TABLE half (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1)"}, Options{})
	})
	if err == nil {
		t.Fatal("a bad step passes")
	}
	var n int
	must(t, db.QueryRow("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'half'").Scan(&n))
	if n != 0 {
		t.Error("half a step is left")
	}
}

func TestBackupRestoresTheSame(t *testing.T) {
	db, path := newStore(t, 500)
	copyPath := filepath.Join(t.TempDir(), "copy.db")
	must(t, Backup(t.Context(), db, copyPath))
	if st, err := os.Stat(copyPath); err != nil || (runtime.GOOS != "windows" && st.Mode().Perm() != 0o600) {
		t.Errorf("backup: %v, mode %v", err, st.Mode())
	}
	_, err := db.Exec("DELETE FROM probe WHERE id > 10")
	must(t, err)

	if err := Restore(t.Context(), copyPath, path, false, Options{}); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("Restore over a store = %v, want ErrExist", err)
	}
	// With db still open, as another process would have it.
	must(t, Restore(t.Context(), copyPath, path, true, Options{}))
	if n := count(t, db); n != 500 {
		t.Errorf("after Restore the open store shows %d rows, want 500", n)
	}
	old, err := Open(t.Context(), path+".before-restore", Options{})
	must(t, err)
	defer old.Close()
	if n := count(t, old); n != 11 {
		t.Errorf("what was overwritten has %d rows, want 11", n)
	}
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	must(t, Restore(t.Context(), copyPath, fresh, false, Options{}))
	fdb, err := Open(t.Context(), fresh, Options{})
	must(t, err)
	defer fdb.Close()
	if n := count(t, fdb); n != 500 {
		t.Errorf("restored elsewhere: %d rows, want 500", n)
	}
	if err := Restore(t.Context(), path, path, true, Options{}); err == nil {
		t.Error("a store restored from itself passes")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*.tmp*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBackupKeepsTheOldOneOnFailure(t *testing.T) {
	db, _ := newStore(t, 5)
	copyPath := filepath.Join(t.TempDir(), "copy.db")
	must(t, os.WriteFile(copyPath, []byte("the old backup"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Backup(ctx, db, copyPath); err == nil {
		t.Fatal("a cancelled backup passes")
	}
	if text, _ := os.ReadFile(copyPath); string(text) != "the old backup" {
		t.Error("the old backup is gone")
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(copyPath), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestCheck(t *testing.T) {
	db, path := newStore(t, 2000)
	short := Query("probe length", "SELECT 'probe ' || id || ' is short' FROM probe WHERE LENGTH(text) < 10 ORDER BY id")
	if found, err := Check(t.Context(), db, short); err != nil || len(found) > 0 {
		t.Fatalf("Check of a sound store = %v, %v", found, err)
	}
	_, err := db.Exec("UPDATE probe SET text = 'x' WHERE id = 7")
	must(t, err)
	found, err := Check(t.Context(), db, short)
	must(t, err)
	if len(found) != 1 || found[0] != (Finding{"probe length", "probe 7 is short"}) {
		t.Errorf("Check = %v, want the one rule broken", found)
	}

	_, err = db.Exec("CREATE TABLE child (id INTEGER PRIMARY KEY, probe INTEGER NOT NULL REFERENCES probe(id)) STRICT")
	must(t, err)
	conn, err := db.Conn(t.Context())
	must(t, err)
	_, err = conn.ExecContext(t.Context(), "PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (1, 123456)")
	must(t, err)
	conn.Close()
	found, err = Check(t.Context(), db)
	must(t, err)
	if len(found) != 1 || found[0].Check != "references" {
		t.Errorf("Check = %v, want a reference to nowhere", found)
	}
	db.Close()

	// Flip bytes in one page in the middle of the file.
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	st, _ := f.Stat()
	page := make([]byte, 200)
	off := st.Size() / 2 / pageSize * pageSize
	_, err = f.ReadAt(page, off)
	must(t, err)
	for i := range page {
		page[i] ^= 0xff
	}
	_, err = f.WriteAt(page, off)
	must(t, err)
	must(t, f.Close())
	db, err = Open(t.Context(), path, Options{Inspect: true})
	must(t, err)
	defer db.Close()
	found, err = Check(t.Context(), db)
	must(t, err)
	if len(found) == 0 || found[0].Check != "pages" {
		t.Errorf("Check = %v, want damaged pages", found)
	}
}

// Whatever byte of a store is damaged, opening and checking never passes for
// another kind of failure and never panics.
func TestDamagedHeaderAndRestore(t *testing.T) {
	db, path := newStore(t, 300)
	good := filepath.Join(t.TempDir(), "good.db")
	must(t, Backup(t.Context(), db, good))
	db.Close()
	data, err := os.ReadFile(path)
	must(t, err)
	for i := 16; i < 100; i++ {
		data[i] ^= 0x5a
	}
	must(t, os.WriteFile(path, data, 0o600))
	if _, err := Open(t.Context(), path, Options{}); !errors.Is(err, ErrDamaged) {
		t.Fatalf("Open = %v, want ErrDamaged", err)
	}
	if err := Restore(t.Context(), path, filepath.Join(t.TempDir(), "x.db"), false, Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("Restore from a damaged file = %v, want ErrDamaged", err)
	}
	must(t, Restore(t.Context(), good, path, true, Options{}))
	db, err = Open(t.Context(), path, Options{})
	must(t, err)
	defer db.Close()
	if n := count(t, db); n != 300 {
		t.Errorf("restored %d rows, want 300", n)
	}
	if _, err := os.Stat(path + ".damaged"); err != nil {
		t.Error("the damaged file was not kept")
	}
}

func TestInspectWritesNothing(t *testing.T) {
	db, path := newStore(t, 1)
	db.Close()
	db, err := Open(t.Context(), path, Options{Inspect: true})
	must(t, err)
	defer db.Close()
	if _, err := db.Exec("DELETE FROM probe"); err == nil {
		t.Error("a store opened to inspect can be written")
	}
}

func TestReadersDoNotWaitForAWriter(t *testing.T) {
	db, path := newStore(t, 10)
	tx, err := db.Begin() // immediate: holds the write lock
	must(t, err)
	defer tx.Rollback()
	_, err = tx.Exec("DELETE FROM probe")
	must(t, err)
	other, err := Open(t.Context(), path, Options{LockTimeout: -1})
	must(t, err)
	defer other.Close()
	if n := count(t, other); n != 10 {
		t.Errorf("a reader sees %d rows, want the 10 committed", n)
	}
	must(t, Read(t.Context(), other, func(tx *sql.Tx) error {
		var n int
		return tx.QueryRow("SELECT COUNT(*) FROM probe").Scan(&n)
	}))
	if err := Write(t.Context(), other, func(*sql.Tx) error { return nil }); !errors.Is(err, ErrLocked) {
		t.Errorf("a second writer gets %v, want ErrLocked", err)
	}
}
