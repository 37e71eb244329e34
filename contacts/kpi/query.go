package kpi

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Query says which figures are wanted: of which days, per what.
type Query struct {
	Period
	By     []Key
	Every  Every
	Filter map[Key][]string // only these values
	Until  time.Time        // intervals from here on are left out; zero: none
}

// Key is what figures are split by.
type Key string

// The keys.
const (
	ByChannel    Key = "channel"
	ByKind       Key = "kind"
	BySubject    Key = "subject"
	BySegment    Key = "segment"
	ByDepartment Key = "department"
	ByTeam       Key = "team"
	ByDirection  Key = "direction"
	ByCause      Key = "cause"
	ByAgent      Key = "agent"
)

// Keys returns the keys that a report can be split by; agents have a report of
// their own.
func Keys() []Key {
	return []Key{ByChannel, ByKind, BySubject, BySegment, ByDepartment, ByTeam, ByDirection, ByCause}
}

// ParseKeys reads names with commas between.
func ParseKeys(s string) ([]Key, error) {
	var out []Key
	for _, w := range strings.Split(s, ",") {
		k := Key(strings.TrimSpace(w))
		switch {
		case k == "":
			continue
		case !slices.Contains(Keys(), k):
			return nil, fmt.Errorf("%q: want channel, kind, subject, segment, department, team, direction or cause", string(k))
		case slices.Contains(out, k):
			return nil, fmt.Errorf("%q is named twice", string(k))
		}
		out = append(out, k)
	}
	return out, nil
}

func (k Key) dim() Dim {
	switch k {
	case ByKind:
		return Kind
	case BySubject:
		return Subject
	case BySegment:
		return Segment
	case ByDepartment:
		return Department
	case ByDirection:
		return Direction
	case ByCause:
		return Cause
	case ByTeam, ByAgent:
		return Agent
	}
	return Channel
}

// Group is one line of a report: the sums of a bucket of time and values of the
// keys.
type Group struct {
	Start  time.Time // of the bucket; zero without buckets
	End    time.Time
	Values []string // per key
	Sums   Sums
}

// Frame is the answer to a query: groups in order of time and keys, which add up
// to Total.
type Frame struct {
	Query  Query
	Groups []Group
	Total  Sums
	// Records tells that volumes come from contact records, as statistics per
	// interval do not know the keys; Volume is what the statistics hold then.
	Records bool
	Volume  float64
	Data    Period                               // days with any row in the whole store
	Empty   bool                                 // the store has no contacts and no statistics
	Seen    map[string]map[calendar.Date]float64 // offered per channel and day
	Judged  map[string]bool                      // channels of which it is known how contacts end
	Timed   map[string]bool                      // channels of which answers in time are known
	Priced  map[string]*priced                   // per channel, where wages are known
	Last    time.Time                            // end of the last interval or contact seen
}

// Load answers a query.
func Load(ctx context.Context, db *sql.DB, set *Settings, q Query) (*Frame, error) {
	f, err := loadOnce(ctx, db, set, q)
	if errors.Is(err, errPart) { // what is kept follows from the rest: it is made again
		if err := forget(ctx, db); err != nil {
			return nil, err
		}
		return loadOnce(ctx, db, set, q)
	}
	return f, err
}

func loadOnce(ctx context.Context, db *sql.DB, set *Settings, q Query) (*Frame, error) {
	l, err := newLoader(ctx, db, set, q)
	if err != nil {
		return nil, err
	}
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	return l.frame, nil
}

func newLoader(ctx context.Context, db *sql.DB, set *Settings, q Query) (*loader, error) {
	c, err := openCube(ctx, db, set)
	if err != nil {
		return nil, err
	}
	ranks, err := readRanks(ctx, db)
	if err != nil {
		return nil, err
	}
	return &loader{cube: c, set: set, ranks: ranks, q: q, groups: map[groupKey]*Group{}, names: map[string]uint32{}, frame: &Frame{
		Query: q, Data: Period{c.span.first, c.span.last}, Empty: c.none,
		Seen: map[string]map[calendar.Date]float64{}, Judged: map[string]bool{}, Timed: map[string]bool{}, Priced: map[string]*priced{},
	}}, nil
}

