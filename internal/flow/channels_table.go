package flow

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"kcc/contacts/channel"
	"kcc/internal/centre"
	"kcc/internal/output"
)

// ListTable shows the channels: how they are worked, what came and what it cost.
func (c *Channels) ListTable(l output.Lang, span Span, lines []channel.Line, volume map[string]float64) output.Table {
	t := output.Table{
		Name: "channels", Title: fmt.Sprintf(l.Pick("Channels, %s", "Kanalen, %s"), spanText(l, span)),
		Columns: []output.Column{
			{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
			{Name: "worked", Title: l.Pick("Worked", "Werkwijze")},
			{Name: "digital", Title: l.Pick("Digital", "Digitaal"), Kind: output.Bool},
			{Name: "target", Title: l.Pick("Target", "Norm")},
			{Name: "hours", Title: l.Pick("Open", "Open")},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "share", Title: l.Pick("Share", "Aandeel"), Kind: output.Percent, Digits: 1},
			{Name: "registered", Title: l.Pick("Registered", "Geregistreerd"), Kind: output.Number},
			{Name: "aht_s", Title: l.Pick("AHT (s)", "Afhandeltijd (s)"), Kind: output.Number},
			{Name: "cost_per_contact", Title: l.Pick("Cost each", "Kosten per stuk"), Kind: output.Number, Digits: 2},
		},
		Notes: []string{l.Pick("Contacts: as the best source counts them; registered: with subject and cause, from which handle time and cost are taken, or else from interval statistics",
			"Contacten: zoals de beste bron ze telt; geregistreerd: met onderwerp en oorzaak, waaruit afhandeltijd en kosten komen, en anders uit intervalcijfers")},
	}
	byName := map[string]*channel.Line{}
	for i := range lines {
		byName[lines[i].Keys[0]] = &lines[i]
	}
	all, digital := 0.0, 0.0
	for name, v := range volume {
		all += v
		if channel.Digital(name) {
			digital += v
		}
	}
	for _, ch := range c.Centre.Channels {
		row := []any{ch.Name, kindText(l, ch.Kind), channel.Digital(ch.Name), targetText(l, c.Centre, ch.Name), ch.Hours.String(), nil, nil, nil, nil, nil}
		if v, ok := volume[ch.Name]; ok {
			row[5], row[6] = v, v/all
		}
		if line := byName[ch.Name]; line != nil {
			if line.Counted == 0 {
				row[7] = line.Contacts
			}
			row[8], row[9] = line.AHT(), line.CostPerContact()
		}
		t.Rows = append(t.Rows, row)
	}
	if all > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("Digital share: %s %%", "Digitaal aandeel: %s %%"), l.Number(100*digital/all, 1)))
	}
	return t
}

func kindText(l output.Lang, k centre.Kind) string {
	switch k {
	case centre.Realtime:
		return l.Pick("customer waits", "klant wacht")
	case centre.Chat:
		return l.Pick("chat", "chat")
	case centre.Deferrable:
		return l.Pick("within a promise", "binnen een belofte")
	}
	return l.Pick("without agents", "zonder medewerkers")
}

