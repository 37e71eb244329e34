package kpi

import (
	"context"
	"database/sql"

	"kcc/internal/output"
)

// repeatKeys are the figures of the report on repeats.
var repeatKeys = []string{"known", "judged", "followed", "fcr", "repeats", "repeat_rate", "repeat_cost"}

// repeatFigures returns the figures of the report on repeats.
func repeatFigures(set *Settings) []Figure {
	all := allFigures(set)
	list := []Figure{
		count("known", "Of known customers", "Van bekende klanten", get(Known), "records of customers with a reference", "registraties van klanten met een kenmerk"),
		count("judged", "Judged", "Beoordeeld", get(JParty), "answered, old enough to judge; contacts within 15 minutes are one", "beantwoord en oud genoeg om te beoordelen; contacten binnen 15 minuten zijn er één"),
		count("followed", "Came back", "Kwam terug", get(JFollowed), "of the judged: with another contact on the subject within %W days", "van de beoordeelde: met nog een contact over het onderwerp binnen %W dagen"),
		count("repeats", "Repeats", "Herhalingen", get(Repeats), "contacts of a customer who was answered on the subject in the %W days before", "contacten van een klant die in de %W dagen ervoor over het onderwerp antwoord kreeg"),
		{
			Key: "repeat_cost", Title: [2]string{"Cost of repeats", "Kosten herhalingen"}, Kind: output.Integer, Better: -1,
			Define: [2]string{"repeats x cost per contact of the group", "herhalingen x kosten per contact van de groep"},
			Value:  func(s *Sums) float64 { return s[Repeats] * ratio(s[Cost], s[CostN]) },
		},
	}
	return Pick(append(list, Pick(all, "fcr", "repeat_rate")...), repeatKeys...)
}

// RepeatReport makes the report on customers who come back, by subject unless the
// query says otherwise.
func RepeatReport(ctx context.Context, db *sql.DB, set *Settings, q Query, v View) (*Report, error) {
	if len(q.By) == 0 && q.Every == Whole {
		q.By = []Key{BySubject}
	}
	if err := checkKeys(q); err != nil {
		return nil, err
	}
	f, err := loadAll(ctx, db, set, q, v)
	if err != nil {
		return nil, err
	}
	l := v.Lang
	figs := repeatFigures(set)
	for i := range figs {
		if figs[i].Key == "repeat_cost" {
			old := figs[i].Value
			figs[i].Value = func(s *Sums) float64 { // a whole amount
				x := old(s)
				if x != x {
					return x
				}
				return float64(int64(x + 0.5))
			}
			figs[i].Whole = true
		}
	}
	r := &Report{Name: "repeat", Title: l.Pick("Repeats", "Herhaalverkeer") + ", " + q.Period.Span(l), Facts: facts(f, set, &v)}
	t := groupTable("repeat", figs, f, nil, &v, true)
	t.Sheet = l.Pick("Repeats", "Herhaalverkeer")
	r.Data = append(r.Data, groupTable("repeat", figs, f, nil, &v, false))
	r.Define = defined(figs, l, set)
	r.Notes = f.Quality(l, set, v.Now)
	if f.Total[Known] == 0 {
		r.Notes = append(r.Notes, l.Pick("No contact in this period has a customer reference: repeats cannot be seen.", "Geen contact in deze periode heeft een klantkenmerk: herhaling is niet te zien."))
	}
	t.Notes = notes(l, r.Define, r.Notes)
	r.Tables = append(r.Tables, t)
	if v.Charts {
		d := &drawer{db: db, set: set, q: q, v: &v}
		if r.Charts, err = d.charts(ctx, "repeat"); err != nil {
			return nil, err
		}
		more, err := d.pareto(ctx, BySubject, get(Repeats), "Repeats by subject", "Herhalingen naar onderwerp")
		if err != nil {
			return nil, err
		}
		r.Charts = append(r.Charts, more...)
	}
	return r, nil
}