// groupKey names a group while it is gathered.
type groupKey struct {
	start int64
	vals  [maxKeys]uint32
}

// maxKeys is how many keys can be combined.
const maxKeys = 8

// loader gathers a frame.
type loader struct {
	cube   *cube
	set    *Settings
	ranks  map[string]int
	q      Query
	frame  *Frame
	groups map[groupKey]*Group
	names  map[string]uint32
	list   []string
	last   calendar.Date // newest day of which the contacts are old enough to judge
}

func (l *loader) id(s string) uint32 {
	n, ok := l.names[s]
	if !ok {
		n = uint32(len(l.list))
		l.names[s] = n
		l.list = append(l.list, s)
	}
	return n
}

// onlyChannels reports whether statistics per interval know all keys in use.
func (l *loader) onlyChannels() bool {
	for _, k := range l.q.By {
		if k != ByChannel {
			return false
		}
	}
	for k, v := range l.q.Filter {
		if k != ByChannel && len(v) > 0 {
			return false
		}
	}
	return true
}

func (l *loader) load(ctx context.Context) error {
	l.last = l.cube.span.last.Add(-l.set.window())
	days := span{l.q.From, l.q.To}
	plain := l.onlyChannels()
	subjects := !plain && l.subjectsOnly()
	if err := l.queues(ctx, days, plain); err != nil {
		return err
	}
	records, err := l.records(ctx, days, plain)
	if err != nil {
		return err
	}
	l.frame.Records = !plain
	if subjects && records == 0 { // statistics per subject are all there is
		clear(l.groups)
		clear(l.frame.Priced)
		l.frame.Records = false
		if err := l.queues(ctx, days, true); err != nil {
			return err
		}
	}
	l.finish()
	return nil
}

// subjectsOnly reports whether the keys are those that statistics may have.
func (l *loader) subjectsOnly() bool {
	ok := func(k Key) bool { return k == ByChannel || k == BySubject }
	for _, k := range l.q.By {
		if !ok(k) {
			return false
		}
	}
	for k, v := range l.q.Filter {
		if !ok(k) && len(v) > 0 {
			return false
		}
	}
	return true
}

// queues reads the statistics per interval; add says whether they make groups or
// only tell what came in.
func (l *loader) queues(ctx context.Context, days span, add bool) error {
	w := &want{time: true}
	w.dims[Channel], w.dims[source] = true, true
	if add {
		w.dims[Subject] = true
		for s := range queueSums {
			w.sums[s] = true
		}
	} else {
		w.sums[Offered], w.sums[Judged], w.sums[SLOffered] = true, true, true
	}
	return l.cube.each(ctx, days, queuePart, w, func(d calendar.Date, p *part) error {
		pick := l.sources(p, nil)
		in := l.inPart(p, 0, queueSums)
		start, midnight := l.cube.dayStart(d).Unix(), l.cube.dayStart(d.Add(1)).Unix()
		seen := map[string]float64{}
		for i := range p.rows {
			if !l.q.Until.IsZero() && start+p.start[i] >= l.q.Until.Unix() {
				continue
			}
			channel := p.text(Channel, i)
			if only := l.q.Filter[ByChannel]; !pick[i] || len(only) > 0 && !slices.Contains(only, channel) || add && !l.passes(p, i) {
				continue
			}
			offered := p.sum(Offered, i)
			seen[channel] += offered
			if p.sum(Judged, i) > 0 {
				l.frame.Judged[channel] = true
			}
			if p.sum(SLOffered, i) > 0 {
				l.frame.Timed[channel] = true
			}
			last := min(start+p.start[i]+p.step[i], midnight)
			if !l.q.Until.IsZero() {
				last = min(last, l.q.Until.Unix())
			}
			if end := time.Unix(last, 0); end.After(l.frame.Last) {
				l.frame.Last = end
			}
			if !add {
				l.frame.Volume += offered
				continue
			}
			g := l.group(d, start+p.start[i], in, i)
			in.addTo(&g.Sums, i)
			in.level(&g.Sums, i)
			in.cost(&g.Sums, i)
		}
		for ch, n := range seen {
			if l.frame.Seen[ch] == nil {
				l.frame.Seen[ch] = map[calendar.Date]float64{}
			}
			l.frame.Seen[ch][d] = n
		}
		return nil
	})
}

