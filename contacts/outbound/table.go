package outbound

import (
	"fmt"
	"math"
	"strconv"

	"kcc/internal/output"
)

// titles are the labels of columns in English and Dutch.
var titles = map[string][2]string{
	"record": {"Record", "Regel"}, "campaign": {"Campaign", "Campagne"}, "kind": {"Kind", "Soort"}, "state": {"State", "Stand"}, "priority": {"Priority", "Voorrang"},
	"channel": {"Channel", "Kanaal"}, "skill": {"Skill", "Vaardigheid"}, "hours": {"Calling hours", "Beltijden"}, "max_attempts": {"Attempts at most", "Hoogste aantal pogingen"},
	"spacing_s": {"Between attempts", "Tussen pogingen"}, "consent": {"Needs consent", "Toestemming nodig"}, "first_day": {"From", "Vanaf"}, "last_day": {"To", "Tot en met"},
	"subject": {"Subject", "Onderwerp"}, "reference": {"Case", "Zaak"}, "task": {"Task", "Taak"}, "due": {"Due", "Uiterlijk"}, "window_from": {"Promised from", "Beloofd vanaf"},
	"window_to": {"Promised until", "Beloofd tot"}, "status": {"Status", "Status"}, "result": {"Result", "Uitkomst"}, "attempts": {"Attempts", "Pogingen"}, "next_at": {"Not before", "Niet voor"},
	"number": {"Number", "Nummer"}, "taken_by": {"Taken by", "Bij"}, "handoff": {"Hand-off", "Doorzetting"}, "contact": {"Contact", "Contact"},
	"at": {"At", "Wanneer"}, "outcome": {"Outcome", "Resultaat"}, "talk_s": {"Talk", "Gesprek"}, "dial_s": {"Dial", "Kiezen"}, "by": {"By", "Door"}, "note": {"Note", "Notitie"},
	"records": {"Records", "Regels"}, "left": {"Left", "Nog te bellen"}, "called": {"Called", "Gebeld"}, "penetration": {"Penetration", "Bereik lijst"}, "calls": {"Calls", "Gesprekspogingen"},
	"answered_share": {"Answered", "Opgenomen"}, "right_party_rate": {"Right party", "Juiste persoon"}, "reached": {"Reached", "Bereikt"}, "reach_rate": {"Reach", "Bereik"},
	"reach_low": {"Low", "Laag"}, "reach_high": {"High", "Hoog"}, "calls_per_reached": {"Calls per reached", "Pogingen per bereikte"}, "promised": {"Promised", "Beloofd"}, "late": {"Late", "Te laat"},
	"overdue": {"Overdue", "Verlopen"}, "hour": {"Hour", "Uur"}, "right_party": {"Right party", "Juiste persoon"}, "rate": {"Rate", "Aandeel"}, "shrunk_rate": {"Chance used", "Gebruikte kans"},
	"attempt": {"Attempt", "Poging"}, "expected_calls": {"Calls to come", "Pogingen te gaan"}, "expected_hours": {"Hours to come", "Uren te gaan"}, "expected_reached": {"Reached to come", "Bereikt te gaan"},
	"final_reach": {"Reach in the end", "Eindbereik"}, "final_low": {"Low", "Laag"}, "final_high": {"High", "Hoog"}, "not_reached": {"Not reached in the end", "Niet bereikt"},
	"since": {"Since", "Sinds"}, "reason": {"Reason", "Reden"}, "party": {"Reference", "Kenmerk"}, "share": {"Share", "Aandeel"},
}

func column(l output.Lang, name string, kind output.Kind, digits int) output.Column {
	c := output.Column{Name: name, Kind: kind, Digits: digits}
	if t, ok := titles[name]; ok {
		c.Title = l.Pick(t[0], t[1])
	}
	return c
}

func columns(l output.Lang, kind output.Kind, digits int, names ...string) []output.Column {
	out := make([]output.Column, len(names))
	for i, n := range names {
		out[i] = column(l, n, kind, digits)
	}
	return out
}

