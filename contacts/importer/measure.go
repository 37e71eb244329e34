package importer

import (
	"context"
	"errors"
	"time"
)

// measure goes over the times of a table once its layout is settled: the length
// of the interval from the gaps, and whether rows run backwards.
func (l *layout) measure(ctx context.Context, f *File, opt *Options) error {
	if l.Kind != Intervals && l.Kind != Calls {
		return nil
	}
	r := newReader(l, opt)
	var m gaps
	stop := errors.New("enough")
	n := 0
	err := l.each(f, opt, func(cells []string, line int) error {
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if l.Kind == Calls && n > directionRows {
			return stop
		}
		r.row.Line = line
		if r.notData(cells) != "" {
			return nil
		}
		w, err := r.when(cells)
		if err != nil {
			return nil // the row is rejected when it is read
		}
		m.add(w.wall, w.clock)
		if w.to >= 0 {
			m.length(w.to - int(w.wall-floorDiv(w.wall, 86400)*86400))
		} else if l.Kind == Intervals {
			m.length(r.lengthByEnd(cells, w))
		}
		return nil
	})
	if err != nil && !errors.Is(err, stop) {
		return err
	}
	l.descending = m.down > m.up
	if l.Kind == Intervals {
		l.step = m.step()
		if opt.Step > 0 {
			l.step = opt.Step
		}
	}
	return nil
}

// directionRows is how many records tell whether a file runs backwards.
const directionRows = 20000

// lengthByEnd returns the seconds up to the end column, or 0.
func (r *reader) lengthByEnd(cells []string, w wallTime) int {
	for _, f := range []Field{fEnd, fEndTime} {
		i, ok := r.l.at[f]
		if !ok {
			continue
		}
		e, ok := r.moment(cell(cells, i), f)
		switch {
		case !ok:
		case e.hasDate && e.utc == w.utc:
			return int(e.wall - w.wall)
		case !e.hasDate && e.clock:
			d := int(e.wall - (w.wall - floorDiv(w.wall, 86400)*86400))
			if d < 0 {
				d += 86400
			}
			return d
		}
	}
	return 0
}

// gaps collects what the length of an interval follows from.
type gaps struct {
	last     int64
	any      bool
	up, down int
	minutes  map[int]int // minute of the day
	diffs    map[int64]int
	lengths  map[int]int
	days     map[int64]bool
	clocks   bool
}

const maxGaps = 4096

func (g *gaps) add(wall int64, clock bool) {
	if g.minutes == nil {
		g.minutes, g.diffs, g.lengths, g.days = map[int]int{}, map[int64]int{}, map[int]int{}, map[int64]bool{}
	}
	day := floorDiv(wall, 86400)
	g.minutes[int(wall-day*86400)/60]++
	if len(g.days) < maxGaps {
		g.days[day] = true
	}
	g.clocks = g.clocks || clock
	if g.any {
		d := wall - g.last
		switch {
		case d > 0:
			g.up++
		case d < 0:
			g.down++
			d = -d
		}
		if d > 0 && len(g.diffs) < maxGaps {
			g.diffs[d]++
		}
	}
	g.last, g.any = wall, true
}

func (g *gaps) length(sec int) {
	if sec == 3599 || sec == 1799 || sec == 899 || sec == 86399 || sec%60 == 59 {
		sec++ // ends written as 08:14:59
	}
	if sec > 0 && sec <= 7*86400 && len(g.lengths) < maxGaps {
		g.lengths[sec]++
	}
}

// defaultStep is the length when a file has a single time of day and nothing
// else to tell.
const defaultStep = 15 * time.Minute

// step returns the length of the interval: by the end column when there is one,
// else the gap that most neighbouring times of the day have. Times of only one
// clock are days.
func (g *gaps) step() time.Duration {
	if n, d := mostFrequent(g.lengths); n > 0 {
		return time.Duration(d) * time.Second
	}
	if len(g.minutes) <= 1 {
		if len(g.days) > 1 || !g.clocks {
			// One row a day: the usual gap between days.
			best, count := int64(0), 0
			for d, n := range g.diffs {
				if d%86400 == 0 && (n > count || (n == count && d < best)) {
					best, count = d, n
				}
			}
			if best > 0 && best <= 7*86400 && count > 0 && g.minutes[0] > 0 && best == 7*86400 {
				return 7 * 24 * time.Hour
			}
			return 24 * time.Hour
		}
		return defaultStep
	}
	near := map[int]int{}
	prev := -1
	for m := range 1440 {
		if g.minutes[m] == 0 {
			continue
		}
		if prev >= 0 {
			near[m-prev] += g.minutes[m]
		}
		prev = m
	}
	_, d := mostFrequent(near)
	return time.Duration(d) * time.Minute
}

// mostFrequent returns the highest count and the smallest key that has it.
func mostFrequent(m map[int]int) (count, key int) {
	for k, n := range m {
		if n > count || (n == count && k < key) {
			count, key = n, k
		}
	}
	return count, key
}
