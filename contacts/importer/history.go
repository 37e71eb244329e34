package importer

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// ErrNoHistory means that the files hold no volumes.
var ErrNoHistory = errors.New("there are no contact volumes in it")

// History is what ReadHistory found.
type History struct {
	Series  []contacts.Series // per channel; with Options of the filter per subject too
	Files   []FileReport
	Rejects int
}

// rollUpStep is the interval into which call records are counted.
const rollUpStep = 15 * time.Minute

// ReadHistory reads files (paths, globs, archives, "-" for stdin) without a
// store and returns their interval volumes: of interval statistics as they are,
// of call records counted into quarters. Without a channel column there is one
// series, with an empty channel. filter.BySubject adds a series per subject.
// Rows that cannot be read are counted and go to reject, which may be nil.
func ReadHistory(ctx context.Context, paths []string, stdin io.Reader, opt Options, filter contacts.Filter, reject func(*Reject)) (*History, error) {
	in, err := Expand(paths, stdin)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	h := &historyBuilder{opt: &opt, filter: filter, cells: map[cellKey]*sum{}, spans: map[seriesKey]*span{}}
	out := &History{}
	note := func(r *Reject) {
		out.Rejects++
		if reject != nil {
			reject(r)
		}
	}
	for _, f := range in.Files {
		parsed, err := Understand(ctx, f, opt)
		if err != nil {
			return nil, err
		}
		for _, p := range parsed {
			if err := p.Rows(ctx, h.add, note); err != nil {
				return nil, err
			}
			out.Files = append(out.Files, p.Report())
		}
	}
	if out.Series = h.series(); len(out.Series) == 0 {
		return out, ErrNoHistory
	}
	return out, nil
}

type seriesKey struct{ channel, subject string }

type cellKey struct {
	seriesKey
	start int64
	step  int64 // seconds, of the rows
}

type span struct {
	first, last calendar.Date
	steps       map[int64]int
}

// sum adds up one interval.
type sum struct {
	offered, offeredN, answered, answeredN, abandoned, abandonedN float64
	handle, handleN, wait, waitN                                  float64
}

type historyBuilder struct {
	opt    *Options
	filter contacts.Filter
	cells  map[cellKey]*sum
	spans  map[seriesKey]*span
	days   daySlot
}

func (h *historyBuilder) add(r *Row) error {
	switch r.Kind {
	case Intervals:
		iv := &r.Interval
		if iv.Agent != "" && math.IsNaN(iv.Offered) && math.IsNaN(iv.Answered) {
			return nil
		}
		h.cell(iv.Channel, iv.Subject, iv.Start, iv.Step, rowsAdd(iv))
	case Calls, QueueLog:
		c := &r.Contact
		if c.Direction == contacts.Outbound {
			return nil
		}
		start := c.Start.Truncate(rollUpStep) // zones differ from UTC by whole quarters
		h.cell(c.Channel, c.Subject, start, rollUpStep, callAdd(c))
	}
	return nil
}

// cell applies add to the channel's interval and, when asked for, the subject's.
func (h *historyBuilder) cell(channel, subject string, start time.Time, step time.Duration, add func(*sum)) {
	if len(h.filter.Channels) > 0 && !slices.Contains(h.filter.Channels, channel) {
		return
	}
	if h.days.loc == nil {
		h.days.loc = h.opt.zone()
	}
	day, _ := h.days.of(start.Unix())
	keys := []seriesKey{{channel, ""}}
	if subject != "" && (h.filter.BySubject || slices.Contains(h.filter.Subjects, subject)) {
		keys = append(keys, seriesKey{channel, subject})
	}
	for _, k := range keys {
		sp := h.spans[k]
		if sp == nil {
			sp = &span{day, day, map[int64]int{}}
			h.spans[k] = sp
		}
		sp.first, sp.last = min(sp.first, day), max(sp.last, day)
		sec := int64(step / time.Second)
		sp.steps[sec]++
		ck := cellKey{k, start.Unix(), sec}
		s := h.cells[ck]
		if s == nil {
			s = &sum{}
			h.cells[ck] = s
		}
		add(s)
	}
}

func rowsAdd(iv *Interval) func(*sum) {
	return func(s *sum) {
		offered := iv.Offered
		if math.IsNaN(offered) {
			offered = iv.Answered
		}
		addCount(&s.offered, &s.offeredN, offered)
		addCount(&s.answered, &s.answeredN, iv.Answered)
		addCount(&s.abandoned, &s.abandonedN, iv.Abandoned)
		weight := iv.Answered
		if math.IsNaN(weight) {
			weight = iv.Offered
		}
		if aht := iv.HandleTime(); !math.IsNaN(aht) && weight > 0 {
			s.handle += aht * weight
			s.handleN += weight
		}
		if !math.IsNaN(iv.Wait) && weight > 0 {
			s.wait += iv.Wait * weight
			s.waitN += weight
		}
	}
}

func addCount(sum, n *float64, v float64) {
	if !math.IsNaN(v) {
		*sum += v
		*n++
	}
}

// HandleTime returns AHT, or talk, hold and after-contact work together when it
// is unknown; NaN without any.
func (iv *Interval) HandleTime() float64 {
	if !math.IsNaN(iv.AHT) {
		return iv.AHT
	}
	c := contacts.Contact{Handle: math.NaN(), Talk: iv.Talk, Hold: iv.Hold, ACW: iv.ACW}
	return c.HandleTime()
}