// MixTable shows what each channel is worth, by further dimensions where asked.
func (c *Channels) MixTable(l output.Lang, span Span, by []string, lines []channel.Line, small bool) output.Table {
	t := output.Table{
		Name: "mix", Title: fmt.Sprintf(l.Pick("What channels carry and are worth, %s", "Wat kanalen dragen en waard zijn, %s"), spanText(l, span)), Keys: 1 + len(by),
		Columns: []output.Column{{Name: "channel", Title: l.Pick("Channel", "Kanaal")}},
	}
	for _, d := range by {
		t.Columns = append(t.Columns, output.Column{Name: d, Title: map[string]string{
			"subject": l.Pick("Subject", "Onderwerp"), "kind": l.Pick("Kind", "Soort"), "segment": l.Pick("Segment", "Doelgroep"),
		}[d]})
	}
	t.Columns = append(t.Columns,
		output.Column{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
		output.Column{Name: "share", Title: l.Pick("Share", "Aandeel"), Kind: output.Percent, Digits: 1},
		output.Column{Name: "aht_s", Title: l.Pick("AHT (s)", "Afhandeltijd (s)"), Kind: output.Number},
		output.Column{Name: "cost_per_contact", Title: l.Pick("Cost each", "Kosten per stuk"), Kind: output.Number, Digits: 2},
		output.Column{Name: "fcr", Title: l.Pick("First contact", "Eerste contact"), Kind: output.Percent, Digits: 1},
		output.Column{Name: "containment", Title: l.Pick("Contained", "Zelf afgedaan"), Kind: output.Percent, Digits: 1},
		output.Column{Name: "kept", Title: l.Pick("Promise kept", "Belofte nagekomen"), Kind: output.Percent, Digits: 1},
		output.Column{Name: "csat", Title: l.Pick("Satisfaction", "Tevredenheid"), Kind: output.Number, Digits: 2},
		output.Column{Name: "csat_half95", Title: "±", Kind: output.Number, Digits: 2},
		output.Column{Name: "effort", Title: l.Pick("Effort", "Moeite"), Kind: output.Number, Digits: 2},
	)
	all, digital := 0.0, 0.0
	hidden := 0
	for i := range lines {
		x := &lines[i]
		all += x.Contacts
		if channel.Digital(x.Keys[0]) {
			digital += x.Contacts
		}
		if !small && x.Contacts < channel.SmallCell {
			hidden++
			continue
		}
		var row []any
		for _, k := range x.Keys {
			row = append(row, unknownOr(l, k))
		}
		mean, half := x.CSAT()
		few := func(v, n float64) any {
			if n < channel.SmallCell {
				return math.NaN()
			}
			return v
		}
		row = append(row, x.Contacts, x.Share(), x.AHT(), x.CostPerContact(), few(x.FCR(), x.OldJudgeable), x.Containment(), few(x.Kept(), float64(x.Promises)),
			few(mean, x.CSATN), few(half, x.CSATN), few(x.Effort(), x.EffortN))
		t.Rows = append(t.Rows, row)
	}
	t.Notes = []string{
		fmt.Sprintf(l.Pick("First contact: not followed within %d days by another contact of the customer on the subject, of the contacts old enough to judge whose customer is known",
			"Eerste contact: niet binnen %d dagen gevolgd door een ander contact van de klant over het onderwerp, van de contacten die oud genoeg zijn en waarvan de klant bekend is"),
			repeatDays),
		l.Pick("Contained: not transferred, handed off or to be called back. Promise kept: of the lead times that came due in the period",
			"Zelf afgedaan: niet doorverbonden, doorgezet of terug te bellen. Belofte nagekomen: van de doorlooptijden die in de periode vervielen"),

		l.Pick("Satisfaction and effort: mean of the customers who gave a score, with half of the 95 % interval; figures over fewer than 5 are left out",
			"Tevredenheid en moeite: gemiddelde van klanten die een cijfer gaven, met de helft van het 95 %-interval; cijfers over minder dan 5 zijn weggelaten"),
	}
	note := countedNote(l, countedOf(lines), by)
	if all > 0 {
		of := l.Pick("Digital share of the registered contacts: %s %%", "Digitaal aandeel van de geregistreerde contacten: %s %%")
		if note != "" {
			of = l.Pick("Digital share of these contacts: %s %%", "Digitaal aandeel van deze contacten: %s %%")
		}
		t.Notes = append(t.Notes, fmt.Sprintf(of, l.Number(100*digital/all, 1)))
	}
	t.Notes = withNote(t.Notes, note)
	if hidden > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("%d lines with fewer than 5 contacts are left out", "%d regels met minder dan 5 contacten zijn weggelaten"), hidden))
	}
	if len(by) == 0 {
		t.Charts = []output.ChartSpec{
			{Title: l.Pick("Share per channel", "Aandeel per kanaal"), Kind: output.BarChart, X: "channel", Y: []string{"share"}},
			{Title: l.Pick("First contact and contained", "Eerste contact en zelf afgedaan"), Kind: output.BarChart, X: "channel", Y: []string{"fcr", "containment"}},
		}
	}
	return t
}

