package contacts

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// History reads the volumes of the store that f asks for: a series per channel,
// and per subject when asked for. Of each channel and day only the source of the
// lowest rank counts, so that one call is never counted twice.
func History(ctx context.Context, db *sql.DB, f Filter) ([]Series, error) {
	var out []Series
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		var err error
		out, err = history(ctx, tx, f)
		return err
	})
	return out, err
}

type seriesKey struct{ channel, subject string }

// volumeSum adds up the roll-up rows of one interval.
type volumeSum struct {
	start                               int64
	offered, answered, abandoned, short float64
	offeredN                            int64
	waitSum, waitN, handleSum, handleN  float64
}

func history(ctx context.Context, tx *sql.Tx, f Filter) ([]Series, error) {
	loc := f.Zone
	if loc == nil {
		var err error
		if loc, err = time.LoadLocation("Europe/Amsterdam"); err != nil {
			return nil, err
		}
	}
	cover, err := readCoverage(ctx, tx, f)
	if err != nil || len(cover) == 0 {
		return nil, err
	}
	from, to := int64(math.MinInt64), int64(math.MaxInt64)
	if f.From != 0 {
		from = f.From.Start(loc).Unix()
	}
	if f.To != 0 {
		to = f.To.Add(1).Start(loc).Unix()
	}
	only, args := onlyChannels(f.Channels, from, to)
	steps, err := readSteps(ctx, tx, only, args)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT v.start, v.step_s, v.day, q.channel, v.subject, v.source_id,
			v.offered, v.offered_n, v.answered, v.abandoned, v.short_abandoned, v.wait_sum, v.wait_n, v.handle_sum, v.handle_n
		FROM volume_interval v JOIN queue q ON q.id = v.queue_id
		WHERE v.start >= ? AND v.start < ?`+only+`
		ORDER BY v.start`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sums := map[seriesKey][]volumeSum{}
	days := map[seriesKey][2]calendar.Date{}
	for rows.Next() {
		var v volumeSum
		var step, source int64
		var day calendar.Date
		var channel, subject string
		if err := rows.Scan(&v.start, &step, &day, &channel, &subject, &source, &v.offered, &v.offeredN, &v.answered, &v.abandoned, &v.short,
			&v.waitSum, &v.waitN, &v.handleSum, &v.handleN); err != nil {
			return nil, err
		}
		c, ok := cover[channel]
		if !ok || c.chosen(day) != source {
			continue
		}
		want := int64(f.Step / time.Second)
		if want = max(want, steps[channel]); step < want {
			v.start = floorLocal(v.start, want, day, loc)
		}
		keys := []seriesKey{{channel, ""}}
		if len(f.Subjects) > 0 {
			keys = nil
		}
		if subject != "" && (f.BySubject || slices.Contains(f.Subjects, subject)) {
			keys = append(keys, seriesKey{channel, subject})
		}
		for _, k := range keys {
			s := sums[k]
			if n := len(s); n > 0 && s[n-1].start == v.start {
				s[n-1].add(&v)
			} else {
				sums[k] = append(s, v)
			}
			d, seen := days[k]
			if !seen {
				d = [2]calendar.Date{day, day}
			}
			days[k] = [2]calendar.Date{min(d[0], day), max(d[1], day)}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	var out []Series
	for k, list := range sums {
		c := cover[k.channel]
		s := Series{
			Channel: k.channel, Subject: k.subject, Zone: loc, First: c.first, Last: c.last, GapsMissing: c.missing,
			Step: time.Duration(max(steps[k.channel], int64(f.Step/time.Second))) * time.Second,
		}
		if f.From != 0 {
			s.First = max(s.First, f.From)
		}
		if f.To != 0 {
			s.Last = min(s.Last, f.To)
		}
		s.Obs = make([]Volume, len(list))
		for i := range list {
			s.Obs[i] = list[i].volume(loc)
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Series) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Subject, b.Subject))
	})
	return out, nil
}

func (v *volumeSum) add(o *volumeSum) {
	v.offered += o.offered
	v.offeredN += o.offeredN
	v.answered += o.answered
	v.abandoned += o.abandoned
	v.short += o.short
	v.waitSum += o.waitSum
	v.waitN += o.waitN
	v.handleSum += o.handleSum
	v.handleN += o.handleN
}

func (v *volumeSum) volume(loc *time.Location) Volume {
	out := Volume{Start: time.Unix(v.start, 0).In(loc), Offered: v.offered, Handled: v.answered, Abandoned: v.abandoned, AHT: math.NaN(), Wait: math.NaN()}
	if v.offeredN == 0 { // rows without any count
		out.Offered, out.Handled, out.Abandoned = math.NaN(), math.NaN(), math.NaN()
	}
	if v.answered == 0 && v.abandoned == 0 && v.short == 0 && v.offered > 0 { // the source tells only what came in
		out.Handled, out.Abandoned = math.NaN(), math.NaN()
	}
	if v.handleN > 0 {
		out.AHT = v.handleSum / v.handleN
	}
	if v.waitN > 0 {
		out.Wait = v.waitSum / v.waitN
	}
	return out
}

// floorLocal returns the start of the coarser interval of step seconds that
// holds start, on the local clock.
func floorLocal(start, step int64, day calendar.Date, loc *time.Location) int64 {
	midnight := day.Start(loc).Unix()
	if step >= secondsPerDay {
		return midnight
	}
	_, off := time.Unix(start, 0).In(loc).Zone()
	local := start + int64(off)
	return start - ((local%step)+step)%step
}

const secondsPerDay = 24 * 60 * 60

// channelCover tells which source speaks for each day of a channel.
type channelCover struct {
	first, last calendar.Date
	missing     bool // absent intervals are unknown
	byDay       map[calendar.Date]int64
}

func (c *channelCover) chosen(d calendar.Date) int64 { return c.byDay[d] }

// readCoverage settles the source of every channel and day.
func readCoverage(ctx context.Context, tx *sql.Tx, f Filter) (map[string]*channelCover, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT c.channel, c.day, c.source_id, MAX(q.gaps = 'missing')
		FROM coverage c JOIN source s ON s.id = c.source_id JOIN queue q ON q.id = c.queue_id
		WHERE (? = '' OR s.name = ?) AND c.rows > 0
		GROUP BY c.channel, c.day, c.source_id
		ORDER BY c.channel, c.day, s.rank, c.source_id`, f.Source, f.Source)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]*channelCover{}
	for rows.Next() {
		var channel string
		var day calendar.Date
		var source int64
		var missing bool
		if err := rows.Scan(&channel, &day, &source, &missing); err != nil {
			return nil, err
		}
		if len(f.Channels) > 0 && !slices.Contains(f.Channels, channel) {
			continue
		}
		c := out[channel]
		if c == nil {
			c = &channelCover{first: day, last: day, byDay: map[calendar.Date]int64{}}
			out[channel] = c
		}
		c.first, c.last = min(c.first, day), max(c.last, day)
		if _, done := c.byDay[day]; !done {
			c.missing = c.missing || missing
			c.byDay[day] = source
		}
	}
	return out, rows.Err()
}

