package calendar

import "time"

// Grid cuts civil days of a zone into intervals of one length. The zone and
// step must be set; Step must divide an hour or be a whole number of hours.
type Grid struct {
	Loc  *time.Location
	Step time.Duration
}

// SlotsPerDay returns the number of intervals on a day without clock change.
func (g Grid) SlotsPerDay() int { return int(24 * time.Hour / g.Step) }

// Day returns the start of every interval that exists on day d, in order. With
// quarters these are 96, or 92 and 100 on the days of the clock changes.
func (g Grid) Day(d Date) []time.Time {
	from, to := d.Start(g.Loc), d.Add(1).Start(g.Loc)
	out := make([]time.Time, 0, g.SlotsPerDay()+int(time.Hour/g.Step)+1)
	for t := from; t.Before(to); t = t.Add(g.Step) {
		out = append(out, t)
	}
	return out
}

// Slot returns the wall-clock slot of t: 0 for the interval that starts at
// 00:00. Both passes of the doubled autumn hour have the same slots.
func (g Grid) Slot(t time.Time) int {
	t = t.In(g.Loc)
	sec := t.Hour()*3600 + t.Minute()*60 + t.Second()
	return sec / int(g.Step/time.Second)
}

// Floor returns the start of the interval that holds t.
func (g Grid) Floor(t time.Time) time.Time {
	t = t.In(g.Loc)
	off := time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	if g.Step > time.Hour {
		off += time.Duration(t.Hour()) * time.Hour
	}
	return t.Add(-(off % g.Step))
}
