package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"kcc/internal/store"
)

// The exit statuses of every command but watch.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitPartial     = 3
	exitNotMet      = 4
	exitNoStore     = 10
	exitLocked      = 11
	exitInterrupted = 130
	exitTerminated  = 143
)

// statusError is an error with an exit status of its own. An empty err means
// that the command has already said what there is to say.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

// usagef reports wrong use: a flag, an argument or a setting (exit 2).
func usagef(format string, a ...any) error {
	return &statusError{exitUsage, fmt.Errorf(format, a...)}
}

// partialf reports work done in part: rows rejected, series skipped (exit 3).
func partialf(format string, a ...any) error {
	return &statusError{exitPartial, fmt.Errorf(format, a...)}
}

// notMetf reports a result that is written but breaks a target or rule (exit 4).
func notMetf(format string, a ...any) error {
	return &statusError{exitNotMet, fmt.Errorf(format, a...)}
}

// exitWith ends with a status without printing anything (watch).
func exitWith(status int) error { return &statusError{status: status} }

// hintError adds a second line that says what to do.
type hintError struct {
	error
	hint string
}

func (e *hintError) Unwrap() error { return e.error }

// withHint adds what to do next; it is printed on a line of its own.
func withHint(err error, format string, a ...any) error {
	return &hintError{err, fmt.Sprintf(format, a...)}
}

// statusOf maps an error to the exit status.
func statusOf(err error) int {
	var se *statusError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &se):
		return se.status
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, store.ErrNoStore), errors.Is(err, store.ErrNewer):
		return exitNoStore
	case errors.Is(err, store.ErrLocked):
		return exitLocked
	}
	return exitFailed
}

func exitOfSignal(s os.Signal) int {
	if s == syscall.SIGTERM {
		return exitTerminated
	}
	return exitInterrupted
}

// report prints err to w as one sentence, with its hint.
func (a *App) report(err error) {
	text := err.Error()
	if text == "" {
		return
	}
	fmt.Fprintf(a.Err, "kcc: %s\n", strings.TrimSuffix(text, "\n"))
	var he *hintError
	switch {
	case errors.As(err, &he):
		fmt.Fprintf(a.Err, "hint: %s\n", he.hint)
	case errors.Is(err, store.ErrNoStore):
		fmt.Fprintf(a.Err, "hint: run \"kcc init\" first, or name the store with --db\n")
	case errors.Is(err, store.ErrDamaged):
		fmt.Fprintf(a.Err, "hint: \"kcc check\" lists the damage, \"kcc restore FILE --force\" puts a backup in its place\n")
	case errors.Is(err, store.ErrLocked):
		fmt.Fprintf(a.Err, "hint: try again when the other run is done, or wait longer with --lock-timeout\n")
	case errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(a.Err, "hint: check the name, and the folder it is in: names without a folder are looked for where kcc is started\n")
	case errors.Is(err, fs.ErrPermission):
		fmt.Fprintf(a.Err, "hint: ask who owns the file for the right to use it, or close the program that keeps it to itself\n")
	}
}
