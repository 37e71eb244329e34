package estimate

import (
	"database/sql"
	"path/filepath"
	"testing"

	"kcc/internal/store"
	"kcc/internal/store/storetest"
)

// TestIntervals has interval statistics only: 1000 offered, 100 of them lost of
// which 20 at once, a mean wait of 30 s and 900 handled in 240 s each.
func TestIntervals(t *testing.T) {
	db := storetest.Open(t, filepath.Join(t.TempDir(), "kcc.db"))
	err := store.Write(t.Context(), db, func(tx *sql.Tx) error {
		_, err := tx.Exec(`
INSERT INTO source (id, name, rank) VALUES (1, 'test', 1);
INSERT INTO queue (id, source_id, name, channel) VALUES (1, 1, 'q', 'phone');
INSERT INTO volume_interval (start, queue_id, source_id, day, step_s, rows, offered, answered, abandoned, short_abandoned, wait_sum, wait_n, handle_sum, handle_n)
VALUES (0, 1, 1, 0, 900, 1, 600, 560, 40, 10, 16800, 560, 134400, 560), (900, 1, 1, 0, 900, 1, 400, 340, 60, 10, 10200, 340, 81600, 340)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Load(t.Context(), db, Options{})
	if err != nil || len(r.Channels) != 1 {
		t.Fatalf("Load = %+v, %v", r, err)
	}
	c := r.Channels[0]
	near(t, "abandoned", c.Abandon.Est, 80.0/980, 1e-12)
	near(t, "patience", c.Patience.Est, 30/(80.0/980), 1e-9) // mean wait / share that gave up
	near(t, "AHT", c.AHT.Est, 240, 1e-12)
	if c.Contacts != 1000 || c.Patience.Basis != "intervals, rough" || c.AHT.Basis != "intervals" || c.AHT.N != 900 {
		t.Errorf("channel = %+v", c)
	}
}
