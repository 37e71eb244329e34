package cause

import (
	"errors"
	"fmt"
	"slices"

	"kcc/contacts"
)

// RuleKind says what a rule looks at.
type RuleKind string

// The kinds of rules.
const (
	ByMatch   RuleKind = "match"          // channel, subject and kind of contact
	ByMissed  RuleKind = "missed_promise" // the customer's own promise on the subject was missed shortly before
	ByRepeat  RuleKind = "repeat"         // the customer had contact on the subject shortly before
	ByMailing RuleKind = "mailing"        // more than usual on the subject shortly after a mailing
)

// Rule derives the cause of contacts on which no cause was noted. Rules are
// tried in order of Position; the first that fits counts.
type Rule struct {
	Name     string
	Position int
	Kind     RuleKind
	Cause    string
	Days     int    // how long after; of ByRepeat 0, as the import settles what a repeat is
	Channel  string // only contacts on this channel, subject and of this kind; empty is all
	Subject  string
	Contact  string // kind of the contact
	Off      bool
}

// Rules returns the rules that come with kcc.
func Rules() []Rule {
	return []Rule{
		{Name: "chase after a missed promise", Position: 10, Kind: ByMissed, Cause: MissedPromise, Days: 10},
		{Name: "kind says status", Position: 20, Kind: ByMatch, Cause: StatusChase, Contact: "status_chase"},
		{Name: "came back", Position: 30, Kind: ByRepeat, Cause: Repeat},
		{Name: "after a mailing", Position: 40, Kind: ByMailing, Cause: UnclearLetter, Days: 21},
	}
}

// RulesWith puts the rules of the centre over those that come with kcc, in order
// of position and name.
func RulesWith(own []Rule) []Rule {
	out := Rules()
	for _, r := range own {
		if i := slices.IndexFunc(out, func(o Rule) bool { return o.Name == r.Name }); i >= 0 {
			out[i] = r
		} else {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Rule) int { return a.Position - b.Position })
	return out
}

// Check reports what is wrong with a rule.
func (r *Rule) Check() error {
	switch {
	case r.Name == "":
		return errors.New("the rule has no name")
	case r.Cause == "":
		return fmt.Errorf("rule %q names no cause", r.Name)
	case !slices.Contains([]RuleKind{ByMatch, ByMissed, ByRepeat, ByMailing}, r.Kind):
		return fmt.Errorf("rule %q: kind %q: want match, missed_promise, repeat or mailing", r.Name, r.Kind)
	case r.Kind == ByMatch && r.Channel == "" && r.Subject == "" && r.Contact == "":
		return fmt.Errorf("rule %q matches every contact: want a channel, a subject or a kind of contact", r.Name)
	case (r.Kind == ByMissed || r.Kind == ByMailing) && (r.Days < 1 || r.Days > 366):
		return fmt.Errorf("rule %q: %d days: want 1 to 366", r.Name, r.Days)
	case r.Kind == ByRepeat && r.Days != 0:
		return fmt.Errorf("rule %q: days are not set here: kcc import --repeat-days settles within how many days a contact is a repeat", r.Name)
	}
	return nil
}

// fits reports whether a contact of the cell can fall under the rule.
func (r *Rule) fits(c *contacts.Cell) bool {
	return (r.Channel == "" || r.Channel == c.Channel) && (r.Subject == "" || r.Subject == c.Subject) && (r.Contact == "" || r.Contact == c.Kind)
}
