package output

import (
	"fmt"
	"io"
	"time"

	ical "github.com/arran4/golang-ical"
)

// Event is one entry of a calendar: a shift, a day of leave, an appointment.
type Event struct {
	UID                            string // stays the same when the event is written again
	Start, End                     time.Time
	AllDay                         bool // Start and End are days; End is the day after the last
	Summary, Description, Location string
	Sequence                       int  // a higher one replaces the event
	Free                           bool // does not block the time
	Canceled                       bool
}

// WriteCalendar writes events as iCalendar (RFC 5545): times in UTC, lines
// folded and ended as the standard says. Stamp is when the events were made;
// equal events and stamp give equal bytes.
func WriteCalendar(w io.Writer, name string, stamp time.Time, lang Lang, events []Event) error {
	cal := ical.NewCalendarFor("kcc")
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ical.MethodPublish)
	if name != "" {
		cal.SetXWRCalName(icsText(name))
	}
	seen := map[string]bool{}
	for _, e := range events {
		if e.UID == "" || seen[e.UID] {
			return fmt.Errorf("calendar %q: the identifier %q is empty or double", name, e.UID)
		}
		seen[e.UID] = true
		if !e.End.After(e.Start) {
			return fmt.Errorf("calendar %q: event %q ends at %s, not after its start at %s", name, e.Summary, e.End, e.Start)
		}
		v := cal.AddEvent(e.UID)
		v.SetDtStampTime(stamp)
		if e.AllDay {
			v.SetAllDayStartAt(e.Start)
			v.SetAllDayEndAt(e.End)
		} else {
			v.SetStartAt(e.Start)
			v.SetEndAt(e.End)
		}
		v.SetSequence(e.Sequence)
		v.SetSummary(icsText(e.Summary))
		if e.Description != "" {
			v.SetDescription(icsText(e.Description))
		}
		if e.Location != "" {
			v.SetLocation(icsText(e.Location))
		}
		if e.Canceled {
			v.SetStatus(ical.ObjectStatusCancelled)
		}
		if e.Free {
			v.SetTimeTransparency(ical.TransparencyTransparent)
		}
	}
	if lang == "" {
		lang = English
	}
	cal.SetProductId("-//kcc//roster//" + map[Lang]string{English: "EN", Dutch: "NL"}[lang])
	return cal.SerializeTo(w, ical.WithNewLine("\r\n"))
}

// icsText drops control characters, which the format cannot hold.
func icsText(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r == '\n' || r >= 0x20 && r != 0x7F {
			out = append(out, r)
		}
	}
	return string(out)
}
