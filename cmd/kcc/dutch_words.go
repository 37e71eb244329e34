package main

import (
	"slices"

	"kcc/internal/output"
)

// codeColumns are the columns of contacts, hand-offs, promises, calls and
// violations that hold codes, with the words for them.
var codeColumns = map[string]map[string]string{
	"status": contactWords, "kind": contactWords, "direction": contactWords, "outcome": contactWords, "metric": contactWords, "mode": contactWords,
	"finding": contactWords, "level": contactWords, "event": contactWords, "state": contactWords, "result": contactWords,
	"rule": rosterWords, "unit": {"h": "uur", "days": "dagen", "agents": "medewerkers", "shifts": "diensten"},
}

// contactWords are the Dutch words for those codes.
var contactWords = map[string]string{
	"open": "open", "closed": "gesloten", "paused": "opgeschort", "met": "gehaald", "missed": "gemist", "withdrawn": "ingetrokken", "in force": "geldend",
	"question": "vraag", "request": "aanvraag", "complaint": "klacht", "report": "melding", "objection": "bezwaar", "status_chase": "navraag status", "callback": "terugbelverzoek",
	"inbound": "inkomend", "outbound": "uitgaand",
	"answered": "beantwoord", "answered_self": "zelf beantwoord", "abandoned": "opgehangen", "short_abandon": "kort afgehaakt", "transferred": "doorverbonden",
	"transferred_ok": "doorverbonden, gelukt", "transferred_failed": "doorverbonden, mislukt", "handed_off": "doorgezet", "callback_requested": "terugbelverzoek",
	"overflow": "overloop", "contained": "door de bot afgehandeld", "no_answer": "geen gehoor", "booked": "afgesproken", "attended": "gekomen", "no_show": "niet gekomen", "cancelled": "vervallen",
	"first_response": "eerste reactie", "resolve": "afhandeling", "service": "streeftermijn", "statutory": "wettelijk",
	"overdue": "te laat", "first_response_late": "eerste reactie te laat", "callback_missed": "terugbellen gemist", "department_late": "afdeling te laat",
	"due_soon": "bijna te laat", "callback_closing": "terugbeltijd loopt af",
	"generic": "generiek", "specialist": "specialistisch",
	"received": "ontvangen", "assigned": "toegewezen", "resumed": "hervat", "attempted": "niet bereikt", "responded": "beantwoord", "reopened": "heropend", "repinned": "andere regel",
	"taken": "opgepakt", "done": "gereed", "expired": "verlopen",
}

// onScreen reports whether a table is for somebody's eyes rather than for a file or
// a program.
func (a *App) onScreen() bool {
	f, err := a.format()
	return a.flags.out == "" && err == nil && f == output.Screen
}

// worded returns tables with words for codes, for a Dutch reader at
// a screen; files and programs keep the codes.
func (a *App) worded(tables []output.Table) []output.Table {
	if a.Lang() != output.Dutch || !a.onScreen() {
		return tables
	}
	for i := range tables {
		tables[i] = inDutch(tables[i])
	}
	return tables
}

// inDutch writes the codes of a table as words.
func inDutch(t output.Table) output.Table {
	cols := map[int]map[string]string{}
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		c := &t.Columns[i]
		words := codeColumns[c.Name]
		if words == nil {
			continue
		}
		cols[i] = words
		c.Rules = slices.Clone(c.Rules)
		for k := range c.Rules {
			if w, ok := words[c.Rules[k].Text]; ok {
				c.Rules[k].Text = w
			}
		}
	}
	if len(cols) == 0 {
		return t
	}
	rows := make([][]any, len(t.Rows))
	for r, row := range t.Rows {
		rows[r] = slices.Clone(row)
		for i, words := range cols {
			if s, ok := row[i].(string); ok {
				if w, ok := words[s]; ok {
					rows[r][i] = w
				}
			}
		}
	}
	t.Rows = rows
	return t
}
