package flow

import "kcc/roster"

// WithMeetings places meetings in a roster and returns it with all that is told of
// it; what the search said of bound, effort and notes stays. The bound knows of no meetings.
func WithMeetings(p *roster.Problem, made *roster.Result, list []roster.Meeting) (*roster.Result, error) {
	res, err := roster.PlaceMeetings(p, made.Roster, list)
	if err != nil {
		return nil, err
	}
	res.TakeSearch(made)
	kept := made.Shortfalls
	for _, s := range res.Shortfalls {
		if s.What == "meeting" {
			kept = append(kept, s)
		}
	}
	res.Shortfalls = kept
	return res, nil
}
