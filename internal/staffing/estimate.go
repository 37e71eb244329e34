package staffing

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// Estimated is what history tells of the settings of one channel; NaN is unknown.
type Estimated struct {
	Channel    string
	Contacts   float64
	Abandoned  float64 // share that left, short ones not counted
	Patience   float64 // mean, s
	AHT        float64 // mean by volume, s
	ChatAlone  float64 // handle time of a contact alone with its agent, s
	ChatGrowth float64 // its growth per contact more, share
	AtOnce     float64 // contacts an agent holds at once, on average over handle time
}

// contactRecord is one row of history: a contact, or an interval of them.
type contactRecord struct {
	channel, agent         string
	start                  float64 // Unix seconds; NaN unknown
	offered, answered      float64
	left, wait, handle     float64 // numbers that left; waits of all, s; handle time of all answered, s
	single, counted, short bool
}

// Estimate reads history from r and estimates patience, handle time and, where
// records name agents, handle time by the number of contacts at once. Rows are
// contacts (wait_s, handle_s or aht_s, outcome or abandoned, and start and agent
// for contacts at once) or intervals (offered, abandoned, wait_s as mean of the
// answered, aht_s). Who left within short seconds is left out as a misdial.
func Estimate(ctx context.Context, r *tabular.Reader, short float64, zone *time.Location) ([]Estimated, *Rejected, error) {
	e, err := newEstimator(r, short, zone)
	if err != nil {
		return nil, nil, err
	}
	bad := &Rejected{}
	rows := 0
	err = readChunks(ctx, r, func(ch *chunk) error {
		cell := cells{file: e.cols.file}
		for i := range ch.rows() {
			cell.row, cell.line, cell.err = ch.row(i, cell.row), ch.lines[i], nil
			rec := e.read(&cell)
			rows++
			if cell.err != nil {
				bad.add(cell.err)
				continue
			}
			e.add(rec)
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, bad, err
	case rows == 0:
		return nil, bad, fmt.Errorf("%s: there are no rows below the header", r.Name())
	case bad.Count == rows:
		return nil, bad, fmt.Errorf("%s: %w", r.Name(), ErrAllRejected)
	}
	return e.result(), bad, nil
}

// estimator gathers history per channel.
type estimator struct {
	cols  columns
	short float64
	zone  *time.Location
	at    struct{ channel, start, agent, outcome, abandoned, offered, answered, wait, handle, aht int }
	chans map[string]*channelHistory
}

// channelHistory is what is kept of one channel.
type channelHistory struct {
	offered, answered, left float64
	waited                  float64 // by all who count, s
	handled, aht            []float64
	held                    map[string][][2]float64 // start and end of the contacts of each agent
}

func newEstimator(r *tabular.Reader, short float64, zone *time.Location) (*estimator, error) {
	e := &estimator{cols: columnsOf(r), short: short, zone: zone, chans: map[string]*channelHistory{}}
	c, a := e.cols, &e.at
	a.channel, a.start, a.agent = c.at("channel", "skill", "queue"), c.at("start", "start_local", "start_utc"), c.at("agent", "agent_id")
	a.outcome, a.abandoned, a.offered = c.at("outcome", "status"), c.at("abandoned"), c.at("offered", "calls")
	a.answered, a.wait = c.at("answered", "handled"), c.at("wait_s", "asa_s")
	a.handle, a.aht = c.at("handle_s"), c.at("aht_s")
	if a.wait < 0 && a.handle < 0 && a.aht < 0 {
		return nil, &tabular.MissingError{File: c.file, Missing: []string{"wait_s or handle_s or aht_s"}, Header: c.header}
	}
	return e, nil
}

// read understands one row.
func (e *estimator) read(c *cells) contactRecord {
	a := &e.at
	inf := math.Inf(1)
	rec := contactRecord{channel: c.text(a.channel), agent: c.text(a.agent), start: math.NaN(), single: a.offered < 0}
	wait := c.ranged(a.wait, "wait_s", 0, inf)
	handle := known(c.ranged(a.handle, "handle_s", 0, inf), c.ranged(a.aht, "aht_s", 0, inf))
	if rec.single {
		lost := isLost(c.text(a.outcome))
		if v := c.ranged(a.abandoned, "abandoned", 0, 1); !math.IsNaN(v) {
			lost = v == 1
		}
		rec.offered = 1
		rec.wait, rec.counted = known(wait, 0), !math.IsNaN(wait)
		if lost {
			rec.left = 1
			rec.short = rec.wait < e.short
		} else {
			rec.answered, rec.handle = 1, handle
		}
		if text := c.text(a.start); text != "" && rec.agent != "" {
			t, err := calendar.ParseTime(text, e.zone)
			if err != nil {
				c.fail(e.cols.header[a.start], text, "a time such as 2006-01-02 15:04")
			}
			rec.start = float64(t.UnixNano()) / 1e9
		}
		return rec
	}
	rec.offered = known(c.ranged(a.offered, "offered", 0, inf), 0)
	rec.left = known(c.ranged(a.abandoned, "abandoned", 0, inf), 0)
	rec.answered = known(c.ranged(a.answered, "answered", 0, inf), math.Max(0, rec.offered-rec.left))
	rec.handle = handle * rec.answered
	// The wait of those who left is not in interval figures: they are taken to have
	// waited as long as the answered.
	rec.wait, rec.counted = known(wait, 0)*(rec.answered+rec.left), !math.IsNaN(wait)
	return rec
}

// isLost reads the outcome of a contact.
func isLost(outcome string) bool {
	switch strings.ToLower(outcome) {
	case "abandoned", "lost", "left", "missed", "no answer", "noanswer", "opgehangen", "verbroken":
		return true
	}
	return false
}

func (e *estimator) add(rec contactRecord) {
	h := e.chans[rec.channel]
	if h == nil {
		h = &channelHistory{held: map[string][][2]float64{}}
		e.chans[rec.channel] = h
	}
	if rec.short {
		return
	}
	h.offered += rec.offered
	h.answered += rec.answered
	h.left += rec.left
	switch {
	case !rec.counted:
	case rec.single: // misdials are gone, so that patience is only seen from there on
		h.waited += math.Max(0, rec.wait-e.short)
	default:
		h.waited += rec.wait
	}
	if rec.answered > 0 && rec.handle > 0 {
		h.handled, h.aht = append(h.handled, rec.answered), append(h.aht, rec.handle/rec.answered)
		if rec.single && !math.IsNaN(rec.start) {
			from := rec.start + rec.wait
			h.held[rec.agent] = append(h.held[rec.agent], [2]float64{from, from + rec.handle})
		}
	}
}

func (e *estimator) result() []Estimated {
	var out []Estimated
	for name, h := range e.chans {
		x := Estimated{
			Channel: name, Contacts: h.offered, Abandoned: h.left / h.offered, Patience: erlang.EstimatePatience(h.waited, h.left),
			AHT: erlang.MeanAHT(h.handled, h.aht), ChatAlone: math.NaN(), ChatGrowth: math.NaN(), AtOnce: math.NaN(),
		}
		if h.waited == 0 {
			x.Patience = math.NaN()
		}
		x.atOnce(h.held)
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b Estimated) int { return strings.Compare(a.Channel, b.Channel) })
	return out
}

// atOnce fits handle times to the number of contacts that agents held.
func (x *Estimated) atOnce(held map[string][][2]float64) {
	agents := make([]string, 0, len(held))
	for a := range held {
		agents = append(agents, a)
	}
	slices.Sort(agents) // sums in one order
	var records []erlang.ChatRecord
	var busy, work float64
	for _, a := range agents {
		spans := held[a]
		slices.SortFunc(spans, func(p, q [2]float64) int { return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1])) })
		for len(spans) > 0 { // stretches in which the agent holds something all the time
			n, end := 1, spans[0][1]
			for n < len(spans) && spans[n][0] < end {
				end = math.Max(end, spans[n][1])
				n++
			}
			start, stop := make([]float64, n), make([]float64, n)
			for i, s := range spans[:n] {
				start[i], stop[i] = s[0]-spans[0][0], s[1]-spans[0][0]
				work += stop[i] - start[i]
			}
			busy += end - spans[0][0]
			for i, k := range erlang.HeldTogether(start, stop) {
				records = append(records, erlang.ChatRecord{Seconds: stop[i] - start[i], Concurrency: k})
			}
			spans = spans[n:]
		}
	}
	if busy > 0 {
		x.AtOnce = work / busy
		x.ChatAlone, x.ChatGrowth = erlang.EstimateChat(records)
	}
}

