package register

import (
	"context"
	"database/sql"

	"kcc/contacts/privacy"
)

// Audit notes in the audit log what was done with personal data.
func (d *Desk) Audit(ctx context.Context, action, detail string) error {
	return d.write(ctx, func(tx *sql.Tx) error { return privacy.Audit(ctx, tx, d.now(), d.By, action, detail) })
}
