package estimate

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/internal/store"
	"kcc/internal/store/storetest"
)

func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %.5g, want %.5g within %.2g", what, got, want, tol)
	}
}

// TestShare checks the Wilson interval against values worked out by hand from
// its formula with z = 1.95996.
func TestShare(t *testing.T) {
	for _, tt := range []struct {
		hits, n        int
		est, low, high float64
	}{
		{0, 10, 0, 0, 0.27753}, {5, 10, 0.5, 0.23659, 0.76341}, {10, 10, 1, 0.72247, 1}, {81, 263, 0.30798, 0.25527, 0.36618},
	} {
		v := Share(tt.hits, tt.n)
		const tol = 1e-4 // the values are rounded to five digits
		near(t, "Est", v.Est, tt.est, tol)
		near(t, "Lo", v.Lo, tt.low, tol)
		near(t, "Hi", v.Hi, tt.high, tol)
	}
	if v := Share(0, 0); !math.IsNaN(v.Est) || v.N != 0 {
		t.Errorf("Share of nothing = %+v", v)
	}
}

// TestPatienceCovers draws customers with known patience and a queue with its
// own waits: the interval must hold the truth in about 95 of 100 samples.
func TestPatienceCovers(t *testing.T) {
	const truth, samples, customers = 120.0, 400, 800
	rng := rand.New(rand.NewPCG(1, 2))
	held, mean := 0, 0.0
	for range samples {
		waited, lost := 0.0, 0
		for range customers {
			patience, queue := rng.ExpFloat64()*truth, rng.ExpFloat64()*40
			if patience < queue {
				lost++
			}
			waited += math.Min(patience, queue)
		}
		v := Patience(waited, lost)
		mean += v.Est / samples
		if v.Lo <= truth && truth <= v.Hi {
			held++
		}
	}
	near(t, "mean estimate", mean, truth, 2)
	// 400 samples at 95 %: a standard error of 1.1 %.
	near(t, "coverage", float64(held)/samples, 0.95, 0.035)
	if v := Patience(100, 0); !math.IsNaN(v.Est) {
		t.Errorf("patience when nobody gave up = %v, want unknown", v.Est)
	}
}

func TestAtOnce(t *testing.T) {
	// One agent: 0-100 alone up to 50, then two at once up to 100, then alone to 150.
	mean, levels := AtOnce(map[string][]span{"a": {{50, 150}, {0, 100}}})
	near(t, "mean", mean, 200.0/150, 1e-12)
	if len(levels) != 1 || levels[0].AtOnce != 2 || levels[0].AHT.N != 2 {
		t.Errorf("levels = %+v; each ran with half a contact beside it, which rounds to 2 at once", levels)
	}
	mean, levels = AtOnce(map[string][]span{"a": {{0, 100}}, "b": {{0, 100}, {200, 260}}})
	near(t, "mean without sharing", mean, 1, 0)
	if len(levels) != 1 || levels[0].AtOnce != 1 || levels[0].AHT.N != 3 {
		t.Errorf("levels = %+v, want all alone", levels)
	}
}

// TestAtOnceAgainstSeconds compares with a count second by second.
func TestAtOnceAgainstSeconds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []span
		var at [400]int
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			from := rapid.IntRange(0, 300).Draw(t, "from")
			to := from + rapid.IntRange(1, 90).Draw(t, "length")
			list = append(list, span{float64(from), float64(to)})
			for s := from; s < to; s++ {
				at[s]++
			}
		}
		busy, handled := 0, 0
		for _, n := range at {
			handled += n
			if n > 0 {
				busy++
			}
		}
		want := map[int]int{}
		for _, s := range list {
			sum := 0
			for i := int(s.from); i < int(s.to); i++ {
				sum += at[i]
			}
			want[int(math.Round(float64(sum)/(s.to-s.from)))]++
		}
		mean, levels := AtOnce(map[string][]span{"a": list})
		if math.Abs(mean-float64(handled)/float64(busy)) > 1e-9 {
			t.Fatalf("mean = %v, want %v", mean, float64(handled)/float64(busy))
		}
		for _, l := range levels {
			if want[l.AtOnce] != l.AHT.N {
				t.Fatalf("%d contacts at level %d, want %d", l.AHT.N, l.AtOnce, want[l.AtOnce])
			}
			delete(want, l.AtOnce)
		}
		if len(want) > 0 {
			t.Fatalf("levels not reported: %v", want)
		}
	})
}

func TestStates(t *testing.T) {
	for state, want := range map[string]use{
		"Available": working, "On Queue": working, "In gesprek": working, "ACW": working, "Training": planned, "Teamoverleg": planned, "Pauze": planned, "Verlof": planned,
		"Ziek": unplanned, "System outage": unplanned, "Logged Out": unpaid, "Lunch": unpaid, "Not Ready": unknownState, "Code 7": unknownState, "Unavailable": unknownState,
	} {
		if got := stateUse(state); got != want {
			t.Errorf("stateUse(%q) = %d, want %d", state, got, want)
		}
	}
}

