package demo

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/centre"
)

// RegisterWeeks is how many weeks of registered contacts the demo has.
const RegisterWeeks = 14

// RegisterSource is the name of the source under which the registered contacts
// are imported. It comes after the interval history, which therefore stays the
// one that volumes are counted from.
const RegisterSource = "crm"

// registeredShare is the share of the contacts that agents register with
// subject, cause and customer: one in five.
const registeredShare = 0.2

// The effects that are planted in the registered contacts, in days before the
// last day of the history and in registered contacts.
const (
	letterDaysBack = 51  // a supplementary tax bill, on a Thursday
	letterContacts = 900 // that it brings in all
	letterDecay    = 0.72
	formDaysBack   = 25 // the form for parking permits is broken from this day on
	formDays       = 4
	formContacts   = 260
	chaseShare     = 0.6 // of the missed promises, that lead to a contact
)

// HandOff is work that a registered contact left with a department. A zero time
// has not come yet.
type HandOff struct {
	Contact    string // id in the export
	Department string
	Task       string
	Callback   bool
	At         time.Time // handed off
	Responded  time.Time
	Closed     time.Time
}

// record is one registered contact.
type record struct {
	id       int
	start    time.Time
	channel  string
	kind     string
	subject  string
	segment  string
	cause    string
	outcome  string
	dept     string
	party    int // 0 is unknown
	agent    int
	wait     float64 // below 0 is unknown
	talk     float64
	acw      float64
	csat     int // 0 is unknown
	effort   int
	article  string
	note     string
	work     *HandOff
	followed bool // it is itself a follow-up
}

// topic is a subject as it comes up in the demo.
type topic struct {
	subject string
	weight  float64 // share of the contacts
	length  float64 // factor on the handle time
	again   float64 // chance that the customer comes back
	causes  []cause // what agents note, the rest is not filled
	words   []string
	missed  float64 // share of the promises of its department that are missed
}

// cause is a cause code with the share of the contacts it is noted on.
type cause struct {
	code  string
	share float64
}

func topics() []topic {
	return []topic{
		{"documents", 0.19, 0.85, 0.05, []cause{{"new_question", 0.5}, {"unclear_website", 0.10}}, []string{"passport for a child", "driving licence expired", "which photo for the identity card"}, 0.08},
		{"moving", 0.10, 0.9, 0.05, []cause{{"new_question", 0.5}, {"broken_form", 0.03}}, []string{"new address from next month", "moving in with partner"}, 0.08},
		{"civil_status", 0.04, 1.1, 0.07, []cause{{"new_question", 0.6}}, []string{"register a birth", "certificate of marriage"}, 0.10},
		{"taxes", 0.12, 1.05, 0.08, []cause{{"new_question", 0.35}, {"unclear_letter", 0.12}}, []string{"pay in instalments", "amount of the tax bill", "remission asked for"}, 0.15},
		{"tax_objection", 0.03, 1.4, 0.10, []cause{{"new_question", 0.3}, {"status_chase", 0.15}}, []string{"objection to the valuation", "valuation report"}, 0.22},
		{"waste", 0.15, 0.8, 0.10, []cause{{"new_question", 0.3}, {"service_failure", 0.18}}, []string{"container not emptied", "bulky waste collection", "pass for the container lost"}, 0.12},
		{"street", 0.08, 0.95, 0.09, []cause{{"new_question", 0.4}, {"service_failure", 0.10}}, []string{"street light broken", "loose paving stone", "branches over the path"}, 0.34},
		{"parking", 0.10, 0.9, 0.07, []cause{{"new_question", 0.45}, {"wrong_channel", 0.06}}, []string{"visitor permit", "change of licence plate", "waiting list"}, 0.10},
		{"building", 0.05, 1.35, 0.09, []cause{{"new_question", 0.35}, {"status_chase", 0.10}}, []string{"dormer without a permit", "drawings for the extension"}, 0.38},
		{"support", 0.06, 1.5, 0.08, []cause{{"new_question", 0.45}, {"unclear_letter", 0.05}}, []string{"help in the household", "special assistance", "transport pass"}, 0.12},
		{"appointment", 0.05, 0.6, 0.04, []cause{{"new_question", 0.5}, {"wrong_channel", 0.12}}, []string{"move the appointment", "appointment for tomorrow"}, 0.05},
		{"other", 0.03, 0.9, 0.04, []cause{{"wrong_channel", 0.25}}, []string{"question for the province", "opening hours"}, 0.05},
	}
}

// counted is what the interval history has in one interval of a channel.
type counted struct {
	channel channel
	start   time.Time
	n       int
}

