package flow

import (
	"fmt"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// WeekTables shows a roster as a table per week, agents by days; only the week of
// monday when that is not 0, only the agents that keep names.
func WeekTables(p *roster.Problem, r roster.Roster, lang output.Lang, monday calendar.Date, keep func(*roster.Agent) bool) []output.Table {
	book := BookOf(p, &roster.Result{Roster: r}, lang)
	var out []output.Table
	for m := p.First.Monday(); m <= p.Last(); m += 7 {
		if monday != 0 && m != monday {
			continue
		}
		year, week := m.ISOWeek()
		t := output.Table{Name: fmt.Sprintf("%d-W%02d", year, week), Title: fmt.Sprintf("%d-W%02d", year, week), Keys: 1}
		t.Columns = append(t.Columns, output.Column{Name: "agent", Title: lang.Pick("Agent", "Medewerker"), Kind: output.Text})
		for d := m; d < m+7; d++ {
			t.Columns = append(t.Columns, output.Column{Name: d.String(), Title: lang.Day(d.Start(p.Zone)), Kind: output.Text})
		}
		t.Columns = append(t.Columns, output.Column{Name: "hours", Title: lang.Pick("Hours", "Uren"), Kind: output.Number, Digits: 1})
		for i := range p.Agents {
			if !keep(&p.Agents[i]) {
				continue
			}
			row := []any{p.Agents[i].ID}
			hours := 0.0
			for d := m; d < m+7; d++ {
				if d < p.First || d > p.Last() {
					row = append(row, "")
					continue
				}
				c := &book.Agents[i].Days[d-p.First]
				row = append(row, c.Text())
				if c.Kind == output.Working {
					hours += c.Hours
				}
			}
			t.Rows = append(t.Rows, append(row, hours))
		}
		out = append(out, t)
	}
	return out
}
