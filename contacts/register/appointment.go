package register

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Place is where appointments are held: a counter, or a telephone team. It offers
// slots of one length in its hours, each Capacity times.
type Place struct {
	Name     string
	Channel  string // counter, phone or video
	Hours    string // mo-fr 09:00-12:00 13:00-16:00
	Length   time.Duration
	Capacity int
}

// The states of an appointment.
const (
	Booked    = "booked"
	Attended  = "attended"
	NoShow    = "no_show"
	Cancelled = "cancelled"
)

// Appointment is a slot that is taken.
type Appointment struct {
	ID       int64
	Contact  int64 // 0: none
	Place    string
	Channel  string
	Start    time.Time
	Length   time.Duration
	Subject  string
	Party    string // keyed reference
	Status   string
	Made     time.Time
	Moved    int // times it was moved
	Reminded time.Time
	Note     string
	Details  string // how to reach the customer, only when asked for
}

// Booking is a request for an appointment.
type Booking struct {
	Contact            int64
	Place, Subject     string
	Start              time.Time
	Party, Reach, Note string // Reach: number or address for the reminder, stored sealed
	Length             time.Duration
	Force              bool // also outside the slots of the place, or when they are full
}

// Errors of a booking.
var (
	ErrNoSlot = errors.New("there is no slot at that time")
	ErrFull   = errors.New("the slot is full")
)

// Slot is a time at a place with what is still free.
type Slot struct {
	Place  string
	Start  time.Time
	Length time.Duration
	Free   int
	Booked int
}

// check reports a place that cannot be.
func (p *Place) check() error {
	week, err := calendar.ParseWeek(p.Hours)
	switch {
	case p.Name == "":
		return errors.New("the place has no name")
	case p.Channel != "counter" && p.Channel != "phone" && p.Channel != "video":
		return fmt.Errorf("channel %q: want counter, phone or video", p.Channel)
	case err != nil:
		return err
	case !openEver(week):
		return fmt.Errorf("hours %q: the place is never open", p.Hours)
	case p.Length < time.Minute:
		return errors.New("a slot lasts at least a minute")
	case p.Capacity < 1:
		return errors.New("a place takes at least one appointment at a time")
	}
	return nil
}

func openEver(week [7][]calendar.Span) bool {
	for _, s := range week {
		if len(s) > 0 {
			return true
		}
	}
	return false
}

// slots returns the starts of the slots of the place on day d: as many whole
// ones as fit in each open period, on days on which the centre is open.
func (p *Place) slots(d calendar.Date, office *calendar.Hours) ([]time.Time, error) {
	week, err := calendar.ParseWeek(p.Hours)
	if err != nil {
		return nil, err
	}
	h := calendar.Hours{Loc: office.Loc, Week: week, Holidays: office.Holidays}
	if special, ok := office.Special[d]; ok && len(special) == 0 {
		return nil, nil // the centre is closed
	}
	w := calendar.NewWorkTime(&h)
	var out []time.Time
	for _, s := range w.Stretches(d) {
		for t := s.From; !t.Add(p.Length).After(s.To); t = t.Add(p.Length) {
			out = append(out, t)
		}
	}
	return out, nil
}

// AppointmentTable lists appointments.
func AppointmentTable(l output.Lang, as []Appointment, details bool) output.Table {
	t := output.Table{Name: "appointments", Sheet: l.Pick("Appointments", "Afspraken"), Title: l.Pick("Appointments", "Afspraken")}
	text := func(names ...string) {
		for _, n := range names {
			t.Columns = append(t.Columns, Column(l, n, output.Text))
		}
	}
	text("appointment")
	t.Columns = append(t.Columns, Column(l, "start", output.DateTime), Column(l, "length_s", output.Seconds))
	t.Columns[1].Title = l.Pick("Start", "Begin")
	text("place", "channel", "subject", "status", "contact", "note")
	t.Columns = append(t.Columns, output.Column{Name: "moved", Kind: output.Integer, Title: l.Pick("Moved", "Verzet")},
		output.Column{Name: "reminded", Kind: output.DateTime, Title: l.Pick("Reminded", "Herinnerd")})
	if details {
		text("customer")
	}
	for _, a := range as {
		contact := ""
		if a.Contact != 0 {
			contact = itoa(a.Contact)
		}
		row := []any{itoa(a.ID), a.Start, a.Length, a.Place, a.Channel, a.Subject, a.Status, contact, a.Note, a.Moved, a.Reminded}
		if details {
			row = append(row, a.Details)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// SlotTable lists slots with what is free.
func SlotTable(l output.Lang, ss []Slot) output.Table {
	t := output.Table{Name: "slots", Sheet: l.Pick("Slots", "Tijden"), Title: l.Pick("Free slots", "Vrije tijden"), Columns: []output.Column{
		Column(l, "place", output.Text), Column(l, "start", output.DateTime), Column(l, "length_s", output.Seconds),
		Column(l, "free", output.Integer), Column(l, "booked", output.Integer),
	}}
	t.Columns[1].Title = l.Pick("Start", "Begin")
	for _, s := range ss {
		t.Rows = append(t.Rows, []any{s.Place, s.Start, s.Length, s.Free, s.Booked})
	}
	return t
}

// Events returns appointments as entries of a calendar. They do not say who the
// customer is.
func Events(as []Appointment, l output.Lang) []output.Event {
	var out []output.Event
	for _, a := range as {
		out = append(out, output.Event{
			UID: fmt.Sprintf("appointment-%d@kcc", a.ID), Start: a.Start, End: a.Start.Add(a.Length), Sequence: a.Moved,
			Summary: or(a.Subject, l.Pick("Appointment", "Afspraak")), Location: a.Place, Canceled: a.Status == Cancelled,
			Description: fmt.Sprintf("%s %d", l.Pick("Appointment", "Afspraak"), a.ID),
		})
	}
	return out
}

// LoadTable is the fixed load of appointments for staffing: per interval and
// channel how many appointments run, each of which takes an agent.
func LoadTable(as []Appointment, step time.Duration, loc *time.Location) output.Table {
	t := output.Table{Name: "load", Columns: []output.Column{
		{Name: "start", Kind: output.DateTime},
		{Name: "interval_s", Kind: output.Integer},
		{Name: "channel"},
		{Name: "place"},
		{Name: "appointments", Kind: output.Integer},
		{Name: "agents", Kind: output.Number, Digits: 2},
	}}
	type key struct {
		start          int64
		channel, place string
	}
	busy, count := map[key]time.Duration{}, map[key]int{}
	var order []key
	g := calendar.Grid{Loc: loc, Step: step}
	for _, a := range as {
		if a.Status == Cancelled {
			continue
		}
		end := a.Start.Add(a.Length)
		for at := g.Floor(a.Start); at.Before(end); at = at.Add(step) {
			k := key{at.Unix(), a.Channel, a.Place}
			if count[k] == 0 {
				order = append(order, k)
			}
			count[k]++
			from, to := at, at.Add(step)
			if a.Start.After(from) {
				from = a.Start
			}
			if end.Before(to) {
				to = end
			}
			busy[k] += to.Sub(from)
		}
	}
	slices.SortFunc(order, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.start, b.start), strings.Compare(a.channel, b.channel), strings.Compare(a.place, b.place))
	})
	for _, k := range order {
		t.Rows = append(t.Rows, []any{
			time.Unix(k.start, 0).In(loc), int(step / time.Second), k.channel, k.place, count[k], float64(busy[k]) / float64(step),
		})
	}
	return t
}
