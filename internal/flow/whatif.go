package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/contacts"
	"kcc/contacts/cause"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
)

// Move takes part of the contacts of one channel to another.
type Move struct {
	From, To string
	Share    float64 // of the contacts on the subject that come by From
	Subject  string  // empty is every contact
	Success  float64 // share of the moved that stay; 0 is what the records tell of a bot, and all on other channels
	Spread   float64 // relative standard deviation of Share, as customers do not move by decree
}

// DefaultSpread is the uncertainty of how many customers move, where nothing is
// said.
const DefaultSpread = 0.2

// WhatIfOptions says how a move is worked out.
type WhatIfOptions struct {
	Move
	Records   Span    // contact records that subject share and handle times come from
	Level     float64 // of the intervals; 0 is 0.90
	FTEHours  float64 // of one full-time contract per week; 0 is 36
	Occupancy float64
}

const (
	fteHours = 36
	// leastRecords is how many contacts a handle time must be known of.
	leastRecords = 30
)

// Staffed is what a forecast asks of the centre.
type Staffed struct {
	Requirements []erlang.Requirement
	FTE          float64                 // paid, all channels, mean over the weeks
	Hours        float64                 // rostered, per week
	Cost         float64                 // per week: paid hours and what channels cost per contact
	Channels     map[string]ChannelStaff // by channel
}

// ChannelStaff is one channel of Staffed, per week.
type ChannelStaff struct {
	Contacts, Hours, FTE, Cost float64
	Level                      float64 // service level, weighted by contacts; NaN without a target on waiting
	Unreachable                int     // intervals whose target no number of agents keeps
}

// WhatIf is the outcome of a move.
type WhatIf struct {
	WhatIfOptions
	SubjectShare   float64              // of the contacts of From that are on the subject
	Moved          float64              // share of all contacts of From that leaves it for good
	AHTFrom, AHTTo float64              // seconds of a moved contact, before and after
	Assumed        []string             // what was taken where records are too few
	Forecasts      []*forecast.Forecast // after the move
	Before, After  Staffed
	FTE, Cost      Band    // difference per week
	Unchanged      float64 // service level of To when nobody is added there; NaN where it has none
}

// Band is a value with its interval.
type Band struct{ Value, Lo, Hi float64 }

// ErrNoForecast is returned when a channel has no forecast to move from.
var ErrNoForecast = errors.New("there is no forecast")

// WhatIf works out what moving contacts from one channel to another asks of the
// staff: the newest forecast is changed and sized anew exactly as kcc staff
// does. The interval holds the uncertainty of how many customers move, of the share
// of the subject, of handle times and of the volume.
func (in *Inform) WhatIf(ctx context.Context, fs []*forecast.Forecast, o WhatIfOptions) (*WhatIf, error) {
	o.Level, o.FTEHours = cmp.Or(o.Level, cause.DefaultLevel), cmp.Or(o.FTEHours, fteHours)
	w := &WhatIf{WhatIfOptions: o}
	m, err := in.moveOf(ctx, fs, o, w)
	if err != nil {
		return nil, err
	}
	if w.Before, err = in.staffed(ctx, fs, o.FTEHours); err != nil {
		return nil, err
	}
	w.Forecasts = m.apply(in.Centre, fs)
	if w.After, err = in.after(ctx, m, w); err != nil {
		return nil, err
	}
	w.Moved, w.AHTFrom, w.AHTTo = m.leaves(), m.ahtFrom, m.ahtTo
	w.FTE.Value, w.Cost.Value = w.After.FTE-w.Before.FTE, w.After.Cost-w.Before.Cost
	w.Unchanged = in.unchanged(w)
	return w, in.spreads(ctx, fs, m, w)
}

// mover changes forecasts.
type mover struct {
	from, to       string
	share          float64 // of the contacts on the subject
	subject        float64 // share of the subject in From
	subjectSE      float64
	success        float64
	ahtFrom, ahtTo float64 // of contacts on the subject; NaN is that of the channel
	ahtRel         float64 // relative standard error of ahtTo
	relFrom        float64 // handle time of the subject against that of From
}

func (m *mover) leaves() float64 { return m.share * m.subject * m.success }

