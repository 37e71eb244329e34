package estimate

import (
	"context"
	"database/sql"
	"maps"
	"math"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/internal/store"
)

// Windows of what belongs together.
const (
	redialWindow = time.Hour          // a call after an abandoned one is a redial
	repeatWindow = 7 * 24 * time.Hour // a contact after an answered one is a repeat
)

// Options says what to look at. The zero value is the whole history, with short
// abandons under 5 seconds.
type Options struct {
	From, To time.Time     // half open; zero is unbounded
	Short    time.Duration // waits up to here tell nothing of patience; 0 is 5 s
}

// Channel is what the history tells of one channel.
type Channel struct {
	Name        string
	Contacts    int
	Patience    Value
	AHT         Value
	Abandon     Value // share of the offered, short abandons left out
	Redial      Value // share of those who gave up that came again within the hour
	Repeat      Value // share of those answered that came back within a week
	Connect     Value // share of the outbound contacts that reached someone
	Concurrency float64
	Levels      []Level // handle time by contacts at once
}

// Report is what the history tells of the centre.
type Report struct {
	Channels  []Channel
	Shrinkage Shrinkage
}

// Load reads the estimates from the store.
func Load(ctx context.Context, db *sql.DB, opt Options) (*Report, error) {
	if opt.Short == 0 {
		opt.Short = 5 * time.Second
	}
	r := &Report{}
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		byName, err := records(ctx, tx, opt)
		if err != nil {
			return err
		}
		if err := intervals(ctx, tx, opt, byName); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(byName)) {
			r.Channels = append(r.Channels, byName[name].channel(name))
		}
		r.Shrinkage, err = shrinkage(ctx, tx, opt)
		return err
	})
	return r, err
}

// bounds gives the span as seconds, open ends far away.
func (o Options) bounds() (from, to int64) {
	from, to = math.MinInt64, math.MaxInt64
	if !o.From.IsZero() {
		from = o.From.Unix()
	}
	if !o.To.IsZero() {
		to = o.To.Unix()
	}
	return from, to
}

// tally gathers one channel.
type tally struct {
	contacts  int
	waited    float64 // beyond the short limit
	abandoned int     // of them, those who gave up
	offered   int     // without short abandons
	lost      int     // of them, those who gave up, also where the wait is unknown
	aht       moments
	byAgent   map[string][]span

	redials, gaveUp   int
	repeats, answered int
	reached, dialled  int // outbound

	patience, share, mean Value // of intervals, where there are no records
}

func (t *tally) channel(name string) Channel {
	c := Channel{
		Name: name, Contacts: t.contacts, Patience: Patience(t.waited, t.abandoned), AHT: t.aht.value(), Abandon: Share(t.lost, t.offered),
		Redial: Share(t.redials, t.gaveUp), Repeat: Share(t.repeats, t.answered),
		Connect: Share(t.reached, t.dialled), Concurrency: math.NaN(),
	}
	for _, v := range []*Value{&c.Patience, &c.AHT, &c.Abandon, &c.Redial, &c.Repeat, &c.Connect} {
		if v.N > 0 {
			v.Basis = "records"
		}
	}
	if c.Patience.N == 0 {
		c.Patience = t.patience
	}
	if c.AHT.N == 0 {
		c.AHT = t.mean
	}
	if c.Abandon.N == 0 {
		c.Abandon = t.share
	}
	if len(t.byAgent) > 0 {
		c.Concurrency, c.Levels = AtOnce(t.byAgent)
	}
	return c
}

// records reads contacts in order of time.
func records(ctx context.Context, tx *sql.Tx, opt Options) (map[string]*tally, error) {
	from, to := opt.bounds()
	byName := map[string]*tally{}
	var last sql.Null[int64]
	if err := tx.QueryRowContext(ctx, "SELECT MAX(start) FROM contact WHERE start >= ? AND start < ?", from, to).Scan(&last); err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `
SELECT channel, direction, start, outcome, wait_s, handle_s, agent, party_ref, subject FROM contact
WHERE start >= ? AND start < ? ORDER BY start, id`, from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	f := follow{last: last.V, gaveUp: map[string]pending{}, answered: map[string]pending{}}
	for rows.Next() {
		var channel, direction, outcome, subject string
		var start int64
		var wait, handle sql.Null[float64]
		var agent, party sql.Null[string]
		if err := rows.Scan(&channel, &direction, &start, &outcome, &wait, &handle, &agent, &party, &subject); err != nil {
			return nil, err
		}
		t := byName[channel]
		if t == nil {
			t = &tally{byAgent: map[string][]span{}, patience: Unknown(), share: Unknown(), mean: Unknown()}
			byName[channel] = t
		}
		if direction == contacts.Outbound {
			t.dial(outcome)
			continue
		}
		t.contacts++
		lost := outcome == contacts.Abandoned
		short := outcome == contacts.ShortAbandon || (lost && wait.Valid && wait.V < opt.Short.Seconds())
		if !short {
			t.offered++
			if lost {
				t.lost++
			}
			if wait.Valid {
				// Memoryless: what is waited beyond the limit is patience of its own.
				t.waited += math.Max(0, wait.V-opt.Short.Seconds())
			}
			if lost && wait.Valid {
				t.abandoned++
			}
		}
		if handle.Valid && handle.V > 0 && !lost && !short {
			t.aht.add(handle.V)
			if agent.Valid && agent.V != "" {
				begin := float64(start) + wait.V
				t.byAgent[agent.V] = append(t.byAgent[agent.V], span{begin, begin + handle.V})
			}
		}
		if party.Valid && party.V != "" {
			f.see(t, channel, party.V, subject, start, lost && !short, !lost && !short)
		}
	}
	return byName, rows.Err()
}

