package importer

import (
	"time"

	"kcc/internal/calendar"
)

// localTimes turns wall clocks of a zone into moments. The offset of a day
// without clock change is looked up once.
type localTimes struct {
	loc   *time.Location
	day   int64 // civil day of the cached offset
	valid bool
	plain bool // the cached day has one offset
	off   int64
}

// pass tells which of two equal wall clocks is meant.
type pass int

const (
	firstPass pass = iota
	secondPass
)

// at returns the UTC seconds of a wall clock given as seconds since 1970 as if
// in UTC. doubled tells that the clock shows this time twice; missing that it
// is skipped.
func (z *localTimes) at(wall int64, p pass) (utc int64, doubled, missing bool) {
	day := floorDiv(wall, 86400)
	if !z.valid || day != z.day {
		a, b := z.offset(day*86400), z.offset((day+1)*86400)
		z.day, z.valid, z.plain, z.off = day, true, a == b && z.offset(day*86400+43200) == a, a
	}
	if z.plain {
		return wall - z.off, false, false
	}
	// A wall clock w is shown at every u with u + offset(u) = w.
	var found [2]int64
	n := 0
	before, after := z.offsetAtUTC(wall-z.off-86400), z.offsetAtUTC(wall-z.off+86400)
	for _, o := range [2]int64{before, after} {
		u := wall - o
		if z.offsetAtUTC(u) == o && (n == 0 || found[0] != u) {
			found[n] = u
			n++
		}
	}
	switch n {
	case 0:
		return wall - before, false, true
	case 1:
		return found[0], false, false
	}
	if found[0] > found[1] {
		found[0], found[1] = found[1], found[0]
	}
	return found[p], true, false
}

// offset returns seconds east of UTC near a wall clock.
func (z *localTimes) offset(wall int64) int64 {
	u := wall - z.offsetAtUTC(wall)
	return z.offsetAtUTC(u)
}

func (z *localTimes) offsetAtUTC(u int64) int64 {
	_, o := time.Unix(u, 0).In(z.loc).Zone()
	return int64(o)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

// daySlot returns the local civil day and quarter of a moment, without the cost
// of time.Date for every row.
type daySlot struct {
	loc      *time.Location
	from, to int64 // the UTC range in which off holds
	off      int64
}

func (d *daySlot) of(utc int64) (day calendar.Date, slot int) {
	if utc < d.from || utc >= d.to {
		t := time.Unix(utc, 0).In(d.loc)
		_, o := t.Zone()
		d.off = int64(o)
		from, to := t.ZoneBounds()
		d.from, d.to = utc, utc+1
		if !from.IsZero() {
			d.from = from.Unix()
		}
		if !to.IsZero() {
			d.to = to.Unix()
		}
	}
	local := utc + d.off
	dd := floorDiv(local, 86400)
	return calendar.Date(dd), int((local - dd*86400) / 900)
}

// doubledOrder tells the two passes of the doubled hour apart by the order of
// the rows: in each series the clock runs on until it falls back.
type doubledOrder struct {
	mode       string // "", first, second, merge
	descending bool
	last       map[string]seenClock
}

type seenClock struct {
	wall int64
	pass pass
}

// jitter is how far back the clock of call records may go without having
// fallen back: they are often sorted by their end.
const jitter = 30 * 60

// choose returns the pass of a doubled wall clock in a series. Intervals never
// repeat a time within a pass; records may go back a little.
func (d *doubledOrder) choose(series string, wall int64, records bool) pass {
	switch d.mode {
	case "first", "merge":
		return firstPass
	case "second":
		return secondPass
	}
	if d.last == nil {
		d.last = map[string]seenClock{}
	}
	early, late := firstPass, secondPass
	if d.descending {
		early, late = secondPass, firstPass
	}
	prev, seen := d.last[series]
	p := early
	if seen && wall-prev.wall < 3600 && prev.wall-wall < 3600 { // the same doubled hour
		p = prev.pass
		back := wall <= prev.wall
		if d.descending {
			back = wall >= prev.wall
		}
		if records {
			back = wall < prev.wall-jitter
			if d.descending {
				back = wall > prev.wall+jitter
			}
		}
		if back {
			p = late
		}
		if records && p == prev.pass && (wall > prev.wall) == d.descending {
			wall = prev.wall // keep the furthest clock of this pass
		}
	}
	d.last[series] = seenClock{wall, p}
	return p
}

// leave forgets the doubled hour of a series once it is past.
func (d *doubledOrder) leave(series string) {
	if len(d.last) > 0 {
		delete(d.last, series)
	}
}