// moveOf settles the figures of a move from contact records.
func (in *Inform) moveOf(ctx context.Context, fs []*forecast.Forecast, o WhatIfOptions, w *WhatIf) (*mover, error) {
	for _, name := range []string{o.From, o.To} {
		ch, _ := in.Centre.Channel(name)
		has := slices.ContainsFunc(fs, func(f *forecast.Forecast) bool { return f.Channel == name && f.Subject == "" })
		if !has && (name == o.From || ch.Kind != centre.Bot) {
			return nil, fmt.Errorf("%w of %s", ErrNoForecast, name)
		}
	}
	m := &mover{from: o.From, to: o.To, share: o.Share, subject: 1, success: o.Success, ahtFrom: math.NaN(), ahtTo: math.NaN(), relFrom: 1}
	list, err := in.cells(ctx, o.Records, contacts.BySubject)
	if err != nil {
		return nil, err
	}
	under := in.under(o.Subject)
	sums := map[string]*contacts.Cell{}
	weeks := map[calendar.Date][2]float64{}
	add := func(key string, c *contacts.Cell) {
		if sums[key] == nil {
			sums[key] = &contacts.Cell{}
		}
		sums[key].Add(c)
	}
	for i := range list {
		c := &list[i]
		if c.Channel != o.From && c.Channel != o.To {
			continue
		}
		add(c.Channel, c)
		mine := under(c.Subject)
		if mine {
			add(c.Channel+" subject", c)
		}
		if c.Channel == o.From {
			k := weeks[c.Day.Monday()]
			if mine {
				k[0] += c.Contacts
			}
			k[1] += c.Contacts
			weeks[c.Day.Monday()] = k
		}
	}
	known := func(key string) (*contacts.Cell, bool) {
		c := sums[key]
		return c, c != nil && c.HandleN >= leastRecords
	}
	if o.Subject != "" {
		all := sums[o.From]
		mine := sums[o.From+" subject"]
		if all == nil || mine == nil {
			return nil, fmt.Errorf("%w: no contact on %s by %s is registered from %s to %s", ErrTooShort, o.Subject, o.From, o.Records.First, o.Records.Last)
		}
		m.subject = mine.Contacts / all.Contacts
		m.subjectSE = clusterSE(weeks, m.subject)
	}
	whole, okWhole := known(o.From)
	part, okPart := known(o.From + " subject")
	if okWhole && okPart {
		m.ahtFrom = part.HandleSum / part.HandleN
		m.relFrom = m.ahtFrom / (whole.HandleSum / whole.HandleN)
	}
	in.ahtAfter(m, o, known, w)
	if m.success == 0 {
		m.success = 1
		if ch, _ := in.Centre.Channel(o.To); ch.Kind == centre.Bot {
			m.success = in.contained(sums[o.To+" subject"], w)
		}
	}
	w.SubjectShare = m.subject
	return m, nil
}

// ahtAfter settles the handle time of a moved contact on its new channel.
func (in *Inform) ahtAfter(m *mover, o WhatIfOptions, known func(string) (*contacts.Cell, bool), w *WhatIf) {
	if c, ok := known(o.To + " subject"); ok {
		m.ahtTo = c.HandleSum / c.HandleN
		// Handle times spread about as much as their mean.
		m.ahtRel = 1 / math.Sqrt(c.HandleN)
		return
	}
	m.ahtRel = 0.15
	ch, _ := in.Centre.Channel(o.To)
	if ch.Kind != centre.Bot {
		w.Assumed = append(w.Assumed, "aht")
	}
	if c, ok := known(o.To); ok {
		m.ahtTo = c.HandleSum / c.HandleN * m.relFrom
	} else if ch.AHT > 0 {
		m.ahtTo = ch.AHT.Seconds() * m.relFrom
	}
}

// contained returns which share of contacts a bot keeps.
func (in *Inform) contained(c *contacts.Cell, w *WhatIf) float64 {
	if c == nil || c.Contacts < leastRecords {
		w.Assumed = append(w.Assumed, "success")
		return 0.5
	}
	return 1 - (c.Transferred+c.HandedOff+c.Callback)/c.Contacts
}

// clusterSE is the standard error of a share with weeks as clusters.
func clusterSE(weeks map[calendar.Date][2]float64, share float64) float64 {
	sum, all, n := 0.0, 0.0, float64(len(weeks))
	for _, k := range weeks {
		r := k[0] - share*k[1]
		sum += r * r
		all += k[1]
	}
	if n < 2 || all == 0 {
		return 0
	}
	return math.Sqrt(n/(n-1)*sum) / all
}