// registerMaker draws the registered contacts.
type registerMaker struct {
	m        *maker
	rng      *rand.Rand
	from     calendar.Date
	topics   []topic
	sums     []float64 // of the weights, ascending
	centre   *centre.Centre
	office   *calendar.Hours
	channels map[string]channel
	out      []*record
}

// note keeps an interval of the weeks that are registered, when the maker of
// the history comes by it.
func (m *maker) note(c channel, start time.Time, n int) {
	if calendar.DateOf(start, m.loc) > m.last.Add(-7*RegisterWeeks) {
		m.counted = append(m.counted, counted{c, start, n})
	}
}

// register draws the registered contacts out of what the history counted, with
// what they lead to, in order of time.
func (m *maker) register(c *centre.Centre, seed uint64) []*record {
	g := &registerMaker{
		m: m, rng: rand.New(rand.NewPCG(seed, 2000)), from: m.last.Add(-7*RegisterWeeks + 1), topics: topics(), centre: c,
		office: c.OfficeHours(""), channels: map[string]channel{},
	}
	sum := 0.0
	for _, t := range g.topics {
		sum += t.weight
		g.sums = append(g.sums, sum)
	}
	for _, ch := range channels() {
		g.channels[ch.name] = ch
	}
	for _, k := range m.counted {
		for range k.n {
			if g.rng.Float64() < registeredShare {
				g.out = append(g.out, g.contact(k.channel, k.start, g.topic()))
			}
		}
	}
	g.letter()
	g.brokenForm()
	for i := 0; i < len(g.out); i++ { // follow-ups may lead to others
		g.follow(g.out[i])
	}
	end := (m.last + 1).Start(m.loc)
	g.out = slices.DeleteFunc(g.out, func(r *record) bool { return !r.start.Before(end) })
	slices.SortStableFunc(g.out, func(a, b *record) int { return a.start.Compare(b.start) })
	for i, r := range g.out {
		r.id = i + 1
	}
	return g.out
}

func (g *registerMaker) topic() *topic {
	i, _ := slices.BinarySearch(g.sums, g.rng.Float64()*g.sums[len(g.sums)-1])
	return &g.topics[min(i, len(g.topics)-1)]
}

func (g *registerMaker) topicOf(subject string) *topic {
	return &g.topics[slices.IndexFunc(g.topics, func(t topic) bool { return t.subject == subject })]
}

// parties is the number of customers that contact the demo centre.
const parties = 30_000

// contact draws one contact on a subject, with what it leads to.
func (g *registerMaker) contact(c channel, slot time.Time, t *topic) *record {
	r := g.draw(c, slot, t)
	g.end(r, t)
	return r
}

// draw draws what is asked in a contact, and the times it takes.
func (g *registerMaker) draw(c channel, slot time.Time, t *topic) *record {
	rng := g.rng
	r := &record{start: slot.Add(time.Duration(rng.IntN(900)) * time.Second), channel: c.name, subject: t.subject, segment: "resident", kind: "question", outcome: "answered", wait: -1}
	if x := rng.Float64(); x < 0.10 {
		r.segment = "business"
	} else if x < 0.12 {
		r.segment = "partner"
	}
	if rng.Float64() < 0.9 {
		r.party = 1 + rng.IntN(parties)
	}
	switch x := rng.Float64(); {
	case t.subject == "tax_objection" && x < 0.5:
		r.kind = "objection"
	case (t.subject == "street" || t.subject == "waste") && x < 0.45:
		r.kind = "report"
	case x < 0.28:
		r.kind = "request"
	case x > 0.97:
		r.kind = "complaint"
	}
	x := rng.Float64()
	for _, k := range t.causes {
		if x -= k.share; x < 0 {
			r.cause = k.code
			break
		}
	}
	if rng.Float64() < 0.08 {
		r.note = t.words[rng.IntN(len(t.words))]
	}
	g.measure(r, c, t)
	return r
}

// measure draws the times of a contact.
func (g *registerMaker) measure(r *record, c channel, t *topic) {
	if c.aht == 0 {
		return
	}
	const cv = 0.7
	sigma := math.Sqrt(math.Log(1 + cv*cv))
	handle := c.aht * t.length * math.Exp(sigma*g.rng.NormFloat64()-sigma*sigma/2)
	r.acw = math.Round(handle * (0.12 + 0.1*g.rng.Float64()))
	r.talk = math.Round(handle - r.acw)
	r.agent = 1 + g.rng.IntN(g.m.agents)
	if c.waiting {
		r.wait = math.Round(g.rng.ExpFloat64() * map[string]float64{"phone": 18, "chat": 25, "counter": 300}[c.name])
	}
}