// EstimateTable shows estimates with the flags of kcc staff that they are for.
func EstimateTable(es []Estimated, short float64) output.Table {
	t := output.Table{Name: "estimate", Title: "Estimated from history", Columns: []output.Column{
		{Name: "channel"},
		{Name: "contacts", Kind: output.Number},
		{Name: "p_abandon", Kind: output.Percent, Digits: 2},
		{Name: "patience_s", Kind: output.Number, Digits: 1},
		{Name: "aht_s", Kind: output.Number, Digits: 1},
		{Name: "at_once", Kind: output.Number, Digits: 2},
		{Name: "aht_alone_s", Kind: output.Number, Digits: 1},
		{Name: "aht_growth", Kind: output.Percent, Digits: 1},
	}, Notes: []string{
		fmt.Sprintf("patience_s: time that callers waited beyond %g s over the number who left after that: exponential patience, the answered censored at their wait.", short),
		"aht_s: weighted by contacts. at_once: contacts an agent holds while busy; aht_alone_s and aht_growth: least squares of handle time on that number.",
	}}
	for _, e := range es {
		t.Rows = append(t.Rows, []any{e.Channel, e.Contacts, e.Abandoned, e.Patience, e.AHT, e.AtOnce, e.ChatAlone, e.ChatGrowth})
	}
	return t
}
