package flow

import (
	"context"
	"fmt"
	"math"
	"time"

	"kcc/contacts/outbound"
	"kcc/contacts/register"
	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
)

// OutboundCall is the outbound work of one campaign in one interval.
type OutboundCall struct {
	Campaign string
	Channel  string // in idle time of which it is done first
	Skill    string
	Start    time.Time
	Step     time.Duration
	Calls    float64
	AHT      float64 // mean work of a call, answered or not, s
	Reached  float64
	Hours    *calendar.Hours // in which may be called
}

// OutboundPlan is what the open campaigns ask for in a span of days.
type OutboundPlan struct {
	Agents int // at once at most
	Calls  []OutboundCall
	// Per campaign, in order of priority.
	Campaigns []CampaignPlan
}

// CampaignPlan is how far a campaign comes in the span.
type CampaignPlan struct {
	Name                 string
	Left                 int
	Calls, Reached, Open float64 // Open: people who could still be called after the span
	Hours                float64
	Last                 time.Time // when the last calls are made; zero when none are
}

// OutboundOptions of PlanOutbound. The zero value plans every open campaign for
// two weeks with as few agents at once as bring all lists to their end.
type OutboundOptions struct {
	Campaign string
	From     calendar.Date // default today
	Days     int           // default 14
	Agents   int           // at once at most; 0: as few as needed
	Step     time.Duration // of the intervals; default 15 minutes
}

// The plan without a number of agents tries up to maxOutboundAgents, and takes a
// list for done when this share of its people can still be called.
const (
	maxOutboundAgents = 4096
	outboundDone      = 0.005
	outboundHour      = time.Hour
	outboundDays      = 14
)

