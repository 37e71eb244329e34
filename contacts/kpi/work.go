package kpi

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// workItem is a piece of work or a case, with what was promised on it. Zero times
// are unknown or not yet.
type workItem struct {
	ticket           bool
	id               int64
	received, closed time.Time
	channel, kind    string
	subject, segment string
	department       string
	direction        string
	promises         []promised
	held             []stretch // stood still: paused, or closed until it was reopened
}

// promised is one promise on a piece of work.
type promised struct {
	due, stopped time.Time
	paused       time.Time // stands still since
}

// stretch is a span of time; to is zero while it lasts.
type stretch struct{ from, to time.Time }

// decided returns when it was settled whether a promise was kept, and whether it
// was: when it was done in time, else when it fell due. ok is false while it is
// open and not past due at now.
func (p *promised) decided(now time.Time) (at time.Time, kept, ok bool) {
	stopped := p.stopped
	if stopped.After(now) {
		stopped = time.Time{} // not yet at that moment
	}
	switch {
	case p.due.IsZero():
		return at, false, false
	case !stopped.IsZero() && !stopped.After(p.due):
		return stopped, true, true
	case !stopped.IsZero():
		return p.due, false, true
	}
	seen := now
	if !p.paused.IsZero() { // the due time moves on while it is paused
		seen = p.paused
	}
	return p.due, false, seen.After(p.due)
}

// lateAt reports whether an open piece of work is past a due time at t.
func (w *workItem) lateAt(t time.Time) bool {
	for i := range w.promises {
		p := &w.promises[i]
		if p.due.IsZero() || !p.stopped.IsZero() && !p.stopped.After(t) {
			continue
		}
		seen := t
		if !p.paused.IsZero() && p.paused.Before(t) {
			seen = p.paused
		}
		if seen.After(p.due) {
			return true
		}
	}
	return false
}

// due returns the due time of the whole: the last of its promises.
func (w *workItem) due() time.Time {
	var due time.Time
	for i := range w.promises {
		if w.promises[i].due.After(due) {
			due = w.promises[i].due
		}
	}
	return due
}

// pausedNow reports whether the work stands still.
func (w *workItem) pausedNow() bool {
	return slices.ContainsFunc(w.promises, func(p promised) bool { return !p.paused.IsZero() && p.stopped.IsZero() })
}

// openAt reports whether the work was there and not done at t.
func (w *workItem) openAt(t time.Time) bool {
	return w.received.Before(t) && (w.closed.IsZero() || !w.closed.Before(t))
}

// value returns the value of a key.
func (w *workItem) value(k Key, set *Settings) string {
	switch k {
	case ByChannel:
		return w.channel
	case ByKind:
		return w.kind
	case BySubject:
		return w.subject
	case BySegment:
		return w.segment
	case ByDirection:
		if w.direction == "" {
			return contacts.Inbound
		}
		return w.direction
	case ByDepartment:
		if w.department == "" && set.DepartmentOf != nil {
			return set.DepartmentOf(w.subject)
		}
		return w.department
	}
	return ""
}

// passes reports whether the work has the values that a filter wants.
func (w *workItem) passes(q *Query, set *Settings) bool {
	for k, vals := range q.Filter {
		if len(vals) > 0 && !slices.Contains(vals, w.value(k, set)) {
			return false
		}
	}
	return true
}

// knowsWork reports whether work has the keys of a query: not those of agents
// and causes, and no buckets below a day.
func knowsWork(q *Query) bool {
	if q.Every.belowDay() {
		return false
	}
	known := func(k Key) bool { return k.dim() != Agent && k != ByCause }
	for _, k := range q.By {
		if !known(k) {
			return false
		}
	}
	for k, v := range q.Filter {
		if len(v) > 0 && !known(k) {
			return false
		}
	}
	return true
}

// buckets returns the first seconds of the buckets of a query, then the end of
// the last, and the days on which they start.
func (q *Query) buckets(loc *time.Location) (starts []int64, days []calendar.Date) {
	if q.Every == Whole {
		return []int64{q.From.Start(loc).Unix(), q.To.Add(1).Start(loc).Unix()}, []calendar.Date{0}
	}
	for d := q.Every.first(q.From); d <= q.To; d = q.Every.next(d) {
		starts, days = append(starts, max(d, q.From).Start(loc).Unix()), append(days, d)
	}
	return append(starts, q.To.Add(1).Start(loc).Unix()), days
}