// records reads the contact records and returns how many there are. With plain
// they add what statistics per interval do not know.
func (l *loader) records(ctx context.Context, days span, plain bool) (float64, error) {
	if plain && l.q.Every.belowDay() {
		return 0, nil // records are kept per day
	}
	which := int64(contactPart)
	w := &want{}
	w.dims[Channel], w.dims[source], w.dims[Direction] = true, true, true
	keys := slices.Clone(l.q.By)
	for k := range l.q.Filter {
		keys = append(keys, k)
	}
	for _, k := range keys {
		w.dims[k.dim()] = true
		if k.dim() == Agent {
			which = agentPart
		}
		if k == ByDepartment {
			w.dims[Subject] = true
		}
	}
	if which == contactPart {
		w.dims[Subject] = true // tells what the centre can answer itself
	}
	from := 0
	if plain {
		from = queueSums
	}
	for s := from; s < cubeSums; s++ {
		w.sums[s] = true
	}
	telling, err := l.telling(ctx, days, which)
	if err != nil {
		return 0, err
	}
	total := 0.0
	err = l.cube.each(ctx, days, which, w, func(d calendar.Date, p *part) error {
		dir := l.directions(p)
		pick := l.sources(p, dir)
		in := l.inPart(p, from, cubeSums)
		for i := range p.rows {
			if !dir[i] || !pick[i] || !l.passes(p, i) {
				continue
			}
			g := l.group(d, 0, in, i)
			in.addTo(&g.Sums, i)
			told, own := p.sum(OutcomeN, i), p.sum(Own, i)
			if n := p.sum(Plain, i); n > 0 && telling[p.text(source, i)] {
				g.Sums[OutcomeN] += n
				g.Sums[Own] += n
				told, own = told+n, own+n
			}
			total += p.sum(Contacts, i)
			if !plain {
				in.level(&g.Sums, i)
				in.cost(&g.Sums, i)
			}
			if slices.Contains(l.set.Bots, p.text(Channel, i)) {
				g.Sums[Bot] += told
				g.Sums[BotOwn] += own
			}
			if d <= l.last {
				g.Sums[JParty] += p.sum(Party, i)
				g.Sums[JFollowed] += p.sum(Followed, i)
			}
			if which == contactPart && l.set.Specialist != nil {
				if deep, known := l.set.Specialist(p.text(Subject, i)); known {
					if deep {
						g.Sums[Specialist] += told
						g.Sums[SpecialistOut] += told - own
					} else {
						g.Sums[Generic] += told
						g.Sums[GenericOwn] += own
					}
				}
			}
		}
		return nil
	})
	return total, err
}

// telling finds the sources that tell what becomes of contacts: in the period
// some of theirs were passed on. Of those, a contact that is called answered and
// no more is one that the centre answered itself; a telephone system calls every
// call answered that somebody took.
func (l *loader) telling(ctx context.Context, days span, which int64) (map[string]bool, error) {
	w := &want{}
	w.dims[source] = true
	w.sums[Moved], w.sums[Callback], w.sums[Handed] = true, true, true
	out := map[string]bool{}
	return out, l.cube.each(ctx, days, which, w, func(_ calendar.Date, p *part) error {
		for i := range p.rows {
			if p.sum(Moved, i)+p.sum(Callback, i)+p.sum(Handed, i) > 0 {
				out[p.text(source, i)] = true
			}
		}
		return nil
	})
}

// directions tells which rows have a direction that is asked for: inbound unless
// the query is about directions.
func (l *loader) directions(p *part) []bool {
	out := make([]bool, p.rows)
	all := slices.Contains(l.q.By, ByDirection) || len(l.q.Filter[ByDirection]) > 0
	for i := range out {
		out[i] = all || p.text(Direction, i) == ""
	}
	return out
}