// apply returns forecasts after the move; those that it does not touch are
// shared. Contacts move in the interval they come in; when the new channel is
// closed then, they wait for its next interval.
func (m *mover) apply(c *centre.Centre, fs []*forecast.Forecast) []*forecast.Forecast {
	out := slices.Clone(fs)
	from, to := -1, -1
	for i, f := range fs {
		if f.Subject == "" && f.Channel == m.from {
			from = i
		}
		if f.Subject == "" && f.Channel == m.to {
			to = i
		}
	}
	leaves := m.leaves()
	if from < 0 || leaves == 0 {
		return out
	}
	a := *fs[from]
	a.Points = slices.Clone(a.Points)
	moved := make([]float64, len(a.Points))
	for i := range a.Points {
		p := &a.Points[i]
		moved[i] = p.Mean * leaves
		// What stays keeps its handle time; the channel's mean changes as the
		// subject's was longer or shorter.
		if !math.IsNaN(p.AHT) && leaves < 1 {
			p.AHT *= math.Max(0, 1-leaves*m.relFrom) / (1 - leaves)
		}
		p.Mean -= moved[i]
		p.Bounds = scaled(p.Bounds, 1-leaves)
	}
	out[from] = &a
	if to < 0 {
		return out
	}
	b := *fs[to]
	b.Points = slices.Clone(b.Points)
	fallback := 0.0
	if ch, ok := c.Channel(m.to); ok {
		fallback = ch.AHT.Seconds()
	}
	k := 0
	for i, n := range moved {
		at := a.Points[i].Start
		for k < len(b.Points)-1 && !b.Points[k].Start.Add(b.Points[k].Step).After(at) {
			k++
		}
		p := &b.Points[k]
		own := p.AHT
		if math.IsNaN(own) {
			own = fallback
		}
		aht := m.ahtTo
		if math.IsNaN(aht) {
			aht = own
		}
		if p.Mean+n > 0 {
			p.AHT = (p.Mean*own + n*aht) / (p.Mean + n)
		}
		if p.Mean > 0 {
			p.Bounds = scaled(p.Bounds, (p.Mean+n)/p.Mean)
		}
		p.Mean += n
	}
	out[to] = &b
	return out
}

func scaled(x []float64, by float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v * by
	}
	return out
}

// staffed sizes forecasts as kcc staff does, and adds up per week.
func (in *Inform) staffed(ctx context.Context, fs []*forecast.Forecast, fte float64) (Staffed, error) {
	opt := PlanOptionsOf(in.Centre, fs)
	opt.NoCurve = true
	reqs, err := erlang.Plan(ctx, IntervalsOf(in.Centre, fs), opt)
	if err != nil {
		return Staffed{}, err
	}
	return in.addUp(fs, reqs, fte), nil
}

// addUp adds requirements up per channel and week.
func (in *Inform) addUp(fs []*forecast.Forecast, reqs []erlang.Requirement, fte float64) Staffed {
	s := Staffed{Requirements: reqs, Channels: map[string]ChannelStaff{}}
	weeks := weeksOf(fs)
	points := pointsOf(fs)
	level := map[string][2]float64{}
	paid := 1 / (1 - in.Centre.Shrinkage.Planned)
	for _, r := range reqs {
		c := s.Channels[r.Channel]
		if r.Status != erlang.OK {
			c.Unreachable++
		} else {
			c.Hours += r.RosteredFractional * r.Step.Hours() / weeks
			if ch, _ := in.Centre.Channel(r.Channel); ch.Target.Level > 0 {
				k := level[r.Channel]
				n := points[pointKey{r.Channel, r.Start.Unix()}].Mean
				level[r.Channel] = [2]float64{k[0] + n*r.Result.ServiceLevel, k[1] + n}
			}
		}
		s.Channels[r.Channel] = c
	}
	for _, f := range fs {
		if f.Subject != "" {
			continue
		}
		c := s.Channels[f.Channel]
		for _, p := range f.Points {
			c.Contacts += p.Mean / weeks
		}
		s.Channels[f.Channel] = c
	}
	for name, c := range s.Channels {
		c.FTE = c.Hours * paid / fte
		c.Cost = c.Hours*paid*in.Centre.Costs.WagePerHour + c.Contacts*in.Rates.Of(name).PerContact
		c.Level = math.NaN()
		if k := level[name]; k[1] > 0 {
			c.Level = k[0] / k[1]
		}
		s.Channels[name] = c
	}
	for _, name := range in.ChannelNames() { // in order, so that sums come out alike
		c := s.Channels[name]
		s.Hours += c.Hours
		s.FTE += c.FTE
		s.Cost += c.Cost
	}
	return s
}

