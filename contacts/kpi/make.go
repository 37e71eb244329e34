package kpi

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"kcc/internal/output"
)

// The reports on contacts, by the key that they are about.
var subjects = map[string]struct {
	key   Key
	title [2]string
}{
	"kpi":     {"", [2]string{"Key figures", "Kengetallen"}},
	"channel": {ByChannel, [2]string{"Channels", "Kanalen"}},
	"kind":    {ByKind, [2]string{"Kinds of contact", "Soorten contact"}},
	"subject": {BySubject, [2]string{"Subjects", "Onderwerpen"}},
	"segment": {BySegment, [2]string{"Segments", "Doelgroepen"}},
	"agent":   {ByAgent, [2]string{"Agents", "Medewerkers"}},
}

// waitingKeys are the figures of volume and waiting, recordKeys those of what
// became of contacts.
var (
	waitingKeys = []string{"offered", "answered", "abandoned", "short_abandoned", "abandon_rate", "service_level", "asa_s", "aht_s", "talk_s", "hold_s", "acw_s"}
	recordKeys  = []string{
		"contacts", "resolved", "resolved_rate", "fcr_agent", "fcr", "repeat_rate", "transfer_rate", "callback_rate", "handoff_rate", "generic_own", "specialist_out", "containment",
	}
	workKeys  = []string{"on_time", "received", "closed", "open", "overdue"}
	valueKeys = []string{"cost_per_contact", "csat", "effort", "nps"}
	// shortKeys are what a grouped table shows to people.
	shortKeys = []string{
		"offered", "answered", "abandon_rate", "service_level", "asa_s", "aht_s", "fcr_agent", "fcr", "repeat_rate", "handoff_rate", "on_time", "cost_per_contact", "csat", "nps",
	}
	// recordShort are those of records that hold no abandoned contacts.
	recordShort = []string{
		"contacts", "service_level", "asa_s", "aht_s", "fcr_agent", "fcr", "repeat_rate", "handoff_rate", "on_time", "cost_per_contact", "csat", "nps",
	}
	// headKeys are the figures above a page.
	headKeys = []string{"offered", "service_level", "abandon_rate", "asa_s", "aht_s", "fcr", "on_time", "open", "csat"}
	timeKeys = []string{"offered", "answered", "abandoned", "abandon_rate", "service_level", "asa_s", "aht_s", "fcr", "on_time", "csat"}
)

// allFigures returns the figures of contacts for programs, in their order.
func allFigures(set *Settings) []Figure {
	all := append(Figures(set), ServiceLevels()...)
	keys := slices.Clone(waitingKeys)
	for _, f := range ServiceLevels() {
		keys = append(keys, f.Key)
	}
	return Pick(all, slices.Concat(keys, recordKeys, workKeys, valueKeys)...)
}