// sources tells which rows count: of a channel, and direction, on a day only
// those of the source with the lowest rank.
func (l *loader) sources(p *part, among []bool) []bool {
	out := make([]bool, p.rows)
	if len(p.dims[source]) == 0 {
		for i := range out {
			out[i] = true
		}
		return out
	}
	type key struct{ channel, direction uint32 }
	at := func(i int) key {
		var k key
		if len(p.dims[Channel]) > 0 {
			k.channel = p.dims[Channel][i]
		}
		if len(p.dims[Direction]) > 0 {
			k.direction = p.dims[Direction][i]
		}
		return k
	}
	best := map[key]uint32{}
	for i := range p.rows {
		if among != nil && !among[i] {
			continue
		}
		s := p.dims[source][i]
		b, ok := best[at(i)]
		if !ok || s != b && l.before(p.texts[s], p.texts[b]) {
			best[at(i)] = s
		}
	}
	for i := range out {
		b, ok := best[at(i)]
		out[i] = ok && b == p.dims[source][i]
	}
	return out
}

func (l *loader) before(a, b string) bool {
	return cmp.Or(cmp.Compare(l.ranks[a], l.ranks[b]), cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) < 0
}

// value returns the value of a key in a row.
func (l *loader) value(k Key, p *part, i int) string {
	v := p.text(k.dim(), i)
	switch k {
	case ByDirection:
		if v == "" {
			return "inbound"
		}
	case ByDepartment:
		if v == "" && l.set.DepartmentOf != nil {
			return l.set.DepartmentOf(p.text(Subject, i))
		}
	case ByTeam:
		if l.set.TeamOf != nil {
			return l.set.TeamOf(v)
		}
		return ""
	}
	return v
}

// passes reports whether a row has the values that the filter wants.
func (l *loader) passes(p *part, i int) bool {
	for k, vals := range l.q.Filter {
		if len(vals) > 0 && !slices.Contains(vals, l.value(k, p, i)) {
			return false
		}
	}
	return true
}

// group returns the group of a row, made on first use.
func (l *loader) group(d calendar.Date, at int64, in *inPart, row int) *Group {
	var k groupKey
	switch l.q.Every {
	case Whole:
	case Interval:
		k.start = at
	case Hour:
		k.start = at - floorMod(at, hour)
	default:
		k.start = int64(l.q.Every.first(d))
	}
	for i := range l.q.By {
		k.vals[i] = in.id(i, row)
	}
	g := l.groups[k]
	if g == nil {
		g = &Group{}
		for i := range l.q.By {
			g.Values = append(g.Values, l.list[k.vals[i]])
		}
		switch l.q.Every {
		case Whole:
		case Interval:
			g.Start = time.Unix(at, 0).In(l.set.zone())
			g.End = g.Start.Add(time.Duration(in.step[row]) * time.Second)
		case Hour:
			g.Start = time.Unix(k.start, 0).In(l.set.zone())
			g.End = g.Start.Add(time.Hour)
		default:
			first := calendar.Date(k.start)
			g.Start, g.End = l.cube.dayStart(first), l.cube.dayStart(l.q.Every.next(first))
		}
		l.groups[k] = g
	}
	return g
}

const hour = 60 * 60

// finish puts the groups in order and adds up the total.
func (l *loader) finish() {
	f := l.frame
	f.Groups = f.Groups[:0]
	for _, g := range l.groups {
		f.Groups = append(f.Groups, *g)
	}
	f.arrange(l.set)
}

// arrange puts the groups in order of time, then of the keys, and adds up the
// total. Of the backlog, which is a level, the last bucket counts.
func (f *Frame) arrange(set *Settings) {
	order := map[string]int{}
	for i, ch := range set.ChannelOrder {
		order[ch] = i - len(set.ChannelOrder)
	}
	slices.SortFunc(f.Groups, func(a, b Group) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		for i, k := range f.Query.By {
			if k == ByChannel {
				if c := cmp.Compare(order[a.Values[i]], order[b.Values[i]]); c != 0 {
					return c
				}
			}
			// What has no value stands last.
			if (a.Values[i] == "") != (b.Values[i] == "") {
				return cmp.Compare(b.Values[i], a.Values[i])
			}
			if c := cmp.Compare(a.Values[i], b.Values[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	f.Total = Sums{}
	for i := range f.Groups {
		s := f.Groups[i].Sums
		if f.Query.Every != Whole && f.Groups[i].End.Before(f.Groups[len(f.Groups)-1].End) {
			s[Open], s[Overdue] = 0, 0
		}
		f.Total.Add(&s)
	}
}
