package register

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/contacts/promise"
	"kcc/internal/output"
)

// Level is the state of a watch, as monitoring systems count it.
type Level int

// The levels.
const (
	OK Level = iota
	Warning
	Critical
	Unknown
)

// String returns the word of the status line.
func (l Level) String() string { return [...]string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[l] }

// Queue is how a channel did today: its service level by the formula of the
// channel, and what it is to be.
type Queue struct {
	Channel string
	Target  float64
	Within  time.Duration
	Offered float64 // contacts so far
	Of      float64 // contacts that Level is over
	Level   float64 // NaN: unknown
}

// WatchOptions say what a watch looks for. The zero value warns half a working
// day ahead and takes anything overdue for a breach.
type WatchOptions struct {
	Soon       promise.Promise // due within this counts as soon; default 4bh
	Window     time.Duration   // a callback window that ends within this is closing; default 1 hour
	MaxSoon    int             // so many due soon are no warning
	MaxOverdue int             // so many overdue are no breach but a warning
	Items      bool            // list what was found, not only count it
	Queues     []Queue         // today so far
	QueueNote  string          // what their Level is
	MinOffered float64         // a queue with fewer contacts today is not judged; default 20
	Margin     float64         // a queue this share below its target is a breach, less is a warning; default 0.1
}

// Item is a promise, or a callback window, that a watch reports.
type Item struct {
	What       string // overdue, first_response_late, department_late, due_soon, callback_closing, callback_missed
	HandOff    int64
	Contact    int64
	Commitment int64
	Metric     promise.Metric
	Department string
	Assignee   string
	Channel    string
	Subject    string
	Kind       string
	Party      string
	Status     promise.Status
	Received   time.Time
	Due        time.Time
	RuleID     int64
	CalID      int64
}

// What an item is about, in order of weight.
const (
	Overdue           = "overdue"
	FirstResponseLate = "first_response_late"
	CallbackMissed    = "callback_missed"
	DepartmentLate    = "department_late"
	DueSoon           = "due_soon"
	CallbackClosing   = "callback_closing"
)

// Watched is the result of a watch.
type Watched struct {
	Now    time.Time
	Open   int // promises that are open
	Paused int
	Items  []Item // when asked for
	counts map[string]int
	opt    WatchOptions
}

// Count returns how many findings are about what.
func (w *Watched) Count(what string) int { return w.counts[what] }

// belowTarget returns the queues below their target, and whether far below.
func (w *Watched) belowTarget() (below []Queue, far bool) {
	for _, q := range w.opt.Queues {
		if q.Of >= w.opt.MinOffered && q.Level < q.Target {
			below = append(below, q)
			far = far || q.Level < q.Target-w.opt.Margin
		}
	}
	return below, far
}

// Level returns the state that follows from what was found.
func (w *Watched) Level() Level {
	broken := w.Count(Overdue) + w.Count(FirstResponseLate) + w.Count(CallbackMissed)
	below, far := w.belowTarget()
	switch {
	case broken > w.opt.MaxOverdue || far:
		return Critical
	case broken > 0 || w.Count(DepartmentLate) > 0 || w.Count(CallbackClosing) > 0 || w.Count(DueSoon) > w.opt.MaxSoon || len(below) > 0:
		return Warning
	}
	return OK
}

// Line returns the status line of a monitoring plugin: state, what is wrong, and
// after the bar every figure with its limits.
func (w *Watched) Line() string {
	var say []string
	for _, p := range []struct{ what, text string }{
		{Overdue, "overdue"},
		{FirstResponseLate, "first responses late"},
		{CallbackMissed, "callbacks missed"},
		{DepartmentLate, "late with departments"},
		{DueSoon, "due soon"},
		{CallbackClosing, "callbacks closing"},
	} {
		if n := w.Count(p.what); n > 0 {
			say = append(say, fmt.Sprintf("%d %s", n, p.text))
		}
	}
	below, _ := w.belowTarget()
	for _, q := range below {
		say = append(say, fmt.Sprintf("service level %s %.1f%% (target %.0f%%)", q.Channel, 100*q.Level, 100*q.Target))
	}
	if len(say) == 0 {
		say = append(say, fmt.Sprintf("%d promises open, none due soon", w.Open))
	}
	perf := []string{
		fmt.Sprintf("overdue=%d;0;%d", w.Count(Overdue), w.opt.MaxOverdue), fmt.Sprintf("first_response_late=%d;0;%d", w.Count(FirstResponseLate), w.opt.MaxOverdue),
		fmt.Sprintf("callback_missed=%d;0;%d", w.Count(CallbackMissed), w.opt.MaxOverdue), fmt.Sprintf("department_late=%d;0;", w.Count(DepartmentLate)),
		fmt.Sprintf("due_soon=%d;%d;", w.Count(DueSoon), w.opt.MaxSoon), fmt.Sprintf("callback_closing=%d;0;", w.Count(CallbackClosing)),
		fmt.Sprintf("open=%d;;", w.Open), fmt.Sprintf("paused=%d;;", w.Paused),
	}
	for _, q := range w.opt.Queues {
		if q.Offered > 0 {
			value := "U" // a plugin's word for a value that could not be told
			if !math.IsNaN(q.Level) {
				value = fmt.Sprintf("%.1f%%", 100*q.Level)
			}
			perf = append(perf, fmt.Sprintf("sl_%s=%s;%.0f:;%.0f:", perfName(q.Channel), value, 100*q.Target, 100*(q.Target-w.opt.Margin)))
		}
	}
	return fmt.Sprintf("KCC %s - %s | %s", w.Level(), strings.Join(say, ", "), strings.Join(perf, " "))
}

