package main

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"kcc/internal/store"
)

// storeCommands are the script commands that the stories on the store need:
//
//	status N CMD ARG...   CMD must end with exit status N
//	hurt FILE OFFSET      flip the bytes of a page
//	sql FILE TEXT         run a statement
//	lock FILE, unlock FILE  hold the write lock of a store
func storeCommands() map[string]func(*testscript.TestScript, bool, []string) {
	var mu sync.Mutex
	held := map[string]func(){}
	return map[string]func(*testscript.TestScript, bool, []string){
		"cell": cmdCell,
		"status": func(ts *testscript.TestScript, _ bool, args []string) {
			want, err := strconv.Atoi(args[0])
			ts.Check(err)
			got := 0
			if err := ts.Exec(args[1], args[2:]...); err != nil {
				exit, ok := err.(*exec.ExitError) //nolint:errorlint // returned as it is
				if !ok {
					ts.Fatalf("%v: %v", args[1:], err)
				}
				got = exit.ExitCode()
			}
			if got != want {
				ts.Fatalf("%v ended with status %d, want %d", args[1:], got, want)
			}
		},
		"hurt": func(ts *testscript.TestScript, _ bool, args []string) {
			off, err := strconv.ParseInt(args[1], 10, 64)
			ts.Check(err)
			f, err := os.OpenFile(ts.MkAbs(args[0]), os.O_RDWR, 0)
			ts.Check(err)
			page := make([]byte, 4096)
			_, err = f.ReadAt(page, off)
			ts.Check(err)
			for i := range page {
				page[i] ^= 0xff
			}
			_, err = f.WriteAt(page, off)
			ts.Check(err)
			ts.Check(f.Close())
		},
		"sql": func(ts *testscript.TestScript, _ bool, args []string) {
			db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
			ts.Check(err)
			_, err = db.Exec(args[1])
			ts.Check(err)
			ts.Check(db.Close())
		},
		"lock": func(ts *testscript.TestScript, _ bool, args []string) {
			path := ts.MkAbs(args[0])
			db, err := store.Open(context.Background(), path, store.Options{})
			ts.Check(err)
			tx, err := db.Begin()
			ts.Check(err)
			mu.Lock()
			defer mu.Unlock()
			held[path] = func() { tx.Rollback(); db.Close() }
			ts.Defer(func() {
				mu.Lock()
				defer mu.Unlock()
				if free, ok := held[path]; ok {
					free()
					delete(held, path)
				}
			})
		},
		"unlock": func(ts *testscript.TestScript, _ bool, args []string) {
			path := ts.MkAbs(args[0])
			mu.Lock()
			defer mu.Unlock()
			held[path]()
			delete(held, path)
		},
	}
}
