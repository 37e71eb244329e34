package demo

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"

	"kcc/internal/calendar"
)

// agent is one made-up member of the team.
type agent struct {
	id, team string
	hours    int
	skills   string
	maxDays  int
}

// TeamSize is the number of agents in the demo where nobody asks for another.
const TeamSize = 60

// team draws contracts and skills: a few full-timers, many part-timers, and
// skills that overlap as they do in a municipal centre.
func team(rng *rand.Rand, size int) []agent {
	contracts := []int{36, 36, 36, 36, 32, 32, 32, 28, 28, 24, 24, 20, 20, 16}
	skills := []struct {
		skills, team string
		share        int
	}{
		{"phone;written", "front-1", 16},
		{"phone;chat;written", "front-1", 12},
		{"phone;chat;written", "front-2", 10},
		{"phone;written:0.9", "front-2", 6},
		{"counter;phone", "counter", 7},
		{"counter;phone;written:0.8", "counter", 6},
		{"written;phone:0.9", "desk", 3},
	}
	var out []agent
	sum := 0
	for _, s := range skills {
		sum += s.share
		for len(out) < (sum*size+TeamSize/2)/TeamSize {
			h := contracts[rng.IntN(len(contracts))]
			days := 5
			switch {
			case h <= 16:
				days = 3
			case h <= 28:
				days = 4
			}
			out = append(out, agent{team: s.team, hours: h, skills: s.skills, maxDays: days})
		}
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for i := range out {
		out[i].id = fmt.Sprintf("agent-%03d", i+1)
	}
	return out
}

func writeAgents(w io.Writer, agents []agent) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintln(bw, "id,team,contract_hours,min_hours,max_hours,hours_period,skills,max_days_per_week,cost_per_hour,rule_set")
	for _, a := range agents {
		fmt.Fprintf(bw, "%s,%s,%d,%d,%d,week,%s,%d,31.50,atw_adult\n", a.id, a.team, a.hours, a.hours-4, min(a.hours+4, 40), a.skills, a.maxDays)
	}
	return bw.Flush()
}

// writeAvailability draws leave, fixed days off and a few wishes for the weeks
// from first on.
func writeAvailability(w io.Writer, agents []agent, first calendar.Date, weeks int, rng *rand.Rand) error {
	bw := bufio.NewWriter(w)
	fmt.Fprintln(bw, "agent,from,to,weekday,kind,hours")
	last := first.Add(7*weeks - 1)
	days := []string{"mo", "tu", "we", "th", "fr"}
	for _, a := range agents {
		if a.hours <= 28 && rng.IntN(3) > 0 {
			fmt.Fprintf(bw, "%s,%s,%s,%s,unavailable,\n", a.id, first, last, days[rng.IntN(5)])
		}
		if rng.IntN(100) < 34 { // a block of leave
			from := first.Add(7 * rng.IntN(weeks))
			length := 5
			if rng.IntN(3) == 0 {
				from, length = from.Add(rng.IntN(4)), 1+rng.IntN(2)
			}
			fmt.Fprintf(bw, "%s,%s,%s,,leave,\n", a.id, from, from.Add(length-1))
		}
		switch rng.IntN(8) {
		case 0:
			fmt.Fprintf(bw, "%s,%s,%s,fr,avoid,\n", a.id, first, last)
		case 1:
			fmt.Fprintf(bw, "%s,%s,%s,th,prefer,\n", a.id, first, last)
		}
	}
	return bw.Flush()
}

// shiftsCSV is the shift catalogue of the demo.
const shiftsCSV = `name,earliest_start,latest_start,step,length,min_length,max_length,breaks
day,08:00,09:00,30m,8h30m,,,30m@3h30m-5h unpaid; 15m@1h30m-3h paid; 15m@5h45m-7h15m paid
short,08:00,13:00,30m,,4h,5h30m,15m@1h30m-3h30m paid
six,08:00,11:00,30m,6h30m,,,30m@2h30m-4h unpaid; 15m@1h-2h15m paid
late,11:30,12:00,30m,8h30m,,,30m@3h30m-5h unpaid; 15m@1h30m-3h paid; 15m@5h45m-7h15m paid
evening,14:00,16:00,30m,,4h,5h30m,15m@1h30m-3h paid
`
