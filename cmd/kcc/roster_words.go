package main

import (
	"fmt"

	"kcc/internal/output"
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

// rosterWord returns a word of the tables of rosters in the language of the reader:
// a reason, a status, a family of rules. Rule names stay as the rule book has them.
func (a *App) rosterWord(code string) string {
	if a.Lang() != output.Dutch {
		return code
	}
	switch code {
	case "draft":
		return "concept"
	case "published":
		return "gepubliceerd"
	case "serving":
		return "werkt eraan"
	case "other_skill":
		return "werkt aan iets anders"
	case "other_hours":
		return "werkt op een ander uur"
	case "break":
		return "pauze"
	case "contract":
		return "geen contract"
	case "shift":
		return "geen dienst past"
	case "free":
		return "kan werken"
	case "leave":
		return "verlof"
	case "sick":
		return "ziek"
	case "unavailable":
		return "niet beschikbaar"
	case "available":
		return "buiten de beschikbaarheid"
	case "prefer":
		return "liever wel"
	case "avoid":
		return "liever niet"
	case "availability":
		return "beschikbaarheid"
	case "hours":
		return "uren"
	case "rest":
		return "rusttijden"
	case "skills":
		return "vaardigheden"
	case "shifts":
		return "soorten dienst"
	case "pattern":
		return "roulerend rooster"
	case "locked":
		return "vastgezet"
	case "max_hours":
		return "maximale uren"
	case "max_days_per_week":
		return "dagen per week"
	case "daily_rest":
		return "dagelijkse rust"
	case "weekly_rest":
		return "wekelijkse rust"
	}
	return code
}
