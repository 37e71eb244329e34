package estimate

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"kcc/internal/store"
	"kcc/internal/store/storetest"
)

// TestRatesAgainstTruth simulates customers who give up, try again, give up again
// and come back, and calls out that reach someone or not: each rate must lie
// within three standard errors of what was put in.
func TestRatesAgainstTruth(t *testing.T) {
	const (
		redial, repeat, connect = 0.4, 0.12, 0.35
		giveUp                  = 0.3
		customers               = 5_000
	)
	db := storetest.Open(t, filepath.Join(t.TempDir(), "kcc.db"))
	rng := rand.New(rand.NewPCG(8, 9))
	begin := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC).Unix()
	key := 0
	err := store.Write(t.Context(), db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT INTO source (id, name, rank) VALUES (1, 'test', 1)"); err != nil {
			return err
		}
		put, err := tx.Prepare(`INSERT INTO contact (key, source_id, start, day, slot, channel, direction, outcome, subject, wait_s, party_ref)
			VALUES (?, 1, ?, 0, 0, 'phone', ?, ?, 'tax', 30, ?)`)
		if err != nil {
			return err
		}
		defer put.Close()
		add := func(at int64, direction, outcome, party string) error {
			key++
			_, err := put.Exec(key, at, direction, outcome, party)
			return err
		}
		misses := []string{"abandoned", "no answer", "busy", "voicemail"}
		for i := range customers {
			party := fmt.Sprint("p", i)
			at := begin + int64(rng.IntN(60*86400))
			for range 20 {
				if rng.Float64() < giveUp {
					if err := add(at, "inbound", "abandoned", party); err != nil {
						return err
					}
					if rng.Float64() >= redial {
						break
					}
					at += 1 + int64(rng.IntN(3599))
					continue
				}
				if err := add(at, "inbound", "answered", party); err != nil {
					return err
				}
				if rng.Float64() >= repeat {
					break
				}
				at += 3600 + int64(rng.IntN(7*86400-3600))
			}
			outcome := misses[rng.IntN(len(misses))]
			if rng.Float64() < connect {
				outcome = []string{"answered", "handed_off", "callback_requested"}[rng.IntN(3)]
			}
			if err := add(begin+int64(rng.IntN(60*86400)), "outbound", outcome, party); err != nil {
				return err
			}
		}
		return add(begin+200*86400, "inbound", "answered", "last") // so that every follow-up can be judged
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Load(t.Context(), db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Channels) != 1 {
		t.Fatalf("channels = %+v", r.Channels)
	}
	ch := r.Channels[0]
	for _, c := range []struct {
		name  string
		v     Value
		truth float64
		atN   int // events it must rest on at least
	}{
		// A call after an answer repeats it whether it is answered or not.
		{"redial", ch.Redial, redial, 1500},
		{"repeat", ch.Repeat, repeat, 3000},
		{"connect", ch.Connect, connect, customers},
		{"abandon", ch.Abandon, giveUp, customers},
	} {
		if slack := 1.5 * (c.v.Hi - c.v.Lo) / 2; c.v.Est < c.truth-slack || c.v.Est > c.truth+slack || c.v.N < c.atN {
			t.Errorf("%s = %+v, want %v of at least %d", c.name, c.v, c.truth, c.atN)
		}
	}
}
