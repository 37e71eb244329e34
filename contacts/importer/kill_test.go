package importer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kcc/internal/store"
)

// TestKilled kills a process that imports files, at random moments, and looks
// after each: every file is in the store whole or not at all, and what the
// process reported as done is there.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("KCC_KILL_DIR"); dir != "" {
		importForever(dir)
		return
	}
	kills := 100
	if testing.Short() || os.Getenv("KCC_LONG") == "" {
		kills = 4
	}
	dir := t.TempDir()
	const rows = 400
	for f := range 6 {
		var b strings.Builder
		b.WriteString("id,start,channel,queue,wait_s,talk_s,outcome\n")
		for i := range rows {
			fmt.Fprintf(&b, "%d-%d,2026-03-%02d %02d:%02d,phone,Q,10,100,answered\n", f, i, f+1, 8+i/60, i%60)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.csv", f)), []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for k := range kills {
		cmd := exec.Command(self, "-test.run", "^TestKilled$")
		cmd.Env = append(os.Environ(), "KCC_KILL_DIR="+dir)
		var said strings.Builder
		cmd.Stdout = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rnd.IntN(400)) * time.Millisecond)
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		db, err := store.Open(context.Background(), filepath.Join(dir, "kcc.db"), store.Options{Create: true})
		if err != nil {
			t.Fatalf("kill %d: %v", k, err)
		}
		files := one(t, db, "SELECT COUNT(*) FROM import_file WHERE undone IS NULL")
		if n := one(t, db, "SELECT COUNT(*) FROM contact"); n != files*rows {
			t.Errorf("kill %d: %d contacts of %d whole files", k, n, files)
		}
		if n := one(t, db, "SELECT CAST(COALESCE(SUM(offered), 0) AS INTEGER) FROM volume_interval"); n != files*rows {
			t.Errorf("kill %d: the roll-ups hold %d contacts of %d whole files", k, n, files)
		}
		for line := range strings.Lines(said.String()) {
			name, ok := strings.CutPrefix(strings.TrimSpace(line), "done ")
			if ok && one(t, db, "SELECT COUNT(*) FROM import_file WHERE name = ? AND undone IS NULL", name) != 1 {
				t.Errorf("kill %d: %s was reported and is not there once", k, name)
			}
		}
		// Begin anew half of the time, so that every state is met.
		if k%2 == 1 {
			if _, err := db.Exec("DELETE FROM contact; DELETE FROM volume_interval; DELETE FROM volume_day; DELETE FROM coverage; DELETE FROM import_file; DELETE FROM import_run"); err != nil {
				t.Fatal(err)
			}
		}
		db.Close()
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*.tmp")); len(left) > 1 { // one may be cut off at its end
		t.Errorf("%d killed runs leave %d files behind", kills, len(left))
	}
}

// importForever is the process that is killed.
func importForever(dir string) {
	ctx := context.Background()
	db, err := store.Open(ctx, filepath.Join(dir, "kcc.db"), store.Options{Create: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	in, err := Expand([]string{filepath.Join(dir, "f*.csv")}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range in.Files {
		sum, err := Import(ctx, db, []*File{f}, Options{}, StoreOptions{Now: time.Unix(1, 0), big: 1})
		if err != nil || len(sum.Errors) > 0 {
			fmt.Println(err, sum)
			return
		}
		fmt.Println("done " + f.Name)
	}
	time.Sleep(time.Minute)
}
