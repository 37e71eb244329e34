package kpi

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// maxListed is how many names or days a note spells out.
const maxListed = 5

// Quality says what a reader must know of the data behind a frame: days without
// rows, a day that is not over, what sources do not tell. now is the moment of
// the report.
func (f *Frame) Quality(l output.Lang, set *Settings, now time.Time) []string {
	if f.Empty {
		return []string{l.Pick("The store has no contacts and no interval statistics.", "De store bevat geen contacten en geen intervalcijfers.")}
	}
	var out []string
	say := func(en, nl string, args ...any) { out = append(out, fmt.Sprintf(l.Pick(en, nl), args...)) }
	names := func(channels []string) []string {
		out := make([]string, len(channels))
		for i, ch := range channels {
			out[i] = set.channelTitle(l, ch)
		}
		return out
	}
	day := func(d calendar.Date) string { return l.Date(d.Start(time.UTC)) }
	today := calendar.DateOf(now, set.zone())
	if f.Query.From < f.Data.From || f.Query.To > f.Data.To {
		say("The data run from %s to %s; the rest of the period is not in the figures.", "De gegevens lopen van %s tot en met %s; de rest van de periode zit niet in de cijfers.", day(f.Data.From), day(f.Data.To))
	}
	if missing := f.missing(l, set, today); len(missing) > 0 {
		say("Open days without any row: %s.", "Open dagen zonder enige regel: %s.", strings.Join(shortList(l, missing), "; "))
	}
	if f.Query.From <= today && today <= f.Query.To && !f.Last.IsZero() && calendar.DateOf(f.Last.Add(-time.Second), set.zone()) == today {
		say("Today is not over: it counts until %s.", "Vandaag is nog niet voorbij: geteld tot %s.", f.Last.In(set.zone()).Format("15:04"))
	}
	if list := f.lacking(f.Judged); len(list) > 0 {
		say("Of %s the source tells only what came in: no answered, abandoned or service level.", "Van %s meldt de bron alleen wat binnenkwam: geen beantwoord, opgehangen of servicelevel.", strings.Join(names(list), ", "))
	}
	if list := f.untimed(set); len(list) > 0 {
		say("Of %s it is not known how many were answered in time: no service level.", "Van %s is niet bekend hoeveel er op tijd zijn beantwoord: geen servicelevel.", strings.Join(names(list), ", "))
	}
	if i := slices.IndexFunc(set.formulas(), func(d Definition) bool { return d == ExclShort || d == WaitAny }); i >= 0 && f.Total[SLBlank] > 0 {
		say("Formula %q needs the wait of customers who gave up; interval statistics do not hold it.", "Formule %q vraagt de wachttijd van wie ophing; die staat niet in intervalcijfers.", string(set.formulas()[i]))
	}
	if t := &f.Total; t[Party] > t[JParty] {
		say("Contacts after %s are too recent to judge whether the customer came back; first contact by return leaves them out.", "Contacten na %s zijn te recent om herhaling te beoordelen; \"in één keer, zonder herhaling\" laat ze weg.",
			day(f.Data.To.Add(-set.window())))
	}
	for _, ch := range slices.Sorted(maps.Keys(f.Priced)) {
		if p := f.Priced[ch]; p.timed > 0 && p.timed < wellTimed*p.handled {
			say("Of %s %s%% of the contacts handled have a known handle time: the wages of the others are not in the cost.", "Van %s is van %s%% van de afgehandelde contacten de afhandeltijd bekend: het loon van de andere zit niet in de kosten.",
				set.channelTitle(l, ch), l.Number(100*p.timed/p.handled, 0))
		}
	}
	switch t := &f.Total; {
	case f.Records && f.Volume > 0 && t[Contacts] < f.Volume*0.995:
		say("These figures come from %s registered contacts, %s%% of the %s that came in.", "Deze cijfers komen uit %s geregistreerde contacten, %s%% van de %s die binnenkwamen.",
			l.Int(int64(t[Contacts])), l.Number(100*t[Contacts]/f.Volume, 0), l.Int(int64(f.Volume)))
	case !f.Records && t[Contacts] > 0 && t[Contacts] < t[Offered]*0.995:
		say("Outcomes, returns and marks come from %s registered contacts, %s%% of those offered.", "Afloop, herhaling en waardering komen uit %s geregistreerde contacten, %s%% van het aangeboden aantal.",
			l.Int(int64(t[Contacts])), l.Number(100*t[Contacts]/t[Offered], 0))
	case !f.Records && t[Contacts] == 0 && t[Offered] > 0 && !f.Query.Every.belowDay():
		say("There are no contact records in this period: no figures on outcome, return or satisfaction.", "Er zijn geen contactregistraties in deze periode: geen cijfers over afloop, herhaling of tevredenheid.")
	}
	if f.Query.Every.belowDay() && !f.Records {
		say("Outcomes are counted per day and left out here.", "Afloop wordt per dag geteld en staat hier niet bij.")
	}
	return out
}

// wellTimed is the share of contacts with a known handle time from which the cost
// is near enough to say nothing.
const wellTimed = 0.95

// missing lists, per channel, the open days of the period and the data without
// any row.
func (f *Frame) missing(l output.Lang, set *Settings, today calendar.Date) []string {
	if set.Hours == nil {
		return nil
	}
	var out []string
	for _, ch := range slices.Sorted(maps.Keys(f.Seen)) {
		h := set.Hours(ch)
		if h == nil {
			continue
		}
		var days []string
		for d := max(f.Query.From, f.Data.From); d <= min(f.Query.To, f.Data.To, today.Add(-1)); d++ {
			if _, ok := f.Seen[ch][d]; !ok && h.OpenDay(d) {
				days = append(days, l.Date(d.Start(time.UTC)))
			}
		}
		if len(days) > maxListed {
			days = append(days[:maxListed], fmt.Sprintf("+%d", len(days)-maxListed))
		}
		if len(days) > 0 {
			out = append(out, set.channelTitle(l, ch)+" "+strings.Join(days, ", "))
		}
	}
	return out
}

func shortList(l output.Lang, list []string) []string {
	if len(list) > maxListed {
		return append(list[:maxListed:maxListed], fmt.Sprintf(l.Pick("and %d more", "en nog %d"), len(list)-maxListed))
	}
	return list
}

// lacking lists the channels with rows that has does not hold.
func (f *Frame) lacking(has map[string]bool) []string {
	var out []string
	for _, ch := range slices.Sorted(maps.Keys(f.Seen)) {
		if !has[ch] {
			out = append(out, ch)
		}
	}
	return out
}

// untimed lists the channels with a target of which it is known how contacts end
// but not how many in time.
func (f *Frame) untimed(set *Settings) []string {
	var out []string
	for _, ch := range f.lacking(f.Timed) {
		if _, ok := set.Targets[ch]; ok && f.Judged[ch] {
			out = append(out, ch)
		}
	}
	return out
}
