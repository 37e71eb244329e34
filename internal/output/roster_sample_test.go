package output

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"kcc/internal/calendar"
)

// sampleRoster makes a roster of 60 agents, 4 weeks and 3 skills as a real one
// looks: early, day and late shifts, breaks, skill changes, leave, sickness,
// locked cells, a training and a night shift. It is a pattern, not a plan.
func sampleRoster(zone *time.Location, lang Lang) RosterBook {
	rng := rand.New(rand.NewPCG(1, 2))
	nl := lang == Dutch
	text := func(en, dutch string) string {
		if nl {
			return dutch
		}
		return en
	}
	b := RosterBook{
		Title: text("Roster customer contact, weeks 49-52", "Rooster klantcontact, week 49-52"),
		First: calendar.NewDate(2026, 11, 30), Days: 28, Step: 15 * time.Minute,
		Skills: []RosterSkill{{"phone", text("Phone", "Telefoon")}, {"chat", "Chat"}, {"email", "E-mail"}},
		Service: []RosterService{
			{Channel: text("Phone", "Telefoon"), Target: text("80% in 20 s", "80% in 20 s"), Goal: 0.8, Expected: 0.823, Low: 0.811, High: 0.835, ASA: 14.2, Abandon: 0.021, Occupancy: 0.78},
			{Channel: "Chat", Target: text("85% in 60 s", "85% in 60 s"), Goal: 0.85, Expected: 0.791, Low: 0.77, High: 0.81, ASA: 41, Abandon: math.NaN(), Occupancy: 0.71},
			{Channel: "E-mail", Target: text("95% in 2 working days", "95% in 2 werkdagen"), Goal: 0.95, Expected: 0.97, Low: math.NaN(), High: math.NaN(), ASA: math.NaN(), Abandon: math.NaN(), Occupancy: 0.88},
		},
		Asked: []Fact{
			{text("History", "Historie"), "2024-11-25 - 2026-11-22"},
			{text("Rules", "Regels"), text("Dutch working hours act", "Arbeidstijdenwet")},
			{text("Effort", "Rekenwerk"), "1"},
			{text("Seed", "Startgetal"), "1"},
			{text("Version of the inputs", "Versie van de invoer"), "3f9a02c1"},
		},
		Notes: []string{
			text("On Friday 25 December the centre is closed.", "Vrijdag 25 december is het KCC gesloten."),
			text("Chat falls short of its target on Monday mornings: there are not enough agents with the skill before 10:00. Two more agents with chat, or a start at 08:00 for three of them, would close the gap.",
				"Chat haalt het doel niet op maandagochtend: er zijn voor 10:00 niet genoeg medewerkers met de vaardigheid. Twee medewerkers erbij met chat, of drie die om 08:00 beginnen, dichten het gat."),
		},
		Meta: []Fact{{"roster", "12"}, {"hash", "3f9a02c1"}},
	}
	teams := []string{text("Front office", "Voorkant"), "Burgerzaken", text("Taxes", "Belastingen")}
	closed := calendar.NewDate(2026, 12, 25)
	starts := []calendar.Clock{480, 510, 540, 600, 720, 780}
	rostered := map[string]map[time.Time]float64{"phone": {}, "chat": {}, "email": {}}
	for i := range 60 {
		a := RosterAgent{
			ID: fmt.Sprintf("agent-%03d", i+1), Name: fmt.Sprintf("%s %03d", text("Agent", "Medewerker"), i+1), Team: teams[i%3],
			ContractHours: []float64{36, 32, 24, 36, 28}[i%5], MinHours: math.NaN(), MaxHours: 40, Balance: math.NaN(),
		}
		a.Skills = [][]string{{"phone", "chat"}, {"phone"}, {"phone", "email"}, {"chat", "email"}}[i%4]
		if i%7 == 0 {
			a.Period, a.Balance = "year", 12.5
		}
		perWeek := int(a.ContractHours / 8)
		for d := range b.Days {
			date := b.First.Add(d)
			c := RosterCell{}
			weekend := date.Weekday() == time.Sunday || date.Weekday() == time.Saturday && (i+d)%5 != 0
			switch {
			case date == closed || weekend || (d%7+i)%7 >= perWeek+1:
			case i%13 == 5 && d < 14:
				c.Kind, c.Hours = OnLeave, 7.2
			case i == 17 && d < 3:
				c.Kind, c.Hours = Sick, 8
			case i%11 == 3 && date.Weekday() == time.Wednesday:
				c.Kind = Unavailable
			default:
				c.Kind = Working
				c.Start = starts[(i*7+d/7)%len(starts)]
				c.End = c.Start + 510
				if i == 59 {
					c.Start, c.End = 22*60, 30*60
				}
				c.Hours = 8
				c.Breaks = []RosterBreak{{c.Start + 240, c.Start + 270, false}, {c.Start + 120, c.Start + 135, true}}
				if len(a.Skills) > 1 {
					c.Plan = []SkillSpan{{c.Start, a.Skills[0]}, {c.Start + 300, a.Skills[1]}}
				}
				if i%9 == 0 && date.Weekday() == time.Tuesday {
					c.Plan = append([]SkillSpan{{c.Start, "training"}}, SkillSpan{c.Start + 60, a.Skills[0]})
					c.Note = text("Training until an hour after the start", "Training tot een uur na het begin")
				}
				c.Locked = i%10 == 4 && d%7 == 1
			}
			a.Days = append(a.Days, c)
			for m := c.Start; m < c.End; m += 15 {
				if s := c.skillAt(m, &a); s != "" && s != "training" && c.breakAt(m) == nil {
					rostered[s][date.At(0, zone).Add(time.Duration(m)*time.Minute)]++
				}
			}
		}
		b.Agents = append(b.Agents, a)
	}
	forecasts := []RosterForecast{{Channel: text("Phone", "Telefoon"), Level: 0.8}, {Channel: "Chat", Level: 0.8}}
	for d := range b.Days {
		date := b.First.Add(d)
		factor := []float64{0.02, 1.15, 1, 0.95, 0.95, 0.85, 0.35}[date.Weekday()] * (1 + 0.06*rng.NormFloat64())
		if date.Weekday() == time.Sunday || date == closed {
			continue
		}
		for k, f := range []float64{820, 190} {
			note := ""
			if k == 0 && d == 1 {
				note = text("Tax letters arrive", "Belastingbrieven vallen in de bus")
			}
			mean := f * factor
			forecasts[k].Days = append(forecasts[k].Days, ForecastDay{date, mean, mean * 0.88, mean * 1.13, 245, note})
		}
		for m := calendar.Clock(480); m < 21*60; m += 15 {
			at := date.At(m, zone)
			shape := math.Exp(-math.Pow(float64(m-640)/170, 2)) + 0.55*math.Exp(-math.Pow(float64(m-870)/150, 2))
			for k, s := range []string{"phone", "chat", "email"} {
				need := []float64{19, 7, 3}[k] * factor * shape
				b.Slots = append(b.Slots, RosterSlot{at, s, math.Ceil(need*10) / 10, rostered[s][at]})
			}
			for k, f := range []float64{820, 190} {
				mean := f * factor * shape / 34
				forecasts[k].Points = append(forecasts[k].Points, ForecastPoint{at, mean, mean * 0.8, mean * 1.2, 245})
			}
		}
	}
	b.Forecast = forecasts
	b.Violations = []RosterViolation{
		{Hard: true, Rule: "daily_rest", Agent: "agent-060", Date: b.First.Add(2), Detail: text("10 h rest between shifts, want 11 h", "10 uur rust tussen diensten, 11 uur nodig")},
		{Rule: "prefer_early", Agent: "agent-012", Date: b.First.Add(8), Detail: text("late shift against the wish for an early one", "late dienst terwijl een vroege gewenst is")},
		{Rule: "coverage", Detail: text("chat is short on four Mondays before 10:00", "chat komt op vier maandagen tekort voor 10:00")},
	}
	b.Inputs = []Table{
		{
			Title: text("Shifts", "Diensten"), Columns: []Column{{Name: "name", Title: text("Shift", "Dienst")}, {Name: "from", Title: text("Earliest start", "Vroegste begin"), Kind: Clock}, {Name: "to", Title: text("Latest start", "Laatste begin"), Kind: Clock}, {Name: "hours", Title: text("Hours", "Uren"), Kind: Number, Digits: 1}},
			Rows: [][]any{{text("day", "dag"), calendar.Clock(480), calendar.Clock(600), 8.0}, {text("late", "laat"), calendar.Clock(720), calendar.Clock(780), 8.0}},
		},
		{
			Title: text("Targets", "Doelen"), Columns: []Column{{Name: "channel", Title: text("Channel", "Kanaal")}, {Name: "ratio", Title: text("Answered", "Beantwoord"), Kind: Percent}, {Name: "within", Title: text("Within", "Binnen"), Kind: Seconds}},
			Rows: [][]any{{"phone", 0.8, 20.0}, {"chat", 0.85, 60.0}},
		},
	}
	return b
}

// coverTimesOf returns the starts of the slots of one skill.
func (b *RosterBook) coverTimesOf(skill string) []time.Time {
	var out []time.Time
	for _, s := range b.Slots {
		if s.Skill == skill {
			out = append(out, s.Start)
		}
	}
	return out
}