// end draws how a contact ends, with the work and the appreciation it leaves.
func (g *registerMaker) end(r *record, t *topic) {
	rng := g.rng
	if r.channel == "bot" {
		r.outcome = "contained"
		if rng.Float64() < 0.34 {
			r.outcome = "transferred"
		}
	} else {
		s, _ := g.centre.Subject(t.subject)
		hand, call, move := 0.022, 0.012, 0.02
		if s.Level == "specialist" {
			hand, call, move = 0.17, 0.06, 0.12
		}
		if r.kind == "status_chase" {
			hand, call, move = 0, 0, 0.08
		}
		dept := g.centre.DepartmentOf(t.subject)
		switch x := rng.Float64(); {
		case dept == "":
		case x < hand:
			r.outcome, r.dept = "handed_off", dept
			g.work(r, t, false)
		case x < hand+call:
			r.outcome, r.dept = "callback_requested", dept
			g.work(r, t, true)
		case x < hand+call+move:
			r.outcome, r.dept = "transferred", dept
		}
	}
	if r.outcome == "answered" && rng.Float64() < 0.3 {
		r.article = t.subject + "-" + strconv.Itoa(1+rng.IntN(3))
	}
	if rng.Float64() < 0.14 {
		mean := map[string]float64{"phone": 7.9, "chat": 7.6, "counter": 8.3, "email": 7.1, "webform": 7.2, "post": 6.8, "social": 7.3, "bot": 6.1}[r.channel]
		switch {
		case r.kind == "status_chase" || r.kind == "complaint":
			mean -= 2.2
		case r.outcome != "answered" && r.outcome != "contained":
			mean -= 0.7
		}
		r.csat = int(min(10, max(1, math.Round(mean+1.5*rng.NormFloat64()))))
		r.effort = int(min(5, max(1, math.Round((10-mean)/2+1.2+0.9*rng.NormFloat64()))))
	}
}

// work draws what becomes of the work with the department, and when a promise
// is missed lets the customer ask where it stays.
func (g *registerMaker) work(r *record, t *topic, callback bool) {
	rng := g.rng
	promised, missed := 20, false
	if within, ok := g.centre.PromiseOf(r.subject, r.dept); ok && within.Unit == calendar.WorkingDays {
		promised, missed = within.N, rng.Float64() < t.missed
	}
	task := "answer the question"
	if callback {
		task = "call back"
	}
	w := &HandOff{Department: r.dept, Task: task, Callback: callback, At: r.start.Add(time.Duration(4+rng.IntN(20)) * time.Minute)}
	r.work = w
	days := rng.IntN(promised)
	if missed {
		days = promised + 1 + int(rng.ExpFloat64()*float64(promised)*0.6)
	}
	received := calendar.DateOf(r.start, g.m.loc)
	w.Closed = g.officeDay(received, days).At(calendar.Clock(10*60+rng.IntN(360)), g.m.loc)
	if !w.Closed.After(w.At) {
		w.Closed = w.At.Add(time.Duration(20+rng.IntN(60)) * time.Minute)
	}
	w.Responded = w.Closed
	if !callback && rng.Float64() < 0.88 { // most get a first answer at once
		first := g.officeDay(received, rng.IntN(2)).At(calendar.Clock(16*60+rng.IntN(45)), g.m.loc)
		if first.After(w.At) && first.Before(w.Closed) {
			w.Responded = first
		}
	}
	if !missed || r.party == 0 || rng.Float64() >= chaseShare {
		return
	}
	day := g.officeDay(received, promised+1+rng.IntN(3))
	chase := g.draw(g.channels["phone"], day.At(calendar.Clock(9*60+15*rng.IntN(30)), g.m.loc), t)
	chase.party, chase.kind, chase.cause, chase.followed = r.party, "status_chase", "", true
	if rng.Float64() < 0.45 {
		chase.cause = "status_chase"
	}
	if rng.Float64() < 0.3 {
		chase.note = "no answer yet, when will it come"
	}
	g.end(chase, t)
	g.out = append(g.out, chase)
}

// officeDay returns the nth office day after a day; n = 0 is the day itself or
// the first office day after it.
func (g *registerMaker) officeDay(d calendar.Date, n int) calendar.Date {
	for !g.office.OpenDay(d) {
		d++
	}
	for ; n > 0; n-- {
		for d++; !g.office.OpenDay(d); d++ {
		}
	}
	return d
}

// follow lets the customer of a contact come back on the same subject.
func (g *registerMaker) follow(r *record) {
	if r.followed || r.party == 0 {
		return
	}
	again := g.topicOf(r.subject).again
	switch r.channel {
	case "chat", "social":
		again *= 1.4
	case "email", "webform":
		again *= 1.25
	case "counter":
		again *= 0.5
	case "bot":
		again *= 0.8
		if r.outcome == "transferred" {
			return
		}
	}
	if g.rng.Float64() >= again {
		return
	}
	day := g.officeDay(calendar.DateOf(r.start, g.m.loc)+1, g.rng.IntN(4))
	c := g.channels["phone"]
	if g.rng.Float64() < 0.3 {
		c = g.channels[[]string{"email", "chat", "counter"}[g.rng.IntN(3)]]
	}
	t := g.topicOf(r.subject)
	next := g.contact(c, day.At(calendar.Clock(9*60+15*g.rng.IntN(30)), g.m.loc), t)
	next.party, next.followed = r.party, true
	if next.cause != "" && g.rng.Float64() < 0.5 {
		next.cause = ""
	}
	g.out = append(g.out, next)
}