// TestLoad puts made-up contacts with known patience, redials and repeats into a
// store.
func TestLoad(t *testing.T) {
	db := storetest.Open(t, filepath.Join(t.TempDir(), "kcc.db"))
	rng := rand.New(rand.NewPCG(3, 4))
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).Unix()
	const calls = 20000
	err := store.Write(t.Context(), db, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT INTO source (id, name, rank) VALUES (1, 'test', 1)"); err != nil {
			return err
		}
		put, err := tx.Prepare(`INSERT INTO contact (key, source_id, start, day, slot, channel, outcome, subject, wait_s, handle_s, agent, party_ref)
VALUES (?, 1, ?, 0, 0, ?, ?, 'tax', ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer put.Close()
		key := 0
		add := func(at int64, channel, outcome string, wait, handle any, agent, party any) {
			key++
			if _, e := put.Exec(key, at, channel, outcome, wait, handle, agent, party); e != nil && err == nil {
				err = e
			}
		}
		for i := range calls {
			at := start + int64(i)*120
			patience, queue := rng.ExpFloat64()*150, rng.ExpFloat64()*60
			party := fmt.Sprint("p", i)
			if patience < queue {
				add(at, "phone", "abandoned", patience, nil, nil, party)
				if i%4 == 0 { // a quarter tries again within the hour, and is answered
					add(at+600, "phone", "answered", 0.0, 200.0, "x", party)
				}
				continue
			}
			add(at, "phone", "answered", queue, 240.0, "a", party)
			if i%10 == 0 { // a tenth comes back within the week
				add(at+86400, "phone", "answered", 0.0, 240.0, "b", party)
			}
		}
		for i := range 100 { // an agent with two chats of ten minutes at the same time
			at := start + int64(i)*3600
			add(at, "chat", "answered", 0.0, 600.0, "c", nil)
			add(at, "chat", "answered", 0.0, 600.0, "c", nil)
			add(at+1800, "chat", "answered", 0.0, 400.0, "c", nil)
		}
		if _, e := tx.Exec(`INSERT INTO import_run (id, started) VALUES (1, 0); INSERT INTO import_file (id, run_id, source_id, name, fingerprint, settings, kind, imported)
VALUES (1, 1, 1, 'f', 'f', '', 'states', 0)`); e != nil {
			return e
		}
		for i, s := range []struct {
			state string
			hours int64
		}{{"Available", 60}, {"Gesprek", 15}, {"Training", 10}, {"Pauze", 5}, {"Ziek", 10}, {"Lunch", 30}, {"Code 9", 4}} {
			if _, e := tx.Exec("INSERT INTO agent_state (key, source_id, file_id, line, hash, agent, start, end, state) VALUES (?, 1, 1, 1, 1, 'a', ?, ?, ?)",
				i, start, start+s.hours*3600, s.state); e != nil {
				return e
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Load(t.Context(), db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Channels) != 2 || r.Channels[0].Name != "chat" || r.Channels[1].Name != "phone" {
		t.Fatalf("channels = %+v", r.Channels)
	}
	chat, phone := r.Channels[0], r.Channels[1]
	if v := phone.Patience; !(v.Lo < 150 && 150 < v.Hi) || v.N < 4000 || v.Hi-v.Lo > 12 || v.Basis != "records" {
		t.Errorf("patience = %+v, want 150 within a narrow interval", v)
	}
	near(t, "redial", phone.Redial.Est, 0.25, 0.02)
	near(t, "repeat", phone.Repeat.Est, 0.09, 0.02) // a tenth of the first answers; the second ones have no follow-up
	if chat.Patience.N != 0 || !math.IsNaN(chat.Patience.Est) {
		t.Errorf("patience of chat = %+v, want unknown", chat.Patience)
	}
	near(t, "contacts at once", chat.Concurrency, (1200.0+400)/(600+400), 1e-9)
	if len(chat.Levels) != 2 || chat.Levels[0].AHT.Est != 400 || chat.Levels[1].AtOnce != 2 || chat.Levels[1].AHT.Est != 600 {
		t.Errorf("levels = %+v", chat.Levels)
	}
	s := r.Shrinkage
	near(t, "planned", s.Planned, 0.15, 1e-9)
	near(t, "unplanned", s.Unplanned, 10.0/85, 1e-9)
	if len(s.Unclear) != 1 || s.Unclear[0] != "Code 9" || s.Lost != 4 {
		t.Errorf("unclear = %v, %v hours", s.Unclear, s.Lost)
	}
	later, err := Load(t.Context(), db, Options{From: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(later.Channels) != 0 || !math.IsNaN(later.Shrinkage.Planned) {
		t.Errorf("a span without history = %+v, %v", later, err)
	}
}
