package kpi

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
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
	metric       string
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

// addWork adds work and promises to the groups of f, making groups that contacts
// do not have.
func (f *Frame) addWork(ctx context.Context, db *sql.DB, set *Settings, now time.Time) error {
	q := &f.Query
	if !knowsWork(q) {
		return nil
	}
	loc := set.zone()
	from, end := q.From.Start(loc), q.To.Add(1).Start(loc)
	items, err := readWork(ctx, db, set, from, end, len(q.By) > 0 || len(q.Filter) > 0)
	if err != nil || len(items) == 0 {
		return err
	}
	asOf := end
	if now.Before(end) {
		asOf = now
	}
	index := map[string]int{}
	name := func(start calendar.Date, vals []string) string { return start.String() + "\x00" + prefix(vals) }
	for i := range f.Groups {
		d := calendar.Date(0)
		if q.Every != Whole {
			d = calendar.DateOf(f.Groups[i].Start, loc)
		}
		index[name(d, f.Groups[i].Values)] = i
	}
	vals := make([]string, len(q.By))
	at := func(t time.Time) *Sums {
		first := calendar.Date(0)
		if q.Every != Whole {
			first = q.Every.first(calendar.DateOf(t, loc))
		}
		n := name(first, vals)
		i, ok := index[n]
		if !ok {
			i = len(f.Groups)
			index[n] = i
			g := Group{Values: slices.Clone(vals)}
			if q.Every != Whole {
				g.Start, g.End = first.Start(loc), q.Every.next(first).Start(loc)
			}
			f.Groups = append(f.Groups, g)
		}
		return &f.Groups[i].Sums
	}
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(from) && t.Before(end) }
	for i := range items {
		w := &items[i]
		if !w.passes(q, set) {
			continue
		}
		for k, key := range q.By {
			vals[k] = w.value(key, set)
		}
		if in(w.received) {
			at(w.received)[Received]++
		}
		if in(w.closed) {
			at(w.closed)[Closed]++
		}
		for k := range w.promises {
			if t, kept, ok := w.promises[k].decided(asOf); ok && in(t) {
				s := at(t)
				s[Decided]++
				if kept {
					s[Kept]++
				}
			}
		}
		// The backlog is a level: in a row of buckets that of the end of each.
		for d := q.From; ; {
			last := q.To
			if q.Every != Whole {
				last = min(last, q.Every.next(q.Every.first(d)).Add(-1))
			}
			t := last.Add(1).Start(loc)
			if t.After(asOf) {
				t = asOf
			}
			if w.openAt(t) && d.Start(loc).Before(t) {
				s := at(d.Start(loc))
				s[Open]++
				if w.lateAt(t) {
					s[Overdue]++
				}
			}
			if last >= q.To || !t.Before(asOf) {
				break
			}
			d = last.Add(1)
		}
	}
	return nil
}
