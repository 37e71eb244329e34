package promise

import (
	"fmt"
	"slices"
	"strings"

	"kcc/internal/calendar"
)

// Match says which requests a rule is for. Empty fields match everything. A
// subject stands for itself and all below it in the tree.
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
	// Escalation says who is warned when; empty means DefaultEscalation.
	Escalation Escalation
	// Level is the share that should be kept, 0 when none was set.
	Level float64
}

// same reports whether two versions say the same.
func (r *Rule) same(o *Rule) bool {
	return r.Name == o.Name && r.Off == o.Off && r.Match == o.Match && r.Metric == o.Metric && r.Promise == o.Promise &&
		slices.Equal(r.PauseReasons, o.PauseReasons) && slices.Equal(r.Escalation, o.Escalation) && r.Level == o.Level
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

// Request is what a rule is sought for.
type Request struct {
	Match
	// Above are the subjects above Match.Subject in the tree, the nearest first.
	// Without it a subject such as housing/permits lies below housing.
	Above []string
}

// lineage returns the subject and all above it, the nearest first.
func (q *Request) lineage() []string {
	out := []string{q.Subject}
	if len(q.Above) > 0 {
		return append(out, q.Above...)
	}
	for s := q.Subject; ; {
		i := strings.LastIndexByte(s, '/')
		if i < 0 {
			return out
		}
		s = s[:i]
		out = append(out, s)
	}
}

// fits reports whether m matches the request q and how specifically, and if not
// on which field.
func (m Match) fits(q *Request) (w weight, field string, ok bool) {
	asked := q.fields()
	for i, f := range m.fields() {
		switch {
		case f.value == "":
		case i == 0:
			line := q.lineage()
			at := slices.IndexFunc(line, func(s string) bool { return strings.EqualFold(s, f.value) })
			if at < 0 {
				return w, f.name, false
			}
			w[1] = len(line) - at
		case !strings.EqualFold(f.value, asked[i].value):
			return w, f.name, false
		default:
			w[i+1] = 1
		}
	}
	return w, "", true
}

// Rules are the versions of all rules.
type Rules []Rule

// CentrePrefix begins the names of rules that follow from the description of the
// centre. They hold as long as the description says so.
const CentrePrefix = "centre:"

// With returns the rules of rs with those that follow from the description of
// the centre now. Earlier ones that no longer follow are left out; those that do
// keep the version under which they are stored.
func (rs Rules) With(centre Rules) Rules {
	out := slices.DeleteFunc(slices.Clone(rs), func(r Rule) bool { return r.isDefault() })
	for _, r := range centre {
		for i := range rs {
			if rs[i].same(&r) {
				r.ID, r.Version = rs[i].ID, rs[i].Version
			}
		}
		out = append(out, r)
	}
	return out
}

// Verdict says what became of one rule in the search for the right one.
type Verdict struct {
	Rule *Rule
	Won  bool
	Why  string
}

// Match returns the rule for a request of the given metric received on day d:
// of each rule the version in force on d, of those that fit the most specific
// one, then the one that came into force last. What follows from the description
// of the centre is a default: it holds where no added rule fits. The verdicts
// tell for each rule why it won or lost. The result is nil when none fits.
func (rs Rules) Match(metric Metric, q Request, d calendar.Date) (*Rule, []Verdict) {
	var best *Rule
	var top weight
	var verdicts []Verdict
	weights := map[*Rule]weight{}
	for _, r := range rs.current(d) {
		if r.Metric != metric {
			continue
		}
		v := Verdict{Rule: r}
		if r.Off {
			v.Why = "withdrawn from " + r.ValidFrom.String()
		} else if w, field, ok := r.Match.fits(&q); !ok {
			v.Why = fmt.Sprintf("the rule is for %s %s", field, fieldOf(r.Match, field))
		} else {
			if !r.isDefault() {
				w[0] = 1
			}
			weights[r] = w
			if c := slices.Compare(w[:], top[:]); best == nil || c > 0 || (c == 0 && r.ValidFrom > best.ValidFrom) {
				best, top = r, w
			}
		}
		verdicts = append(verdicts, v)
	}
	for i := range verdicts {
		v := &verdicts[i]
		switch w := weights[v.Rule]; {
		case v.Why != "":
		case v.Rule == best:
			v.Won, v.Why = true, "fits and is the most specific"
		case w[0] < top[0]:
			v.Why = fmt.Sprintf("fits, but it is a default of the centre and %s is a rule", best.Name)
		case w == top:
			v.Why = fmt.Sprintf("fits as well, but %s came into force later or comes first by name", best.Name)
		default:
			v.Why = fmt.Sprintf("fits, but %s is more specific on %s", best.Name, firstDifference(top, w))
		}
	}
	return best, verdicts
}

// weight tells how specific a match is, compared from left to right: a rule or a
// default of the centre, the nearness of the subject, department, kind, channel.
type weight [5]int

// isDefault reports whether the rule follows from the description of the centre.
func (r *Rule) isDefault() bool { return strings.HasPrefix(r.Name, CentrePrefix) }

func firstDifference(a, b weight) string {
	for i, f := range (Match{}).fields() {
		if a[i+1] != b[i+1] {
			return f.name
		}
	}
	return ""
}

// current returns of each rule the version in force on day d, in order of name:
// the newest one that is valid then.
func (rs Rules) current(d calendar.Date) []*Rule {
	byName := map[string]*Rule{}
	for i := range rs {
		r := &rs[i]
		old := byName[r.Name]
		if r.ValidFrom <= d && (old == nil || r.Version > old.Version) {
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

// InForce returns the versions in force on day d, without what is withdrawn.
func (rs Rules) InForce(d calendar.Date) Rules {
	var out Rules
	for _, r := range rs.current(d) {
		if !r.Off {
			out = append(out, *r)
		}
	}
	return out
}

// Last returns the newest version of a rule.
func (rs Rules) Last(name string) (Rule, bool) {
	var last Rule
	found := false
	for _, r := range rs {
		if r.Name == name && (!found || r.Version > last.Version) {
			last, found = r, true
		}
	}
	return last, found
}

func fieldOf(m Match, name string) string {
	for _, f := range m.fields() {
		if f.name == name {
			return f.value
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
