package outbound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kcc/contacts/privacy"
	"kcc/contacts/register"
	"kcc/internal/store"
)

// The environment that makes the test binary one of the processes of TestProcesses.
const processStore, processName = "KCC_TEST_OUTBOUND_STORE", "KCC_TEST_OUTBOUND_NAME"

func TestMain(m *testing.M) {
	if path := os.Getenv(processStore); path != "" {
		if err := takeAll(path, os.Getenv(processName)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// takeAll takes records until there are none and prints their ids.
func takeAll(path, name string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, path, store.Options{LockTimeout: time.Minute})
	if err != nil {
		return err
	}
	defer db.Close()
	c := &clock{at("2026-11-24 10:00")}
	now := func() time.Time { return c.t }
	d := &Desk{Register: &register.Desk{
		DB: db, Centre: register.Centre{Zone: amsterdam}, Now: now, By: name,
		Secrets: &privacy.Vault{Path: filepath.Join(filepath.Dir(path), "kcc.key"), Now: now},
		Turn:    func(ctx context.Context) func() { return store.Turn(ctx, path, time.Minute) },
	}}
	for {
		r, err := d.Next(ctx, NextOptions{})
		if errors.Is(err, ErrNothing) {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Println(r.ID)
	}
}

// TestProcesses lets 16 processes take records at once: each is handed out once.
func TestProcesses(t *testing.T) {
	const processes, records = 16, 320
	ctx := context.Background()
	d := newDesk(t, &clock{at("2026-11-24 10:00")})
	if _, err := d.AddCampaign(ctx, Campaign{Name: "a", Kind: Arrears}); err != nil {
		t.Fatal(err)
	}
	var list []Record
	for i := range records {
		list = append(list, Record{Key: fmt.Sprint(i), Number: phone(i)})
	}
	if _, err := d.Load(ctx, "a", list); err != nil {
		t.Fatal(err)
	}
	var path string
	if err := d.db().QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path); err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	outs := make([]string, processes)
	var wg sync.WaitGroup
	for i := range processes {
		wg.Go(func() {
			cmd := exec.Command(exe)
			cmd.Env = append(os.Environ(), processStore+"="+path, fmt.Sprintf("%s=desk-%d", processName, i))
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v: %s", i, err, stderr.String())
			}
			outs[i] = string(out)
		})
	}
	wg.Wait()
	seen := map[string]int{}
	for _, out := range outs {
		for _, id := range strings.Fields(out) {
			seen[id]++
		}
	}
	for id, n := range seen {
		if n > 1 {
			t.Errorf("record %s was handed out %d times", id, n)
		}
	}
	if len(seen) != records {
		t.Errorf("%d records were handed out of %d", len(seen), records)
	}
}
