package roster

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Meeting is work away from customers: an appointment at a fixed time, or a
// meeting or training that is to be placed where it costs least.
type Meeting struct {
	Name     string
	Agents   []string       // ids, or names of teams; empty means everyone
	From, To calendar.Date  // days on which it may be, both included
	Days     [7]bool        // by time.Weekday; all false = every day
	Start    calendar.Clock // fixed: its start; else it does not begin before
	End      calendar.Clock // fixed: its end; else it is over by then
	Length   time.Duration  // 0: fixed, from Start to End
	Times    int            // how often in From..To, at least 1
	Together bool           // all at one time; else each agent at a time of their own
}

// Fixed reports whether the meeting has its time.
func (m *Meeting) Fixed() bool { return m.Length == 0 }

// On reports whether the meeting may be on day d.
func (m *Meeting) On(d calendar.Date) bool {
	return d >= m.From && d <= m.To && (m.Days == [7]bool{} || m.Days[d.Weekday()])
}

// Asks reports whether the meeting asks for an agent, by id or by team.
func (m *Meeting) Asks(a *Agent) bool {
	return len(m.Agents) == 0 || slices.Contains(m.Agents, a.ID) || a.Team != "" && slices.Contains(m.Agents, a.Team)
}
