package flow

import (
	"kcc/contacts/cause"
	"kcc/internal/output"
)

// OccasionTable lists what was noted to have happened.
func (in *Inform) OccasionTable(l output.Lang) output.Table {
	t := output.Table{
		Name: "occasions", Title: l.Pick("What happened", "Wat er gebeurde"), Keys: 1,
		Columns: []output.Column{
			{Name: "name", Title: l.Pick("Name", "Naam")},
			{Name: "kind", Title: l.Pick("Kind", "Soort")},
			{Name: "from", Title: l.Pick("From", "Van"), Kind: output.Date},
			{Name: "to", Title: l.Pick("To", "Tot en met"), Kind: output.Date},
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
			{Name: "department", Title: l.Pick("Department", "Afdeling")},
			{Name: "sent", Title: l.Pick("Letters", "Brieven"), Kind: output.Integer},
			{Name: "note", Title: l.Pick("Note", "Notitie")},
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
		Name: "codes", Title: l.Pick("Cause codes", "Oorzaakcodes"), Keys: 1,
		Columns: []output.Column{
			{Name: "code", Title: l.Pick("Code", "Code")},
			{Name: "title", Title: l.Pick("Meaning", "Betekenis")},
			{Name: "avoidable", Title: l.Pick("Avoidable", "Vermijdbaar"), Kind: output.Bool},
			{Name: "organisation", Title: l.Pick("Of value to the organisation", "Van waarde voor de organisatie"), Kind: output.Bool},
			{Name: "gain", Title: l.Pick("Gain", "Winst"), Kind: output.Percent},
			{Name: "action", Title: l.Pick("Action", "Actie")},
		},
		Notes: []string{l.Pick("Gain: share of the contacts that the action is taken to prevent", "Winst: deel van de contacten dat de actie naar schatting voorkomt")},
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
		Name: "rules", Title: l.Pick("Rules for contacts without a cause", "Regels voor contacten zonder oorzaak"), Keys: 1,
		Columns: []output.Column{
			{Name: "rule", Title: l.Pick("Rule", "Regel")},
			{Name: "position", Title: l.Pick("Position", "Volgorde"), Kind: output.Integer},
			{Name: "looks_at", Title: l.Pick("Looks at", "Kijkt naar")},
			{Name: "cause", Title: l.Pick("Cause", "Oorzaak")},
			{Name: "days", Title: l.Pick("Days", "Dagen"), Kind: output.Integer},
			{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "kind", Title: l.Pick("Kind", "Soort")},
			{Name: "on", Title: l.Pick("In use", "In gebruik"), Kind: output.Bool},
		},
		Notes: []string{l.Pick("The first rule that fits counts; causes noted by agents go before all rules", "De eerste regel die past telt; door medewerkers genoteerde oorzaken gaan voor alle regels")},
	}
	for _, r := range rules {
		t.Rows = append(t.Rows, []any{r.Name, r.Position, string(r.Kind), r.Cause, sentOr(r.Days), r.Channel, r.Subject, r.Contact, !r.Off})
	}
	return t
}
