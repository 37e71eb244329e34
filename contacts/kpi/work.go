package kpi

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// about is what a piece of work or a case is about. Work on the same has the same.
type about struct {
	channel, kind    string
	subject, segment string
	direction        string
	department       string
	ticket           bool
}

// workItem is a piece of work or a case, with what was promised on it. Zero times
// are unknown or not yet.
type workItem struct {
	*about
	received, closed time.Time
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
func (w *about) value(k Key, set *Settings) string {
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

// values returns the values of keys.
func (w *about) values(by []Key, set *Settings) []string {
	vals := make([]string, len(by))
	for i, k := range by {
		vals[i] = w.value(k, set)
	}
	return vals
}

// passes reports whether the work has the values that a filter wants.
func (w *about) passes(q *Query, set *Settings) bool {
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

// workRead is what work and promises add to the groups of a query.
type workRead struct {
	starts []int64 // of the buckets, then the end
	days   []calendar.Date
	rows   []workRow
}

// workRow is the sums of a bucket and values of the keys.
type workRow struct {
	bucket int
	vals   []string
	sums   Sums
}

// readWorkOf adds up the work of a query; nil when work does not have its keys.
func readWorkOf(ctx context.Context, db *sql.DB, set *Settings, q *Query, now time.Time) (*workRead, error) {
	if !knowsWork(q) {
		return nil, nil
	}
	r := &workRead{}
	r.starts, r.days = q.buckets(set.zone())
	from, end := r.starts[0], r.starts[len(r.starts)-1]
	asOf := min(end, now.Unix())
	sums := newWorkSums(r, q, set)
	in := func(t time.Time) bool { return !t.IsZero() && t.Unix() >= from && t.Unix() < end }
	seen := time.Unix(asOf, 0)
	return r, eachWork(ctx, db, set, time.Unix(from, 0), time.Unix(end, 0), func(w *workItem) {
		at := sums.of(w.about)
		if at == nil {
			return
		}
		if in(w.received) {
			at.bucket(bucketOf(r.starts, w.received.Unix()))[Received]++
		}
		if in(w.closed) {
			at.bucket(bucketOf(r.starts, w.closed.Unix()))[Closed]++
		}
		for k := range w.promises {
			if t, kept, ok := w.promises[k].decided(seen); ok && in(t) {
				s := at.bucket(bucketOf(r.starts, t.Unix()))
				s[Decided]++
				if kept {
					s[Kept]++
				}
			}
		}
		// The backlog is a level: in a row of buckets that of the end of each.
		for b := bucketOf(r.starts, max(w.received.Unix(), from)); b < len(r.days) && r.starts[b] < asOf; b++ {
			t := time.Unix(min(r.starts[b+1], asOf), 0)
			if !w.closed.IsZero() && w.closed.Before(t) {
				break
			}
			if w.openAt(t) {
				s := at.bucket(b)
				s[Open]++
				if w.lateAt(t) {
					s[Overdue]++
				}
			}
		}
	})
}

// workSums finds the rows of work by what it is about.
type workSums struct {
	read  *workRead
	query *Query
	set   *Settings
	known map[*about]*workRows
	named map[string]*workRows
}

// workRows are the rows of one combination of values, by bucket.
type workRows struct {
	read *workRead
	vals []string
	at   []int // 1 + the row; 0: none yet
}

func newWorkSums(r *workRead, q *Query, set *Settings) *workSums {
	return &workSums{r, q, set, map[*about]*workRows{}, map[string]*workRows{}}
}

// of returns the rows of work about a; nil when the query leaves it out.
func (s *workSums) of(a *about) *workRows {
	rows, ok := s.known[a]
	if ok {
		return rows
	}
	if a.passes(s.query, s.set) {
		vals := a.values(s.query.By, s.set)
		name := prefix(vals)
		if rows = s.named[name]; rows == nil {
			rows = &workRows{s.read, vals, make([]int, len(s.read.days))}
			s.named[name] = rows
		}
	}
	s.known[a] = rows
	return rows
}

func (r *workRows) bucket(b int) *Sums {
	if r.at[b] == 0 {
		r.read.rows = append(r.read.rows, workRow{bucket: b, vals: r.vals})
		r.at[b] = len(r.read.rows)
	}
	return &r.read.rows[r.at[b]-1].sums
}

// addWork adds work and promises to the groups of f, making groups that contacts
// do not have.
func (f *Frame) addWork(set *Settings, r *workRead) {
	if r == nil {
		return
	}
	q, loc := &f.Query, set.zone()
	type place struct {
		bucket int
		name   string
	}
	index := map[place]int{}
	for i := range f.Groups {
		b := 0
		if q.Every != Whole {
			b = bucketOf(r.starts, max(f.Groups[i].Start.Unix(), r.starts[0]))
		}
		index[place{b, prefix(f.Groups[i].Values)}] = i
	}
	for i := range r.rows {
		row := &r.rows[i]
		p := place{row.bucket, prefix(row.vals)}
		at, ok := index[p]
		if !ok {
			at = len(f.Groups)
			index[p] = at
			g := Group{Values: slices.Clone(row.vals)}
			if q.Every != Whole {
				g.Start, g.End = r.days[row.bucket].Start(loc), q.Every.next(r.days[row.bucket]).Start(loc)
			}
			f.Groups = append(f.Groups, g)
		}
		f.Groups[at].Sums.Add(&row.sums)
	}
}

// bucketOf returns the bucket that holds a moment.
func bucketOf(starts []int64, t int64) int {
	i, found := slices.BinarySearch(starts, t)
	if !found {
		i--
	}
	return min(max(i, 0), len(starts)-2)
}