func callAdd(c *contacts.Contact) func(*sum) {
	return func(s *sum) {
		s.offered++
		s.offeredN++
		s.answeredN++
		s.abandonedN++
		if !c.IsAnswered() {
			if c.Outcome == contacts.Abandoned {
				s.abandoned++
			}
			return
		}
		s.answered++
		if v := c.HandleTime(); !math.IsNaN(v) {
			s.handle += v
			s.handleN++
		}
		if !math.IsNaN(c.Wait) {
			s.wait += c.Wait
			s.waitN++
		}
	}
}

// series puts the intervals in order, every series on one step: the coarsest of
// its files, or that of the filter.
func (h *historyBuilder) series() []contacts.Series {
	bySeries := map[seriesKey][]cellKey{}
	for k := range h.cells {
		bySeries[k.seriesKey] = append(bySeries[k.seriesKey], k)
	}
	var out []contacts.Series
	for k, cells := range bySeries {
		sp := h.spans[k]
		step := int64(h.filter.Step / time.Second)
		for s := range sp.steps {
			step = max(step, s)
		}
		merged := map[int64]*sum{}
		for _, c := range cells {
			at := c.start
			if c.step < step {
				at = h.floor(c.start, step)
			}
			m := merged[at]
			if m == nil {
				m = &sum{}
				merged[at] = m
			}
			m.merge(h.cells[c])
		}
		s := contacts.Series{Channel: k.channel, Subject: k.subject, Zone: h.opt.zone(), Step: time.Duration(step) * time.Second, First: sp.first, Last: sp.last}
		for at, m := range merged {
			s.Obs = append(s.Obs, m.volume(time.Unix(at, 0).In(s.Zone)))
		}
		slices.SortFunc(s.Obs, func(a, b contacts.Volume) int { return a.Start.Compare(b.Start) })
		if h.filter.From != 0 || h.filter.To != 0 {
			s.Obs = slices.DeleteFunc(s.Obs, func(v contacts.Volume) bool {
				d := calendar.DateOf(v.Start, s.Zone)
				return (h.filter.From != 0 && d < h.filter.From) || (h.filter.To != 0 && d > h.filter.To)
			})
			if h.filter.From != 0 {
				s.First = max(s.First, h.filter.From)
			}
			if h.filter.To != 0 {
				s.Last = min(s.Last, h.filter.To)
			}
		}
		if len(s.Obs) > 0 {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b contacts.Series) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Subject, b.Subject))
	})
	return out
}

func (h *historyBuilder) floor(start, step int64) int64 {
	day, _ := h.days.of(start)
	if step >= 86400 {
		return day.Start(h.opt.zone()).Unix()
	}
	local := start + h.days.off
	return local - floorMod(local, step) - h.days.off
}

func floorMod(a, b int64) int64 { return a - floorDiv(a, b)*b }

func (s *sum) merge(o *sum) {
	s.offered += o.offered
	s.offeredN += o.offeredN
	s.answered += o.answered
	s.answeredN += o.answeredN
	s.abandoned += o.abandoned
	s.abandonedN += o.abandonedN
	s.handle += o.handle
	s.handleN += o.handleN
	s.wait += o.wait
	s.waitN += o.waitN
}

func (s *sum) volume(start time.Time) contacts.Volume {
	known := func(v, n float64) float64 {
		if n == 0 {
			return math.NaN()
		}
		return v
	}
	return contacts.Volume{
		Start: start, Offered: known(s.offered, s.offeredN), Handled: known(s.answered, s.answeredN), Abandoned: known(s.abandoned, s.abandonedN),
		AHT: known(s.handle, s.handleN) / s.handleN, Wait: known(s.wait, s.waitN) / s.waitN,
	}
}

// FileReport is what happened to a file, as the summary of an import tells it.
type FileReport struct {
	File      string `json:"file"`
	Kind      Kind   `json:"kind"`
	Encoding  string `json:"encoding"`
	Delimiter string `json:"delimiter"`
	Counts
	Replaced int            `json:"rows_replaced,omitempty"`
	Error    string         `json:"error,omitempty"`
	Known    bool           `json:"unchanged,omitempty"` // the same file was imported before
	Step     string         `json:"interval,omitempty"`
	First    *time.Time     `json:"first,omitempty"`
	Last     *time.Time     `json:"last,omitempty"`
	Skips    map[string]int `json:"skipped,omitempty"`
	Totals   []footerTotal  `json:"totals,omitempty"`
	Found    []string       `json:"detected,omitempty"`
	Sample   []string       `json:"sample,omitempty"` // the first rows as understood, in a dry run
	Warnings []string       `json:"warnings,omitempty"`
}

// Report sums up what happened to the file; call it after Rows.
func (p *Parsed) Report() FileReport {
	r := FileReport{
		File: p.Name, Kind: p.Kind, Encoding: p.Encoding(), Delimiter: p.Delimiter(), Counts: p.Counts,
		Skips: p.Skips, Totals: p.Totals, Found: p.Found, Warnings: p.Warnings(),
	}
	if p.Step > 0 && p.Kind == Intervals {
		r.Step = calendar.FormatDuration(p.Step)
	}
	if !p.First.IsZero() {
		a, b := p.First.In(p.opt.zone()), p.Last.In(p.opt.zone())
		r.First, r.Last = &a, &b
	}
	return r
}
