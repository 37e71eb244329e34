package privacy

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"kcc/internal/store"
)

// Audit adds an entry to the audit log within a transaction. Each entry holds
// the hash of the one before it:
//
//	hash = SHA-256(prior, id, at, by, action, detail)
//
// with each part preceded by its length, so that no entry can be changed, left
// out or moved without a trace. Detail must not hold personal data.
func Audit(ctx context.Context, tx *sql.Tx, at time.Time, by, action, detail string) error {
	var id int64
	var prior string
	err := tx.QueryRowContext(ctx, "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").Scan(&id, &prior)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	id++
	hash := auditHash(prior, id, at.Unix(), by, action, detail)
	_, err = tx.ExecContext(ctx, "INSERT INTO audit (id, at, by, action, detail, prior, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
		id, at.Unix(), by, action, detail, prior, hash)
	return err
}

func auditHash(prior string, id, at int64, by, action, detail string) string {
	h := sha256.New()
	for _, part := range []string{prior, fmt.Sprint(id), fmt.Sprint(at), by, action, detail} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	ID                 int64
	At                 time.Time
	By, Action, Detail string
}

// AuditLog returns the newest entries, at most limit, the newest first.
func AuditLog(ctx context.Context, db *sql.DB, limit int) ([]AuditEntry, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, at, by, action, detail FROM audit ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []AuditEntry
	for rows.Next() {
		var e AuditEntry
		var at int64
		if err := rows.Scan(&e.ID, &at, &e.By, &e.Action, &e.Detail); err != nil {
			return nil, store.Explain(err)
		}
		e.At = time.Unix(at, 0).UTC()
		out = append(out, e)
	}
	return out, store.Explain(rows.Err())
}

// Rules returns what kcc check verifies of the audit log: that its chain of
// hashes is whole from the first entry on.
func Rules() []store.Rule {
	return []store.Rule{{Name: "audit log", Run: checkAudit}}
}

func checkAudit(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, at, by, action, detail, prior, hash FROM audit ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	last, want := "", int64(1)
	for rows.Next() {
		var id, at int64
		var by, action, detail, prior, hash string
		if err := rows.Scan(&id, &at, &by, &action, &detail, &prior, &hash); err != nil {
			return nil, err
		}
		switch {
		case id != want:
			out = append(out, fmt.Sprintf("entries %d to %d are missing", want, id-1))
		case prior != last:
			out = append(out, fmt.Sprintf("entry %d does not follow on the one before it", id))
		}
		if hash != auditHash(prior, id, at, by, action, detail) {
			out = append(out, fmt.Sprintf("entry %d was changed", id))
		}
		last, want = hash, id+1
	}
	return out, rows.Err()
}
