package importer

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Kind is what the rows of a file are.
type Kind string

// The kinds of rows.
const (
	Intervals     Kind = "intervals"
	Calls         Kind = "calls"
	QueueLog      Kind = "queue_log"
	Tickets       Kind = "tickets"
	TicketEvents  Kind = "ticket_history"
	Schedules     Kind = "schedule"
	Holidays      Kind = "schedule_holiday"
	ScheduleLinks Kind = "ticket_schedule"
	States        Kind = "agent_states"
	Other         Kind = "other" // recognised, but nothing kcc keeps
)

// Options of an import; the zero value detects everything, in Europe/Amsterdam.
type Options struct {
	Zone      *time.Location    // of local times without offset, nil = Europe/Amsterdam
	Map       map[string]string // field to column header, or to =constant
	DateOrder string            // "", "dmy", "mdy" or "ymd"
	DST       string            // "", "first", "second" or "merge": the doubled hour
	Decimal   string            // "", "." or ","
	Encoding  string
	Delimiter rune
	Kind      Kind          // "" = detected
	Sheet     string        // of a workbook; "" = every sheet that holds a table
	Channel   string        // for rows whose file names none
	Step      time.Duration // length of intervals, 0 = detected
	FileZone  string        // zone the file is written in, "" = Zone
	DateFirst bool          // NICE layout: mmddyyyy
	NoHeader  []string      // fields by position, for files without header
	Rules     []QueueRule
	// KeepChannels leaves the names of channels as the file has them; otherwise
	// they become those of contacts.ChannelName.
	KeepChannels bool
	Progress     func(file string, done, total int64)
}

// QueueRule says what a queue, skill or group stands for. Pattern is a name, or
// a glob with * and ?; case does not matter.
type QueueRule struct {
	Pattern string `json:"pattern"`
	Channel string `json:"channel,omitempty"`
	Subject string `json:"subject,omitempty"`
}

// Match reports whether the rule is about the queue.
func (r *QueueRule) Match(queue string) bool {
	return glob(strings.ToLower(r.Pattern), strings.ToLower(queue))
}

// glob matches * (any text) and ? (one character).
func glob(p, s string) bool {
	pr, sr := []rune(p), []rune(s)
	star, mark := -1, 0
	i, j := 0, 0
	for j < len(sr) {
		switch {
		case i < len(pr) && (pr[i] == '?' || pr[i] == sr[j]) && pr[i] != '*':
			i++
			j++
		case i < len(pr) && pr[i] == '*':
			star, mark = i, j
			i++
		case star >= 0:
			i = star + 1
			mark++
			j = mark
		default:
			return false
		}
	}
	for i < len(pr) && pr[i] == '*' {
		i++
	}
	return i == len(pr)
}

// channelOf settles the channel of a row: a rule for its queue, the file's own
// channel, else the option. A rule may also name the subject.
func channelOf(opt *Options, own, queue string, subject *string) string {
	for i := range opt.Rules {
		if rule := &opt.Rules[i]; queue != "" && rule.Match(queue) {
			if rule.Subject != "" && *subject == "" {
				*subject = rule.Subject
			}
			if rule.Channel != "" {
				return rule.Channel
			}
			break
		}
	}
	if own != "" && opt.KeepChannels {
		return strings.TrimSpace(own)
	}
	if own != "" {
		return own
	}
	return opt.Channel
}

func (o *Options) zone() *time.Location {
	if o.Zone != nil {
		return o.Zone
	}
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.UTC
	}
	return loc
}

// Check reports the first option that cannot be.
func (o *Options) Check() error {
	if !slices.Contains([]string{"", "dmy", "mdy", "ymd"}, o.DateOrder) {
		return fmt.Errorf("date order %q: want dmy, mdy or ymd", o.DateOrder)
	}
	if !slices.Contains([]string{"", "first", "second", "merge"}, o.DST) {
		return fmt.Errorf("dst %q: want first, second or merge", o.DST)
	}
	if !slices.Contains([]string{"", ".", ","}, o.Decimal) {
		return fmt.Errorf("decimal mark %q: want a dot or a comma", o.Decimal)
	}
	if o.FileZone != "" {
		if _, err := time.LoadLocation(o.FileZone); err != nil {
			return fmt.Errorf("time zone %q is not known", o.FileZone)
		}
	}
	known := synonyms().typ
	for f := range o.Map {
		if _, ok := known[Field(f)]; !ok && f != "channel" {
			return fmt.Errorf("field %q: want one of %s", f, strings.Join(FieldNames(), ", "))
		}
	}
	return nil
}

// FieldNames returns the names that --map takes, in order.
func FieldNames() []string {
	var out []string
	for _, s := range fieldSpecs() {
		if !slices.Contains(out, string(s.field)) {
			out = append(out, string(s.field))
		}
	}
	return out
}

// AmbiguousError says that day and month cannot be told apart.
type AmbiguousError struct {
	File, Column, Example string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%s: column %q: %s can be day-month or month-day all through the file", e.File, e.Column, e.Example)
}

// UnknownError says that a file has no columns that make a row.
type UnknownError struct {
	File   string
	Header []string
	Why    string
	Empty  bool // it has no rows at all: naming columns would not help
}

func (e *UnknownError) Error() string {
	if len(e.Header) == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Why)
	}
	return fmt.Sprintf("%s: %s; its columns are %s", e.File, e.Why, strings.Join(e.Header, ", "))
}
