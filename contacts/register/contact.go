package register

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/contacts/privacy"
	"kcc/internal/calendar"
	"kcc/internal/tabular"
)

// Entry is a contact as it is registered. Empty fields are unknown. The names in
// the tags are the keys of JSON lines and the columns of CSV.
type Entry struct {
	ID         string   `json:"id,omitempty"`    // id elsewhere: registered twice it counts once
	Start      string   `json:"start,omitempty"` // default now
	Direction  string   `json:"direction,omitempty"`
	Channel    string   `json:"channel,omitempty"`
	Kind       string   `json:"kind,omitempty"`
	Subject    string   `json:"subject,omitempty"`
	Segment    string   `json:"segment,omitempty"`
	Cause      string   `json:"cause,omitempty"`
	Outcome    string   `json:"outcome,omitempty"`
	Party      string   `json:"party,omitempty"` // phone number, e-mail address or a number of the customer
	Agent      string   `json:"agent,omitempty"`
	Reference  string   `json:"reference,omitempty"` // number of the case it is about
	Note       string   `json:"note,omitempty"`
	Articles   []string `json:"articles,omitempty"`
	Question   int64    `json:"question,omitempty"` // the question it belongs to
	Wait       *float64 `json:"wait_s,omitempty"`
	Talk       *float64 `json:"talk_s,omitempty"`
	Hold       *float64 `json:"hold_s,omitempty"`
	ACW        *float64 `json:"acw_s,omitempty"`
	CSAT       *float64 `json:"csat,omitempty"`
	Effort     *float64 `json:"effort,omitempty"`
	NPS        *float64 `json:"nps,omitempty"`        // 0-10
	Open       bool     `json:"open,omitempty"`       // the centre itself still has work on it
	Department string   `json:"department,omitempty"` // hand it off to
	Assignee   string   `json:"assignee,omitempty"`
	Task       string   `json:"task,omitempty"`
	Callback   string   `json:"callback,omitempty"` // call the customer back at
	WindowFrom string   `json:"window_from,omitempty"`
	WindowTo   string   `json:"window_to,omitempty"`
}

// entryLists are the names of the columns of CSV, in the order of the template.
var entryLists = []string{
	"id", "start", "direction", "channel", "kind", "subject", "segment", "cause", "outcome", "party", "agent", "reference", "note",
	"articles", "question", "wait_s", "talk_s", "hold_s", "acw_s", "csat", "effort", "nps", "open", "department", "assignee", "task",
	"callback", "window_from", "window_to",
}

// EntryColumns returns the columns that registering from CSV knows.
func EntryColumns() []string { return append([]string(nil), entryLists...) }

// wantsWork reports whether the contact leaves work to be done.
func (e *Entry) wantsWork() bool {
	return e.Open || e.Department != "" || e.Callback != "" || e.Outcome == contacts.HandedOff || e.Outcome == contacts.CallbackRequested
}

// errNoChannel is the one field that must be there.
var errNoChannel = errors.New("the channel is missing")

// clean trims the fields, fills defaults and refuses what cannot be.
func (d *Desk) clean(e *Entry) (start time.Time, err error) {
	for _, s := range []*string{
		&e.ID, &e.Start, &e.Direction, &e.Channel, &e.Kind, &e.Subject, &e.Segment, &e.Cause, &e.Outcome, &e.Party,
		&e.Agent, &e.Reference, &e.Note, &e.Department, &e.Assignee, &e.Task, &e.Callback, &e.WindowFrom, &e.WindowTo,
	} {
		*s = strings.TrimSpace(*s)
	}
	if e.Channel == "" {
		return start, errNoChannel
	}
	if e.Direction == "" {
		e.Direction = contacts.Inbound
	}
	if e.Direction != contacts.Inbound && e.Direction != contacts.Outbound {
		return start, fmt.Errorf("direction %q: want inbound or outbound", privacy.Harmless(e.Direction))
	}
	if err := errors.Join(
		check("channel", e.Channel, d.Centre.Channels), check("subject", e.Subject, d.Centre.subjectNames()),
		check("segment", e.Segment, d.Centre.Segments), check("department", e.Department, d.Centre.departmentNames()),
	); err != nil {
		return start, err
	}
	for _, f := range []struct {
		name string
		v    *float64
	}{{"wait_s", e.Wait}, {"talk_s", e.Talk}, {"hold_s", e.Hold}, {"acw_s", e.ACW}, {"csat", e.CSAT}, {"effort", e.Effort}, {"nps", e.NPS}} {
		if f.v != nil && (math.IsNaN(*f.v) || math.IsInf(*f.v, 0) || *f.v < 0) {
			return start, fmt.Errorf("%s %g: want a number of at least 0", f.name, *f.v)
		}
	}
	if e.NPS != nil && *e.NPS > 10 {
		return start, fmt.Errorf("nps %g: want a score from 0 to 10", *e.NPS)
	}
	start = d.now()
	if e.Start != "" {
		if start, err = calendar.ParseTime(e.Start, d.zone()); err != nil {
			return start, fmt.Errorf("start %q: want a time that exists, such as 2006-01-02 15:04 or RFC 3339", privacy.Harmless(e.Start))
		}
	}
	if e.Outcome == "" {
		switch {
		case e.Callback != "":
			e.Outcome = contacts.CallbackRequested
		case e.Department != "":
			e.Outcome = contacts.HandedOff
		case !e.Open:
			e.Outcome = contacts.Answered
		}
	}
	return start, nil
}