// weeksOf returns how many weeks forecasts span.
func weeksOf(fs []*forecast.Forecast) float64 {
	var first, last time.Time
	for _, f := range fs {
		if n := len(f.Points); n > 0 {
			if first.IsZero() || f.Points[0].Start.Before(first) {
				first = f.Points[0].Start
			}
			if end := f.Points[n-1].Start.Add(f.Points[n-1].Step); end.After(last) {
				last = end
			}
		}
	}
	return math.Max(1./7, math.Ceil(last.Sub(first).Hours()/24)/7)
}

// unchanged returns the service level of the new channel when its agents stay as
// they were before the move.
func (in *Inform) unchanged(w *WhatIf) float64 {
	ch, ok := in.Centre.Channel(w.To)
	if !ok || ch.Target.Level == 0 {
		return math.NaN()
	}
	had := map[int64]int{}
	for _, r := range w.Before.Requirements {
		if r.Channel == w.To && r.Status == erlang.OK {
			had[r.Start.Unix()] = r.Agents
		}
	}
	set := SettingsOf(in.Centre, ch)
	opt := PlanOptionsOf(in.Centre, w.Forecasts)
	opt.NoCurve = true
	var ivs []erlang.Interval
	for _, iv := range IntervalsOf(in.Centre, w.Forecasts) {
		if iv.Channel == w.To {
			ivs = append(ivs, iv)
		}
	}
	sum, n := 0.0, 0.0
	for i, load := range erlang.OfferedLoads(ivs, set, opt.TimeOfDay) {
		agents, ok := had[ivs[i].Start.Unix()]
		if !ok || agents == 0 {
			continue
		}
		r := erlang.RequireAgents(ivs[i], load, set, opt, agents)
		if r.Status == erlang.OK {
			sum += ivs[i].Offered * r.Result.ServiceLevel
			n += ivs[i].Offered
		}
	}
	return sum / n
}

// spreads is the interval of the difference: each figure that is not certain is
// moved by one standard deviation and the staff sized anew, and what that changes
// is added in squares, as for independent figures whose effect is nearly linear.
// These sizings leave out the day factor, which takes most of the time of a
// sizing and moves both sides of a difference alike; of deferrable work they
// count the hours of work.
func (in *Inform) spreads(ctx context.Context, fs []*forecast.Forecast, m *mover, w *WhatIf) error {
	var pair []*forecast.Forecast
	for _, f := range fs {
		if f.Subject == "" && (f.Channel == m.from || f.Channel == m.to) {
			pair = append(pair, f)
		}
	}
	difference := func(m mover, volume []*forecast.Forecast) (fte, cost float64, err error) {
		before, err := in.quick(ctx, volume, w.FTEHours)
		if err != nil {
			return 0, 0, err
		}
		after, err := in.quick(ctx, m.apply(in.Centre, volume), w.FTEHours)
		return after.FTE - before.FTE, after.Cost - before.Cost, err
	}
	fte0, cost0, err := difference(*m, pair)
	if err != nil {
		return err
	}
	more := func(name string) []*forecast.Forecast {
		out := slices.Clone(pair)
		for i, f := range out {
			if f.Channel == name {
				out[i] = timesVolume(f, 1+levelCV(f))
			}
		}
		return out
	}
	share, subject, aht := *m, *m, *m
	share.share = math.Min(1, m.share*(1+w.Spread))
	subject.subject = math.Min(1, m.subject+m.subjectSE)
	aht.ahtTo *= 1 + m.ahtRel
	var fte, cost float64
	for _, step := range []struct {
		m      mover
		volume []*forecast.Forecast
	}{{share, pair}, {subject, pair}, {aht, pair}, {*m, more(m.from)}, {*m, more(m.to)}} {
		f, c, err := difference(step.m, step.volume)
		if err != nil {
			return err
		}
		fte += (f - fte0) * (f - fte0)
		cost += (c - cost0) * (c - cost0)
	}
	z := distuv.UnitNormal.Quantile((1 + w.Level) / 2)
	w.FTE.Lo, w.FTE.Hi = w.FTE.Value-z*math.Sqrt(fte), w.FTE.Value+z*math.Sqrt(fte)
	w.Cost.Lo, w.Cost.Hi = w.Cost.Value-z*math.Sqrt(cost), w.Cost.Value+z*math.Sqrt(cost)
	return nil
}

