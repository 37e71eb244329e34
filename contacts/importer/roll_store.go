package importer

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"kcc/contacts"
)

// volKey is one interval of the roll-up.
type volKey struct {
	start   int64
	queue   int64
	step    int64
	subject string
}

// volSum are the figures of one interval, as the table volume_interval has them.
type volSum struct {
	day                                         int64
	rows, offeredN                              int64
	offered, answered, abandoned, short, within float64
	withinN, waitSum, waitN, talkSum, talkN     float64
	holdSum, acwSum, handleSum, handleN         float64
}

type coverKey struct {
	day   int64
	queue int64
}

// rollups collects what a file adds to (or takes from) the roll-ups. Past
// maxCells it is written out, so that memory stays flat.
type rollups struct {
	vol   map[volKey]*volSum
	day   map[contacts.DayKey]*contacts.DaySums
	cover map[coverKey]int64
	text  map[string]string // texts used as keys, cut loose from their lines
}

const maxCells = 80_000

func newRollups() *rollups {
	return &rollups{map[volKey]*volSum{}, map[contacts.DayKey]*contacts.DaySums{}, map[coverKey]int64{}, map[string]string{}}
}

func (r *rollups) full() bool { return len(r.vol)+len(r.day) >= maxCells }

func (r *rollups) own(s string) string {
	if s == "" {
		return ""
	}
	if t, ok := r.text[s]; ok {
		return t
	}
	t := strings.Clone(s)
	r.text[t] = t
	return t
}

func known(v float64) (float64, float64) {
	if math.IsNaN(v) {
		return 0, 0
	}
	return v, 1
}

// contact adds a contact, or takes it away with sign -1.
func (r *rollups) contact(c *contacts.Contact, queue int64, day int64, sign float64) {
	n := int64(sign)
	r.cover[coverKey{day, queue}] += n
	dk := contacts.DayKey{
		Day: day, Queue: queue, Direction: c.Direction, Subject: r.own(c.Subject), Kind: r.own(c.Kind), Segment: r.own(c.Segment),
		Cause: r.own(c.Cause), Department: r.own(c.Department),
	}
	d := r.day[dk]
	if d == nil {
		d = &contacts.DaySums{}
		r.day[dk] = d
	}
	d.Add(c, sign)
	if c.Direction == contacts.Outbound {
		return
	}
	at := c.Start.Unix()
	k := volKey{at - floorMod(at, 900), queue, 900, dk.Subject}
	v := r.vol[k]
	if v == nil {
		v = &volSum{day: day}
		r.vol[k] = v
	}
	v.rows += n
	v.offered += sign
	v.offeredN += n
	switch c.Outcome {
	case contacts.Abandoned:
		v.abandoned += sign
	case contacts.ShortAbandon:
		v.short += sign
	}
	if c.InTime != contacts.Unknown {
		v.withinN += sign
	}
	if !c.IsAnswered() {
		return
	}
	v.answered += sign
	if c.InTime == contacts.Yes {
		v.within += sign
	}
	if w, ok := known(c.Wait); ok > 0 {
		v.waitSum += sign * w
		v.waitN += sign
	}
	if t, ok := known(c.Talk); ok > 0 {
		v.talkSum += sign * t
		v.talkN += sign
	}
	h, _ := known(c.Hold)
	v.holdSum += sign * h
	a, _ := known(c.ACW)
	v.acwSum += sign * a
	if t, ok := known(c.HandleTime()); ok > 0 {
		v.handleSum += sign * t
		v.handleN += sign
	}
}

// interval adds a row of interval statistics, or takes it away with sign -1.
func (r *rollups) interval(iv *Interval, queue, day int64, sign float64) {
	n := int64(sign)
	r.cover[coverKey{day, queue}] += n
	k := volKey{iv.Start.Unix(), queue, int64(iv.Step.Seconds()), r.own(iv.Subject)}
	v := r.vol[k]
	if v == nil {
		v = &volSum{day: day}
		r.vol[k] = v
	}
	v.rows += n
	offered := iv.Offered
	if math.IsNaN(offered) {
		offered = iv.Answered
	}
	if o, ok := known(offered); ok > 0 {
		v.offered += sign * o
		v.offeredN += n
	}
	ans, _ := known(iv.Answered)
	v.answered += sign * ans
	ab, _ := known(iv.Abandoned)
	v.abandoned += sign * ab
	sh, _ := known(iv.Short)
	v.short += sign * sh
	if w, ok := known(iv.Within); ok > 0 {
		v.within += sign * w
		o, _ := known(offered)
		v.withinN += sign * o
	}
	weight := iv.weight()
	mean := func(x float64, sum, count *float64) {
		if !math.IsNaN(x) {
			*sum += sign * x * weight
			if count != nil {
				*count += sign * weight
			}
		}
	}
	mean(iv.Wait, &v.waitSum, &v.waitN)
	mean(iv.Talk, &v.talkSum, &v.talkN)
	mean(iv.Hold, &v.holdSum, nil)
	mean(iv.ACW, &v.acwSum, nil)
	mean(iv.HandleTime(), &v.handleSum, &v.handleN)
}

