package flow

import (
	"fmt"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// RosterOfBook turns the day cells of a roster workbook back into a roster.
// Cells that were edited get their breaks and skills placed anew; edited leave
// and sickness is added to a copy of the problem. Changed is the number of
// edited cells.
func RosterOfBook(p *roster.Problem, read *output.RosterRead) (q *roster.Problem, r roster.Roster, changed int, err error) {
	copied := *p
	q = &copied
	q.Availability = slices.Clone(p.Availability)
	known := map[string]bool{}
	for i := range p.Agents {
		known[p.Agents[i].ID] = true
	}
	kinds := map[string]bool{}
	for i := range p.Shifts {
		kinds[p.Shifts[i].Name] = true
	}
	var drafts []roster.Draft
	for i := range read.Cells {
		c := &read.Cells[i]
		if c.Date < p.First || c.Date > p.Last() {
			continue
		}
		if !known[c.Agent] {
			return nil, r, 0, fmt.Errorf("sheet %q, cell %s: agent %s is not among the agents", c.Sheet, c.Cell, c.Agent)
		}
		if c.Changed {
			changed++
		}
		switch c.Kind {
		case output.OnLeave, output.Sick:
			if kind := absence(c.Kind); c.Changed {
				q.Availability = append(q.Availability, roster.Availability{Agent: c.Agent, From: c.Date, To: c.Date, Kind: kind})
			}
		case output.Working:
			named := c.Start == 0 && c.End == 0
			if named && !kinds[c.Shift] {
				return nil, r, 0, fmt.Errorf("sheet %q, cell %s: %q is not a kind of shift: want 08:30-17:00, -, L, Z or one of %s", c.Sheet, c.Cell, c.Shift, shiftNames(p))
			}
			if c.Changed {
				d := roster.Draft{Agent: c.Agent, Date: c.Date, Shift: c.Shift, Locked: c.Locked}
				if !named {
					d.Start, d.End = c.Date.At(c.Start, p.Zone), c.Date.At(c.End, p.Zone)
				}
				drafts = append(drafts, d)
				continue
			}
			r.Assignments = append(r.Assignments, assignmentOf(c, p.Zone))
		}
	}
	r, err = roster.Place(q, r, drafts)
	return q, r, changed, err
}

func absence(k output.CellKind) roster.Kind {
	if k == output.Sick {
		return roster.Sick
	}
	return roster.Leave
}

func shiftNames(p *roster.Problem) string {
	out := ""
	for i := range p.Shifts {
		if i > 0 {
			out += ", "
		}
		out += p.Shifts[i].Name
	}
	return out
}

// assignmentOf turns an unchanged cell into the shift that it was written from.
func assignmentOf(c *output.ReadCell, zone *time.Location) roster.Assignment {
	at := func(k calendar.Clock) time.Time { return c.Date.At(k, zone) }
	a := roster.Assignment{Agent: c.Agent, Date: c.Date, Shift: c.Shift, Start: at(c.Start), End: at(c.End), Locked: c.Locked}
	for _, b := range c.Breaks {
		a.Breaks = append(a.Breaks, roster.Break{Start: at(b.Start), Length: at(b.End).Sub(at(b.Start)), Paid: b.Paid})
	}
	for _, s := range c.Plan {
		a.Plan = append(a.Plan, roster.SkillSpan{Start: at(s.Start), Skill: s.Skill})
	}
	return a
}
