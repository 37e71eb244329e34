package outbound

import (
	"context"
	"database/sql"
	"time"

	"kcc/internal/calendar"
)

const tallySums = "SELECT attempt, hour, outcome, SUM(n), SUM(talk_s), SUM(talk_n), SUM(dial_s), SUM(dial_n) FROM outbound_tally"

func tallies(ctx context.Context, q querier, where string, args ...any) ([]Tally, error) {
	rows, err := q.QueryContext(ctx, tallySums+" WHERE "+where+" GROUP BY attempt, hour, outcome ORDER BY attempt, hour, outcome", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Tally
	for rows.Next() {
		var t Tally
		if err := rows.Scan(&t.Attempt, &t.Hour, &t.Outcome, &t.N, &t.Talk, &t.TalkN, &t.Dial, &t.DialN); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// tallyOfKind returns the attempts of all campaigns of a kind.
func tallyOfKind(ctx context.Context, q querier, kind Kind) ([]Tally, error) {
	return tallies(ctx, q, "campaign_id IN (SELECT id FROM outbound_campaign WHERE kind = ?)", kind)
}

// Stand is how far a campaign is.
type Stand struct {
	Campaign Campaign
	Records  int
	Open     []int // open and taken records by attempts made: 0, 1, 2, ...
	Results  map[string]int
	Called   int     // records with an attempt
	Promised int     // open records with a promised window
	Late     int     // of those, past their window
	Overdue  int     // open records past their term
	Tallies  []Tally // of the span asked for
	OfKind   []Tally // of all campaigns of the kind, for what is to come
}

// Left returns the records that are not done.
func (s *Stand) Left() int {
	n := 0
	for _, o := range s.Open {
		n += o
	}
	return n
}

// Stands returns how far campaigns are; an empty name is all. The attempts are
// those of the days from..to, where 0 is open.
func (d *Desk) Stands(ctx context.Context, name string, from, to calendar.Date) ([]Stand, error) {
	var list []Campaign
	var err error
	if name != "" {
		c, err := d.Campaign(ctx, name)
		if err != nil {
			return nil, err
		}
		list = []Campaign{c}
	} else if list, err = d.Campaigns(ctx); err != nil {
		return nil, err
	}
	if to == 0 {
		to = calendar.DateOf(d.now(), d.zone())
	}
	out := make([]Stand, len(list))
	for i, c := range list {
		s := Stand{Campaign: c, Results: map[string]int{}}
		if err := d.count(ctx, &s); err != nil {
			return nil, err
		}
		if s.Tallies, err = tallies(ctx, d.db(), "campaign_id = ? AND day BETWEEN ? AND ?", c.ID, int64(from), int64(to)); err != nil {
			return nil, err
		}
		if s.OfKind, err = tallyOfKind(ctx, d.db(), c.Kind); err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

func (d *Desk) count(ctx context.Context, s *Stand) error {
	rows, err := d.db().QueryContext(ctx, "SELECT status, result, attempts, COUNT(*) FROM outbound_record WHERE campaign_id = ? GROUP BY status, result, attempts", s.Campaign.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var status, result string
		var attempts, n int
		if err := rows.Scan(&status, &result, &attempts, &n); err != nil {
			return err
		}
		s.Records += n
		if attempts > 0 {
			s.Called += n
		}
		if status == "done" {
			s.Results[result] += n
			continue
		}
		for len(s.Open) <= attempts {
			s.Open = append(s.Open, 0)
		}
		s.Open[attempts] += n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	now := d.now().Unix()
	return d.db().QueryRowContext(ctx, `SELECT
		(SELECT COUNT(*) FROM outbound_record WHERE campaign_id = ?1 AND status = 'open' AND window_to IS NOT NULL),
		(SELECT COUNT(*) FROM outbound_record WHERE campaign_id = ?1 AND status = 'open' AND window_to IS NOT NULL AND window_to < ?2),
		(SELECT COUNT(*) FROM outbound_record WHERE campaign_id = ?1 AND status = 'open' AND due < ?2)`, s.Campaign.ID, now).Scan(&s.Promised, &s.Late, &s.Overdue)
}

// Call is one attempt as the log has it.
type Call struct {
	ID, Record int64
	Campaign   string
	At         time.Time
	Outcome    Outcome
	Talk, Dial time.Duration // negative is unknown
	By, Note   string
}

// Calls returns the attempts on a record, the first at the front.
func (d *Desk) Calls(ctx context.Context, record int64) ([]Call, error) {
	rows, err := d.db().QueryContext(ctx, `SELECT a.id, a.record_id, c.name, a.at, a.outcome, a.talk_s, a.dial_s, a.by, a.note
		FROM outbound_attempt a JOIN outbound_record r ON r.id = a.record_id JOIN outbound_campaign c ON c.id = r.campaign_id WHERE a.record_id = ? ORDER BY a.at, a.id`, record)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Call
	for rows.Next() {
		var c Call
		var at int64
		var talk, dial sql.NullInt64
		if err := rows.Scan(&c.ID, &c.Record, &c.Campaign, &at, &c.Outcome, &talk, &dial, &c.By, &c.Note); err != nil {
			return nil, err
		}
		c.At, c.Talk, c.Dial = time.Unix(at, 0).In(d.zone()), -1, -1
		if talk.Valid {
			c.Talk = seconds(talk.Int64)
		}
		if dial.Valid {
			c.Dial = seconds(dial.Int64)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
