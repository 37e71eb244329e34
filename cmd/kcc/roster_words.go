package main

import (
	"fmt"

	"kcc/internal/output"
	"kcc/roster"
)

// count writes a number of things in the language of the reader.
func (a *App) count(n int, english, dutch, dutchMore string) string {
	if a.Lang() != output.Dutch {
		return countText(n, english)
	}
	if n != 1 {
		dutch = dutchMore
	}
	return fmt.Sprintf("%d %s", n, dutch)
}

// rosterWords are the Dutch words for the codes in tables of rosters.
var rosterWords = map[string]string{
	"draft":             "concept",
	"published":         "gepubliceerd",
	"serving":           "werkt eraan",
	"other_skill":       "werkt aan iets anders",
	"other_hours":       "werkt op een ander uur",
	"break":             "pauze",
	"contract":          "geen contract",
	"shift":             "geen dienst past",
	"free":              "kan werken",
	"leave":             "verlof",
	"sick":              "ziek",
	"unavailable":       "niet beschikbaar",
	"available":         "buiten de beschikbaarheid",
	"prefer":            "liever wel",
	"avoid":             "liever niet",
	"availability":      "beschikbaarheid",
	"hours":             "uren",
	"rest":              "rusttijden",
	"skills":            "vaardigheden",
	"shifts":            "soorten dienst",
	"pattern":           "roulerend rooster",
	"locked":            "vastgezet",
	"max_hours":         "maximale uren",
	"max_days_per_week": "dagen per week",
	"daily_rest":        "dagelijkse rust",
	"weekly_rest":       "wekelijkse rust",
	"max_shift":         "langste dienst",
	"max_week":          "uren per week",
	"average_week":      "gemiddelde uren per week",
	"breaks":            "pauzes",
	"free_sundays":      "vrije zondagen",
	"night_shift":       "lengte nachtdienst",
	"night_rest":        "rust na nachtdienst",
	"night_run_rest":    "rust na nachtdiensten",
	"night_run":         "diensten op rij met nacht",
	"night_count":       "aantal nachtdiensten",
	"night_average":     "gemiddelde uren met nachten",
	"max_days_in_row":   "dagen op rij",
	"min_days_off":      "vrije dagen op rij",
	"max_weekends":      "weekenden",
	"max_starts":        "verschillende begintijden",
	"late_then_early":   "vroeg na laat",
	"overlap":           "overlappende diensten",
	"presence":          "wie er moet zijn",
	"fixed":             "vaste dienst",
	"horizon":           "buiten het rooster",
}

// rosterWord returns a word of the tables of rosters in the language of the reader:
// a reason, a status, a rule or a family of rules.
func (a *App) rosterWord(code string) string {
	if a.Lang() != output.Dutch {
		return code
	}
	if w, ok := rosterWords[code]; ok {
		return w
	}
	return code
}

// say returns a sentence about a roster in the language of the reader.
func (a *App) say(s roster.Sentence) string { return s.In(string(a.Lang())) }

// hours writes hours in the language of the reader.
func (a *App) hours(h float64) string { return a.Lang().Number(h, 1) }