// quick sizes without the day factor; of deferrable channels it takes the hours
// of work.
func (in *Inform) quick(ctx context.Context, fs []*forecast.Forecast, fte float64) (Staffed, error) {
	var waiting, deferrable []*forecast.Forecast
	for _, f := range fs {
		if ch, _ := in.Centre.Channel(f.Channel); ch.Kind == centre.Deferrable {
			deferrable = append(deferrable, f)
		} else {
			waiting = append(waiting, f)
		}
	}
	opt := PlanOptionsOf(in.Centre, nil)
	opt.NoCurve = true
	reqs, err := erlang.Plan(ctx, IntervalsOf(in.Centre, waiting), opt)
	if err != nil {
		return Staffed{}, err
	}
	for _, f := range deferrable {
		ch, _ := in.Centre.Channel(f.Channel)
		for _, p := range f.Points {
			aht := p.AHT
			if math.IsNaN(aht) {
				aht = ch.AHT.Seconds()
			}
			hours := p.Mean * aht / 3600 / (1 - in.Centre.Shrinkage.Unplanned)
			reqs = append(reqs, erlang.Requirement{Start: p.Start, Step: p.Step, Channel: f.Channel, RosteredFractional: hours / p.Step.Hours()})
		}
	}
	return in.addUp(fs, reqs, fte), nil
}

// touched returns the forecasts whose staffing the move can change: its two
// channels, work that blends into either, and what that work or they blend into.
func (in *Inform) touched(fs []*forecast.Forecast, m *mover) []*forecast.Forecast {
	names := map[string]bool{m.from: true, m.to: true}
	for _, ch := range in.Centre.Channels {
		if ch.BlendInto != "" && (ch.BlendInto == m.from || ch.BlendInto == m.to) {
			names[ch.Name] = true
		}
	}
	for _, ch := range in.Centre.Channels {
		if names[ch.Name] && ch.BlendInto != "" {
			names[ch.BlendInto] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(fs), func(f *forecast.Forecast) bool { return f.Subject != "" || !names[f.Channel] })
}

// after sizes the forecasts after a move: those that it touches anew, the others
// as they were.
func (in *Inform) after(ctx context.Context, m *mover, w *WhatIf) (Staffed, error) {
	touched := in.touched(w.Forecasts, m)
	opt := PlanOptionsOf(in.Centre, w.Forecasts)
	opt.NoCurve = true
	anew, err := erlang.Plan(ctx, IntervalsOf(in.Centre, touched), opt)
	if err != nil {
		return Staffed{}, err
	}
	changed := map[string]bool{}
	for _, f := range touched {
		changed[f.Channel] = true
	}
	var reqs []erlang.Requirement
	for _, r := range w.Before.Requirements {
		if !changed[r.Channel] {
			reqs = append(reqs, r)
		}
	}
	reqs = append(reqs, anew...)
	slices.SortStableFunc(reqs, func(a, b erlang.Requirement) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), a.Start.Compare(b.Start), cmp.Compare(a.Skill, b.Skill))
	})
	return in.addUp(w.Forecasts, reqs, w.FTEHours), nil
}

// levelCV is how far the volume of all the weeks together may be off: the spread
// of a day, half of which is taken to last.
func levelCV(f *forecast.Forecast) float64 { return 0.5 * f.DayFactorCV }

func timesVolume(f *forecast.Forecast, by float64) *forecast.Forecast {
	out := *f
	out.Points = slices.Clone(f.Points)
	for i := range out.Points {
		out.Points[i].Mean *= by
	}
	return &out
}

