package flow

import (
	"kcc/contacts/cause"
	"kcc/internal/output"
)

// OccasionTable lists what was noted to have happened.
func (in *Inform) OccasionTable(l output.Lang) output.Table {
	t := output.Table{
		Name: "occasions", Title: say(l, "What happened", "Wat er gebeurde"), Keys: 1,
		Columns: []output.Column{
			{Name: "name", Title: say(l, "Name", "Naam")},
			{Name: "kind", Title: say(l, "Kind", "Soort")},
			{Name: "from", Title: say(l, "From", "Van"), Kind: output.Date},
			{Name: "to", Title: say(l, "To", "Tot en met"), Kind: output.Date},
			{Name: "subject", Title: say(l, "Subject", "Onderwerp")},
			{Name: "channel", Title: say(l, "Channel", "Kanaal")},
			{Name: "department", Title: say(l, "Department", "Afdeling")},
			{Name: "sent", Title: say(l, "Letters", "Brieven"), Kind: output.Integer},
			{Name: "note", Title: say(l, "Note", "Notitie")},
		},
	}
	for _, o := range in.Occasions {
		t.Rows = append(t.Rows, []any{o.Name, string(o.Kind), o.From, o.To, o.Subject, o.Channel, o.Department, sentOr(o.Sent), o.Note})
	}
	return t
}

// CodeTable lists the cause codes.
func CodeTable(l output.Lang, book cause.Book) output.Table {
	t := output.Table{
		Name: "codes", Title: say(l, "Cause codes", "Oorzaakcodes"), Keys: 1,
		Columns: []output.Column{
			{Name: "code", Title: say(l, "Code", "Code")},
			{Name: "title", Title: say(l, "Meaning", "Betekenis")},
			{Name: "avoidable", Title: say(l, "Avoidable", "Vermijdbaar"), Kind: output.Bool},
			{Name: "organisation", Title: say(l, "Of value to the organisation", "Van waarde voor de organisatie"), Kind: output.Bool},
			{Name: "gain", Title: say(l, "Gain", "Winst"), Kind: output.Percent},
			{Name: "action", Title: say(l, "Action", "Actie")},
		},
		Notes: []string{say(l, "Gain: share of the contacts that the action is taken to prevent", "Winst: deel van de contacten dat de actie naar schatting voorkomt")},
	}
	for i := range book {
		c := &book[i]
		t.Rows = append(t.Rows, []any{c.Code, c.TitleIn(l == output.Dutch), c.Avoidable, c.Organisation, gainOr(c.Gain), c.ActionIn(l == output.Dutch)})
	}
	return t
}

// RuleTable lists the rules that derive causes.
func RuleTable(l output.Lang, rules []cause.Rule) output.Table {
	t := output.Table{
		Name: "rules", Title: say(l, "Rules for contacts without a cause", "Regels voor contacten zonder oorzaak"), Keys: 1,
		Columns: []output.Column{
			{Name: "rule", Title: say(l, "Rule", "Regel")},
			{Name: "position", Title: say(l, "Position", "Volgorde"), Kind: output.Integer},
			{Name: "looks_at", Title: say(l, "Looks at", "Kijkt naar")},
			{Name: "cause", Title: say(l, "Cause", "Oorzaak")},
			{Name: "days", Title: say(l, "Days", "Dagen"), Kind: output.Integer},
			{Name: "channel", Title: say(l, "Channel", "Kanaal")},
			{Name: "subject", Title: say(l, "Subject", "Onderwerp")},
			{Name: "kind", Title: say(l, "Kind", "Soort")},
			{Name: "on", Title: say(l, "In use", "In gebruik"), Kind: output.Bool},
		},
		Notes: []string{say(l, "The first rule that fits counts; causes noted by agents go before all rules", "De eerste regel die past telt; door medewerkers genoteerde oorzaken gaan voor alle regels")},
	}
	for _, r := range rules {
		t.Rows = append(t.Rows, []any{r.Name, r.Position, string(r.Kind), r.Cause, sentOr(r.Days), r.Channel, r.Subject, r.Contact, !r.Off})
	}
	return t
}
