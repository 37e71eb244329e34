package register

import (
	"strings"
	"time"

	"kcc/contacts/promise"
	"kcc/internal/output"
)

// titles are the labels of columns, English and Dutch.
var titles = map[string][2]string{
	"contact": {"Contact", "Contact"}, "handoff": {"Hand-off", "Doorzetting"}, "start": {"Received", "Ontvangen"}, "channel": {"Channel", "Kanaal"},
	"direction": {"Direction", "Richting"}, "kind": {"Kind", "Soort"}, "subject": {"Subject", "Onderwerp"}, "segment": {"Segment", "Doelgroep"},
	"cause": {"Cause", "Oorzaak"}, "outcome": {"Outcome", "Resultaat"}, "department": {"Department", "Afdeling"}, "status": {"Status", "Status"},
	"reference": {"Reference", "Kenmerk"}, "agent": {"Agent", "Medewerker"}, "party": {"Party", "Klant"}, "handle_s": {"Handle time", "Afhandeltijd"},
	"csat": {"Satisfaction", "Tevredenheid"}, "effort": {"Effort", "Moeite"}, "nps": {"Recommends", "Aanbeveling"}, "note": {"Note", "Notitie"}, "closed": {"Closed", "Afgehandeld"},
	"articles": {"Articles", "Artikelen"}, "questions": {"Questions", "Vragen"}, "assignee": {"Assignee", "Behandelaar"}, "task": {"Task", "Gevraagd"},
	"due": {"Due", "Uiterlijk"}, "dept_due": {"Due for department", "Uiterlijk afdeling"}, "late": {"Late", "Te laat"},
	"metric": {"Promise", "Belofte"}, "rule": {"Rule", "Regel"}, "within": {"Within", "Binnen"}, "elapsed_s": {"Business time used", "Gebruikte werktijd"},
	"days": {"Days", "Dagen"}, "paused_s": {"Paused", "Opgeschort"}, "handovers": {"Hand-overs", "Overdrachten"}, "attempts": {"Attempts", "Pogingen"},
	"window_from": {"Call from", "Bellen vanaf"}, "window_to": {"Call until", "Bellen tot"}, "at": {"At", "Tijdstip"}, "event": {"Event", "Gebeurtenis"},
	"reason": {"Reason", "Reden"}, "by": {"By", "Door"}, "level": {"Level", "Niveau"}, "since": {"With department since", "Bij afdeling sinds"},
	"mode": {"Counted", "Telling"}, "cutoff": {"Cut-off", "Grenstijd"}, "valid_from": {"Valid from", "Geldig vanaf"}, "version": {"Version", "Versie"},
	"escalation": {"Escalation", "Escalatie"}, "pause_reasons": {"Pauses for", "Pauzes voor"}, "name": {"Name", "Naam"}, "why": {"Why", "Waarom"},
	"won": {"Applies", "Geldt"}, "place": {"Place", "Plaats"}, "length_s": {"Length", "Duur"}, "free": {"Free", "Vrij"}, "booked": {"Booked", "Geboekt"},
	"appointment": {"Appointment", "Afspraak"}, "end": {"End", "Einde"}, "old_due": {"Due now", "Uiterlijk nu"}, "new_due": {"Due then", "Uiterlijk dan"},
	"open": {"Open", "Open"}, "finding": {"Finding", "Bevinding"}, "count": {"Count", "Aantal"}, "target": {"Target", "Norm"}, "value": {"Value", "Waarde"},
	"old_rule": {"Rule now", "Regel nu"}, "new_rule": {"Rule then", "Regel dan"}, "detail": {"Detail", "Toelichting"}, "capacity": {"Capacity", "Capaciteit"},
	"hours": {"Hours", "Tijden"}, "to": {"To", "Aan"}, "customer": {"Customer", "Klant"}, "reached": {"Reached", "Bereikt"}, "external_id": {"Id elsewhere", "Id elders"},
}

// Column returns a column with its label in the language of the reader.
func Column(l output.Lang, name string, kind output.Kind) output.Column {
	c := output.Column{Name: name, Kind: kind}
	if t, ok := titles[name]; ok {
		c.Title = t[0]
		if l == output.Dutch {
			c.Title = t[1]
		}
	}
	return c
}

