package outbound

import (
	"time"

	"kcc/internal/calendar"
)

// Window is when a campaign may call: its hours, on days on which the centre is
// open or, outside the centre's weekdays, that are no holiday or closed day.
type Window struct{ work *calendar.WorkTime }

// NewWindow returns the window of hours such as "mo-fr 09:00-12:00 13:00-17:00".
// Of the centre's office hours the holidays, closed days and days with other
// hours hold; nil is a centre without any.
func NewWindow(hours string, office *calendar.Hours, zone *time.Location) (*Window, error) {
	week, err := calendar.ParseWeek(hours)
	if err != nil {
		return nil, err
	}
	h := &calendar.Hours{Loc: zone, Week: week}
	if office != nil {
		h.Holidays = office.Holidays
		h.Special = map[calendar.Date][]calendar.Span{}
		for d, spans := range office.Special {
			h.Special[d] = both(week[d.Weekday()], spans)
		}
	}
	return &Window{calendar.NewWorkTime(h)}, nil
}

// both returns the parts of a that lie in b; both are in order.
func both(a, b []calendar.Span) []calendar.Span {
	out := []calendar.Span{}
	for _, x := range a {
		for _, y := range b {
			if from, to := max(x.From, y.From), min(x.To, y.To); from < to {
				out = append(out, calendar.Span{From: from, To: to})
			}
		}
	}
	return out
}

// Open reports whether may be called at t.
func (w *Window) Open(t time.Time) bool { return w.work.Open(t) }

// Next returns the first moment from t on at which may be called; false when
// there is none within the years that calendars know.
func (w *Window) Next(t time.Time) (time.Time, bool) {
	n, err := w.work.NextOpen(t)
	return n, err == nil
}

// Stretches returns the times of a day in which may be called.
func (w *Window) Stretches(d calendar.Date) []calendar.Stretch { return w.work.Stretches(d) }

// Hours returns the hours of the window.
func (w *Window) Hours() *calendar.Hours { return w.work.Hours() }