// PlanOutbound turns the lists of open campaigns into calls and work per
// interval: people are called at the hours at which most are reached, no sooner
// again than the spacing, until they are reached or had their last attempt.
func PlanOutbound(ctx context.Context, d *outbound.Desk, o OutboundOptions, now time.Time, zone *time.Location) (OutboundPlan, error) {
	if o.Days == 0 {
		o.Days = outboundDays
	}
	if o.Step == 0 {
		o.Step = 15 * time.Minute
	}
	if o.From == 0 {
		o.From = calendar.DateOf(now, zone)
	}
	stands, err := d.Stands(ctx, o.Campaign, 0, 0)
	if err != nil {
		return OutboundPlan{}, err
	}
	var lists []outboundList
	for i := range stands {
		s := &stands[i]
		if s.Campaign.State != outbound.Open || s.Left() == 0 {
			continue
		}
		l, err := listOf(d, s, o, now, zone)
		if err != nil {
			return OutboundPlan{}, err
		}
		lists = append(lists, l)
	}
	if o.Agents > 0 || len(lists) == 0 {
		return spreadLists(lists, max(o.Agents, 1), o.Step), ctx.Err()
	}
	// The least number that brings every list to its end, or as far as any number does.
	most := spreadLists(lists, maxOutboundAgents, o.Step)
	done := func(p *OutboundPlan) bool {
		for i := range p.Campaigns {
			if p.Campaigns[i].Open > most.Campaigns[i].Open+outboundDone*float64(p.Campaigns[i].Left) {
				return false
			}
		}
		return true
	}
	lo, hi := 1, maxOutboundAgents
	for lo < hi {
		if err := ctx.Err(); err != nil {
			return OutboundPlan{}, err
		}
		mid := (lo + hi) / 2
		if p := spreadLists(lists, mid, o.Step); done(&p) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return spreadLists(lists, lo, o.Step), nil
}

// outboundList is a campaign made ready for spreading.
type outboundList struct {
	campaign outbound.Campaign
	list     erlang.Outbound
	left     int
	slots    [][]calendar.Stretch // stretches of time that belong to one slot: calls to one person are in different ones
	connect  []float64            // chance per slot
	window   *outbound.Window
}

func listOf(d *outbound.Desk, s *outbound.Stand, o OutboundOptions, now time.Time, zone *time.Location) (outboundList, error) {
	c := s.Campaign
	look := s.Outlook()
	l := outboundList{campaign: c, left: s.Left()}
	// Who has had calls has fewer left: the list is as long as its people's
	// attempts are on average.
	attempts := 0.0
	for had, n := range s.Open {
		attempts += float64(n) * float64(max(1, c.MaxAttempts-had))
	}
	l.list = erlang.Outbound{
		Records: float64(l.left), Attempts: max(1, int(math.Round(attempts/float64(l.left)))),
		Connect: look.ByCall, Talk: look.Talk, Dial: look.Dial,
	}
	var err error
	if l.window, err = d.Window(&c); err != nil {
		return l, err
	}
	reach := outbound.ReachOf(s.OfKind)
	var began time.Time
	for i := range o.Days {
		day := o.From.Add(i)
		if (c.First != 0 && day < c.First) || (c.Last != 0 && day > c.Last) {
			continue
		}
		for _, open := range l.window.Stretches(day) {
			for from := open.From; from.Before(open.To); {
				to := from.Truncate(outboundHour).Add(outboundHour)
				if to.After(open.To) {
					to = open.To
				}
				if to.After(now) {
					part := calendar.Stretch{From: maxTime(from, now.Truncate(o.Step)), To: to}
					if len(l.slots) == 0 || part.From.Sub(began) >= c.Spacing {
						l.slots, l.connect, began = append(l.slots, nil), append(l.connect, 0), part.From
					}
					k := len(l.slots) - 1
					n := float64(len(l.slots[k]))
					l.connect[k] = (l.connect[k]*n + reach.ByHour[part.From.In(zone).Hour()]) / (n + 1)
					l.slots[k] = append(l.slots[k], part)
				}
				from = to
			}
		}
	}
	return l, nil
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// spreadLists spreads lists in order of priority: each gets the room that those
// before it leave.
func spreadLists(lists []outboundList, agents int, step time.Duration) OutboundPlan {
	out := OutboundPlan{Agents: agents}
	used := map[int64]float64{} // agent-seconds by interval
	for _, l := range lists {
		slots := make([]erlang.OutboundSlot, len(l.slots))
		room := make([][]float64, len(l.slots))
		for k, parts := range l.slots {
			slots[k].Connect = l.connect[k]
			for _, p := range parts {
				for t := p.From.Truncate(step); t.Before(p.To); t = t.Add(step) {
					free := math.Max(0, float64(agents)*overlap(p, t, step).Seconds()-used[t.Unix()])
					room[k] = append(room[k], free)
					slots[k].Room += free
				}
			}
		}
		plan := l.list.Spread(slots)
		c := CampaignPlan{Name: l.campaign.Name, Left: l.left, Calls: plan.Calls, Reached: plan.Reached, Open: plan.Open, Hours: plan.Seconds / 3600}
		for k, parts := range l.slots {
			if plan.PerSlot[k] <= 0 {
				continue
			}
			i := 0
			for _, p := range parts {
				for t := p.From.Truncate(step); t.Before(p.To); t = t.Add(step) {
					part := room[k][i] / slots[k].Room
					i++
					if part <= 0 {
						continue
					}
					used[t.Unix()] += part * plan.SlotSeconds[k]
					c.Last = maxTime(c.Last, t)
					out.Calls = append(out.Calls, OutboundCall{
						Campaign: l.campaign.Name, Channel: l.campaign.Channel, Skill: l.campaign.Skill, Start: t, Step: step,
						Calls: part * plan.PerSlot[k], AHT: plan.SlotSeconds[k] / plan.PerSlot[k], Reached: part * plan.SlotReached[k], Hours: l.window.Hours(),
					})
				}
			}
		}
		out.Campaigns = append(out.Campaigns, c)
	}
	return out
}

func overlap(p calendar.Stretch, t time.Time, step time.Duration) time.Duration {
	from, to := maxTime(p.From, t), t.Add(step)
	if p.To.Before(to) {
		to = p.To
	}
	return max(0, to.Sub(from))
}

// outboundChannel is the name under which the calls of a campaign are staffed.
func outboundChannel(campaign string) string { return "outbound " + campaign }

// outboundWork hands outbound calls over to staffing: deferrable work of a
// working day, that fills the idle time of its channel before heads are added.
func outboundWork(c *centre.Centre, p OutboundPlan) ([]erlang.Interval, map[string]erlang.Settings) {
	var out []erlang.Interval
	settings := map[string]erlang.Settings{}
	for _, call := range p.Calls {
		name := outboundChannel(call.Campaign)
		if _, ok := settings[name]; !ok {
			s := erlang.Settings{
				Skill: call.Skill, Model: erlang.ModelDeadline, Promise: calendar.Term{N: 1, Unit: calendar.WorkingDays}, Hours: call.Hours,
				Unplanned: c.Shrinkage.Unplanned,
			}
			if ch, ok := c.Channel(call.Channel); ok {
				s.Skill, s.Unplanned = skillOf(ch), SettingsOf(c, ch).Unplanned
				if ch.Kind == centre.Realtime {
					s.BlendInto, s.MaxBlend = ch.Name, ch.MaxBlend
				}
			}
			settings[name] = s
		}
		out = append(out, erlang.Interval{Start: call.Start, Step: call.Step, Channel: name, Offered: call.Calls, AHT: call.AHT})
	}
	return out, settings
}

// OutboundTables shows the plan of the campaigns.
func OutboundTables(l output.Lang, p OutboundPlan, zone *time.Location) []output.Table {
	calls := output.Table{
		Name: "plan", Sheet: l.Pick("Calls", "Gesprekken"), Title: l.Pick("Outbound work per interval", "Uitgaand werk per interval"),
		Columns: []output.Column{
			{Name: "channel"},
			{Name: "subject"},
			{Name: "start", Kind: output.DateTime},
			{Name: "interval_s", Kind: output.Integer},
			{Name: "offered", Kind: output.Number, Digits: 2},
			{Name: "aht_s", Kind: output.Number, Digits: 1},
			{Name: "skill"},
			{Name: "reached", Kind: output.Number, Digits: 2},
			{Name: "workload_erlangs", Kind: output.Number, Digits: 2},
		},
		Notes: []string{fmt.Sprintf(l.Pick("offered: calls to be made; aht_s: mean work of a call, answered or not; at most %d agents at once", "offered: te plegen gesprekken; aht_s: gemiddeld werk per poging; ten hoogste %d medewerkers tegelijk"), p.Agents)},
	}
	for _, c := range p.Calls {
		calls.Rows = append(calls.Rows, []any{
			outboundChannel(c.Campaign), "", c.Start.In(zone), int64(c.Step / time.Second), c.Calls, c.AHT, c.Skill, c.Reached, c.Calls * c.AHT / c.Step.Seconds(),
		})
	}
	sum := output.Table{
		Name: "campaigns", Sheet: l.Pick("Campaigns", "Campagnes"), Title: l.Pick("Campaigns in the span", "Campagnes in de periode"),
		Columns: []output.Column{
			{Name: "campaign"},
			{Name: "left", Kind: output.Integer},
			{Name: "calls", Kind: output.Number},
			{Name: "reached", Kind: output.Number},
			{Name: "hours", Kind: output.Number, Digits: 1},
			{Name: "still_open", Kind: output.Number},
			{Name: "last_calls", Kind: output.DateTime},
		},
		Notes: []string{l.Pick("still open: people who may still be called after the span", "still_open: mensen die na de periode nog gebeld mogen worden")},
	}
	for _, c := range p.Campaigns {
		var last any
		if !c.Last.IsZero() {
			last = c.Last.In(zone)
		}
		sum.Rows = append(sum.Rows, []any{c.Name, c.Left, c.Calls, c.Reached, c.Hours, c.Open, last})
	}
	return []output.Table{sum, calls}
}

// Outbound returns what the open campaigns of the store ask for from first on.
// No number is needed for it, so no key file is opened.
func (s *Site) Outbound(ctx context.Context, first calendar.Date, days int) (OutboundPlan, error) {
	d := &outbound.Desk{
		Register: &register.Desk{DB: s.DB, Centre: RegisterCentre(s.Centre, s.Centre.Zone), Now: func() time.Time { return s.Now }},
		Office:   s.Centre.OfficeHours(""),
	}
	return PlanOutbound(ctx, d, OutboundOptions{From: first, Days: days, Step: s.Centre.Interval}, s.Now, s.Centre.Zone)
}
