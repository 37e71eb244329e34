package estimate

import (
	"slices"
	"strings"
)

// use is what a state of an agent counts as.
type use int

const (
	unknownState use = iota
	working          // on contacts or ready for them
	planned          // paid and on the roster: leave, training, meetings, breaks
	unplanned        // paid and not on the roster: sickness, lateness, systems
	unpaid           // logged out, lunch
)

// words holds the words by which states are told, in English and Dutch; the
// first kind with a word in the name of the state counts.
var words = []struct {
	use   use
	words []string
}{
	{unplanned, []string{"sick", "ziek", "late", "te laat", "system", "storing", "outage", "technical", "no show", "noshow", "absent", "verzuim", "not responding", "not_responding"}},
	{unpaid, []string{"logged out", "logout", "log out", "offline", "uitgelogd", "lunch", "unpaid", "onbetaald", "off duty"}},
	{planned, []string{"leave", "verlof", "training", "opleiding", "meeting", "overleg", "vergadering", "coaching", "break", "pauze", "holiday", "vakantie", "admin", "project", "1-on-1", "briefing"}},
	{working, []string{"available", "ready", "beschikbaar", "talk", "gesprek", "hold", "wrap", "acw", "after", "nawerk", "idle", "on call", "on queue", "on_queue", "handling", "ring", "chat", "email", "e-mail", "interacting", "busy", "bezig", "communicating", "outbound", "work", "werk", "logged in", "ingelogd"}},
}

// stateUse tells what a state counts as.
func stateUse(state string) use {
	s := strings.ToLower(strings.TrimSpace(state))
	switch s {
	case "unavailable", "not ready", "notready", "not_ready", "niet beschikbaar", "aux", "away", "afwezig":
		return unknownState // says nothing of the reason
	}
	for _, k := range words {
		if slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(s, w) }) {
			return k.use
		}
	}
	return unknownState
}

// Shrinkage is the share of paid time that is not spent on contacts.
type Shrinkage struct {
	Planned   float64  // of all paid time
	Unplanned float64  // of the paid time that is left after Planned: what the roster shows
	Hours     float64  // of paid time that was told apart
	Unclear   []string // states that could not be told, the longest first
	Lost      float64  // hours in those states
}

// Use is what a state of an agent counts as, told apart for reports.
type Use int

// The uses.
const (
	UnknownUse Use = iota
	Busy           // on contacts: talking, on hold, after-contact work
	Waiting        // ready for contacts
	Planned        // paid and on the roster: leave, training, meetings, breaks
	Unplanned      // paid and not on the roster: sickness, lateness, systems
	Unpaid
)

// waitingWords are the words of states in which an agent is ready for contacts.
var waitingWords = []string{"available", "ready", "beschikbaar", "idle", "on queue", "on_queue", "onqueue", "logged in", "ingelogd", "wacht op"}

// UseOf tells what a state counts as, by its words in English or Dutch.
func UseOf(state string) Use {
	switch stateUse(state) {
	case planned:
		return Planned
	case unplanned:
		return Unplanned
	case unpaid:
		return Unpaid
	case working:
		s := strings.ToLower(state)
		if slices.ContainsFunc(waitingWords, func(w string) bool { return strings.Contains(s, w) }) {
			return Waiting
		}
		return Busy
	}
	return UnknownUse
}