// ReadEntries calls each for every contact in r: JSON lines, or CSV and Excel
// with the columns of EntryColumns. A line that cannot be read comes as an error
// in place of an entry. Reading stops at the first error that each returns.
func ReadEntries(name string, r io.Reader, each func(line int, e *Entry, bad error) error) error {
	br := bufio.NewReaderSize(r, 64<<10)
	for { // the first character that is no blank tells JSON from a table
		b, err := br.Peek(1)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if b[0] == '{' {
			return readJSONLines(name, br, each)
		}
		if b[0] != ' ' && b[0] != '\n' && b[0] != '\r' && b[0] != '\t' {
			return readEntryTable(name, br, each)
		}
		if _, err := br.Discard(1); err != nil {
			return err
		}
	}
}

// maxJSONLine bounds one contact as JSON.
const maxJSONLine = 1 << 20

func readJSONLines(name string, br *bufio.Reader, each func(int, *Entry, error) error) error {
	sc := bufio.NewScanner(br)
	sc.Buffer(make([]byte, 0, 4096), maxJSONLine)
	for line := 1; sc.Scan(); line++ {
		text := bytes.TrimSpace(sc.Bytes())
		if len(text) == 0 {
			continue
		}
		e := &Entry{}
		dec := json.NewDecoder(bytes.NewReader(text))
		dec.DisallowUnknownFields()
		var bad error
		if err := dec.Decode(e); err != nil {
			bad = fmt.Errorf("%s: line %d: %w", name, line, plainJSON(err))
		}
		if err := each(line, e, bad); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// plainJSON words an error without the value, which may be personal data.
func plainJSON(err error) error {
	var te *json.UnmarshalTypeError
	var se *json.SyntaxError
	switch {
	case errors.As(err, &te):
		return fmt.Errorf("key %q: want a %s", te.Field, te.Type)
	case errors.As(err, &se):
		return fmt.Errorf("this is not JSON from character %d on", se.Offset)
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}

func readEntryTable(name string, r io.Reader, each func(int, *Entry, error) error) error {
	t, err := tabular.Open(name, r, tabular.Options{})
	if err != nil {
		return err
	}
	defer t.Close()
	cols, err := tabular.NewColumns(t, "channel")
	if err != nil {
		return err
	}
	for cols.Next() {
		e, bad := entryOf(cols)
		if err := each(cols.Line(), e, HideValue(bad)); err != nil {
			return err
		}
	}
	return cols.Err()
}

// HideValue keeps the value of a cell out of an error when it may be personal
// data that stands in the wrong column.
func HideValue(err error) error {
	var ce *tabular.CellError
	if !errors.As(err, &ce) {
		return err
	}
	hidden := *ce
	hidden.Value = privacy.Harmless(ce.Value)
	return &hidden
}

func entryOf(c *tabular.Columns) (*Entry, error) {
	e := &Entry{
		ID: c.Text("id"), Start: c.Text("start"), Direction: c.Text("direction"), Channel: c.Text("channel"), Kind: c.Text("kind"),
		Subject: c.Text("subject"), Segment: c.Text("segment"), Cause: c.Text("cause"), Outcome: c.Text("outcome"), Party: c.Text("party"),
		Agent: c.Text("agent"), Reference: c.Text("reference"), Note: c.Text("note"), Department: c.Text("department"),
		Assignee: c.Text("assignee"), Task: c.Text("task"), Callback: c.Text("callback"), WindowFrom: c.Text("window_from"), WindowTo: c.Text("window_to"),
	}
	for _, a := range strings.FieldsFunc(c.Text("articles"), func(r rune) bool { return r == ';' || r == ',' }) {
		e.Articles = append(e.Articles, strings.TrimSpace(a))
	}
	number := func(name string) *float64 {
		if v := c.Float(name); !math.IsNaN(v) {
			return &v
		}
		return nil
	}
	e.Wait, e.Talk, e.Hold, e.ACW = number("wait_s"), number("talk_s"), number("hold_s"), number("acw_s")
	e.CSAT, e.Effort, e.NPS = number("csat"), number("effort"), number("nps")
	if q, ok := c.Int("question"); ok {
		e.Question = int64(q)
	}
	switch strings.ToLower(c.Text("open")) {
	case "", "0", "no", "false", "nee":
	case "1", "yes", "true", "ja":
		e.Open = true
	default:
		return e, c.Fail("open", "yes or no")
	}
	return e, c.RowErr()
}
