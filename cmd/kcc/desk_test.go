package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kcc/internal/store"
)

// desksEnv makes TestManyDesks run in full: 32 processes with 500 contacts each.
const desksEnv = "KCC_BIG"

// program returns a command that runs kcc as a process of its own: the test
// binary does so under that name.
func program(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Args[0] = "kcc"
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "USER=desk")
	return cmd
}

func newStore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := program(t, dir, "init").CombinedOutput(); err != nil {
		t.Fatalf("kcc init: %v\n%s", err, out)
	}
	return dir
}

func contactLine(desk, n int) string {
	return fmt.Sprintf(`{"id": "d%d-%d", "channel": "phone", "subject": "waste", "party": "06%08d", "note": "desk %d, contact %d", "talk_s": %d}`+"\n",
		desk, n, desk*1000+n, desk, n, 60+n%200)
}

// commitsOf reads the percentiles from the summary of a batch.
var commitsOf = regexp.MustCompile(`took ([0-9.]+ms) at p50, ([0-9.]+ms) at p99, ([0-9.]+ms) at most`)

// TestManyDesks lets many processes register at once, each contact in a commit of
// its own: none fails, none is lost, none waits for seconds.
func TestManyDesks(t *testing.T) {
	desks, each := 8, 25
	if os.Getenv(desksEnv) != "" {
		desks, each = 32, 500
	} else if testing.Short() {
		desks, each = 4, 5
	}
	dir := newStore(t)
	type result struct {
		p50, p99, most time.Duration
	}
	results := make([]result, desks)
	confirmed := make([]int, desks)
	begin := time.Now()
	var wg sync.WaitGroup
	for i := range desks {
		wg.Go(func() {
			var in strings.Builder
			for n := range each {
				in.WriteString(contactLine(i, n))
			}
			cmd := program(t, dir, "contact", "add", "--in", "-")
			cmd.Stdin = strings.NewReader(in.String())
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Run(); err != nil {
				t.Errorf("desk %d: %v\n%s", i, err, stderr.String())
				return
			}
			confirmed[i] = strings.Count(stdout.String(), "\n") - 1
			m := commitsOf.FindStringSubmatch(stderr.String())
			if m == nil {
				t.Errorf("desk %d says %q", i, stderr.String())
				return
			}
			for k, to := range []*time.Duration{&results[i].p50, &results[i].p99, &results[i].most} {
				*to, _ = time.ParseDuration(m[k+1])
			}
		})
	}
	// Readers are never held up meanwhile.
	for range 3 {
		if out, err := program(t, dir, "contact", "list", "--limit", "5", "--format", "json").CombinedOutput(); err != nil {
			t.Errorf("reading while others write: %v\n%s", err, out)
		}
	}
	wg.Wait()
	db, err := store.Open(context.Background(), filepath.Join(dir, "kcc.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var rows, parties int
	if err := db.QueryRow("SELECT COUNT(*), COUNT(DISTINCT party_ref) FROM contact").Scan(&rows, &parties); err != nil {
		t.Fatal(err)
	}
	if want := desks * each; rows != want || parties != want {
		t.Errorf("%d contacts of %d customers are kept, want %d", rows, parties, want)
	}
	var medians []time.Duration
	var p99, most time.Duration
	for i, r := range results {
		if confirmed[i] != each {
			t.Errorf("desk %d confirmed %d contacts, want %d", i, confirmed[i], each)
		}
		medians = append(medians, r.p50)
		p99, most = max(p99, r.p99), max(most, r.most)
	}
	slices.Sort(medians)
	t.Logf("%d desks x %d contacts in %s: commit p50 %s (median desk), p99 %s (worst desk), slowest %s",
		desks, each, time.Since(begin).Round(time.Millisecond), medians[len(medians)/2], p99, most)
	const far = 30 * time.Second // 0.4 s on a quiet machine; others may use this one
	if most > far {
		t.Errorf("a commit took %s, want at most %s", most, far)
	}
}

// TestKilledDesk kills a process while it registers: whatever it confirmed is in
// the store, and the store is sound.
func TestKilledDesk(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	dir := newStore(t)
	ctx := context.Background()
	total := 0
	for round := range 3 {
		cmd := program(t, dir, "contact", "add", "--in", "-", "--format", "json", "--quiet")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		go func() { // more than it will ever read
			for n := range 100_000 {
				if _, err := io.WriteString(in, contactLine(round, n)); err != nil {
					return
				}
			}
		}()
		confirmed := 0
		sc := bufio.NewScanner(out)
		for sc.Scan() {
			confirmed++
			if confirmed == 20+30*round {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed
		total += confirmed
		db, err := store.Open(ctx, filepath.Join(dir, "kcc.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var kept, prefix int
		err = db.QueryRow("SELECT COUNT(*), SUM(external_id IN (SELECT external_id FROM contact WHERE external_id LIKE ?)) FROM contact", fmt.Sprintf("d%d-%%", round)).Scan(&kept, &prefix)
		if err != nil {
			t.Fatal(err)
		}
		if prefix < confirmed {
			t.Errorf("round %d: %d contacts were confirmed, %d are kept", round, confirmed, prefix)
		}
		found, err := store.Check(ctx, db, storeRules()...)
		if err != nil || len(found) > 0 {
			t.Errorf("round %d: the store is not sound: %v %v", round, found, err)
		}
		db.Close()
	}
	t.Logf("killed 3 times, %d confirmed contacts kept", total)
}
