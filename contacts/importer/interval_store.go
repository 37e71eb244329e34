package importer

import (
	"database/sql"
	"math"
	"time"
)

// keptInterval is a row of interval statistics until its batch is written.
type keptInterval struct {
	Interval
	queue, day int64
}

// intervalCols are the columns of interval_fact after the common ones.
var intervalCols = []string{
	"queue_id", "subject", "agent", "start", "day", "slot", "step_s", "offered", "answered", "abandoned", "short_abandoned",
	"within_target", "target_s", "wait_s", "talk_s", "hold_s", "acw_s", "aht_s",
}

func (w *writer) interval(r *Row) error {
	iv := &r.Interval
	q, err := w.queue(iv.Queue, r.own, iv.Channel)
	if err != nil {
		return err
	}
	agent, err := w.agentRef(iv.Agent)
	if err != nil {
		return err
	}
	natural := *iv
	natural.Agent = agent // a hash of the name itself could be tried out
	natural.Channel, natural.Subject = q.key, r.topic
	key := newStableHash()
	key.text(w.sname)
	key.text("interval")
	key.num(natural.natural(r.dims))
	day, slot := w.days.of(iv.Start.Unix())
	b := w.batches["interval_fact"]
	if b == nil {
		b = w.batch("interval_fact", intervalCols)
		b.load = w.loadInterval
		b.apply = func(i int, sign float64) {
			k := &w.intervals[i]
			w.roll.interval(&k.Interval, k.queue, k.day, sign)
		}
	}
	w.intervals[len(b.pending)] = keptInterval{*iv, q.id, int64(day)}
	rec := record{key: int64(key.sum() & mask63), hash: int64(iv.content() & mask63), line: r.Line}
	err = b.add(
		rec, q.id, iv.Subject, nullText(agent), iv.Start.Unix(), int64(day), int64(slot), int64(iv.Step/time.Second),
		nullFloat(iv.Offered), nullFloat(iv.Answered), nullFloat(iv.Abandoned), nullFloat(iv.Short), nullFloat(iv.Within), nullFloat(iv.Target),
		nullFloat(iv.Wait), nullFloat(iv.Talk), nullFloat(iv.Hold), nullFloat(iv.ACW), nullFloat(iv.AHT),
	)
	if err != nil {
		return err
	}
	return w.spill()
}

// loadInterval returns how a stored row of interval statistics counts in the
// roll-ups.
func (w *writer) loadInterval(id int64) (func(sign float64), error) {
	var iv Interval
	var start, queue, day, step int64
	vals := make([]sql.NullFloat64, 10)
	err := w.tx.QueryRowContext(w.ctx, `SELECT start, queue_id, day, step_s, subject, offered, answered, abandoned, short_abandoned, within_target,
		wait_s, talk_s, hold_s, acw_s, aht_s FROM interval_fact WHERE id = ?`, id).Scan(&start, &queue, &day, &step, &iv.Subject,
		&vals[0], &vals[1], &vals[2], &vals[3], &vals[4], &vals[5], &vals[6], &vals[7], &vals[8], &vals[9])
	if err != nil {
		return nil, err
	}
	iv.Start, iv.Step = time.Unix(start, 0), time.Duration(step)*time.Second
	for i, p := range []*float64{&iv.Offered, &iv.Answered, &iv.Abandoned, &iv.Short, &iv.Within, &iv.Wait, &iv.Talk, &iv.Hold, &iv.ACW, &iv.AHT} {
		*p = math.NaN()
		if vals[i].Valid {
			*p = vals[i].Float64
		}
	}
	if err := w.loadChannel(queue); err != nil {
		return nil, err
	}
	return func(sign float64) { w.roll.interval(&iv, queue, day, sign) }, nil
}