func id(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// CampaignTable lists campaigns with their rules.
func CampaignTable(l output.Lang, list []Campaign) output.Table {
	t := output.Table{Name: "campaigns", Sheet: l.Pick("Campaigns", "Campagnes"), Title: l.Pick("Campaigns", "Campagnes")}
	t.Columns = append(t.Columns, columns(l, output.Text, 0, "campaign", "kind", "state")...)
	t.Columns = append(t.Columns, columns(l, output.Integer, 0, "priority")...)
	t.Columns = append(t.Columns, columns(l, output.Text, 0, "channel", "skill", "subject", "hours")...)
	t.Columns = append(t.Columns, columns(l, output.Integer, 0, "max_attempts")...)
	t.Columns = append(t.Columns, column(l, "spacing_s", output.Seconds, 0), column(l, "consent", output.Bool, 0))
	t.Columns = append(t.Columns, columns(l, output.Date, 0, "first_day", "last_day")...)
	for _, c := range list {
		var first, last any
		if c.First != 0 {
			first = c.First
		}
		if c.Last != 0 {
			last = c.Last
		}
		t.Rows = append(t.Rows, []any{c.Name, c.Kind, c.State, c.Priority, c.Channel, c.Skill, c.Subject, c.Hours, c.MaxAttempts, c.Spacing, c.Consent, first, last})
	}
	return t
}

// RecordTable lists records; the number is shown only where Next gave it.
func RecordTable(l output.Lang, list []Record) output.Table {
	t := output.Table{Name: "records", Sheet: l.Pick("Records", "Bellijst"), Title: l.Pick("Calling list", "Bellijst")}
	number := len(list) == 1 && list[0].Number != ""
	t.Columns = append(t.Columns, columns(l, output.Text, 0, "record", "campaign")...)
	if number {
		t.Columns = append(t.Columns, column(l, "number", output.Text, 0))
	}
	t.Columns = append(t.Columns, columns(l, output.Text, 0, "subject", "reference", "task", "status", "result")...)
	t.Columns = append(t.Columns, columns(l, output.Integer, 0, "priority", "attempts")...)
	t.Columns = append(t.Columns, columns(l, output.DateTime, 0, "due", "window_from", "window_to", "next_at")...)
	t.Columns = append(t.Columns, columns(l, output.Text, 0, "taken_by", "handoff", "contact")...)
	for _, r := range list {
		row := []any{id(r.ID), r.Campaign}
		if number {
			row = append(row, r.Number)
		}
		var next any
		if r.Status == "open" {
			next = r.NextAt
		}
		t.Rows = append(t.Rows, append(row, r.Subject, r.Reference, r.Task, r.Status, r.Result, r.Priority, r.Attempts, r.Due, r.WindowFrom, r.WindowTo, next, r.TakenBy, id(r.HandOff), id(r.Contact)))
	}
	return t
}

// CallTable lists the attempts on a record.
func CallTable(l output.Lang, list []Call) output.Table {
	t := output.Table{Name: "calls", Sheet: l.Pick("Calls", "Pogingen"), Title: l.Pick("Calls", "Pogingen")}
	t.Columns = append(t.Columns, column(l, "at", output.DateTime, 0), column(l, "outcome", output.Text, 0))
	t.Columns = append(t.Columns, columns(l, output.Seconds, 0, "talk_s", "dial_s")...)
	t.Columns = append(t.Columns, columns(l, output.Text, 0, "by", "note")...)
	for _, c := range list {
		var talk, dial any
		if c.Talk >= 0 {
			talk = c.Talk
		}
		if c.Dial >= 0 {
			dial = c.Dial
		}
		t.Rows = append(t.Rows, []any{c.At, c.Outcome, talk, dial, c.By, c.Note})
	}
	return t
}

// BarredTable lists who is not to be called, by their keyed reference.
func BarredTable(l output.Lang, list []Barred) output.Table {
	t := output.Table{Name: "do_not_call", Sheet: l.Pick("Do not call", "Niet bellen"), Title: l.Pick("Do not call", "Niet bellen"), Columns: []output.Column{
		column(l, "party", output.Text, 0), column(l, "since", output.DateTime, 0), column(l, "reason", output.Text, 0),
	}}
	for _, b := range list {
		t.Rows = append(t.Rows, []any{b.Ref, b.Since, b.Reason})
	}
	return t
}

// ReportTables shows how far campaigns are, how well they reach people, by hour
// and by attempt, and what may be expected of the rest.
func ReportTables(l output.Lang, list []Stand) []output.Table {
	main := output.Table{
		Name: "outbound", Sheet: l.Pick("Campaigns", "Campagnes"), Title: l.Pick("Outbound campaigns", "Uitgaande campagnes"),
		Notes: []string{
			l.Pick("penetration: records called at least once / records; answered: calls that somebody answered / calls; right party: calls that reached the right person / calls",
				"bereik lijst: regels die ten minste eens zijn gebeld / regels; opgenomen: pogingen waarop iemand opnam / pogingen; juiste persoon: pogingen die de juiste persoon bereikten / pogingen"),

			l.Pick("reach: records that ended with the right person / records called, with a 95 % interval (Wilson 1927); calls of the days asked for, records as they are now",
				"bereik: regels die eindigden met de juiste persoon / gebelde regels, met 95 %-interval (Wilson 1927); pogingen van de gevraagde dagen, regels zoals zij nu zijn"),
		},
	}
	main.Columns = append(main.Columns, columns(l, output.Text, 0, "campaign", "kind", "state")...)
	main.Columns = append(main.Columns, columns(l, output.Integer, 0, "records", "left", "called")...)
	main.Columns = append(main.Columns, column(l, "penetration", output.Percent, 1), column(l, "calls", output.Integer, 0))
	main.Columns = append(main.Columns, columns(l, output.Percent, 1, "answered_share", "right_party_rate")...)
	main.Columns = append(main.Columns, column(l, "reached", output.Integer, 0))
	main.Columns = append(main.Columns, columns(l, output.Percent, 1, "reach_rate", "reach_low", "reach_high")...)
	main.Columns = append(main.Columns, column(l, "calls_per_reached", output.Number, 2))
	main.Columns = append(main.Columns, columns(l, output.Integer, 0, "promised", "late", "overdue")...)

	hours := output.Table{
		Name: "hours", Sheet: l.Pick("By hour", "Per uur"), Title: l.Pick("Reach by hour", "Bereik per uur"),
		Columns: append(columns(l, output.Text, 0, "campaign", "hour"), append(columns(l, output.Integer, 0, "calls", "right_party"), columns(l, output.Percent, 1, "rate", "shrunk_rate")...)...),
		Notes: []string{l.Pick("chance used: shrunk towards the mean of all hours, on the calls of all campaigns of the kind; it decides whom to call when",
			"gebruikte kans: getrokken naar het gemiddelde van alle uren, over alle campagnes van de soort; zij bepaalt wie wanneer wordt gebeld")},
		Charts: []output.ChartSpec{{Title: l.Pick("Reach by hour", "Bereik per uur"), Kind: output.BarChart, X: "hour", Y: []string{"rate", "shrunk_rate"}, By: []string{"campaign"}}},
	}
	byCall := output.Table{
		Name: "attempts", Sheet: l.Pick("By attempt", "Per poging"), Title: l.Pick("Reach by attempt", "Bereik per poging"),
		Columns: append(columns(l, output.Text, 0, "campaign", "attempt"), append(columns(l, output.Integer, 0, "calls", "right_party"), columns(l, output.Percent, 1, "rate", "shrunk_rate")...)...),
	}
	outlook := output.Table{
		Name: "outlook", Sheet: l.Pick("To come", "Vooruitzicht"), Title: l.Pick("What is to come", "Vooruitzicht"),
		Columns: append([]output.Column{column(l, "campaign", output.Text, 0), column(l, "left", output.Integer, 0)},
			append(columns(l, output.Number, 0, "expected_calls", "expected_reached", "not_reached"), append(columns(l, output.Number, 1, "expected_hours"), columns(l, output.Percent, 1, "final_reach", "final_low", "final_high")...)...)...),
		Notes: []string{l.Pick("everyone left is called until reached or their last attempt; bounds of 90 % hold chance and what is not known of the reach",
			"ieder die over is wordt gebeld tot bereikt of de laatste poging; de grenzen van 90 % omvatten toeval en wat van het bereik niet bekend is")},
	}
	results := output.Table{
		Name: "results", Sheet: l.Pick("Results", "Uitkomsten"), Title: l.Pick("Results", "Uitkomsten"),
		Columns: append(columns(l, output.Text, 0, "campaign", "result"), column(l, "records", output.Integer, 0), column(l, "share", output.Percent, 1)),
	}
	for i := range list {
		s := &list[i]
		c := s.Campaign.Name
		calls, answered, right := totals(s.Tallies)
		reached := s.reached()
		low, high := wilson(reached, s.Called)
		main.Rows = append(main.Rows, []any{
			c, s.Campaign.Kind, s.Campaign.State, s.Records, s.Left(), s.Called, share(s.Called, s.Records), calls, share(answered, calls), share(right, calls),
			reached, share(reached, s.Called), low, high, share(calls, reached), s.Promised, s.Late, s.Overdue,
		})
		reach := ReachOf(s.OfKind)
		for h, n := range perHour(s.Tallies) {
			if n[0] > 0 {
				hours.Rows = append(hours.Rows, []any{c, fmt.Sprintf("%02d:00", h), n[0], n[1], share(n[1], n[0]), reach.ByHour[h]})
			}
		}
		o := s.Outlook()
		for k, n := range perAttempt(s.Tallies, s.Campaign.MaxAttempts) {
			byCall.Rows = append(byCall.Rows, []any{c, strconv.Itoa(k + 1), n[0], n[1], share(n[1], n[0]), o.ByCall[k]})
		}
		outlook.Rows = append(outlook.Rows, []any{c, o.Left, o.Calls, o.Reached, o.Missed, o.Hours, o.Final, o.Low, o.High})
		for _, r := range []string{string(Reached), string(Refused), string(DoNotCall), string(WrongNumber), resultExhausted, resultStopped} {
			if n := s.Results[r]; n > 0 {
				results.Rows = append(results.Rows, []any{c, r, n, share(n, s.Records)})
			}
		}
	}
	return []output.Table{main, hours, byCall, results, outlook}
}

func totals(list []Tally) (calls, answered, right int) {
	for _, t := range list {
		calls += t.N
		if t.Outcome.Answered() {
			answered += t.N
		}
		if t.Outcome.RightParty() {
			right += t.N
		}
	}
	return calls, answered, right
}

func perHour(list []Tally) [hoursPerDay][2]int {
	var out [hoursPerDay][2]int
	for _, t := range list {
		out[t.Hour][0] += t.N
		if t.Outcome.RightParty() {
			out[t.Hour][1] += t.N
		}
	}
	return out
}

func perAttempt(list []Tally, most int) [][2]int {
	out := make([][2]int, most)
	for _, t := range list {
		k := min(max(t.Attempt, 1), most) - 1
		out[k][0] += t.N
		if t.Outcome.RightParty() {
			out[k][1] += t.N
		}
	}
	return out
}

func share(part, whole int) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// wilson returns the 95 % interval of a share (Wilson 1927).
func wilson(part, whole int) (low, high float64) {
	if whole == 0 {
		return math.NaN(), math.NaN()
	}
	const z = 1.959964
	n, p := float64(whole), float64(part)/float64(whole)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return math.Max(0, mid-half), math.Min(1, mid+half)
}
