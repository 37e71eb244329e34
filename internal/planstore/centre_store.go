package planstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/store"
)

// ErrNoCentre is returned when the store has no description of the centre that
// is valid on the day asked for.
var ErrNoCentre = errors.New("the store has no description of the centre yet")

// CentreVersion is one load of the description of the centre.
type CentreVersion struct {
	ID        int64
	ValidFrom calendar.Date
	Loaded    time.Time
	Source    string
	Hash      string
}

// SaveCentre stores a version of the centre that is valid from a day on. When
// that day already has the same description nothing is stored and isNew is
// false.
func SaveCentre(ctx context.Context, db *sql.DB, c *centre.Centre, from calendar.Date, source string, now time.Time) (v CentreVersion, isNew bool, err error) {
	var text bytes.Buffer
	if err := c.WriteTOML(&text); err != nil {
		return v, false, err
	}
	sum := sha256.Sum256(text.Bytes())
	hash := hex.EncodeToString(sum[:])
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		v, _, err = centreOn(ctx, tx, from)
		if err == nil && v.Hash == hash && v.ValidFrom <= from {
			return nil
		}
		if err != nil && !errors.Is(err, ErrNoCentre) {
			return err
		}
		v = CentreVersion{ValidFrom: from, Loaded: time.Unix(now.Unix(), 0).UTC(), Source: source, Hash: hash}
		res, err := tx.ExecContext(ctx, "INSERT INTO centre_version (valid_from, loaded_at, source, hash, text) VALUES (?, ?, ?, ?, ?)",
			int64(from), now.Unix(), source, hash, text.String())
		if err != nil {
			return err
		}
		isNew = true
		v.ID, err = res.LastInsertId()
		return err
	})
	return v, isNew, err
}

// LoadCentre returns the description that is valid on a day: the last loaded
// one of those valid from that day or the latest day before it. The first
// description also holds for the days before it, which only have history.
func LoadCentre(ctx context.Context, db *sql.DB, on calendar.Date) (*centre.Centre, CentreVersion, error) {
	v, text, err := centreOn(ctx, db, on)
	if err != nil {
		return nil, v, store.Explain(err)
	}
	c, err := centre.Parse(fmt.Sprintf("centre version %d", v.ID), []byte(text))
	return c, v, err
}

// CentreVersions returns every version, the newest load last.
func CentreVersions(ctx context.Context, db *sql.DB) ([]CentreVersion, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, valid_from, loaded_at, source, hash FROM centre_version ORDER BY id")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []CentreVersion
	for rows.Next() {
		v, err := scanVersion(rows.Scan)
		if err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, v)
	}
	return out, store.Explain(rows.Err())
}

// rowReader is what *sql.DB and *sql.Tx have in common for one row.
type rowReader interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func centreOn(ctx context.Context, db rowReader, on calendar.Date) (CentreVersion, string, error) {
	var text string
	row := db.QueryRowContext(ctx, `
SELECT id, valid_from, loaded_at, source, hash, text FROM centre_version
WHERE valid_from <= ? ORDER BY valid_from DESC, id DESC LIMIT 1`, int64(on))
	v, err := scanVersion(func(dest ...any) error { return row.Scan(append(dest, &text)...) })
	if errors.Is(err, sql.ErrNoRows) {
		row = db.QueryRowContext(ctx, `
SELECT id, valid_from, loaded_at, source, hash, text FROM centre_version ORDER BY valid_from, id DESC LIMIT 1`)
		v, err = scanVersion(func(dest ...any) error { return row.Scan(append(dest, &text)...) })
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNoCentre
	}
	return v, text, err
}

func scanVersion(scan func(...any) error) (CentreVersion, error) {
	var v CentreVersion
	var from, loaded int64
	err := scan(&v.ID, &from, &loaded, &v.Source, &v.Hash)
	v.ValidFrom, v.Loaded = calendar.Date(from), time.Unix(loaded, 0).UTC()
	return v, err
}