// weight returns what the means of a row are over: its answered contacts, else
// the offered ones.
func (iv *Interval) weight() float64 {
	if !math.IsNaN(iv.Answered) {
		return iv.Answered
	}
	w, _ := known(iv.Offered)
	return w
}

// The statements that add cells to the roll-ups.
const (
	addVolume = `INSERT OR ROLLBACK INTO volume_interval (start, queue_id, subject, source_id, day, step_s, rows, offered, answered, abandoned, short_abandoned,
			within_target, within_n, offered_n, wait_sum, wait_n, talk_sum, talk_n, hold_sum, acw_sum, handle_sum, handle_n)
		VALUES %s
		ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, offered = offered + excluded.offered, answered = answered + excluded.answered,
			abandoned = abandoned + excluded.abandoned, short_abandoned = short_abandoned + excluded.short_abandoned,
			within_target = within_target + excluded.within_target, within_n = within_n + excluded.within_n, offered_n = offered_n + excluded.offered_n,
			wait_sum = wait_sum + excluded.wait_sum, wait_n = wait_n + excluded.wait_n, talk_sum = talk_sum + excluded.talk_sum,
			talk_n = talk_n + excluded.talk_n, hold_sum = hold_sum + excluded.hold_sum, acw_sum = acw_sum + excluded.acw_sum,
			handle_sum = handle_sum + excluded.handle_sum, handle_n = handle_n + excluded.handle_n`
	addCover = `INSERT OR ROLLBACK INTO coverage (channel, day, source_id, queue_id, rows) VALUES %s
		ON CONFLICT DO UPDATE SET rows = rows + excluded.rows`
)

// upserts sends cells to a roll-up, many in one statement.
type upserts struct {
	ctx   context.Context
	tx    *sql.Tx
	query string
	width int
	args  []any
	stmt  *sql.Stmt
}

func (u *upserts) add(args ...any) error {
	u.width = len(args)
	u.args = append(u.args, args...)
	if len(u.args) == batchRows*u.width {
		if u.stmt == nil {
			var err error
			if u.stmt, err = u.tx.PrepareContext(u.ctx, u.sql(batchRows)); err != nil {
				return err
			}
		}
		_, err := u.stmt.ExecContext(u.ctx, u.args...)
		u.args = u.args[:0]
		return err
	}
	return nil
}

func (u *upserts) sql(rows int) string {
	one := "(" + strings.Repeat("?, ", u.width-1) + "?)"
	return fmt.Sprintf(u.query, strings.Repeat(one+", ", rows-1)+one)
}

func (u *upserts) done() error {
	if u.stmt != nil {
		defer u.stmt.Close()
	}
	if len(u.args) == 0 {
		return nil
	}
	_, err := u.tx.ExecContext(u.ctx, u.sql(len(u.args)/u.width), u.args...)
	return err
}

// flush adds everything collected to the tables, each in the order of its key.
func (r *rollups) flush(ctx context.Context, tx *sql.Tx, source int64, channels map[int64]string) error {
	shrunk := false
	vol := &upserts{ctx: ctx, tx: tx, query: addVolume}
	for _, k := range slices.SortedFunc(maps.Keys(r.vol), func(a, b volKey) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.queue, b.queue), cmp.Compare(a.subject, b.subject), cmp.Compare(a.step, b.step))
	}) {
		v := r.vol[k]
		shrunk = shrunk || v.rows <= 0
		if err := vol.add(k.start, k.queue, k.subject, source, v.day, k.step, v.rows, v.offered, v.answered, v.abandoned, v.short,
			v.within, v.withinN, v.offeredN, v.waitSum, v.waitN, v.talkSum, v.talkN, v.holdSum, v.acwSum, v.handleSum, v.handleN); err != nil {
			return err
		}
	}
	if err := vol.done(); err != nil {
		return err
	}
	days := &upserts{ctx: ctx, tx: tx, query: contacts.AddDayStatement()}
	for _, k := range slices.SortedFunc(maps.Keys(r.day), func(a, b contacts.DayKey) int { return a.Compare(&b) }) {
		d := r.day[k]
		shrunk = shrunk || d.Contacts() <= 0
		if err := days.add(contacts.DayArgs(nil, &k, source, d)...); err != nil {
			return err
		}
	}
	if err := days.done(); err != nil {
		return err
	}
	cover := &upserts{ctx: ctx, tx: tx, query: addCover}
	for _, k := range slices.SortedFunc(maps.Keys(r.cover), func(a, b coverKey) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.queue, b.queue))
	}) {
		if err := cover.add(channels[k.queue], k.day, source, k.queue, r.cover[k]); err != nil {
			return err
		}
	}
	if err := cover.done(); err != nil {
		return err
	}
	if shrunk {
		for _, q := range []string{
			"DELETE FROM volume_interval WHERE rows <= 0", "DELETE FROM volume_day WHERE contacts <= 0", "DELETE FROM coverage WHERE rows <= 0",
		} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
	}
	clear(r.vol)
	clear(r.day)
	clear(r.cover)
	return nil
}