// ContactTable lists contacts. Personal data (customer reference, agent, note)
// is left out unless asked for.
func ContactTable(l output.Lang, cs []Contact, c *Centre, personal bool) output.Table {
	t := output.Table{Name: "contacts", Sheet: l.Pick("Contacts", "Contacten"), Title: l.Pick("Contacts", "Contacten")}
	text := func(names ...string) {
		for _, n := range names {
			t.Columns = append(t.Columns, Column(l, n, output.Text))
		}
	}
	text("contact")
	t.Columns = append(t.Columns, Column(l, "start", output.DateTime))
	text("channel", "direction", "kind", "subject", "level", "segment", "cause", "outcome", "department", "status")
	t.Columns = append(t.Columns, Column(l, "closed", output.DateTime))
	text("reference")
	t.Columns = append(t.Columns, Column(l, "handle_s", output.Seconds), col(l, "csat", output.Number, 1), col(l, "effort", output.Number, 1), Column(l, "nps", output.Integer))
	if personal {
		text("external_id", "agent", "party", "note")
	}
	for _, x := range cs {
		level := ""
		if _, ok := c.subject(x.Subject); ok {
			level = "generic"
			if _, specialist := c.Specialist(x.Subject); specialist {
				level = "specialist"
			}
		}
		row := []any{
			itoa(x.ID), x.Start, x.Channel, x.Direction, x.Kind, x.Subject, level, x.Segment, x.Cause, x.Outcome, x.Department, x.Status,
			x.Closed, x.Reference, x.Handle, x.CSAT, x.Effort, x.NPS,
		}
		if personal {
			row = append(row, x.ExternalID, x.Agent, x.PartyRef, x.Note)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// WorkTable is a work list: the piece with the nearest due time first.
func WorkTable(l output.Lang, hs []*HandOff, now time.Time) output.Table {
	t := output.Table{Name: "handoffs", Sheet: l.Pick("Work", "Werk"), Title: l.Pick("Work list", "Werklijst")}
	add := func(k output.Kind, names ...string) {
		for _, n := range names {
			t.Columns = append(t.Columns, Column(l, n, k))
		}
	}
	add(output.Text, "handoff", "contact", "department", "assignee", "status")
	add(output.DateTime, "start", "since", "due", "dept_due")
	late := Column(l, "late", output.Bool)
	late.Rules = []output.Rule{{Op: output.Is, Text: "true", Tone: output.Bad}}
	t.Columns = append(t.Columns, late)
	add(output.Text, "kind", "channel", "subject", "task", "reference")
	add(output.DateTime, "window_from", "window_to")
	add(output.Integer, "attempts", "handovers")
	add(output.Seconds, "elapsed_s", "paused_s")
	for _, h := range hs {
		var elapsed, paused time.Duration
		over := 0
		for _, c := range h.Promises {
			elapsed, paused, over = c.State.Elapsed, c.State.Paused, c.State.Handovers
		}
		var used, held any
		if len(h.Promises) > 0 {
			used, held = elapsed, paused
		}
		t.Rows = append(t.Rows, []any{
			itoa(h.ID), itoa(h.Contact), h.Department, h.Assignee, string(h.Status), h.Received, h.Since, h.Due(), h.DeptDue(), h.Late(now),
			h.Kind, h.Channel, h.Subject, h.Task, h.Reference, h.WindowFrom, h.WindowTo, h.Attempts, over, used, held,
		})
	}
	return t
}

// WorkTables splits a work list into one table per department.
func WorkTables(l output.Lang, hs []*HandOff, c *Centre, now time.Time) []output.Table {
	var out []output.Table
	byDept := map[string][]*HandOff{}
	var order []string
	for _, h := range hs {
		if byDept[h.Department] == nil {
			order = append(order, h.Department)
		}
		byDept[h.Department] = append(byDept[h.Department], h)
	}
	for _, name := range order {
		t := WorkTable(l, byDept[name], now)
		t.Name = or(name, "kcc")
		t.Sheet = c.title(name, l)
		t.Title += ": " + t.Sheet
		out = append(out, t)
	}
	return out
}

// title is what people call a department.
func (c *Centre) title(name string, l output.Lang) string {
	if name == "" {
		return l.Pick("Contact centre", "Klantcontactcentrum")
	}
	for _, d := range c.Departments {
		if d.Name == name && d.Title != "" {
			return d.Title
		}
	}
	return name
}

// CommitmentTable shows promises and where they stand.
func CommitmentTable(l output.Lang, cs []Commitment, now time.Time) output.Table {
	t := output.Table{Name: "promises", Sheet: l.Pick("Promises", "Beloften"), Title: l.Pick("Promises", "Beloften")}
	add := func(k output.Kind, names ...string) {
		for _, n := range names {
			t.Columns = append(t.Columns, Column(l, n, k))
		}
	}
	add(output.Text, "metric", "rule", "version", "within", "mode", "status")
	add(output.DateTime, "due", "dept_due")
	add(output.Bool, "late")
	add(output.Seconds, "elapsed_s", "paused_s")
	add(output.Integer, "days")
	for _, c := range cs {
		t.Rows = append(t.Rows, []any{
			string(c.Metric), c.Rule.Name, itoa(int64(c.Rule.Version)), c.Rule.Promise.Within.String(), c.Rule.Promise.Mode.String(),
			string(c.State.Status), c.State.Due, c.State.DeptDue, c.State.Late(now), c.State.Elapsed, c.State.Paused, c.State.Days,
		})
	}
	return t
}

// LogTable shows the log of a piece of work.
func LogTable(l output.Lang, log []promise.Event, zone *time.Location) output.Table {
	t := output.Table{Name: "log", Sheet: l.Pick("Log", "Verloop"), Title: l.Pick("Log", "Verloop")}
	t.Columns = append(t.Columns, Column(l, "at", output.DateTime))
	for _, n := range []string{"event", "department", "assignee", "reason", "by"} {
		t.Columns = append(t.Columns, Column(l, n, output.Text))
	}
	for _, e := range log {
		reason := e.Reason
		if e.Kind == promise.Extended {
			reason = strings.TrimSpace(e.Amount.String() + " " + reason)
		}
		t.Rows = append(t.Rows, []any{e.At.In(zone), string(e.Kind), e.Department, e.Assignee, reason, e.By})
	}
	return t
}

// RuleTable lists promise rules.
func RuleTable(l output.Lang, rules promise.Rules) output.Table {
	t := output.Table{Name: "rules", Sheet: l.Pick("Rules", "Regels"), Title: l.Pick("Promise rules", "Regels voor beloften")}
	for _, n := range []string{"name", "version"} {
		t.Columns = append(t.Columns, Column(l, n, output.Text))
	}
	t.Columns = append(t.Columns, Column(l, "valid_from", output.Date))
	for _, n := range []string{"status", "metric", "within", "mode", "subject", "department", "kind", "channel", "cutoff", "pause_reasons", "escalation"} {
		t.Columns = append(t.Columns, Column(l, n, output.Text))
	}
	t.Columns = append(t.Columns, Column(l, "target", output.Percent))
	for _, r := range rules {
		var cutoff, level any
		if r.Promise.Cutoff > 0 {
			cutoff = r.Promise.Cutoff.String()
		}
		if r.Level > 0 {
			level = r.Level
		}
		status := "in force"
		if r.Off {
			status = "withdrawn"
		}
		var from any = r.ValidFrom
		if r.ValidFrom == 0 {
			from = nil
		}
		version := itoa(int64(r.Version))
		if r.Version == 0 {
			version = "-"
		}
		t.Rows = append(t.Rows, []any{
			r.Name, version, from, status, string(r.Metric), r.Promise.Within.String(), r.Promise.Mode.String(), r.Match.Subject,
			r.Match.Department, r.Match.Kind, r.Match.Channel, cutoff, strings.Join(r.PauseReasons, "; "), r.Escalation.String(), level,
		})
	}
	return t
}

func col(l output.Lang, name string, kind output.Kind, digits int) output.Column {
	c := Column(l, name, kind)
	c.Digits = digits
	return c
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// ChangeTable shows what a recomputation alters.
func ChangeTable(l output.Lang, cs []Change) output.Table {
	t := output.Table{Name: "changes", Sheet: l.Pick("Changes", "Wijzigingen"), Title: l.Pick("Promises that change", "Beloften die wijzigen")}
	for _, n := range []string{"handoff", "contact", "department", "metric", "old_rule", "new_rule"} {
		t.Columns = append(t.Columns, Column(l, n, output.Text))
	}
	for _, n := range []string{"old_due", "new_due"} {
		t.Columns = append(t.Columns, Column(l, n, output.DateTime))
	}
	t.Columns = append(t.Columns, output.Column{Name: "was_late", Kind: output.Bool, Title: l.Pick("Late now", "Te laat nu")},
		output.Column{Name: "is_late", Kind: output.Bool, Title: l.Pick("Late then", "Te laat dan")})
	for _, c := range cs {
		old := c.Commitment
		t.Rows = append(t.Rows, []any{
			itoa(old.HandOff), itoa(c.Contact), c.Department, string(old.Metric), ruleName(&old.Rule), ruleName(&c.Rule),
			old.State.Due, c.Due, c.WasLate, c.IsLate,
		})
	}
	return t
}

func ruleName(r *promise.Rule) string { return r.Name + " " + itoa(int64(r.Version)) }