// Table shows a what-if, channel by channel.
func (in *Inform) WhatIfTable(l output.Lang, w *WhatIf) output.Table {
	subject := l.Pick("all subjects", "alle onderwerpen")
	if w.Subject != "" {
		subject = in.name(l, cause.DimSubject, w.Subject)
	}
	t := output.Table{
		Name: "whatif", Title: fmt.Sprintf(l.Pick("If %s %% of %s (%s) went to %s", "Als %s %% van %s (%s) naar %s ging"), l.Number(100*w.Share, 1), w.From, subject, w.To),
		Columns: []output.Column{
			{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
			{Name: "contacts_before", Title: l.Pick("Contacts a week", "Contacten per week"), Kind: output.Number},
			{Name: "contacts_after", Title: l.Pick("After", "Erna"), Kind: output.Number},
			{Name: "fte_before", Title: l.Pick("FTE", "Fte"), Kind: output.Number, Digits: 2},
			{Name: "fte_after", Title: l.Pick("After", "Erna"), Kind: output.Number, Digits: 2},
			{Name: "fte_change", Title: l.Pick("Change", "Verschil"), Kind: output.Number, Digits: 2},
			{Name: "cost_before", Title: l.Pick("Cost a week", "Kosten per week"), Kind: output.Number},
			{Name: "cost_after", Title: l.Pick("After", "Erna"), Kind: output.Number},
			{Name: "service_level_before", Title: l.Pick("Service level", "Servicelevel"), Kind: output.Percent, Digits: 1},
			{Name: "service_level_after", Title: l.Pick("After", "Erna"), Kind: output.Percent, Digits: 1},
		},
	}
	unreachable := 0
	for _, name := range in.ChannelNames() {
		b, a := w.Before.Channels[name], w.After.Channels[name]
		unreachable += a.Unreachable
		if b.Contacts == 0 && a.Contacts == 0 {
			continue
		}
		t.Rows = append(t.Rows, []any{name, b.Contacts, a.Contacts, b.FTE, a.FTE, a.FTE - b.FTE, b.Cost, a.Cost, levelOr(b.Level, b.Contacts), levelOr(a.Level, a.Contacts)})
	}
	t.Total = []any{l.Pick("Total", "Totaal"), nil, nil, w.Before.FTE, w.After.FTE, w.FTE.Value, w.Before.Cost, w.After.Cost, nil, nil}
	t.Notes = []string{
		fmt.Sprintf(l.Pick("FTE %s (90 %% interval %s to %s); %s %s a week (%s to %s)", "Fte %s (90 %%-interval %s tot %s); %s %s per week (%s tot %s)"),
			l.Signed(w.FTE.Value, 2), l.Signed(w.FTE.Lo, 2), l.Signed(w.FTE.Hi, 2), in.Centre.Currency, l.Signed(w.Cost.Value, 0), l.Signed(w.Cost.Lo, 0), l.Signed(w.Cost.Hi, 0)),
		fmt.Sprintf(l.Pick("%s %% of the contacts of %s leave it: %s %% are on the subject, %s %% of those move, %s %% of those stay", "%s %% van de contacten van %s gaat weg: %s %% gaat over het onderwerp, %s %% daarvan verhuist, %s %% daarvan blijft"),
			l.Number(100*w.Moved, 2), w.From, l.Number(100*w.SubjectShare, 1), l.Number(100*w.Share, 1), l.Number(100*w.stay(), 1)),
	}
	if !math.IsNaN(w.AHTTo) && !math.IsNaN(w.AHTFrom) {
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("A moved contact takes %s s instead of %s s of an agent's handle time", "Een verhuisd contact kost %s s in plaats van %s s afhandeltijd"), l.Number(w.AHTTo, 0), l.Number(w.AHTFrom, 0)))
	}
	if !math.IsNaN(w.Unchanged) {
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("With the agents that %s has now its service level would be %s %%", "Met de medewerkers die %s nu heeft zou het servicelevel %s %% zijn"), w.To, l.Number(100*w.Unchanged, 1)))
	}
	for _, a := range w.Assumed {
		if a == "aht" {
			t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("Too few contacts on the subject by %s are registered: their handle time is that of the channel, longer or shorter as on %s", "Er zijn te weinig contacten over het onderwerp via %s geregistreerd: de afhandeltijd is die van het kanaal, langer of korter zoals via %s"), w.To, w.From))
		} else {
			t.Notes = append(t.Notes, l.Pick("Too few contacts of the bot are registered: half of the moved are taken to stay with it (--success)", "Er zijn te weinig contacten van de bot geregistreerd: aangenomen is dat de helft van de verhuisde er blijft (--success)"))
		}
	}
	t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("Sized as kcc staff sizes the newest forecast; FTE: rostered hours with planned shrinkage, over %s hours a week", "Berekend zoals kcc staff de nieuwste prognose berekent; fte: in te roosteren uren met geplande uitval, per %s uur per week"), l.Number(w.FTEHours, 0)))
	if unreachable > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("In %d intervals no number of agents keeps the target", "In %d intervallen haalt geen aantal medewerkers de norm"), unreachable))
	}
	return t
}

// stay is the share of the moved that stay.
func (w *WhatIf) stay() float64 {
	if w.Share*w.SubjectShare == 0 {
		return math.NaN()
	}
	return w.Moved / (w.Share * w.SubjectShare)
}

// levelOr is a service level, empty for a channel that has none.
func levelOr(x, contacts float64) any {
	if contacts == 0 || math.IsNaN(x) {
		return math.NaN()
	}
	return x
}