// perfName writes a name as a label of figures: no blanks, quotes or equal signs.
func perfName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" '=|", r) {
			return '_'
		}
		return r
	}, s)
}

// Table lists what was found, the heaviest and oldest first.
func (w *Watched) Table(l output.Lang) output.Table {
	t := output.Table{Name: "watch", Sheet: l.Pick("Watch", "Bewaking"), Title: l.Pick("Promises to look at", "Beloften om naar te kijken")}
	for _, n := range []string{"finding", "handoff", "contact", "metric", "department", "assignee", "channel", "subject", "status"} {
		t.Columns = append(t.Columns, Column(l, n, output.Text))
	}
	t.Columns = append(t.Columns, Column(l, "start", output.DateTime), Column(l, "due", output.DateTime))
	for _, i := range w.Items {
		t.Rows = append(t.Rows, []any{i.What, itoa(i.HandOff), itoa(i.Contact), string(i.Metric), i.Department, i.Assignee, i.Channel, i.Subject, string(i.Status), i.Received, i.Due})
	}
	return t
}

// QueueTable shows the channels against their targets.
func (w *Watched) QueueTable(l output.Lang) output.Table {
	t := output.Table{Name: "queues", Sheet: l.Pick("Queues", "Wachtrijen"), Title: l.Pick("Service level today", "Servicelevel vandaag"), Columns: []output.Column{
		Column(l, "channel", output.Text),
		{Name: "offered", Kind: output.Integer, Title: l.Pick("Offered", "Aangeboden")},
		{Name: "service_level", Kind: output.Percent, Digits: 1, Title: "Service level"},
		Column(l, "target", output.Percent),
		{Name: "within_s", Kind: output.Seconds, Title: l.Pick("Within", "Binnen")},
	}}
	if w.opt.QueueNote != "" {
		t.Notes = []string{l.Pick("Service level: ", "Servicelevel: ") + w.opt.QueueNote}
	}
	for _, q := range w.opt.Queues {
		var level any
		if !math.IsNaN(q.Level) {
			level = q.Level
		}
		t.Rows = append(t.Rows, []any{q.Channel, int(q.Offered), level, q.Target, q.Within})
	}
	return t
}

// InformTable lists the customers to be told that an answer takes longer: what
// is due soon or late and still open, one row per piece of work. It is a list
// that outbound import takes.
func (w *Watched) InformTable(l output.Lang) output.Table {
	t := output.Table{Name: "inform", Sheet: l.Pick("Inform", "Informeren"), Title: l.Pick("Customers to inform", "Klanten om te informeren")}
	for _, n := range []string{"contact", "handoff", "party", "channel", "subject", "department"} {
		t.Columns = append(t.Columns, Column(l, n, output.Text))
	}
	t.Columns = append(t.Columns, Column(l, "due", output.DateTime), Column(l, "reason", output.Text))
	seen := map[int64]bool{}
	for _, i := range w.Items {
		if i.What == DepartmentLate || i.What == CallbackClosing || seen[i.HandOff] {
			continue
		}
		seen[i.HandOff] = true
		t.Rows = append(t.Rows, []any{itoa(i.Contact), itoa(i.HandOff), i.Party, i.Channel, i.Subject, i.Department, i.Due, i.What})
	}
	return t
}

// sortItems puts the heaviest and oldest first.
func sortItems(items []Item) {
	order := map[string]int{Overdue: 0, FirstResponseLate: 1, CallbackMissed: 2, DepartmentLate: 3, DueSoon: 4, CallbackClosing: 5}
	slices.SortStableFunc(items, func(a, b Item) int {
		if c := order[a.What] - order[b.What]; c != 0 {
			return c
		}
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return int(min(max(a.Commitment-b.Commitment, -1), 1))
	})
}
