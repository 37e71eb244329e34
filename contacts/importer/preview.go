package importer

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// previewRows is how many rows a dry run shows as understood.
const previewRows = 3

// preview collects what a dry run shows of one file.
type preview struct {
	buf   bytes.Buffer
	w     *RowWriter
	n     int
	cover *coverage
}

func newPreview(opt *Options, cover *coverage) *preview {
	p := &preview{cover: cover}
	p.w = NewRowWriter(&p.buf, opt.zone())
	return p
}

// see takes one row; it does nothing on nil.
func (p *preview) see(r *Row) {
	if p == nil {
		return
	}
	if p.n < previewRows {
		p.n++
		_ = p.w.Write(r) // to memory
	}
	p.cover.see(r)
}

func (p *preview) lines() []string {
	if p == nil || p.n == 0 {
		return nil
	}
	_ = p.w.Flush() // to memory
	return strings.Split(strings.TrimSpace(p.buf.String()), "\n")
}

// coverage counts for a dry run which intervals and days of a channel have rows.
type coverage struct {
	days     daySlot
	channels map[string]*channelDays
}

type channelDays struct {
	at map[calendar.Date]map[int64]bool // seconds of the day that have rows
}

func newCoverage(loc *time.Location) *coverage {
	return &coverage{days: daySlot{loc: loc}, channels: map[string]*channelDays{}}
}

func (c *coverage) see(r *Row) {
	var channel string
	step := int64(rollUpStep / time.Second)
	switch r.Kind {
	case Intervals:
		channel, step = r.Interval.Channel, int64(r.Interval.Step/time.Second)
	case Calls, QueueLog:
		channel = r.Contact.Channel
	default:
		return
	}
	if channel == "" {
		channel = contacts.Phone
	}
	utc := r.Start().Unix()
	day, _ := c.days.of(utc)
	slots := c.day(channel, day)
	local := floorMod(utc+c.days.off, 86400)
	slots[local-floorMod(local, max(step, 1))] = true
}

// day returns the slots of a day of a channel, which from now on has rows.
func (c *coverage) day(channel string, day calendar.Date) map[int64]bool {
	ch := c.channels[channel]
	if ch == nil {
		ch = &channelDays{at: map[calendar.Date]map[int64]bool{}}
		c.channels[strings.Clone(channel)] = ch
	}
	slots := ch.at[day]
	if slots == nil {
		slots = map[int64]bool{}
		ch.at[day] = slots
	}
	return slots
}

// spans counts days without rows, of weekdays that have rows elsewhere, and
// intervals without rows on days that have some.
func (c *coverage) spans() []Span {
	var out []Span
	for name, ch := range c.channels {
		var usual [7]map[int64]bool // slots that a weekday ever has
		days := make([]calendar.Date, 0, len(ch.at))
		for d, slots := range ch.at {
			days = append(days, d)
			w := d.Weekday()
			if usual[w] == nil {
				usual[w] = map[int64]bool{}
			}
			for s := range slots {
				usual[w][s] = true
			}
		}
		slices.Sort(days)
		s := Span{Channel: name, First: days[0].String(), Last: days[len(days)-1].String(), Days: len(days)}
		for d := days[0]; d <= days[len(days)-1]; d++ {
			slots, open := ch.at[d], usual[d.Weekday()]
			switch {
			case slots == nil && len(open) > 0:
				s.DaysWithout++
			case slots != nil:
				for t := range open {
					if !slots[t] {
						s.IntervalsAbsent++
					}
				}
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Span) int { return cmp.Compare(a.Channel, b.Channel) })
	return out
}
