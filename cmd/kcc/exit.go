package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"kcc/internal/config"
	"kcc/internal/output"
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

// report prints err as one sentence, with its hint, in the language of the reader.
func (a *App) report(err error) {
	text := strings.TrimSuffix(err.Error(), "\n")
	if text == "" {
		return
	}
	fmt.Fprintf(a.Err, "kcc: %s\n", a.told(text))
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(a.Err, "%s: %s\n", a.reader().Pick("hint", "tip"), a.told(hint))
	}
}

// hintOf says what to do about an error, or "".
func hintOf(err error) string {
	var he *hintError
	switch {
	case errors.As(err, &he):
		return he.hint
	case errors.Is(err, store.ErrNoStore):
		return "run \"kcc init\" first, or name the store with --db"
	case errors.Is(err, store.ErrDamaged):
		return "\"kcc check\" lists the damage, \"kcc restore FILE --force\" puts a backup in its place"
	case errors.Is(err, store.ErrLocked):
		return "try again when the other run is done, or wait longer with --lock-timeout"
	case errors.Is(err, fs.ErrNotExist):
		return "check the name, and the folder it is in: names without a folder are looked for where kcc is started"
	case errors.Is(err, fs.ErrPermission):
		return "ask who owns the file for the right to use it, or close the program that keeps it to itself"
	}
	return ""
}

// told puts a sentence into the language of the reader, as far as it is known.
func (a *App) told(text string) string {
	if a.reader() == output.Dutch {
		if dutch, ok := inDutchWords(text); ok {
			return dutch
		}
	}
	return text
}

// reader is the language of who reads the errors. Those on a wrong command line
// come before the settings are read: the line and the environment tell then.
func (a *App) reader() output.Lang {
	if a.config != nil {
		return a.Lang()
	}
	lang := a.Getenv("KCC_LANG")
	if lang == "" {
		if c, err := config.Load(a.flags.config, a.Getenv); err == nil {
			lang = c.Lang
		}
	}
	for i, arg := range a.args {
		if v, ok := strings.CutPrefix(arg, "--lang="); ok {
			lang = v
		} else if arg == "--lang" && i+1 < len(a.args) {
			lang = a.args[i+1]
		}
	}
	return output.Lang(lang)
}

// Warnf prints one warning, also when the run is quiet.
func (a *App) Warnf(format string, args ...any) {
	fmt.Fprintf(a.Err, "%s: %s\n", a.reader().Pick("warning", "let op"), a.told(fmt.Sprintf(format, args...)))
}

// Infof prints one line of news unless the run is quiet.
func (a *App) Infof(format string, args ...any) {
	if !a.Quiet {
		fmt.Fprintln(a.Err, a.told(fmt.Sprintf(format, args...)))
	}
}
