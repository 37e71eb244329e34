package flow

import (
	"fmt"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Book lays a capacity plan out: the months with a chart, the skills, the hires.
func (c *Capacity) Book(lang output.Lang, centre, currency string) output.Book {
	o := c.Options
	percent := func(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }
	return output.Book{
		Title: fmt.Sprintf(lang.Pick("Capacity plan %s", "Capaciteitsplan %s"), centre),
		Lead:  c.lead(lang),
		Facts: []output.Fact{
			{Label: lang.Pick("Months", "Maanden"), Value: fmt.Sprintf("%s - %s", monthText(c.Months[0].First), monthText(c.Months[len(c.Months)-1].First))},
			{Label: lang.Pick("Hours a week of one FTE", "Uren per week van een fte"), Value: fmt.Sprintf("%.4g", o.FullTime.Hours())},
			{Label: lang.Pick("Planned shrinkage", "Geplande uitval"), Value: percent(c.Planned)},
			{Label: lang.Pick("Unplanned shrinkage", "Ongeplande uitval"), Value: percent(c.Away)},
			{Label: lang.Pick("Rostered above need", "Ingeroosterd boven behoefte"), Value: percent(o.Loss)},
			{Label: lang.Pick("Leave within a year", "Vertrekt binnen een jaar"), Value: percent(o.Attrition)},
			{Label: lang.Pick("To find somebody", "Werving"), Value: calendar.FormatDuration(o.Recruit)},
			{Label: lang.Pick("To train somebody", "Inwerken"), Value: calendar.FormatDuration(o.Train)},
			{Label: lang.Pick("Cost of an hour", "Kosten van een uur"), Value: fmt.Sprintf("%.2f %s", c.Wage, currency)},
		},
		Tables: c.Tables(lang),
	}
}

// lead says the outcome in a sentence.
func (c *Capacity) lead(lang output.Lang) string {
	people := 0
	for _, h := range c.Hires {
		people += h.People
	}
	worst := c.Months[0]
	for _, m := range c.Months {
		if m.Needed > worst.Needed {
			worst = m
		}
	}
	most := fmt.Sprintf(lang.Pick("The most is needed in %s: %s FTE against %s under contract; ", "Het meest is nodig in %s: %s fte tegenover %s onder contract; "),
		monthText(worst.First), lang.Number(worst.Needed, 1), lang.Number(worst.Contract, 1))
	switch {
	case people == 0 && len(c.Unfilled()) > 0:
		return most + lang.Pick("nobody can be found and trained before these months are over.", "niemand is te vinden en in te werken voor deze maanden voorbij zijn.")
	case people == 1:
		return most + lang.Pick("1 person to be hired.", "1 persoon te werven.")
	}
	return most + fmt.Sprintf(lang.Pick("%d people to be hired.", "%d mensen te werven."), people)
}

// Tables shows the months, the skills and the hires.
func (c *Capacity) Tables(lang output.Lang) []output.Table {
	number := func(name, en, nl string, digits int) output.Column {
		return output.Column{Name: name, Title: lang.Pick(en, nl), Kind: output.Number, Digits: digits}
	}
	months := output.Table{
		Name: "capacity", Sheet: lang.Pick("Months", "Maanden"), Title: lang.Pick("Capacity per month", "Capaciteit per maand"),
		Columns: []output.Column{
			{Name: "month", Title: lang.Pick("Month", "Maand"), Kind: output.Text},
			number("contacts", "Contacts", "Contacten", 0),
			number("workload_h", "Workload (h)", "Werklast (u)", 0),
			number("present_h", "Present (h)", "Aanwezig (u)", 0),
			number("paid_h", "Paid (h)", "Betaald (u)", 0),
			number("needed_fte", "Needed FTE", "Nodig fte", 1),
			number("contract_fte", "Contract FTE", "Contract fte", 1),
			number("hired_fte", "Hired FTE", "Geworven fte", 1),
			number("available_fte", "Available FTE", "Beschikbaar fte", 1),
			{Name: "gap_fte", Title: lang.Pick("Gap FTE", "Tekort fte"), Kind: output.Number, Digits: 1, Rules: []output.Rule{{Op: output.Above, Limit: 0.05, Tone: output.Bad}}},
			{Name: "hires", Title: lang.Pick("Hires", "Werven"), Kind: output.Integer},
			number("cost", "Cost", "Kosten", 0),
		},
		Notes: []string{
			lang.Pick("present: hours that agents must be there; paid: the same with shrinkage and what rosters lose; gap: what hires do not fill",
				"aanwezig: uren dat er iemand moet zijn; betaald: hetzelfde met uitval en roosterverlies; tekort: wat werving niet vult"),

			c.assumptions(),
		},
		Charts: []output.ChartSpec{{
			Title: lang.Pick("FTE needed and available", "Fte nodig en beschikbaar"), Kind: output.LineChart, X: "month",
			Y: []string{"needed_fte", "available_fte", "contract_fte"}, YLabel: "FTE",
		}},
	}
	skills := output.Table{
		Name: "skills", Sheet: lang.Pick("Skills", "Vaardigheden"), Title: lang.Pick("FTE needed per skill", "Benodigde fte per vaardigheid"),
		Columns: []output.Column{{Name: "month", Title: lang.Pick("Month", "Maand"), Kind: output.Text}},
	}
	for _, s := range c.Skills {
		skills.Columns = append(skills.Columns, output.Column{Name: s, Kind: output.Number, Digits: 1})
	}
	total := 0.0
	for _, m := range c.Months {
		months.Rows = append(months.Rows, []any{
			monthText(m.First), m.Contacts, m.Workload, m.Present, m.Paid, m.Needed, m.Contract, m.Hired, m.Contract + m.Hired, m.Gap, m.Hires, m.Cost,
		})
		total += m.Cost
		row := []any{monthText(m.First)}
		for _, s := range c.Skills {
			row = append(row, m.BySkill[s])
		}
		skills.Rows = append(skills.Rows, row)
	}
	months.Total = []any{lang.Pick("Total", "Totaal"), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, total}
	hires := output.Table{
		Name: "hires", Sheet: lang.Pick("Hires", "Werving"), Title: lang.Pick("To be hired", "Te werven"),
		Columns: []output.Column{
			{Name: "people", Title: lang.Pick("People", "Mensen"), Kind: output.Integer},
			number("fte", "FTE", "Fte", 1),
			{Name: "recruit_from", Title: lang.Pick("Begin to look", "Begin werving"), Kind: output.Date},
			{Name: "start", Title: lang.Pick("First day", "Eerste dag"), Kind: output.Date},
			{Name: "ready", Title: lang.Pick("Full work", "Ingewerkt"), Kind: output.Date},
		},
	}
	for _, h := range c.Hires {
		hires.Rows = append(hires.Rows, []any{h.People, h.FTE, h.Recruit, h.Start, h.Ready})
	}
	return []output.Table{months, skills, hires}
}

// monthText writes a month as 2026-12.
func monthText(d calendar.Date) string { return d.Format("2006-01") }