// dial counts an outbound contact whose outcome is known. Any word that does not
// tell of a conversation (no answer, busy, voicemail) is a call that reached nobody.
func (t *tally) dial(outcome string) {
	switch outcome {
	case "":
		return
	case contacts.Answered, contacts.AnsweredSelf, contacts.Transferred, contacts.TransferredOK, contacts.TransferredFailed,
		contacts.HandedOff, contacts.CallbackRequested:
		t.reached++
	}
	t.dialled++
}

// pending is a contact of a party whose follow-up is awaited.
type pending struct {
	t  *tally
	at int64
}

// follow matches contacts of the same party. Only those count whose window ends
// within the history: later ones cannot be judged yet.
type follow struct {
	last             int64
	gaveUp, answered map[string]pending
}

func (f *follow) see(t *tally, channel, party, subject string, at int64, lost, answered bool) {
	call, topic := channel+"\x00"+party, party+"\x00"+subject
	if p, ok := f.gaveUp[call]; ok {
		if at-p.at <= int64(redialWindow/time.Second) {
			p.t.redials++
		}
		delete(f.gaveUp, call)
	}
	if p, ok := f.answered[topic]; ok {
		if at-p.at <= int64(repeatWindow/time.Second) {
			p.t.repeats++
		}
		delete(f.answered, topic)
	}
	if lost && at+int64(redialWindow/time.Second) <= f.last {
		t.gaveUp++
		f.gaveUp[call] = pending{t, at}
	}
	if answered && at+int64(repeatWindow/time.Second) <= f.last {
		t.answered++
		f.answered[topic] = pending{t, at}
	}
}

// intervals adds what interval statistics tell, for channels without records.
// Patience is then mean wait / share abandoned, which holds for exponential
// patience; the wait of those who gave up is not in such files, so it is rough.
func intervals(ctx context.Context, tx *sql.Tx, opt Options, byName map[string]*tally) error {
	from, to := opt.bounds()
	rows, err := tx.QueryContext(ctx, `
SELECT q.channel, SUM(v.offered), SUM(v.abandoned), SUM(v.short_abandoned), SUM(v.wait_sum), SUM(v.wait_n), SUM(v.handle_sum), SUM(v.handle_n)
FROM volume_interval v JOIN queue q ON q.id = v.queue_id
WHERE v.start >= ? AND v.start < ? GROUP BY q.channel`, from, to)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var offered, lost, short, waitSum, waitN, handleSum, handleN float64
		if err := rows.Scan(&name, &offered, &lost, &short, &waitSum, &waitN, &handleSum, &handleN); err != nil {
			return err
		}
		t := byName[name]
		if t == nil {
			t = &tally{contacts: int(math.Round(offered))}
			byName[name] = t
		}
		t.patience, t.share, t.mean = Unknown(), Unknown(), Unknown()
		gone := int(math.Round(lost - short))
		if all := int(math.Round(offered - short)); gone > 0 && all >= gone {
			t.share = Share(gone, all)
			t.share.Basis = "intervals"
			if waitN > 0 && waitSum > 0 {
				t.patience = Patience(waitSum/waitN*float64(all), gone)
				t.patience.Basis = "intervals, rough"
			}
		}
		if handleN > 0 {
			t.mean = Value{Est: handleSum / handleN, Lo: math.NaN(), Hi: math.NaN(), N: int(math.Round(handleN)), Basis: "intervals"}
		}
	}
	return rows.Err()
}

// shrinkage adds up the states of agents.
func shrinkage(ctx context.Context, tx *sql.Tx, opt Options) (Shrinkage, error) {
	s := Shrinkage{Planned: math.NaN(), Unplanned: math.NaN()}
	from, to := opt.bounds()
	rows, err := tx.QueryContext(ctx, `
SELECT state, SUM(end - start) AS seconds FROM agent_state WHERE end > start AND start >= ? AND start < ? GROUP BY state ORDER BY seconds DESC, state`, from, to)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	var hours [unpaid + 1]float64
	for rows.Next() {
		var state string
		var sec float64
		if err := rows.Scan(&state, &sec); err != nil {
			return s, err
		}
		u := stateUse(state)
		hours[u] += sec / time.Hour.Seconds()
		if u == unknownState {
			s.Unclear = append(s.Unclear, state)
		}
	}
	s.Lost = hours[unknownState]
	s.Hours = hours[working] + hours[planned] + hours[unplanned]
	if s.Hours > 0 {
		s.Planned = hours[planned] / s.Hours
		if left := s.Hours - hours[planned]; left > 0 {
			s.Unplanned = hours[unplanned] / left
		}
	}
	return s, rows.Err()
}
