package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"golang.org/x/sync/errgroup"

	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

// readRoster reads the problem and a roster: a roster.csv, or a workbook that
// kcc wrote, perhaps edited. The days of a workbook are its own unless the flags
// say otherwise. With a file from stdin the text is a roster.csv.
//
// Without a file, or with a number in its place, the roster is a version of the
// store: that one, or the one in force.
func (o *rosterInput) readRoster(ctx context.Context, app *App, file string) (*roster.Problem, roster.Roster, error) {
	if id, ok := versionNumber(file); ok {
		if o.anyFile() {
			return nil, roster.Roster{}, usagef("a roster of the store goes without --agents, --shifts and --requirement")
		}
		v, err := app.version(ctx, id)
		if err != nil {
			return nil, roster.Roster{}, err
		}
		o.version = v
		if o.From == "" && o.Weeks == 0 && o.Days == 0 { // a file that comes next is about these days, whatever day it is
			o.From, o.Days, o.implied = v.First.String(), v.Problem.Days, true
		}
		return &v.Problem, v.Roster(), nil
	}
	book, err := o.readBook(ctx, app, file)
	if err != nil {
		return nil, roster.Roster{}, err
	}
	if book != nil && o.implied { // it says its own days
		o.From, o.Days = "", 0
	}
	if book != nil && o.From == "" {
		o.From = book.First.String()
	}
	if book != nil && o.Weeks == 0 && o.Days == 0 {
		o.Days = book.Days
	}
	o.reading = true
	p, _, err := o.problem(ctx, app)
	if err != nil {
		return nil, roster.Roster{}, err
	}
	if book == nil {
		as, err := readAssignments(app, file, p)
		return p, roster.Roster{Assignments: as}, err
	}
	o.book, o.before = book, p
	p, r, changed, err := flow.RosterOfBook(p, book)
	if err != nil {
		return nil, r, fmt.Errorf("%s: %w", file, err)
	}
	if changed > 0 {
		app.Infof(app.Lang().Pick("%s: %s edited; breaks and skills of edited shifts are placed anew", "%s: %s gewijzigd; pauzes en vaardigheden van gewijzigde diensten zijn opnieuw gelegd"),
			file, app.count(changed, "cell", "cel", "cellen"))
	}
	return p, r, nil
}

// bookGC is the growth of the heap, in percent, at which memory is collected by
// commands on a workbook: they last a second, of which a third went into it, and
// stay below 200 MB with 500 agents.
const bookGC = 400

// readBook reads a workbook that kcc wrote, nil for any other file, and meanwhile
// from the store what it is compared with.
func (o *rosterInput) readBook(ctx context.Context, app *App, file string) (*output.RosterRead, error) {
	debug.SetGCPercent(bookGC)
	var g errgroup.Group
	if !o.anyFile() {
		g.Go(func() error {
			if site, err := app.site(ctx); err == nil { // else told when the store is asked
				site.Prepare(ctx)
				o.site = site
			}
			return nil
		})
	}
	book, err := readRosterBook(file)
	_ = g.Wait() // it has no errors
	return book, err
}

func readAssignments(app *App, file string, p *roster.Problem) ([]roster.Assignment, error) {
	r, err := rosterfile.Open(file, app.In)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return rosterfile.Roster(r, p.Zone)
}

// readRosterBook reads a workbook that kcc wrote; nil for any other file.
func readRosterBook(file string) (*output.RosterRead, error) {
	if file == "-" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, nil // told when it is opened as a table
	}
	defer f.Close()
	head := make([]byte, 2)
	if _, err := io.ReadFull(f, head); err != nil || !bytes.Equal(head, []byte("PK")) {
		return nil, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	read, err := output.ReadRosterBook(f)
	if errors.Is(err, output.ErrNotRosterBook) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &read, nil
}
