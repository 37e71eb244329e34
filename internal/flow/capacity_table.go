package flow

import (
	"fmt"
	"strings"

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
			{Label: lang.Pick("Work a new agent must have", "Werk dat er voor iemand nieuw moet zijn"), Value: c.peakText(lang)},
			{Label: lang.Pick("Cost of an hour", "Kosten van een uur"), Value: fmt.Sprintf("%.2f %s", c.Wage, currency)},
			{Label: lang.Pick("Cost of a temporary hour", "Kosten van een tijdelijk uur"), Value: fmt.Sprintf("%.2f %s", c.TempRate, currency)},
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
	case people == 0 && len(c.Unfilled()) > 0 && len(c.Peaks())+len(c.Undecided()) == 0:
		most += lang.Pick("nobody can be found and trained before these months are over", "niemand is te vinden en in te werken voor deze maanden voorbij zijn")
	case people == 0:
		most += lang.Pick("nobody to be hired", "niemand te werven")
	case people == 1:
		most += lang.Pick("1 person to be hired", "1 persoon te werven")
	default:
		most += fmt.Sprintf(lang.Pick("%d people to be hired", "%d mensen te werven"), people)
	}
	if hours := c.tempHours(); hours > 0 {
		most += fmt.Sprintf(lang.Pick("; %s temporary hours", "; %s tijdelijke uren"), lang.Number(hours, 0))
		if peaks := c.Peaks(); len(peaks) > 0 {
			most += fmt.Sprintf(lang.Pick(", also for the peak in %s", ", ook voor de piek in %s"), monthsText(peaks))
		}
	}
	return most + "."
}

// tempHours is the work of all months that is left to temporary hours.
func (c *Capacity) tempHours() float64 {
	sum := 0.0
	for i := range c.Months {
		sum += c.Months[i].Temp
	}
	return sum
}

// peakText says how much work a new agent must have.
func (c *Capacity) peakText(lang output.Lang) string {
	n := max(0, c.Options.PeakMonths)
	if n == 1 {
		return lang.Pick("1 month of the first 12", "1 maand van de eerste 12")
	}
	return fmt.Sprintf(lang.Pick("%d months of the first 12", "%d maanden van de eerste 12"), n)
}

// monthsText lists months: 2027-02, 2027-03.
func monthsText(list []Month) string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = monthText(list[i].First)
	}
	return strings.Join(names, ", ")
}

// hireNotes explain what is hired for and what is not.
func (c *Capacity) hireNotes(lang output.Lang) []string {
	out := []string{fmt.Sprintf(lang.Pick("work: months of work that one of them has on average in the first 12 months of full work that the plan holds; at least %d of them, or it is a peak for temporary hours (--peak-months)",
		"werk: maanden werk die er gemiddeld voor een van hen is in de eerste 12 ingewerkte maanden van het plan; minstens %d, anders is het een piek voor tijdelijke uren (--peak-months)"), max(0, c.Options.PeakMonths))}
	people, idle := 0, 0
	for i := range c.Hires {
		people += c.Hires[i].People
		idle += c.Hires[i].Idle
	}
	if idle > 0 {
		out = append(out, fmt.Sprintf(lang.Pick("%d of the %d people have work for less than half of these months: a contract for part of the year or temporary hours may serve better",
			"voor %d van de %d mensen is er minder dan de helft van deze maanden werk: een contract voor een deel van het jaar of tijdelijke uren kan beter zijn"), idle, people))
	}
	return out
}

// tempNotes explain the temporary hours.
func (c *Capacity) tempNotes(lang output.Lang) []string {
	if c.tempHours() == 0 {
		return nil
	}
	out := []string{fmt.Sprintf(lang.Pick("temporary: hours of work that fill the gap by overtime, agency staff or outsourcing, at %s an hour, beside the cost of contracts and hires",
		"tijdelijk: uren werk die het tekort vullen met overwerk, uitzendkrachten of uitbesteden, à %s per uur, naast de kosten van contracten en werving"), lang.Number(c.TempRate, 2))}
	if late := c.Unfilled(); len(late) > 0 {
		out = append(out, fmt.Sprintf(lang.Pick("too soon to find and train anybody: %s", "te vroeg om iemand te vinden en in te werken: %s"), monthsText(late)))
	}
	if peaks := c.Peaks(); len(peaks) > 0 {
		out = append(out, fmt.Sprintf(lang.Pick("too short a peak to hire for: %s", "een te korte piek om voor te werven: %s"), monthsText(peaks)))
	}
	if last := c.Undecided(); len(last) > 0 {
		out = append(out, fmt.Sprintf(lang.Pick("the plan ends too soon after %s to tell a peak from a need that lasts: a longer plan does (--months)",
			"het plan eindigt te snel na %s om een piek van een blijvend tekort te onderscheiden: een langer plan kan dat (--months)"), monthsText(last)))
	}
	return out
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
			number("temporary_h", "Temporary (h)", "Tijdelijk (u)", 0),
			number("temporary_cost", "Temporary cost", "Tijdelijke kosten", 0),
		},
		Notes: []string{
			lang.Pick("present: hours that agents must be there; paid: the same with shrinkage and what rosters lose; gap: what hires do not fill",
				"aanwezig: uren dat er iemand moet zijn; betaald: hetzelfde met uitval en roosterverlies; tekort: wat werving niet vult"),

			c.assumptions(lang),
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
	months.Notes = append(months.Notes, c.tempNotes(lang)...)
	total, tempCost := 0.0, 0.0
	for _, m := range c.Months {
		months.Rows = append(months.Rows, []any{
			monthText(m.First), m.Contacts, m.Workload, m.Present, m.Paid, m.Needed, m.Contract, m.Hired, m.Contract + m.Hired, m.Gap, m.Hires, m.Cost, m.Temp, m.TempCost,
		})
		total += m.Cost
		tempCost += m.TempCost
		row := []any{monthText(m.First)}
		for _, s := range c.Skills {
			row = append(row, m.BySkill[s])
		}
		skills.Rows = append(skills.Rows, row)
	}
	months.Total = []any{lang.Pick("Total", "Totaal"), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, total, c.tempHours(), tempCost}
	hires := output.Table{
		Name: "hires", Sheet: lang.Pick("Hires", "Werving"), Title: lang.Pick("To be hired", "Te werven"),
		Columns: []output.Column{
			{Name: "people", Title: lang.Pick("People", "Mensen"), Kind: output.Integer},
			number("fte", "FTE", "Fte", 1),
			{Name: "recruit_from", Title: lang.Pick("Begin to look", "Begin werving"), Kind: output.Date},
			{Name: "start", Title: lang.Pick("First day", "Eerste dag"), Kind: output.Date},
			{Name: "ready", Title: lang.Pick("Full work", "Ingewerkt"), Kind: output.Date},
			number("work_months", "Work (months)", "Werk (maanden)", 1),
			{Name: "plan_months", Title: lang.Pick("Of months", "Van maanden"), Kind: output.Integer},
		},
		Notes: c.hireNotes(lang),
	}
	for _, h := range c.Hires {
		hires.Rows = append(hires.Rows, []any{h.People, h.FTE, h.Recruit, h.Start, h.Ready, h.Work, h.Months})
	}
	return []output.Table{months, skills, hires}
}

// monthText writes a month as 2026-12.
func monthText(d calendar.Date) string { return d.Format("2006-01") }
