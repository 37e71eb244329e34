package outbound

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// Desk works on the campaigns of one store. Register is the register in the same
// store: its zone, clock, secrets, name and turn are those of the desk. It is not
// safe for concurrent use; open one for each worker.
type Desk struct {
	Register *register.Desk
	Office   *calendar.Hours // of the centre; nil is one without holidays and closed days

	windows map[string]*Window // by hours
}

// Errors of the desk.
var (
	ErrNotFound = errors.New("not found")
	ErrExists   = errors.New("there is one already")
)

func (d *Desk) db() *sql.DB { return d.Register.DB }

func (d *Desk) now() time.Time { return d.Register.Now().Truncate(time.Second) }

func (d *Desk) zone() *time.Location {
	if z := d.Register.Centre.Zone; z != nil {
		return z
	}
	return time.UTC
}

// errDryRun rolls back what a dry run did.
var errDryRun = errors.New("dry run")

// write runs f in one transaction; a dry run is rolled back.
func (d *Desk) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	if d.Register.Turn != nil {
		defer d.Register.Turn(ctx)()
	}
	err := store.Write(ctx, d.db(), func(tx *sql.Tx) error {
		if err := f(tx); err != nil || !d.Register.DryRun {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		return nil
	}
	return err
}

// Window returns the window of a campaign.
func (d *Desk) Window(c *Campaign) (*Window, error) {
	if w := d.windows[c.Hours]; w != nil {
		return w, nil
	}
	w, err := NewWindow(c.Hours, d.Office, d.zone())
	if err != nil {
		return nil, fmt.Errorf("campaign %s: %w", c.Name, err)
	}
	if d.windows == nil {
		d.windows = map[string]*Window{}
	}
	d.windows[c.Hours] = w
	return w, nil
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
