package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the layout: a file NNNN_name.sql.
type migration struct {
	version int
	name    string
	text    string
}

// migrations returns the embedded steps in order of their number. Numbers may
// be missing: each part of kcc has a range of its own.
func migrations() ([]migration, error) {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	out := make([]migration, 0, len(entries))
	for _, e := range entries {
		num, name, ok := strings.Cut(strings.TrimSuffix(e.Name(), ".sql"), "_")
		v, err := strconv.Atoi(num)
		if !ok || err != nil || v <= 0 {
			return nil, fmt.Errorf("migration %s: want a name such as 0001_base.sql", e.Name())
		}
		text, err := migrationFiles.ReadFile("migrations/" + e.Name())
		if err != nil {
			return nil, err
		}
		out = append(out, migration{v, name, string(text)})
	}
	slices.SortFunc(out, func(a, b migration) int { return cmp.Compare(a.version, b.version) })
	for i := 1; i < len(out); i++ {
		if out[i].version == out[i-1].version {
			return nil, fmt.Errorf("migrations %s and %s have the same number %04d", out[i-1].name, out[i].name, out[i].version)
		}
	}
	return out, nil
}

// SchemaVersion returns the layout version this program writes: the highest
// number among the migrations.
func SchemaVersion() int {
	all, err := migrations()
	if err != nil || len(all) == 0 {
		return 0
	}
	return all[len(all)-1].version
}

const createMigrationTable = `
CREATE TABLE IF NOT EXISTS schema_migrations (
	version    INTEGER PRIMARY KEY,
	name       TEXT NOT NULL,
	applied_at INTEGER NOT NULL
) STRICT`

// pending returns the steps that the store lacks, also those with a lower
// number than the highest applied one. A step that this program does not know
// means that the store is newer: ErrNewer.
func pending(ctx context.Context, db querier) ([]migration, error) {
	all, err := migrations()
	if err != nil {
		return nil, err
	}
	var userVersion int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&userVersion); err != nil {
		return nil, err
	}
	if newest := SchemaVersion(); userVersion > newest {
		return nil, fmt.Errorf("%w: layout %d, this version knows %d", ErrNewer, userVersion, newest)
	}
	done := map[int]bool{}
	if userVersion > 0 {
		rows, err := db.QueryContext(ctx, "SELECT version, name FROM schema_migrations ORDER BY version")
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var v int
			var name string
			if err := rows.Scan(&v, &name); err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(all, func(m migration) bool { return m.version == v }) {
				return nil, fmt.Errorf("%w: layout step %04d_%s is not known to this version", ErrNewer, v, name)
			}
			done[v] = true
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(all, func(m migration) bool { return done[m.version] }), nil
}

// querier is what *sql.DB and *sql.Tx have in common for reading.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// migrate applies what is pending, each step in a transaction of its own. Two
// processes may do this at the same time: each step is looked up again under
// the write lock.
func migrate(ctx context.Context, db *sql.DB, path string, opt Options) error {
	steps, err := pending(ctx, db)
	if err != nil || len(steps) == 0 {
		return err
	}
	var userVersion int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&userVersion); err != nil {
		return err
	}
	if userVersion > 0 {
		if err := Backup(ctx, db, fmt.Sprintf("%s.before-%04d", path, SchemaVersion())); err != nil {
			return fmt.Errorf("backup before the layout changes: %w", err)
		}
	}
	if userVersion == 0 { // a new store: all at once, or nothing
		return Write(ctx, db, func(tx *sql.Tx) error {
			for _, m := range steps {
				if err := apply(ctx, tx, m, opt); err != nil {
					return fmt.Errorf("layout step %04d_%s: %w", m.version, m.name, err)
				}
			}
			return nil
		})
	}
	for _, m := range steps {
		if err := Write(ctx, db, func(tx *sql.Tx) error { return apply(ctx, tx, m, opt) }); err != nil {
			return fmt.Errorf("layout step %04d_%s: %w", m.version, m.name, err)
		}
	}
	return nil
}

func apply(ctx context.Context, tx *sql.Tx, m migration, opt Options) error {
	if _, err := tx.ExecContext(ctx, createMigrationTable); err != nil {
		return err
	}
	var have int
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM schema_migrations WHERE version = ?", m.version).Scan(&have); err != nil || have > 0 {
		return err
	}
	// A step may rebuild a table that others refer to; the keys must fit at its end.
	if _, err := tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, m.text); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO schema_migrations (version, name, applied_at) VALUES (?, ?, ?)", m.version, m.name, opt.now().Unix()); err != nil {
		return err
	}
	var highest int
	if err := tx.QueryRowContext(ctx, "SELECT MAX(version) FROM schema_migrations").Scan(&highest); err != nil {
		return err
	}
	// PRAGMA takes no parameters; both values are our own integers.
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d; PRAGMA application_id = %d", highest, applicationID))
	return err
}
