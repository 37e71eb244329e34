package promise

import (
	"fmt"
	"slices"
	"strings"

	"kcc/internal/calendar"
)

// Match says which requests a rule is for. Empty fields match everything. A
// subject matches itself and all below it in the tree: housing matches
// housing/permits.
type Match struct {
	Channel    string `json:"channel,omitempty"`
	Kind       string `json:"kind,omitempty"`
	Subject    string `json:"subject,omitempty"`
	Department string `json:"department,omitempty"`
}

// Rule is one version of a promise that the organisation makes.
type Rule struct {
	ID        int64
	Name      string // versions of one rule share it
	Version   int
	ValidFrom calendar.Date
	Off       bool // from ValidFrom on the rule is withdrawn
	Match     Match
	Metric    Metric
	Promise   Promise
	// PauseReasons are the reasons that stop the clock; empty means any.
	PauseReasons []string
	// Level is the share that should be kept, 0 when none was set.
	Level float64
}

// stops reports whether a pause for reason stops the clock.
func (r *Rule) stops(reason string) bool {
	return len(r.PauseReasons) == 0 || slices.Contains(r.PauseReasons, reason)
}

// String describes the rule in one line: 5wd resolve for kind complaint.
func (r *Rule) String() string {
	s := fmt.Sprintf("%s %s", r.Promise.Within, r.Metric)
	if r.Promise.Mode == Statutory {
		s += " by law"
	}
	if m := r.Match.String(); m != "" {
		s += " for " + m
	}
	return s
}

// String lists what is matched on: channel email, kind complaint.
func (m Match) String() string {
	var parts []string
	for _, f := range m.fields() {
		if f.value != "" {
			parts = append(parts, f.name+" "+f.value)
		}
	}
	return strings.Join(parts, ", ")
}

type matchField struct{ name, value string }

// fields lists the criteria, the most telling first: this is the order in which
// rules are compared.
func (m Match) fields() []matchField {
	return []matchField{{"subject", m.Subject}, {"department", m.Department}, {"kind", m.Kind}, {"channel", m.Channel}}
}

// fits reports whether m matches the request q, and if not on which field.
func (m Match) fits(q Match) (string, bool) {
	asked := q.fields()
	for i, f := range m.fields() {
		ok := f.value == "" || strings.EqualFold(f.value, asked[i].value)
		if i == 0 {
			ok = f.value == "" || under(asked[0].value, f.value)
		}
		if !ok {
			return f.name, false
		}
	}
	return "", true
}

// under reports whether subject is root or below it in the tree.
func under(subject, root string) bool {
	if len(subject) < len(root) || !strings.EqualFold(subject[:len(root)], root) {
		return false
	}
	return len(subject) == len(root) || subject[len(root)] == '/'
}

// weight is the specificity of a match, compared from left to right: the depth
// of the subject, then department, kind, channel.
func (m Match) weight() [4]int {
	var w [4]int
	for i, f := range m.fields() {
		if f.value != "" {
			w[i] = 1
		}
	}
	if m.Subject != "" {
		w[0] = 1 + strings.Count(m.Subject, "/")
	}
	return w
}

// Rules are the versions of all rules.
type Rules []Rule

// Verdict says what became of one rule in the search for the right one.
type Verdict struct {
	Rule *Rule
	Won  bool
	Why  string
}

// Match returns the rule for a request of the given metric received on day d:
// of each rule the version in force on d, of those that fit the most specific
// one, then the one that has been valid for the shortest time. The verdicts tell
// for each rule why it won or lost. The result is nil when none fits.
func (rs Rules) Match(metric Metric, q Match, d calendar.Date) (*Rule, []Verdict) {
	current := rs.current(d)
	var best *Rule
	verdicts := make([]Verdict, 0, len(current))
	for _, r := range current {
		if r.Metric != metric {
			continue
		}
		v := Verdict{Rule: r}
		if r.Off {
			v.Why = "withdrawn from " + r.ValidFrom.String()
		} else if field, ok := r.Match.fits(q); !ok {
			v.Why = fmt.Sprintf("another %s: the rule is for %s", field, fieldOf(r.Match, field))
		} else if best == nil || moreSpecific(r, best) {
			best = r
		}
		verdicts = append(verdicts, v)
	}
	for i := range verdicts {
		v := &verdicts[i]
		switch {
		case v.Why != "":
		case v.Rule == best:
			v.Won = true
			v.Why = "fits and is the most specific"
		case v.Rule.Match.weight() == best.Match.weight():
			v.Why = fmt.Sprintf("fits as well, but %s has been valid for a shorter time", best.Name)
		default:
			v.Why = fmt.Sprintf("fits, but %s is more specific (%s)", best.Name, decidingField(best.Match, v.Rule.Match))
		}
	}
	return best, verdicts
}

// current returns of each rule the version in force on day d, in order of name.
func (rs Rules) current(d calendar.Date) []*Rule {
	byName := map[string]*Rule{}
	for i := range rs {
		r := &rs[i]
		old := byName[r.Name]
		if r.ValidFrom <= d && (old == nil || r.ValidFrom > old.ValidFrom || (r.ValidFrom == old.ValidFrom && r.Version > old.Version)) {
			byName[r.Name] = r
		}
	}
	out := make([]*Rule, 0, len(byName))
	for _, r := range byName {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Rule) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Metrics returns the metrics that have a rule, in a fixed order.
func (rs Rules) Metrics() []Metric {
	var out []Metric
	for _, m := range []Metric{FirstResponse, Callback, Resolve} {
		if slices.ContainsFunc(rs, func(r Rule) bool { return r.Metric == m }) {
			out = append(out, m)
		}
	}
	return out
}

func moreSpecific(a, b *Rule) bool {
	wa, wb := a.Match.weight(), b.Match.weight()
	if c := slices.Compare(wa[:], wb[:]); c != 0 {
		return c > 0
	}
	if a.ValidFrom != b.ValidFrom {
		return a.ValidFrom > b.ValidFrom
	}
	return a.Name < b.Name
}

func fieldOf(m Match, name string) string {
	for _, f := range m.fields() {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

func decidingField(a, b Match) string {
	wa, wb := a.weight(), b.weight()
	for i, f := range a.fields() {
		if wa[i] != wb[i] {
			return f.name
		}
	}
	return ""
}

// Check reports a rule that cannot be.
func (r *Rule) Check() error {
	if r.Name == "" {
		return fmt.Errorf("promise rule: the name is missing")
	}
	if _, err := ParseMetric(string(r.Metric)); err != nil {
		return fmt.Errorf("promise rule %s: %w", r.Name, err)
	}
	if r.Level < 0 || r.Level > 1 {
		return fmt.Errorf("promise rule %s: level %g: want a share from 0 to 1", r.Name, r.Level)
	}
	if err := r.Promise.Check(); err != nil {
		return fmt.Errorf("promise rule %s: %w", r.Name, err)
	}
	return nil
}
