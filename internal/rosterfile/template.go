package rosterfile

import (
	"io"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Template returns the workbook in which planners keep a team: what ReadTeam
// reads, with lists to choose from and a few made-up examples around first.
func Template(lang output.Lang, first calendar.Date) output.Form {
	t := templateMaker{lang: lang, first: first}
	return output.Form{
		Title: t.say("Team for kcc", "Team voor kcc"),
		Sheet: t.say("Explanation", "Uitleg"),
		Lead: []string{
			t.say("Replace the grey examples by your own rows and load the file with: kcc roster import", "Vervang de grijze voorbeelden door eigen regels en lees het bestand in met: kcc roster import"),
			t.say("Columns with * are needed. Sheets without rows may stay empty. Times 08:30, days as the sheet shows them, durations 30m or 8h30m.",
				"Kolommen met * zijn nodig. Bladen zonder regels mogen leeg blijven. Tijden 08:30, dagen zoals het blad ze toont, duur 30m of 8h30m."),
		},
		Sheets: []output.FormSheet{t.agents(), t.contracts(), t.skills(), t.availability(), t.leave(), t.wishes(), t.shifts(), t.patterns(), t.appointments(), t.meetings()},
	}
}

// WriteTemplate writes the template as a workbook.
func WriteTemplate(w io.Writer, first calendar.Date, opt output.Options) error {
	return output.WriteForm(w, Template(opt.Lang, first), opt)
}

type templateMaker struct {
	lang  output.Lang
	first calendar.Date
}

func (t templateMaker) say(en, nl string) string {
	if t.lang == output.Dutch {
		return nl
	}
	return en
}

// heading returns the heading of a column in the language: words with blanks.
func (t templateMaker) heading(name string) string {
	if list := dutchHeadings()[name]; len(list) > 0 && t.lang == output.Dutch {
		name = list[0]
	}
	out := []byte(name)
	for i := range out {
		if out[i] == '_' {
			out[i] = ' '
		}
	}
	return string(out)
}

func (t templateMaker) col(name, en, nl string) output.FormColumn {
	return output.FormColumn{Heading: t.heading(name), Note: t.say(en, nl), Width: 18}
}

func (t templateMaker) number(name string, low, high float64, en, nl string) output.FormColumn {
	c := t.col(name, en, nl)
	c.Kind, c.Low, c.High, c.Width = output.Number, low, high, 12
	return c
}

func (t templateMaker) day(name, en, nl string) output.FormColumn {
	c := t.col(name, en, nl)
	c.Kind, c.Width = output.Date, 14
	return c
}

func (t templateMaker) choice(name, en, nl string, choices ...string) output.FormColumn {
	c := t.col(name, en, nl)
	c.Choices = choices
	return c
}

func (t templateMaker) agent() output.FormColumn {
	c := t.col("agent", "Who: a number from the first sheet", "Wie: een nummer van het eerste blad")
	c.Required, c.From = true, t.sheetAgents()
	return c
}

func need(c output.FormColumn) output.FormColumn {
	c.Required = true
	return c
}

func (t templateMaker) sheetAgents() string { return t.say("agents", "medewerkers") }
func (t templateMaker) sheetShifts() string { return t.say("shifts", "diensten") }

func (t templateMaker) agents() output.FormSheet {
	return output.FormSheet{
		Name: t.sheetAgents(), What: t.say("Who can be planned", "Wie er ingeroosterd kan worden"),
		Columns: []output.FormColumn{
			need(t.col("id", "A number or short name that stays the same", "Een nummer of korte naam die gelijk blijft")),
			need(t.col("name", "The name on the roster", "De naam op het rooster")),
			t.col("team", "The team, as on the wall roster", "Het team, zoals op het wandrooster"),
			t.number("cost_per_hour", 0, 1000, "Cost of an hour, all included", "Kosten van een uur, alles inbegrepen"),
			t.col("acd_id", "The name in the telephone system", "De naam in het telefoniesysteem"),
			{Heading: t.heading("notes"), Note: t.say("Free text", "Vrije tekst"), Width: 32},
		},
		Rows: [][]any{
			{"A001", t.say("Example one", "Voorbeeld een"), t.say("morning", "ochtend"), 31.5, nil, nil},
			{"A002", t.say("Example two", "Voorbeeld twee"), t.say("evening", "avond"), 29.0, nil, t.say("key holder", "sleutelhouder")},
		},
	}
}

func (t templateMaker) contracts() output.FormSheet {
	period := t.choice("hours_period", "Over what the hours are counted (empty: week)", "Waarover de uren geteld worden (leeg: week)",
		t.say("week", "week"), t.say("4 weeks", "4 weken"), t.say("year", "jaar"))
	rules := t.col("rule_set", "Working-time rules: empty for the law, or a name from your file of rules", "Arbeidstijdregels: leeg voor de wet, of een naam uit uw regelbestand")
	days := t.number("max_days_per_week", 1, 7, "At most so many days a week", "Hooguit zoveel dagen per week")
	days.Kind = output.Integer
	return output.FormSheet{
		Name: t.say("contracts", "contracten"), What: t.say("Hours of each contract; a change of contract is a new row", "Uren van elk contract; een wijziging is een nieuwe regel"),
		Columns: []output.FormColumn{
			t.agent(),
			need(t.number("contract_hours", 0, 8784, "Hours of the contract per period", "Contracturen per periode")), period,
			t.number("min_hours", 0, 8784, "At least so many (empty: contract less one shift)", "Minstens zoveel (leeg: contract min een dienst)"),
			t.number("max_hours", 0, 8784, "At most so many (empty: contract)", "Hooguit zoveel (leeg: contract)"), days,
			t.day("valid_from", "First day of the contract", "Eerste dag van het contract"), t.day("valid_to", "Last day of the contract", "Laatste dag van het contract"), rules,
			t.col("pattern", "The rotation, if any: a name from that sheet", "Het roulerende rooster, als er een is: een naam van dat blad"),
			t.day("pattern_from", "A day of a first week of the round (empty: as on that sheet)", "Een dag van een eerste week van de ronde (leeg: zoals op dat blad)"),
		},
		Rows: [][]any{
			{"A001", 36, t.say("week", "week"), nil, 40, 5, nil, nil, nil, nil, nil},
			{"A002", 24, t.say("week", "week"), 20, 28, 4, nil, nil, nil, t.say("fixed days", "vaste dagen"), nil},
		},
	}
}

func (t templateMaker) skills() output.FormSheet {
	return output.FormSheet{
		Name: t.say("skills", "vaardigheden"), What: t.say("What each agent can do, a row per skill", "Wat elke medewerker kan, een regel per vaardigheid"),
		Columns: []output.FormColumn{
			t.agent(), need(t.col("skill", "As the channels of the centre name it: phone, chat, written ...", "Zoals de kanalen van het centrum haar noemen: phone, chat, written ...")),
			t.number("efficiency", 0.05, 2, "Speed beside a full agent (empty: 1)", "Snelheid naast een volleerde medewerker (leeg: 1)"),
		},
		Rows: [][]any{{"A001", "phone", 1}, {"A001", "chat", 0.8}, {"A002", "phone", 1}},
	}
}

// span are the columns from and to, that hold days, times of day, or both.
func (t templateMaker) span() []output.FormColumn {
	from := t.col("from", "A day, a time of day, or both: 24-12-2026, 09:00, 24-12-2026 13:00", "Een dag, een tijd, of beide: 24-12-2026, 09:00, 24-12-2026 13:00")
	to := t.col("to", "The last day, or the time; empty: as from", "De laatste dag, of de tijd; leeg: als van")
	if t.lang != output.Dutch {
		from.Note = "A day, a time of day, or both: 2026-12-24, 09:00, 2026-12-24 13:00"
	}
	return []output.FormColumn{from, to, t.col("weekday", "Only on these weekdays: mo, mo-fr, mo,we", "Alleen op deze weekdagen: ma, ma-vr, ma,wo")}
}

func (t templateMaker) availability() output.FormSheet {
	kind := t.choice("kind", "What holds then; fixed:SHIFT binds to a shift", "Wat er dan geldt; vast:DIENST bindt aan een dienst",
		t.say("available", "beschikbaar"), t.say("unavailable", "niet beschikbaar"))
	kind.Loose, kind.Required = true, true
	return output.FormSheet{
		Name: t.say("availability", "beschikbaarheid"), What: t.say("When agents can work: with rows 'available' only then", "Wanneer iemand kan werken: met regels 'beschikbaar' alleen dan"),
		Columns: append(append([]output.FormColumn{t.agent()}, t.span()...), kind),
		Rows:    [][]any{{"A002", "09:00", "14:30", t.say("mo-th", "ma-do"), t.say("available", "beschikbaar")}},
	}
}

func (t templateMaker) leave() output.FormSheet {
	kind := need(t.choice("kind", "Leave and sickness count as worked", "Verlof en ziekte tellen als gewerkt", t.say("leave", "verlof"), t.say("sick", "ziek")))
	from := t.first.Add(14).Format(time.DateOnly)
	to := t.first.Add(18).Format(time.DateOnly)
	if t.lang == output.Dutch {
		from, to = t.first.Add(14).Format("02-01-2006"), t.first.Add(18).Format("02-01-2006")
	}
	return output.FormSheet{
		Name: t.say("leave", "verlof"), What: t.say("Leave and sickness", "Verlof en ziekte"),
		Columns: append(append([]output.FormColumn{t.agent()}, t.span()...), kind,
			t.number("hours", 0, 24, "What a day counts for (empty: contract hours divided by days)", "Waar een dag voor telt (leeg: contracturen gedeeld door dagen)")),
		Rows: [][]any{{"A001", from, to, nil, t.say("leave", "verlof"), nil}},
	}
}

func (t templateMaker) wishes() output.FormSheet {
	kind := need(t.choice("kind", "To work then, or rather not", "Dan werken, of liever niet", t.say("prefer", "liever"), t.say("avoid", "liever niet")))
	return output.FormSheet{
		Name: t.say("wishes", "wensen"), What: t.say("Wishes: granted where that costs customers little", "Wensen: vervuld waar dat klanten weinig kost"),
		Columns: append(append([]output.FormColumn{t.agent()}, t.span()...), kind,
			t.number("weight", 0, 100, "How much it matters, 1 being an ordinary wish", "Hoe zwaar het weegt, 1 is een gewone wens")),
		Rows: [][]any{{"A001", "17:00", "20:00", t.say("th", "do"), t.say("avoid", "liever niet"), 2}},
	}
}

func (t templateMaker) shifts() output.FormSheet {
	clock := func(name, en, nl string) output.FormColumn {
		c := need(t.col(name, en, nl))
		c.Kind, c.Width = output.Clock, 12
		return c
	}
	const m = 60
	return output.FormSheet{
		Name: t.sheetShifts(), What: t.say("Kinds of shift: where they may start, how long they are", "Soorten dienst: waar ze mogen beginnen, hoe lang ze zijn"),
		Columns: []output.FormColumn{
			need(t.col("name", "A short name", "Een korte naam")),
			clock("earliest_start", "First possible start", "Vroegst mogelijke begin"), clock("latest_start", "Last possible start", "Laatst mogelijke begin"),
			t.col("step", "Steps between starts: 15m, 30m", "Stappen tussen begintijden: 15m, 30m"),
			t.col("length", "Duration with breaks: 8h30m", "Duur met pauzes: 8h30m"),
			t.col("min_length", "Shortest, instead of a fixed duration", "Kortste, in plaats van een vaste duur"),
			t.col("max_length", "Longest, instead of a fixed duration", "Langste, in plaats van een vaste duur"),
			{Heading: t.heading("breaks"), Note: t.say("Length @ window after the start: 30m@3h-5h unpaid; 15m@1h30m-3h paid", "Duur @ venster na het begin: 30m@3h-5h onbetaald; 15m@1h30m-3h betaald"), Width: 44},
			t.col("weekdays", "Only on these weekdays", "Alleen op deze weekdagen"), t.col("skills", "Only for agents with one of these skills", "Alleen met een van deze vaardigheden"),
			t.col("teams", "Only for these teams", "Alleen voor deze teams"),
		},
		Rows: [][]any{
			{t.say("day", "dag"), calendar.Clock(8 * m), calendar.Clock(9 * m), "30m", "8h30m", nil, nil, t.say("30m@3h-5h unpaid; 15m@1h30m-3h paid", "30m@3h-5h onbetaald; 15m@1h30m-3h betaald"), nil, nil, nil},
			{t.say("short", "kort"), calendar.Clock(8 * m), calendar.Clock(13 * m), "30m", nil, "4h", "5h30m", t.say("15m@1h30m-3h paid", "15m@1h30m-3h betaald"), nil, nil, nil},
		},
	}
}

func (t templateMaker) patterns() output.FormSheet {
	week := need(t.number("week", 1, 52, "Which week of the round, from 1", "De hoeveelste week van de ronde, vanaf 1"))
	week.Kind = output.Integer
	columns := []output.FormColumn{
		need(t.col("pattern", "The name of the rotation; a row for each of its weeks", "De naam van het roulerende rooster; een regel per week")), week,
	}
	for _, day := range patternColumns {
		c := t.col(day, "Empty: free to plan; - off; x works; names of shifts such as early/day, or times such as 07:00-15:30; with ! behind them: works",
			"Leeg: vrij in te plannen; - vrij; x werkt; namen van diensten zoals vroeg/dag, of tijden zoals 07:00-15:30; met ! erachter: werkt")
		c.Width = 12
		columns = append(columns, c)
	}
	return output.FormSheet{
		Name: t.say("rotations", "patronen"), What: t.say("Rotations: what may be worked in each week of a round", "Roulerende roosters: wat er in elke week van een ronde gewerkt mag worden"),
		Columns: append(columns,
			t.col("teams", "Holds for these teams; agents name theirs on the sheet of contracts", "Geldt voor deze teams; medewerkers noemen het hunne op het blad contracten"),
			t.day("from", "A day of a first week of the round", "Een dag van een eerste week van de ronde")),
		Rows: [][]any{
			{t.say("fixed days", "vaste dagen"), 1, nil, nil, "-", nil, nil, "-", "-", nil, t.first},
			{t.say("fixed days", "vaste dagen"), 2, "-", nil, nil, nil, nil, "-", "-", nil, nil},
		},
	}
}

func (t templateMaker) who() output.FormColumn {
	return need(t.col("agents", "Agents or teams, with ; between them; all for everyone", "Medewerkers of teams, met ; ertussen; allen voor iedereen"))
}

func (t templateMaker) appointments() output.FormSheet {
	clock := func(name, en, nl string) output.FormColumn {
		c := need(t.col(name, en, nl))
		c.Kind, c.Width = output.Clock, 12
		return c
	}
	return output.FormSheet{
		Name: t.say("appointments", "afspraken"), What: t.say("Appointments of agents at a fixed time", "Afspraken van medewerkers op een vaste tijd"),
		Columns: []output.FormColumn{
			need(t.col("name", "What it is", "Wat het is")), t.who(), need(t.day("date", "The day, or the first of several", "De dag, of de eerste van meer dagen")),
			t.day("to", "The last of several days", "De laatste van meer dagen"), t.col("weekday", "Only on these weekdays", "Alleen op deze weekdagen"),
			clock("start", "From", "Vanaf"), clock("end", "Until", "Tot"),
		},
		Rows: [][]any{{t.say("medical", "keuring"), "A002", t.first.Add(2), nil, nil, calendar.Clock(600), calendar.Clock(660)}},
	}
}

func (t templateMaker) meetings() output.FormSheet {
	clock := func(name, en, nl string) output.FormColumn {
		c := t.col(name, en, nl)
		c.Kind, c.Width = output.Clock, 12
		return c
	}
	times := t.number("times", 1, 366, "How often between from and to (empty: once)", "Hoe vaak tussen van en tot (leeg: een keer)")
	times.Kind = output.Integer
	return output.FormSheet{
		Name: t.say("meetings", "overleg"), What: t.say("Meetings and training to be placed where they cost least", "Overleg en training, te plaatsen waar het het minst kost"),
		Columns: []output.FormColumn{
			need(t.col("name", "What it is", "Wat het is")), t.who(), need(t.col("length", "Duration: 45m, 2h", "Duur: 45m, 2h")),
			t.day("from", "Not before this day", "Niet voor deze dag"), t.day("to", "Not after this day", "Niet na deze dag"),
			t.col("weekday", "Only on these weekdays", "Alleen op deze weekdagen"), clock("earliest", "Not before this time", "Niet voor deze tijd"),
			clock("latest", "Over by this time", "Afgelopen om deze tijd"), times,
			t.choice("together", "All at one time?", "Allen tegelijk?", t.say("yes", "ja"), t.say("no", "nee")),
		},
		Rows: [][]any{{t.say("team meeting", "werkoverleg"), t.say("morning", "ochtend"), "45m", t.first, t.first.Add(27), t.say("tu-th", "di-do"), calendar.Clock(540), calendar.Clock(960), 2, t.say("yes", "ja")}},
	}
}