// letter plants what a mailing does: contacts on its subject from the day after
// it, fewer every day.
func (g *registerMaker) letter() {
	sent := g.m.last.Add(-letterDaysBack)
	words := []string{"letter not clear", "why a second tax bill", "letter: what is this amount", "bill already paid"}
	for range letterContacts {
		lag := int(math.Log(1-g.rng.Float64()) / math.Log(letterDecay))
		c := g.channels["phone"]
		if x := g.rng.Float64(); x < 0.2 {
			c = g.channels["email"]
		} else if x < 0.3 {
			c = g.channels["chat"]
		}
		r := g.contact(c, g.officeDay(sent+1, lag).At(calendar.Clock(9*60+15*g.rng.IntN(30)), g.m.loc), g.topicOf("taxes"))
		r.kind, r.cause = "question", ""
		if g.rng.Float64() < 0.35 {
			r.cause = "unclear_letter"
		}
		if g.rng.Float64() < 0.3 {
			r.note = words[g.rng.IntN(len(words))]
		}
		g.out = append(g.out, r)
	}
}

// LetterDay returns the day on which the planted mailing was sent.
func LetterDay(last calendar.Date) calendar.Date { return last.Add(-letterDaysBack) }

// FormDay returns the first day on which the planted form was broken.
func FormDay(last calendar.Date) calendar.Date { return last.Add(-formDaysBack) }

// brokenForm plants what a form that does not work does.
func (g *registerMaker) brokenForm() {
	words := []string{"form does not load", "error in the form", "cannot send the form for the permit"}
	for range formContacts {
		day := g.officeDay(FormDay(g.m.last), g.rng.IntN(formDays))
		c := g.channels["phone"]
		if g.rng.Float64() < 0.25 {
			c = g.channels["chat"]
		}
		r := g.contact(c, day.At(calendar.Clock(9*60+15*g.rng.IntN(30)), g.m.loc), g.topicOf("parking"))
		r.kind, r.cause = "request", ""
		if g.rng.Float64() < 0.5 {
			r.cause = "broken_form"
		}
		if g.rng.Float64() < 0.4 {
			r.note = words[g.rng.IntN(len(words))]
		}
		g.out = append(g.out, r)
	}
}

// writeContacts writes the export of the registered contacts.
func (m *maker) writeContacts(w io.Writer, records []*record) error {
	bw := bufio.NewWriter(w)
	cw := csv.NewWriter(bw)
	row := []string{
		"id", "start", "channel", "kind", "subject", "segment", "cause", "outcome", "department", "party", "agent",
		"wait_s", "talk_s", "acw_s", "csat", "effort", "article", "note",
	}
	if err := cw.Write(row); err != nil {
		return err
	}
	number := func(v float64, known bool) string {
		if !known {
			return ""
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	for _, r := range records {
		party, agent := "", ""
		if r.party > 0 {
			party = "customer-" + strconv.Itoa(r.party)
		}
		if r.agent > 0 {
			agent = fmt.Sprintf("agent-%03d", r.agent)
		}
		row = append(row[:0], r.externalID(), r.start.In(m.loc).Format(time.RFC3339), r.channel, r.kind, r.subject, r.segment, r.cause, r.outcome, r.dept,
			party, agent, number(r.wait, r.wait >= 0), number(r.talk, r.agent > 0), number(r.acw, r.agent > 0),
			number(float64(r.csat), r.csat > 0), number(float64(r.effort), r.effort > 0), r.article, r.note)
		if err := cw.Write(row); err != nil {
			return err
		}
	}
	cw.Flush()
	return cmp.Or(cw.Error(), bw.Flush())
}

func (r *record) externalID() string { return "C-" + strconv.Itoa(100_000+r.id) }

// handOffs lists the work that the contacts left, up to a moment.
func handOffs(records []*record, now time.Time) []HandOff {
	var out []HandOff
	for _, r := range records {
		if r.work == nil {
			continue
		}
		w := *r.work
		w.Contact = r.externalID()
		if w.Closed.After(now) {
			w.Closed = time.Time{}
		}
		if w.Responded.After(now) {
			w.Responded = time.Time{}
		}
		out = append(out, w)
	}
	return out
}
