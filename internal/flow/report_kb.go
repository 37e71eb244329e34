package flow

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"kcc/contacts/kpi"
	"kcc/internal/output"
	"kcc/kb"
)

// KnowledgeReport shows how the knowledge base stands and is used: what there is,
// what is missing, what to look at, and how often it helped.
func KnowledgeReport(ctx context.Context, db *sql.DB, set *kpi.Settings, q kpi.Query, v kpi.View) (*kpi.Report, error) {
	l := v.Lang
	pick := func(en, nl string) string {
		if l == output.Dutch {
			return nl
		}
		return en
	}
	base := &kb.Base{DB: db, Now: func() time.Time { return v.Now }, Zone: set.Zone}
	list, err := base.List(ctx, kb.Filter{})
	if err != nil {
		return nil, err
	}
	uses, err := ArticleUses(ctx, db)
	if err != nil {
		return nil, err
	}
	volumes, err := SubjectVolumes(ctx, db, q.From, q.To)
	if err != nil {
		return nil, err
	}
	gaps, err := base.Gaps(ctx, volumes)
	if err != nil {
		return nil, err
	}
	findings, err := base.Findings(ctx, uses)
	if err != nil {
		return nil, err
	}
	usage, err := base.Usage(ctx, uses)
	if err != nil {
		return nil, err
	}
	states := map[kb.State]int{}
	for _, a := range list {
		states[a.State]++
	}
	linked, judged, resolved, sessions, kept := 0, 0, 0, 0, 0
	for _, u := range usage {
		linked, judged, resolved = linked+u.Contacts, judged+u.Judged, resolved+u.Resolved
		sessions, kept = sessions+u.Sessions, kept+u.Contained
	}
	missing, questions := 0, 0
	for _, g := range gaps {
		if g.Kind == "subject" {
			missing++
		} else {
			questions += g.Asked
		}
	}
	urgent := 0
	for _, f := range findings {
		if f.Urgency == 1 {
			urgent++
		}
	}
	r := &kpi.Report{Name: "knowledge", Title: pick("Knowledge base, ", "Kennisbank, ") + q.Period.Span(l)}
	text := func(a, b int) string {
		if b == 0 {
			return ""
		}
		return l.Number(100*float64(a)/float64(b), 1) + "%"
	}
	figures := []struct {
		key, en, nl, value string
		number             any
		defEN, defNL       string
	}{
		{"published", "Published", "Gepubliceerd", l.Int(int64(states[kb.Published])), states[kb.Published], "articles that agents and customers see", "artikelen die medewerkers en klanten zien"},
		{"in_work", "In work", "In bewerking", l.Int(int64(len(list) - states[kb.Published] - states[kb.Retired])), len(list) - states[kb.Published] - states[kb.Retired], "drafts, in review and validated", "concept, in beoordeling en gevalideerd"},
		{"to_look_at", "To look at now", "Nu te bekijken", l.Int(int64(urgent)), urgent, "findings that cannot wait: past validity or review, open flags, dead links (kcc kb stale lists them)", "bevindingen die niet kunnen wachten: verlopen, over herziendatum, meldingen, dode links (kcc kb stale toont ze)"},
		{"subjects_without", "Subjects without article", "Onderwerpen zonder artikel", l.Int(int64(missing)), missing, "subjects with contacts in the period and no published article", "onderwerpen met contacten in de periode en geen gepubliceerd artikel"},
		{"questions_unanswered", "Questions badly answered", "Vragen slecht beantwoord", l.Int(int64(questions)), questions, "kept searches and questions to the bot whose first answer fits badly or that were handed over", "bewaarde zoekvragen en vragen aan de chatbot met een slecht passend antwoord of een overdracht"},
		{"linked_contacts", "Contacts with an article", "Contacten met een artikel", l.Int(int64(linked)), linked, "contacts in the register in which an article was used, in all", "contacten in het register waarin een artikel is gebruikt, totaal"},
		{"resolved_with", "Resolved with an article", "Opgelost met een artikel", text(resolved, judged), ratioOrNil(resolved, judged), "of those: resolved / with a mark", "daarvan: opgelost / met een aanduiding"},
		{"containment", "Contained by the bot", "Door de bot afgehandeld", text(kept, sessions), ratioOrNil(kept, sessions), "questions to the bot that an article answered without a hand-over / those answered by an article", "vragen aan de chatbot die een artikel zonder overdracht beantwoordde / door een artikel beantwoorde vragen"},
	}
	t := output.Table{Name: "knowledge", Sheet: pick("Knowledge", "Kennis"), Title: r.Title, Columns: []output.Column{{Name: "figure", Title: pick("Figure", "Kengetal")}, {Name: "value", Title: pick("Value", "Waarde")}}}
	data := output.Table{Name: "knowledge"}
	row := []any{}
	for _, f := range figures {
		t.Rows = append(t.Rows, []any{pick(f.en, f.nl), f.value})
		kind := output.Integer
		if f.key == "resolved_with" || f.key == "containment" {
			kind = output.Percent
		}
		data.Columns = append(data.Columns, output.Column{Name: f.key, Title: pick(f.en, f.nl), Kind: kind, Digits: 1})
		row = append(row, f.number)
		r.Define = append(r.Define, kpi.Defined{Key: f.key, Title: pick(f.en, f.nl), Text: pick(f.defEN, f.defNL)})
	}
	data.Rows = [][]any{row}
	const most = 20
	used := output.Table{Name: "used", Sheet: pick("Used", "Gebruikt"), Title: pick("Most used articles", "Meest gebruikte artikelen"), Columns: []output.Column{
		{Name: "article", Title: pick("Article", "Artikel")},
		{Name: "title", Title: pick("Title", "Titel")},
		{Name: "contacts", Title: pick("Contacts", "Contacten"), Kind: output.Integer},
		{Name: "resolved", Title: pick("Resolved", "Opgelost"), Kind: output.Percent, Digits: 1},
		{Name: "views", Title: pick("Views", "Weergaven"), Kind: output.Integer},
		{Name: "sessions", Title: pick("Bot sessions", "Chatbotvragen"), Kind: output.Integer},
		{Name: "contained", Title: pick("Contained", "Afgehandeld"), Kind: output.Percent, Digits: 1},
	}}
	for _, u := range usage[:min(len(usage), most)] {
		if u.Contacts+u.Views+u.Sessions+u.Links > 0 {
			used.Rows = append(used.Rows, []any{u.ID, u.Title, u.Contacts, ratioOrNil(u.Resolved, u.Judged), u.Views, u.Sessions, ratioOrNil(u.Contained, u.Sessions)})
		}
	}
	open := output.Table{Name: "gaps", Sheet: pick("Gaps", "Hiaten"), Title: pick("Asked without a good article", "Gevraagd zonder goed artikel"), Columns: []output.Column{
		{Name: "kind", Title: pick("Kind", "Soort")}, {Name: "what", Title: pick("Asked", "Gevraagd")}, {Name: "asked", Title: pick("Times", "Aantal"), Kind: output.Integer},
	}}
	slices.SortStableFunc(gaps, func(a, b kb.Gap) int { return b.Asked - a.Asked })
	openCodes := open // with the codes
	for _, g := range gaps[:min(len(gaps), most)] {
		kind, what := g.Kind, g.What
		switch g.Kind {
		case "subject":
			kind = pick("subject without an article", "onderwerp zonder artikel")
			if v.Titles != nil {
				what = cmp.Or(v.Titles(kpi.BySubject, g.What), g.What)
			}
		case "search":
			kind = pick("search", "zoekvraag")
		case "bot":
			kind = pick("asked the bot", "vraag aan de bot")
		}
		open.Rows = append(open.Rows, []any{kind, what, g.Asked})
		openCodes.Rows = append(openCodes.Rows, []any{g.Kind, g.What, g.Asked})
	}
	if len(list) == 0 {
		r.Notes = append(r.Notes, pick("The knowledge base is empty (kcc kb import, kcc kb add).", "De kennisbank is leeg (kcc kb import, kcc kb add)."))
	}
	r.Facts = []output.Fact{{Label: pick("Period", "Periode"), Value: q.Period.Span(l)}, {Label: pick("Articles", "Artikelen"), Value: fmt.Sprint(len(list))}}
	for _, d := range r.Define {
		t.Notes = append(t.Notes, d.Title+": "+d.Text)
	}
	for _, n := range r.Notes {
		t.Notes = append(t.Notes, pick("Data: ", "Gegevens: ")+n)
	}
	r.Tables, r.Data = []output.Table{t}, []output.Table{data, used, openCodes}
	if len(used.Rows) > 0 {
		r.Tables = append(r.Tables, used)
	}
	if len(open.Rows) > 0 {
		r.Tables = append(r.Tables, open)
	}
	return r, nil
}

func ratioOrNil(a, b int) any {
	if b == 0 {
		return nil
	}
	return float64(a) / float64(b)
}