func unknownOr(l output.Lang, s string) string {
	if s == "" {
		return l.Pick("(unknown)", "(onbekend)")
	}
	return s
}

// ShiftTable shows how the channels changed between two spans, and why.
func (c *Channels) ShiftTable(l output.Lang, before, after Span, list []channel.Change, only map[string]bool) output.Table {
	t := output.Table{
		Name: "shift", Title: fmt.Sprintf(l.Pick("Contacts per week: %s against %s", "Contacten per week: %s tegen %s"), spanText(l, after), spanText(l, before)),
		Columns: []output.Column{
			{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
			{Name: "before", Title: l.Pick("Before", "Ervoor"), Kind: output.Number, Digits: 1},
			{Name: "after", Title: l.Pick("After", "Erna"), Kind: output.Number, Digits: 1},
			{Name: "change", Title: l.Pick("Change", "Verandering"), Kind: output.Number, Digits: 1},
			{Name: "by_volume", Title: l.Pick("By volume", "Door volume"), Kind: output.Number, Digits: 1},
			{Name: "by_subjects", Title: l.Pick("By subjects", "Door onderwerpen"), Kind: output.Number, Digits: 1},
			{Name: "by_choice", Title: l.Pick("By choice", "Door keuze"), Kind: output.Number, Digits: 1},
			{Name: "share_before", Title: l.Pick("Share before", "Aandeel ervoor"), Kind: output.Percent, Digits: 1},
			{Name: "share_after", Title: l.Pick("Share after", "Aandeel erna"), Kind: output.Percent, Digits: 1},
		},
		Notes: []string{l.Pick("By volume: more or fewer contacts in all; by subjects: other subjects came up; by choice: another channel for the same subject. The three add up to the change",
			"Door volume: meer of minder contacten in totaal; door onderwerpen: andere onderwerpen; door keuze: een ander kanaal voor hetzelfde onderwerp. De drie tellen op tot de verandering")},
	}
	var sum channel.Change
	digitalB, digitalA := 0.0, 0.0
	for i := range list {
		x := &list[i]
		sum.Before += x.Before
		sum.After += x.After
		sum.Volume += x.Volume
		sum.Topics += x.Topics
		sum.Choice += x.Choice
		if channel.Digital(x.Channel) {
			digitalB += x.Before
			digitalA += x.After
		}
	}
	for i := range list {
		x := &list[i]
		t.Rows = append(t.Rows, []any{x.Channel, x.Before, x.After, x.After - x.Before, x.Volume, x.Topics, x.Choice, x.Before / sum.Before, x.After / sum.After})
	}
	t.Total = []any{l.Pick("Total", "Totaal"), sum.Before, sum.After, sum.After - sum.Before, sum.Volume, sum.Topics, sum.Choice, 1.0, 1.0}
	t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("Digital share: %s %% before, %s %% after", "Digitaal aandeel: %s %% ervoor, %s %% erna"), l.Number(100*digitalB/sum.Before, 1), l.Number(100*digitalA/sum.After, 1)))
	t.Notes = withNote(t.Notes, countedNote(l, only, nil))
	t.Charts = []output.ChartSpec{{Title: l.Pick("Change per week", "Verandering per week"), Kind: output.BarChart, X: "channel", Y: []string{"by_volume", "by_subjects", "by_choice"}, YLabel: l.Pick("contacts", "contacten")}}
	return t
}

