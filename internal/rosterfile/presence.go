package rosterfile

import (
	"errors"
	"strings"

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
func presence(at spot, v any) (out []roster.Presence) {
	list, ok := tablesOf(v)
	if !ok {
		at.want(v, "tables [[presence]]")
		return nil
	}
	for i, t := range list {
		at, told := at.entry(i), len(at.in.list)
		x := roster.Presence{Least: 1}
		hours := ""
		for key, v := range t {
			at := at.under(key)
			text, isText := v.(string)
			text = strings.TrimSpace(text)
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
					at.want(v, "a whole number of 1 or more")
				}
				x.Least = int(n)
				continue
			default:
				at.fail(errors.New("want name, skill, team, least or hours"))
				continue
			}
			if !isText {
				at.want(v, "a text")
			}
		}
		if len(at.in.list) > told { // what follows from that need not be told
			continue
		}
		if x.Name == "" || x.Skill == "" && x.Team == "" {
			at.fail(errors.New("want a name, and a skill or a team"))
		}
		week, err := calendar.ParseWeek(hours)
		if err != nil {
			at.under("hours").fail(err)
			continue
		}
		before := len(out)
		for d, spans := range week {
			for _, s := range spans {
				y := x
				y.Days[d] = true
				y.Start, y.End = s.From, s.To
				out = append(out, y)
			}
		}
		if len(out) == before {
			at.fail(errors.New(`want hours such as "mo-fr 08:00-09:00"`))
		}
	}
	return out
}
