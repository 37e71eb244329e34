package store

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The tests below run this test program again as other processes; roleEnv says
// what such a process does, pathEnv with which store.
const (
	roleEnv = "KCC_STORE_TEST_ROLE"
	pathEnv = "KCC_STORE_TEST_PATH"
)

func TestMain(m *testing.M) {
	role := os.Getenv(roleEnv)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := play(role, os.Getenv(pathEnv)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func play(role, path string) error {
	ctx := context.Background()
	db, err := Open(ctx, path, Options{Create: true, LockTimeout: 30 * time.Second})
	if err != nil {
		return err
	}
	defer db.Close()
	name, arg, _ := strings.Cut(role, " ")
	switch name {
	case "hold": // keep the write lock until stdin closes
		return Write(ctx, db, func(*sql.Tx) error {
			fmt.Println("holding")
			bufio.NewReader(os.Stdin).ReadString('\n')
			return nil
		})
	case "add": // n short transactions that read and then write
		n, _ := strconv.Atoi(arg)
		for range n {
			if err := Write(ctx, db, increment); err != nil {
				return err
			}
		}
		return nil
	case "report": // write rows for ever, tell each that is done
		for i := 0; ; i++ {
			err := Write(ctx, db, func(tx *sql.Tx) error {
				_, err := tx.Exec("INSERT INTO probe (id, text) VALUES (?, ?)", i, strings.Repeat("x", 2000))
				return err
			})
			if err != nil {
				return err
			}
			fmt.Println(i)
		}
	}
	return fmt.Errorf("no role %q", role)
}

func increment(tx *sql.Tx) error {
	var v int
	if err := tx.QueryRow("SELECT CAST(text AS INTEGER) FROM probe WHERE id = 0").Scan(&v); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE probe SET text = ? WHERE id = 0", strconv.Itoa(v+1))
	return err
}

func process(t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	must(t, err)
	cmd := exec.Command(exe, "-test.run=^$")
	cmd.Env = append(os.Environ(), roleEnv+"="+role, pathEnv+"="+path)
	return cmd
}

func TestLockedByAnotherProcess(t *testing.T) {
	db, path := newStore(t, 1)
	cmd := process(t, "hold", path)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	defer func() { in.Close(); cmd.Wait() }()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "holding\n" {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	const timeout = 300 * time.Millisecond
	second, err := Open(t.Context(), path, Options{LockTimeout: timeout})
	must(t, err) // opening reads only, so it does not wait
	defer second.Close()
	start := time.Now()
	err = Write(t.Context(), second, increment)
	if !errors.Is(err, ErrLocked) {
		t.Fatalf("Write = %v, want ErrLocked", err)
	}
	if d := time.Since(start); d < timeout/2 {
		t.Errorf("gave up after %v, want about %v", d, timeout)
	}
	in.Close()
	must(t, cmd.Wait())
	must(t, Write(t.Context(), db, increment))
}

// The end of the context ends the wait for a lock at once.
func TestInterruptedWhileWaiting(t *testing.T) {
	db, path := newStore(t, 1)
	tx, err := db.Begin()
	must(t, err)
	defer tx.Rollback()
	const timeout = 2 * time.Minute // far more than a busy machine makes of "at once"
	second, err := Open(t.Context(), path, Options{LockTimeout: timeout})
	must(t, err)
	defer second.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := Write(ctx, second, increment); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Write = %v, want that of the context", err)
	}
	if d := time.Since(start); d > timeout/2 {
		t.Errorf("Write came back after %v", d)
	}
}

// What is interrupted before its end is not kept.
func TestInterruptedWrite(t *testing.T) {
	db, _ := newStore(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	err := Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM probe")
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) || count(t, db) != 1 {
		t.Errorf("Write = %v, %d rows; want it undone", err, count(t, db))
	}
}

func TestManyProcessesWrite(t *testing.T) {
	processes, each := 8, 200
	if testing.Short() {
		processes, each = 4, 50
	}
	db, path := newStore(t, 0)
	_, err := db.Exec("INSERT INTO probe VALUES (0, '0')")
	must(t, err)
	var wg sync.WaitGroup
	for range processes {
		wg.Go(func() {
			if out, err := process(t, fmt.Sprintf("add %d", each), path).CombinedOutput(); err != nil {
				t.Errorf("a writer failed: %v: %s", err, out)
			}
		})
	}
	wg.Wait()
	var total int
	must(t, db.QueryRow("SELECT CAST(text AS INTEGER) FROM probe").Scan(&total))
	if total != processes*each {
		t.Errorf("%d increments arrived, want %d", total, processes*each)
	}
}

// Several processes that make the same store at once all succeed.
func TestManyProcessesCreate(t *testing.T) {
	path := t.TempDir() + "/kcc.db"
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if out, err := process(t, "add 0", path).CombinedOutput(); err != nil {
				t.Errorf("a process failed: %v: %s", err, out)
			}
		})
	}
	wg.Wait()
	db, err := Open(t.Context(), path, Options{})
	must(t, err)
	defer db.Close()
	if found, err := Check(t.Context(), db); err != nil || len(found) > 0 {
		t.Errorf("Check = %v, %v", found, err)
	}
}

// What a process has reported as done survives when it is killed.
func TestKilledProcessLosesNothing(t *testing.T) {
	_, path := newStore(t, 0)
	for round := range 3 {
		db, err := Open(t.Context(), path, Options{})
		must(t, err)
		_, err = db.Exec("DELETE FROM probe")
		must(t, err)
		db.Close()
		cmd := process(t, "report", path)
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		sc := bufio.NewScanner(out)
		last := -1
		for sc.Scan() {
			last, err = strconv.Atoi(sc.Text())
			must(t, err)
			if last == 40+30*round {
				must(t, cmd.Process.Kill())
			}
		}
		_ = cmd.Wait() // killed
		db, err = Open(t.Context(), path, Options{})
		must(t, err)
		if n := count(t, db); n < last+1 {
			t.Errorf("%d rows after the kill, %d were reported", n, last+1)
		}
		if found, err := Check(t.Context(), db); err != nil || len(found) > 0 {
			t.Errorf("Check = %v, %v", found, err)
		}
		db.Close()
	}
}
