package importer

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// interval reads a row of interval statistics.
func (r *reader) interval(cells []string) error {
	l, iv := r.l, &r.row.Interval
	iv.Queue, iv.Agent = r.text(cells, fQueue), r.text(cells, fAgent)
	iv.Subject = r.text(cells, fSubject)
	r.row.dims = r.dimensions(cells)
	r.series = append(r.series[:0], iv.Queue...)
	r.series = append(r.series, 0)
	r.series = append(r.series, r.text(cells, fChannel)...)
	r.series = append(r.series, 0)
	r.series = append(r.series, iv.Subject...)
	r.series = append(r.series, 0)
	r.series = append(r.series, iv.Agent...)
	w, err := r.when(cells)
	if err != nil {
		return err
	}
	f := fStart
	if _, ok := l.at[fStart]; !ok {
		f = fDate
	}
	if iv.Start, err = r.utc(w, f, string(r.series)+string(rune(r.row.dims)), false); err != nil {
		return err
	}
	r.row.Local = !w.utc
	r.row.topic = iv.Subject
	iv.Channel = r.channel(r.text(cells, fChannel), iv.Queue, &iv.Subject)
	iv.Step = l.step
	if i, ok := l.at[fStep]; ok && r.opt.Step == 0 {
		if sec, ok := r.duration(cell(cells, i), fStep); ok && sec > 0 {
			iv.Step = time.Duration(sec * float64(time.Second))
		}
	}
	for _, c := range []struct {
		f Field
		v *float64
	}{{fOffered, &iv.Offered}, {fAnswered, &iv.Answered}, {fAbandoned, &iv.Abandoned}, {fShort, &iv.Short}, {fWithin, &iv.Within}} {
		if *c.v, err = r.count(cells, c.f); err != nil {
			return err
		}
	}
	r.complete(iv)
	for _, c := range []struct {
		f Field
		v *float64
	}{{fWait, &iv.Wait}, {fTalk, &iv.Talk}, {fHold, &iv.Hold}, {fACW, &iv.ACW}, {fAHT, &iv.AHT}} {
		if *c.v, err = r.seconds(cells, c.f); err != nil {
			return err
		}
		if l.total[c.f] && !math.IsNaN(*c.v) {
			n := iv.Answered
			if math.IsNaN(n) {
				n = iv.Offered
			}
			if n > 0 {
				*c.v /= n
			} else {
				*c.v = math.NaN()
			}
		}
		if math.IsNaN(*c.v) && r.held[c.f] && (iv.Answered == 0 || (iv.Offered == 0 && math.IsNaN(iv.Answered))) {
			*c.v = 0 // programs leave the means of no contacts blank
		}
		if math.IsNaN(*c.v) && l.blankZero[c.f] && l.blankCounts() && iv.Answered > 0 {
			*c.v = 0 // and a program that never writes a zero leaves these blank too
		}
	}
	if iv.empty() {
		return errNoFigures
	}
	iv.Target = math.NaN()
	if _, ok := l.at[fTarget]; ok {
		if iv.Target, err = r.seconds(cells, fTarget); err != nil {
			return err
		}
	} else if l.within > 0 {
		iv.Target = l.within
	}
	if _, ok := l.at[fWithin]; !ok {
		if err := r.level(cells, iv); err != nil {
			return err
		}
	}
	for f, v := range map[Field]float64{fOffered: iv.Offered, fAnswered: iv.Answered, fAbandoned: iv.Abandoned, fWithin: iv.Within} {
		if !math.IsNaN(v) {
			r.sums[f] += v
		}
	}
	return nil
}

// errNoFigures tells that a row names an interval but says nothing about it, as
// programs do for agents who did not work.
var errNoFigures = errors.New("no figures")

// queueKey is a queue as a file names it, with the channel that the file gives it.
type queueKey struct{ name, channel string }

// bareRows counts the rows of each queue, and of them those without any figure.
type bareRows map[queueKey][2]int

func (b bareRows) count(queue, channel string, bare bool) {
	k := queueKey{queue, channel}
	n, known := b[k]
	if !known {
		if len(b) >= maxDistinct {
			return
		}
		k = queueKey{strings.Clone(queue), strings.Clone(channel)}
	}
	n[0]++
	if bare {
		n[1]++
	}
	b[k] = n
}

// warnings tells which queues are left out whole, as none of their rows has a
// figure: a reader of the totals would miss them.
func (b bareRows) warnings(file string) []string {
	var out []string
	for _, k := range slices.SortedFunc(maps.Keys(b), func(x, y queueKey) int {
		return cmp.Or(strings.Compare(x.name, y.name), strings.Compare(x.channel, y.channel))
	}) {
		n := b[k]
		if n[1] == 0 || n[1] < n[0] {
			continue
		}
		name := k.name
		if name == "" {
			name = k.channel
		}
		if name == "" {
			continue // the whole file, which says so itself
		}
		out = append(out, fmt.Sprintf("%s: %q is left out: none of its %d rows has a figure, and blank means unknown; write 0 where nothing came in", file, name, n[0]))
	}
	return out
}

// empty reports whether nothing at all is known of the interval.
func (iv *Interval) empty() bool {
	for _, v := range [...]float64{iv.Offered, iv.Answered, iv.Abandoned, iv.Short, iv.Within, iv.Wait, iv.Talk, iv.Hold, iv.ACW, iv.AHT} {
		if !math.IsNaN(v) {
			return false
		}
	}
	return true
}

// complete fills the count that follows from the others: blank abandoned with
// as many answered as offered are none.
func (r *reader) complete(iv *Interval) {
	if math.IsNaN(iv.Abandoned) && r.held[fAbandoned] && iv.Offered == iv.Answered {
		iv.Abandoned = 0
	}
	if math.IsNaN(iv.Offered) && !math.IsNaN(iv.Answered) && !math.IsNaN(iv.Abandoned) {
		iv.Offered = iv.Answered + iv.Abandoned
	}
}

// level turns a service level into the number within target.
func (r *reader) level(cells []string, iv *Interval) error {
	i, ok := r.l.at[fLevel]
	iv.Within = math.NaN()
	if !ok || math.IsNaN(iv.Offered) {
		return nil
	}
	s := cell(cells, i)
	if s == "" || isMissing(strings.TrimSuffix(s, "%")) {
		return nil
	}
	t, pct := strings.CutSuffix(s, "%")
	v, ok := parseNumber(strings.TrimSpace(t), r.l.mark[fLevel])
	if !ok {
		return r.bad(fLevel, s, "a share such as 80%")
	}
	if pct || r.l.columns[i].max > 1.5 {
		v /= 100
	}
	of := iv.Offered
	if key := r.l.columns[i].info.key; strings.Contains(key, "onlyhandled") || strings.Contains(key, "withoutabandoned") {
		of = iv.Answered
	}
	iv.Within = v * of
	return nil
}

// dimensions hashes the cells that tell rows apart beside the fields, the same
// way in every process.
func (r *reader) dimensions(cells []string) uint64 {
	if len(r.l.dims) == 0 {
		return 0
	}
	h := newStableHash()
	for _, i := range r.l.dims {
		h.text(cell(cells, i))
	}
	return h.sum()
}
