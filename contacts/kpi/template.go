package kpi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Template says which sections the pages of a pack have.
type Template struct {
	Title      string    `toml:"title"`
	Formats    []string  `toml:"formats"` // html, xlsx
	MinCell    int       `toml:"min_cell"`
	Management []Section `toml:"management"`
	Department []Section `toml:"department"`
}

// Section is one report on a page.
type Section struct {
	Report string   `toml:"report"`
	Title  string   `toml:"title"`
	By     []string `toml:"by"`
	Every  string   `toml:"every"`
	Versus string   `toml:"vs"`
	Charts *bool    `toml:"charts"` // default yes
}

// ReportNames are the reports that a section can be.
func ReportNames() []string {
	return []string{"kpi", "channel", "kind", "subject", "segment", "leadtime", "backlog", "repeat", "agent", "forecast", "roster", "knowledge"}
}

// DefaultTemplate is the text of the template that a pack has when none is named.
const DefaultTemplate = `# Pages of "kcc report pack". One [[management]] or [[department]] block is one
# section, in this order. report is one of
#   kpi channel kind subject segment leadtime backlog repeat agent forecast roster knowledge
# by, every and vs are those of the command; charts = false leaves the charts out.

# title = "Monthly report"               # the month is added; without it in the language of the run
formats = ["html", "xlsx"]               # of each page
min_cell = 0                             # groups with fewer contacts are put together

[[management]]
report = "kpi"
vs = "previous"

[[management]]
report = "channel"
vs = "year"
charts = false

[[management]]
report = "kind"

[[management]]
report = "subject"
vs = "previous"

[[management]]
report = "segment"
charts = false

[[management]]
report = "repeat"

[[management]]
report = "leadtime"

[[management]]
report = "backlog"

[[management]]
report = "forecast"

[[management]]
report = "roster"
every = "week"

[[management]]
report = "knowledge"

[[department]]
report = "kpi"
vs = "previous"

[[department]]
report = "subject"

[[department]]
report = "leadtime"
by = ["subject"]

[[department]]
report = "backlog"
by = ["subject"]

[[department]]
report = "repeat"
`

// ParseTemplate reads a template; name is that of its file. Unknown keys and
// reports are mistakes.
func ParseTemplate(name, text string) (*Template, error) {
	t := &Template{}
	meta, err := toml.Decode(text, t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return nil, fmt.Errorf("%s: key %q is not known", name, extra[0].String())
	}
	if len(t.Formats) == 0 {
		t.Formats = []string{"html"}
	}
	for _, f := range t.Formats {
		if f != "html" && f != "xlsx" {
			return nil, fmt.Errorf("%s: formats: %q: want html or xlsx", name, f)
		}
	}
	if len(t.Management) == 0 && len(t.Department) == 0 {
		return nil, fmt.Errorf("%s: it has no [[management]] and no [[department]] section", name)
	}
	check := func(part string, list []Section) error {
		for i, s := range list {
			where := fmt.Sprintf("%s: section %d of %s", name, i+1, part)
			if !slices.Contains(ReportNames(), s.Report) {
				return fmt.Errorf("%s: report %q: want one of %s", where, s.Report, strings.Join(ReportNames(), ", "))
			}
			if err := s.refuse(); err != nil {
				return fmt.Errorf("%s: %w", where, err)
			}
			if part == "department" && !TakesOf(s.Report).ofDepartment() {
				return fmt.Errorf("%s: report %q cannot be of one department", where, s.Report)
			}
			if _, err := ParseKeys(strings.Join(s.By, ",")); err != nil {
				return fmt.Errorf("%s: by: %w", where, err)
			}
			if _, err := ParseEvery(s.Every); err != nil {
				return fmt.Errorf("%s: every: %w", where, err)
			}
			if _, err := ParseCompare(s.Versus); err != nil {
				return fmt.Errorf("%s: vs: %w", where, err)
			}
		}
		return nil
	}
	if err := check("management", t.Management); err != nil {
		return nil, err
	}
	return t, check("department", t.Department)
}

// Draws reports whether the section has its charts.
func (s *Section) Draws() bool { return s.Charts == nil || *s.Charts }