// Make makes one of the reports on contacts: kpi, channel, kind, subject,
// segment or agent. The key of the report goes before those of the query.
func Make(ctx context.Context, db *sql.DB, set *Settings, name string, q Query, v View) (*Report, error) {
	about, ok := subjects[name]
	if !ok {
		panic("kpi: no report " + name)
	}
	if k := about.key; k != "" && !slices.Contains(q.By, k) && !(k == ByAgent && slices.Contains(q.By, ByTeam)) {
		q.By = append([]Key{k}, q.By...)
	}
	if err := checkKeys(q); err != nil {
		return nil, err
	}
	// One period as a whole is the sum of its days or weeks, which show how it went.
	listed := len(q.By) == 0 && q.Every == Whole
	first := q
	if listed {
		first.Every = trendEvery(q.Period)
	}
	f, err := loadAll(ctx, db, set, first, v)
	if err != nil {
		return nil, err
	}
	var trend []*Sums
	if listed {
		f, trend = f.whole()
	}
	var before *Frame
	if p, ok := v.Compare.against(q.Period); ok {
		other := q
		other.Period = p
		if before, err = loadAll(ctx, db, set, other, v); err != nil {
			return nil, err
		}
	}
	l := v.Lang
	r := &Report{Name: name, Title: l.Pick(about.title[0], about.title[1]) + ", " + q.Period.Span(l), Facts: facts(f, set, &v)}
	all := allFigures(set)
	figs := Pick(all, shortKeys...)
	if f.Records {
		figs = Pick(all, recordShort...)
		if f.Total[Abandoned]+f.Total[Short] > 0 { // else the records hold only what was answered
			figs = Pick(all, shortKeys...)
		}
	}
	if q.Every != Whole && len(q.By) == 0 {
		figs = Pick(all, timeKeys...)
	}
	if f.Total[Offered] == 0 && f.Total[Contacts] == 0 { // only work: the rest is empty
		figs = Pick(all, workKeys...)
	}
	if listed {
		r.Tables = append(r.Tables, listTable(all, f, before, trend, &v))
		figs = all
	} else {
		t := groupTable(name, figs, f, before, &v, true)
		t.Sheet = l.Pick(about.title[0], about.title[1])
		r.Tables = append(r.Tables, t)
	}
	for _, g := range Pick(all, headKeys...) {
		if g.Key == "abandon_rate" && f.Records && f.Total[Abandoned]+f.Total[Short] == 0 {
			continue // records of answered contacts alone say nothing of who gave up
		}
		if x := g.Value(&f.Total); x == x {
			r.Head = append(r.Head, output.Fact{Label: g.Name(l), Value: g.Text(x, l)})
		}
	}
	r.Data = append(r.Data, groupTable(name, all, f, before, &v, false))
	r.Define = defined(shown(figs, f), l, set)
	r.Notes = f.Quality(l, set, v.Now)
	if v.MinCell > 1 && len(q.By) > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("Groups with fewer than %d contacts are put together.", "Groepen met minder dan %d contacten zijn samengevoegd."), v.MinCell))
	}
	r.Tables[0].Notes = notes(l, r.Define, r.Notes)
	if v.Charts {
		d := &drawer{db: db, set: set, q: q, v: &v}
		if r.Charts, err = d.charts(ctx, name); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// shown returns the figures that have a value anywhere.
func shown(figs []Figure, f *Frame) []Figure {
	return slices.DeleteFunc(slices.Clone(figs), func(g Figure) bool { x := g.Value(&f.Total); return x != x })
}

// checkKeys refuses keys that the store does not keep together.
func checkKeys(q Query) error {
	keys := slices.Clone(q.By)
	for k, vals := range q.Filter {
		if len(vals) > 0 {
			keys = append(keys, k)
		}
	}
	agent := slices.ContainsFunc(keys, func(k Key) bool { return k.dim() == Agent })
	for _, k := range keys {
		if agent && k.dim() != Agent && k != ByChannel && k != ByDirection {
			return fmt.Errorf("%w: %s goes with channel and direction only, not with %s", ErrKeys, ByTeam, k)
		}
	}
	if len(q.By) > maxKeys {
		return fmt.Errorf("%w: at most %d keys can be combined", ErrKeys, maxKeys)
	}
	return nil
}

// loadAll loads contacts and work into one frame.
func loadAll(ctx context.Context, db *sql.DB, set *Settings, q Query, v View) (*Frame, error) {
	var f *Frame
	var w *workRead
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { f, err = Load(gctx, db, set, q); return err })
	g.Go(func() (err error) { w, err = readWorkOf(gctx, db, set, &q, v.Now); return err })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	f.addWork(set, w)
	f.arrange(set)
	f.hide(v.MinCell, v.Lang)
	return f, nil
}

// whole puts the buckets of a frame together into one, and returns their sums.
func (f *Frame) whole() (*Frame, []*Sums) {
	var trend []*Sums
	for i := range f.Groups {
		trend = append(trend, &f.Groups[i].Sums)
	}
	out := *f
	out.Query.Every = Whole
	out.Groups = nil
	if len(trend) > 0 {
		out.Groups = []Group{{Sums: f.Total}}
	}
	return &out, trend
}

// trendEvery is the bucket in which a period is drawn.
func trendEvery(p Period) Every {
	const longest = 93 // days of a quarter
	if p.Days() <= longest {
		return Day
	}
	return Week
}

// Names lists the reports on contacts that Make knows.
func Names() string {
	return strings.Join([]string{"kpi", "channel", "kind", "subject", "segment", "agent"}, ", ")
}