// workRead is what the store tells of work for a query.
type workRead struct {
	starts []int64 // of the buckets, then the end
	days   []calendar.Date
	asOf   int64
	items  []workItem
	sums   []Sums // per bucket, of work that needs no telling apart
}

// readWorkOf reads the work of a query; nil when work does not have its keys.
func readWorkOf(ctx context.Context, db *sql.DB, set *Settings, q *Query, now time.Time) (*workRead, error) {
	if !knowsWork(q) {
		return nil, nil
	}
	r := &workRead{}
	r.starts, r.days = q.buckets(set.zone())
	from, end := r.starts[0], r.starts[len(r.starts)-1]
	r.asOf = min(end, now.Unix())
	plain := len(q.By) == 0
	for _, vals := range q.Filter {
		plain = plain && len(vals) == 0
	}
	first, last := time.Unix(from, 0), time.Unix(end, 0)
	if plain {
		r.sums = make([]Sums, len(r.days))
		if err := plainWork(ctx, db, r.starts, r.asOf, r.sums); err != nil {
			return nil, err
		}
		err := store.Read(ctx, db, func(tx *sql.Tx) (err error) {
			r.items, err = readTickets(ctx, tx, set, first, last)
			return err
		})
		return r, err
	}
	var err error
	r.items, err = readWork(ctx, db, set, first, last, true)
	return r, err
}

// addWork adds work and promises to the groups of f, making groups that contacts
// do not have.
func (f *Frame) addWork(set *Settings, r *workRead) {
	if r == nil {
		return
	}
	q := &f.Query
	loc := set.zone()
	starts, days, asOf, items := r.starts, r.days, r.asOf, r.items
	from, end := starts[0], starts[len(starts)-1]
	type place struct {
		bucket int
		vals   [maxKeys]uint32
	}
	index := map[place]int{}
	numbers := map[string]uint32{}
	find := func(bucket int, vals []string) place {
		p := place{bucket: bucket}
		for i, v := range vals {
			n, ok := numbers[v]
			if !ok {
				n = uint32(len(numbers))
				numbers[v] = n
			}
			p.vals[i] = n
		}
		return p
	}
	for i := range f.Groups {
		b := 0
		if q.Every != Whole {
			b = bucketOf(starts, max(f.Groups[i].Start.Unix(), from))
		}
		index[find(b, f.Groups[i].Values)] = i
	}
	at := func(bucket int, vals []string) *Sums {
		p := find(bucket, vals)
		i, ok := index[p]
		if !ok {
			i = len(f.Groups)
			index[p] = i
			g := Group{Values: slices.Clone(vals)}
			if q.Every != Whole {
				g.Start, g.End = days[bucket].Start(loc), q.Every.next(days[bucket]).Start(loc)
			}
			f.Groups = append(f.Groups, g)
		}
		return &f.Groups[i].Sums
	}
	for i := range r.sums {
		if r.sums[i] != (Sums{}) {
			at(i, nil).Add(&r.sums[i])
		}
	}
	in := func(t time.Time) bool { return !t.IsZero() && t.Unix() >= from && t.Unix() < end }
	vals := make([]string, len(q.By))
	seen := time.Unix(asOf, 0)
	for i := range items {
		w := &items[i]
		if !w.passes(q, set) {
			continue
		}
		for k, key := range q.By {
			vals[k] = w.value(key, set)
		}
		if in(w.received) {
			at(bucketOf(starts, w.received.Unix()), vals)[Received]++
		}
		if in(w.closed) {
			at(bucketOf(starts, w.closed.Unix()), vals)[Closed]++
		}
		for k := range w.promises {
			if t, kept, ok := w.promises[k].decided(seen); ok && in(t) {
				s := at(bucketOf(starts, t.Unix()), vals)
				s[Decided]++
				if kept {
					s[Kept]++
				}
			}
		}
		// The backlog is a level: in a row of buckets that of the end of each.
		for b := bucketOf(starts, max(w.received.Unix(), from)); b < len(days) && starts[b] < asOf; b++ {
			t := time.Unix(min(starts[b+1], asOf), 0)
			if !w.closed.IsZero() && w.closed.Before(t) {
				break
			}
			if w.openAt(t) {
				s := at(b, vals)
				s[Open]++
				if w.lateAt(t) {
					s[Overdue]++
				}
			}
		}
	}
}