// CostTable shows what contacts cost per channel, and by further dimensions.
func (c *Channels) CostTable(l output.Lang, span Span, by []string, lines []channel.Line) output.Table {
	t := output.Table{
		Name: "cost", Title: fmt.Sprintf(l.Pick("Cost of contacts, %s", "Kosten van contacten, %s"), spanText(l, span)), Keys: 1 + len(by),
		Columns: []output.Column{{Name: "channel", Title: l.Pick("Channel", "Kanaal")}},
	}
	for _, d := range by {
		t.Columns = append(t.Columns, output.Column{Name: d})
	}
	t.Columns = append(t.Columns,
		output.Column{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
		output.Column{Name: "aht_s", Title: l.Pick("AHT (s)", "Afhandeltijd (s)"), Kind: output.Number},
		output.Column{Name: "agent_hours", Title: l.Pick("Hours", "Uren"), Kind: output.Number, Digits: 1},
		output.Column{Name: "agent_cost", Title: l.Pick("Agents", "Medewerkers"), Kind: output.Number},
		output.Column{Name: "channel_cost", Title: l.Pick("Channel", "Kanaal"), Kind: output.Number},
		output.Column{Name: "cost", Title: l.Pick("Cost", "Kosten"), Kind: output.Number},
		output.Column{Name: "cost_per_contact", Title: l.Pick("Cost each", "Kosten per stuk"), Kind: output.Number, Digits: 2},
		output.Column{Name: "cost_per_solved", Title: l.Pick("Cost per solved", "Kosten per opgelost"), Kind: output.Number, Digits: 2},
	)
	var n, hours, agents, extra, cost float64
	for i := range lines {
		x := &lines[i]
		own := x.Contacts * c.Rates.Of(x.Keys[0]).PerContact
		n, hours, agents, extra, cost = n+x.Contacts, hours+x.Hours, agents+x.Cost-own, extra+own, cost+x.Cost
		if len(by) > 0 && x.Contacts < channel.SmallCell {
			continue
		}
		var row []any
		for _, k := range x.Keys {
			row = append(row, unknownOr(l, k))
		}
		t.Rows = append(t.Rows, append(row, x.Contacts, x.AHT(), x.Hours, x.Cost-own, own, x.Cost, x.CostPerContact(), x.CostPerContact()/x.FCR()))
	}
	keys := make([]any, 1+len(by))
	keys[0] = l.Pick("Total", "Totaal")
	t.Total = append(keys, n, math.NaN(), hours, agents, extra, cost, cost/n, math.NaN())
	r := c.Rates[""]
	t.Notes = []string{
		fmt.Sprintf(l.Pick("Cost in %s: handle time / contacts at once, at %s per paid hour, of which %s %% is spent on contacts (occupancy %s %%), plus what the channel costs per contact",
			"Kosten in %s: afhandeltijd / gelijktijdige contacten, à %s per betaald uur, waarvan %s %% aan contacten opgaat (bezettingsgraad %s %%), plus wat het kanaal per contact kost"),

			c.Centre.Currency, l.Number(r.Wage, 2), l.Number(100*r.Productive*r.Occupancy, 0), l.Number(100*r.Occupancy, 0)),
		l.Pick("Cost per solved: cost each / share settled at first contact", "Kosten per opgelost: kosten per stuk / aandeel dat in één keer is afgedaan"),
	}
	t.Notes = withNote(t.Notes, countedNote(l, countedOf(lines), by))
	if len(by) == 0 {
		t.Charts = []output.ChartSpec{{Title: l.Pick("Cost per contact", "Kosten per contact"), Kind: output.BarChart, X: "channel", Y: []string{"cost_per_contact"}, YLabel: c.Centre.Currency}}
	}
	return t
}

// PriceTable shows how the mean cost per contact changed between two spans.
func (c *Channels) PriceTable(l output.Lang, before, after Span, lines0, lines1 []channel.Line) output.Table {
	list, was, is := channel.Prices(lines0, lines1)
	t := output.Table{
		Name: "price", Title: fmt.Sprintf(l.Pick("Cost per contact: %s against %s", "Kosten per contact: %s tegen %s"), spanText(l, after), spanText(l, before)),
		Columns: []output.Column{
			{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
			{Name: "share_before", Title: l.Pick("Share before", "Aandeel ervoor"), Kind: output.Percent, Digits: 1},
			{Name: "share_after", Title: l.Pick("Share after", "Aandeel erna"), Kind: output.Percent, Digits: 1},
			{Name: "cost_before", Title: l.Pick("Each before", "Per stuk ervoor"), Kind: output.Number, Digits: 2},
			{Name: "cost_after", Title: l.Pick("Each after", "Per stuk erna"), Kind: output.Number, Digits: 2},
			{Name: "by_mix", Title: l.Pick("By mix", "Door mix"), Kind: output.Number, Digits: 3},
			{Name: "by_cost", Title: l.Pick("By cost", "Door kosten"), Kind: output.Number, Digits: 3},
		},
		Notes: []string{l.Pick("By mix and by cost, added over the channels, are the change of the mean cost per contact", "Door mix en door kosten zijn, opgeteld over de kanalen, de verandering van de gemiddelde kosten per contact")},
	}
	mix, price := 0.0, 0.0
	for _, p := range list {
		mix += p.ByMix
		price += p.ByPrice
		t.Rows = append(t.Rows, []any{p.Channel, p.ShareBefore, p.ShareAfter, p.CostBefore, p.CostAfter, p.ByMix, p.ByPrice})
	}
	t.Total = []any{l.Pick("Total", "Totaal"), 1.0, 1.0, was, is, mix, price}
	t.Notes = withNote(t.Notes, countedNote(l, countedOf(slices.Concat(lines0, lines1)), nil))
	return t
}

// StrategyTable shows the goals and how they stand.
func (c *Channels) StrategyTable(l output.Lang, span Span, list []channel.Standing) output.Table {
	t := output.Table{
		Name: "strategy", Title: fmt.Sprintf(l.Pick("Channel strategy, %s", "Kanaalstrategie, %s"), spanText(l, span)),
		Columns: []output.Column{
			{Name: "goal", Title: l.Pick("Goal", "Doel")},
			{Name: "what", Title: l.Pick("Of", "Van")},
			{Name: "instrument", Title: l.Pick("Instrument", "Instrument")},
			{Name: "measure", Title: l.Pick("Measure", "Maat")},
			{Name: "aim", Title: l.Pick("Aim", "Streven")},
			{Name: "by", Title: l.Pick("By", "Op"), Kind: output.Date},
			{Name: "now", Title: l.Pick("Now", "Nu")},
			{Name: "interval95", Title: l.Pick("95 % interval", "95 %-interval")},
			{Name: "before", Title: l.Pick("Before", "Ervoor")},
			{Name: "csat", Title: l.Pick("Satisfaction", "Tevredenheid"), Kind: output.Number, Digits: 2},
			{Name: "status", Title: l.Pick("Status", "Stand"), Rules: []output.Rule{
				{Op: output.Is, Text: statusText(l, channel.Reached), Tone: output.Good},
				{Op: output.Is, Text: statusText(l, channel.Behind), Tone: output.Bad},
				{Op: output.Is, Text: statusText(l, channel.CostsCSAT), Tone: output.Bad},
				{Op: output.Is, Text: statusText(l, channel.Near), Tone: output.Warn},
			}},
			{Name: "now_value", Kind: output.Number, Digits: 4},
			{Name: "goal_value", Kind: output.Number, Digits: 4},
		},
		Notes: []string{
			l.Pick("reached: also at the worse end of the interval; near: the interval holds the goal; on track: at the pace since the period before it is reached by the day",
				"bereikt: ook aan de slechte kant van het interval; nabij: het interval bevat het doel; op koers: in het tempo sinds de vorige periode op de dag bereikt"),

			l.Pick("costs satisfaction: appreciation is below what was set with the goal, whatever the figure", "kost tevredenheid: de waardering is lager dan bij het doel is gesteld, wat het cijfer ook is"),
		},
	}
	for i := range list {
		s := &list[i]
		var parts []string
		for _, p := range []string{s.Channel, s.Subject, s.Segment} {
			if p != "" {
				parts = append(parts, p)
			}
		}
		what := strings.Join(parts, ", ")
		if what == "" {
			what = l.Pick("everything", "alles")
		}
		sign := "≥"
		if s.AtMost {
			sign = "≤"
		}
		by := any(nil)
		if s.By != 0 {
			by = s.By
		}
		interval := ""
		if !math.IsNaN(s.Lo) {
			interval = measureText(l, s.Measure, s.Lo) + " - " + measureText(l, s.Measure, s.Hi)
		}
		t.Rows = append(t.Rows, []any{
			s.Name, what, instrumentText(l, s.Instrument), measureName(l, s.Measure), sign + " " + measureText(l, s.Measure, s.Goal.Goal), by,
			measureText(l, s.Measure, s.Now), interval, measureText(l, s.Measure, s.Before), s.CSATNow, statusText(l, s.Status), s.Now, s.Goal.Goal,
		})
	}
	return t
}

func measureText(l output.Lang, m channel.Measure, v float64) string {
	switch {
	case math.IsNaN(v):
		return ""
	case m == channel.Contacts:
		return l.Number(v, 0)
	case m == channel.Cost || m == channel.CSAT || m == channel.Effort:
		return l.Number(v, 2)
	}
	return l.Number(100*v, 1) + "%"
}

func measureName(l output.Lang, m channel.Measure) string {
	if l != output.Dutch {
		return string(m)
	}
	return map[channel.Measure]string{
		channel.ShareOf: "aandeel", channel.Contacts: "contacten per week", channel.DigitalPart: "digitaal", channel.Cost: "kosten", channel.FCR: "eerste contact",
		channel.CSAT: "tevredenheid", channel.Effort: "moeite", channel.Kept: "nagekomen", channel.Containment: "zelf afgedaan",
	}[m]
}

func instrumentText(l output.Lang, s string) string {
	if l != output.Dutch {
		return s
	}
	return map[string]string{"communication": "communicatie", "product": "product", "benefit": "voordeel", "restriction": "beperking"}[s]
}

func statusText(l output.Lang, s channel.Status) string {
	switch s {
	case channel.Reached:
		return l.Pick("reached", "bereikt")
	case channel.Near:
		return l.Pick("near", "nabij")
	case channel.OnTrack:
		return l.Pick("on track", "op koers")
	case channel.Behind:
		return l.Pick("behind", "achter")
	case channel.CostsCSAT:
		return l.Pick("costs satisfaction", "kost tevredenheid")
	}
	return l.Pick("no data", "geen gegevens")
}

// Page is the channel page: what channels carry and are worth, how that changed
// against the period before, what contacts cost, and the strategy.
func (c *Channels) Page(ctx context.Context, l output.Lang, span Span, w Which, lines []channel.Line) (output.Book, error) {
	mix := c.MixTable(l, span, nil, lines, false)
	mix.Title = l.Pick("What channels carry and are worth", "Wat kanalen dragen en waard zijn")
	cost := c.CostTable(l, span, nil, lines)
	cost.Title = l.Pick("Cost", "Kosten")
	b := output.Book{Title: l.Pick("Channels", "Kanalen"), Tables: []output.Table{mix, cost}}
	var all, digital, total, counted float64
	for i := range lines {
		all += lines[i].Contacts
		counted += lines[i].Counted
		total += lines[i].Cost
		if channel.Digital(lines[i].Keys[0]) {
			digital += lines[i].Contacts
		}
	}
	what := l.Pick("Registered contacts", "Geregistreerde contacten")
	if counted > 0 {
		what = l.Pick("Contacts", "Contacten")
	}
	b.Facts = []output.Fact{
		{Label: l.Pick("Period", "Periode"), Value: spanText(l, span)},
		{Label: what, Value: l.Number(all, 0)},
		{Label: l.Pick("Digital share", "Digitaal aandeel"), Value: l.Number(100*digital/all, 1) + " %"},
		{Label: l.Pick("Cost per contact", "Kosten per contact"), Value: c.Centre.Currency + " " + l.Number(total/all, 2)},
	}
	known, err := c.covers(ctx, span.Before(), lines)
	if err != nil {
		return b, err
	}
	half := Span{span.First, span.First.Add(span.Days()/2 - 1)}
	rest := Span{half.Last + 1, span.Last}
	before, after := span.Before(), span
	if !known { // nothing is registered before: the halves of the period
		before, after = half, rest
	}
	changes, only, err := c.Changes(ctx, before, after, w)
	if err != nil {
		return b, err
	}
	if len(changes) > 0 {
		b.Tables = append(b.Tables, c.ShiftTable(l, before, after, changes, only))
	}
	goals, err := c.Standings(ctx, span)
	if err != nil {
		return b, err
	}
	if len(goals) > 0 {
		b.Tables = append(b.Tables, without(c.StrategyTable(l, span, goals), "now_value", "goal_value"))
	}
	return b, nil
}
