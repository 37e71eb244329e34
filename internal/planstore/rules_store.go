package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kcc/internal/centre"
	"kcc/internal/store"
)

// Rules returns what "check" looks at in the tables of planning.
func Rules() []store.Rule {
	return []store.Rule{{Name: "centre", Run: checkCentres}}
}

// checkCentres reads every version of the centre again.
func checkCentres(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, text FROM centre_version ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		_, err := centre.Parse(fmt.Sprintf("version %d", id), []byte(text))
		var inv *centre.Invalid
		if errors.As(err, &inv) {
			out = append(out, inv.Error())
		} else if err != nil {
			return nil, err
		}
	}
	return out, rows.Err()
}