// readSteps returns the coarsest interval of every channel, in seconds.
func readSteps(ctx context.Context, tx *sql.Tx, only string, args []any) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, `
		SELECT q.channel, MAX(v.step_s) FROM volume_interval v JOIN queue q ON q.id = v.queue_id
		WHERE v.start >= ? AND v.start < ?`+only+` GROUP BY q.channel`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var channel string
		var step int64
		if err := rows.Scan(&channel, &step); err != nil {
			return nil, err
		}
		out[channel] = step
	}
	return out, rows.Err()
}

// onlyChannels returns the condition on channels that follows one on the span of
// time, and the values of both: rows of other channels are not read at all.
func onlyChannels(channels []string, from, to int64) (condition string, args []any) {
	args = []any{from, to}
	if len(channels) == 0 {
		return "", args
	}
	for _, c := range channels {
		args = append(args, c)
	}
	return " AND q.channel IN (?" + strings.Repeat(",?", len(channels)-1) + ")", args
}

// CoveredDays returns the first and the last day that any source has rows of; 0
// when there are none.
func CoveredDays(ctx context.Context, db *sql.DB) (first, last calendar.Date, err error) {
	err = db.QueryRowContext(ctx, "SELECT COALESCE(MIN(day), 0), COALESCE(MAX(day), 0) FROM coverage WHERE rows > 0").Scan(&first, &last)
	return first, last, store.Explain(err)
}

// CoveredChannels returns the channels that any source has rows of in some days.
func CoveredChannels(ctx context.Context, db *sql.DB, first, last calendar.Date) ([]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT channel FROM coverage WHERE rows > 0 AND day >= ? AND day <= ? ORDER BY channel", first, last)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// Overlap is a channel and stretch of days for which a source is left out as
// another speaks for it.
type Overlap struct {
	Channel     string
	Source      string // left out
	For         string // the source that counts
	First, Last calendar.Date
	Days        int
}

// Overlaps lists the sources that are left out because another covers the same
// channel and days.
func Overlaps(ctx context.Context, db *sql.DB) ([]Overlap, error) {
	rows, err := db.QueryContext(ctx, `
		WITH d AS (
			SELECT DISTINCT c.channel, c.day, s.id, s.name, s.rank
			FROM coverage c JOIN source s ON s.id = c.source_id WHERE c.rows > 0),
		o AS (
			SELECT d.channel, d.day, d.name,
				(SELECT b.name FROM d b WHERE b.channel = d.channel AND b.day = d.day ORDER BY b.rank, b.id LIMIT 1) AS first
			FROM d)
		SELECT channel, name, first, MIN(day), MAX(day), COUNT(*) FROM o
		WHERE name <> first GROUP BY channel, name, first ORDER BY channel, name, first`)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Overlap
	for rows.Next() {
		var o Overlap
		if err := rows.Scan(&o.Channel, &o.Source, &o.For, &o.First, &o.Last, &o.Days); err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, rows.Err()
}
