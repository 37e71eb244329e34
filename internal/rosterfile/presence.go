package rosterfile

import (
	"errors"
	"fmt"

	"kcc/internal/calendar"
	"kcc/roster"
)

// presence reads the tables [[presence]] of a rule book:
//
//	[[presence]]
//	name = "key holder"
//	skill = "keys"            # or team = "front-1"
//	least = 1
//	hours = "mo-fr 08:00-09:00"
func presence(v any) ([]roster.Presence, error) {
	list, ok := v.([]map[string]any)
	if !ok {
		return nil, errors.New("want tables [[presence]]")
	}
	var out []roster.Presence
	for i, t := range list {
		x := roster.Presence{Least: 1}
		hours := ""
		for key, v := range t {
			text, isText := v.(string)
			switch key {
			case "name":
				x.Name = text
			case "skill":
				x.Skill = text
			case "team":
				x.Team = text
			case "hours":
				hours = text
			case "least":
				n, ok := v.(int64)
				if !ok || n < 1 {
					return nil, fmt.Errorf("%d: least: want a whole number of 1 or more", i+1)
				}
				x.Least = int(n)
				continue
			default:
				return nil, fmt.Errorf("%d: %s: want name, skill, team, least or hours", i+1, key)
			}
			if !isText {
				return nil, fmt.Errorf("%d: %s: want a text", i+1, key)
			}
		}
		if x.Name == "" || x.Skill == "" && x.Team == "" {
			return nil, fmt.Errorf("%d: want a name, and a skill or a team", i+1)
		}
		week, err := calendar.ParseWeek(hours)
		if err != nil {
			return nil, fmt.Errorf("%d: hours: %w", i+1, err)
		}
		for d, spans := range week {
			for _, s := range spans {
				y := x
				y.Days[d] = true
				y.Start, y.End = s.From, s.To
				out = append(out, y)
			}
		}
	}
	return out, nil
}
