package contacts

import (
	"cmp"
	"math"
	"sync"
)

// dayColumn is a figure of the daily roll-up: how much a contact adds to it, in
// SQL over a row of contact (with answered and lost worked out) and in Go.
// Whole columns hold counts.
type dayColumn struct {
	name  string
	whole bool
	sql   string
	of    func(c *Contact) float64
}

// DayKey is a cell of the daily roll-up: the local civil day, the queue, and the
// dimensions of reports.
type DayKey struct {
	Day, Queue                                           int64
	Direction, Subject, Kind, Segment, Cause, Department string
}

// Compare orders cells as their table does.
func (k *DayKey) Compare(o *DayKey) int {
	return cmp.Or(cmp.Compare(k.Day, o.Day), cmp.Compare(k.Queue, o.Queue), cmp.Compare(k.Direction, o.Direction), cmp.Compare(k.Subject, o.Subject),
		cmp.Compare(k.Kind, o.Kind), cmp.Compare(k.Segment, o.Segment), cmp.Compare(k.Cause, o.Cause), cmp.Compare(k.Department, o.Department))
}

// dayDims are the columns of DayKey after the day and the queue.
const dayDims = "direction, subject, kind, segment, cause, department"

// dayFigures is how many figures a cell has; DayContacts is the place of the
// number of contacts among them.
const (
	dayFigures  = 34
	DayContacts = 0
)

// DaySums are the figures of one cell of the daily roll-up, in the order of
// DayColumns.
type DaySums [dayFigures]float64

// Add adds what c counts for, or takes it away with sign -1.
func (d *DaySums) Add(c *Contact, sign float64) {
	for i, col := range dayColumns() {
		if v := col.of(c); v != 0 {
			d[i] += sign * v
		}
	}
}

// DayColumns returns the columns of volume_day that hold figures, and which of
// them hold whole numbers.
func DayColumns() (names []string, whole []bool) {
	for _, c := range dayColumns() {
		names = append(names, c.name)
		whole = append(whole, c.whole)
	}
	return names, whole
}

func is(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func known(v float64) float64 { return is(!math.IsNaN(v)) }

func orZero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// isMoved reports whether the customer was put through to someone else.
func (c *Contact) isMoved() bool {
	switch c.Outcome {
	case Transferred, TransferredOK, TransferredFailed:
		return true
	}
	return c.Moved == Yes
}

// isOwnAnswer reports whether the agent who took the contact answered it alone.
func (c *Contact) isOwnAnswer() bool {
	return c.Outcome == AnsweredSelf || (c.Outcome == Answered && c.Resolved == Yes && c.Moved != Yes)
}

// Scores of 0-10 from which a customer would recommend the centre, and up to
// which not. Source: Reichheld (2003), The one number you need to grow.
const (
	promoterFrom = 9
	detractorTo  = 6
)

// dayColumns lists the figures of the daily roll-up. Waits and handling times are
// over answered contacts only.
var dayColumns = sync.OnceValue(func() []dayColumn {
	count := func(name, sql string, of func(c *Contact) bool) dayColumn {
		return dayColumn{name, true, sql, func(c *Contact) float64 { return is(of(c)) }}
	}
	sum := func(name, sql string, of func(c *Contact) float64) dayColumn { return dayColumn{name, false, sql, of} }
	spent := func(name, col string, of func(c *Contact) float64) dayColumn {
		return sum(name, "answered * COALESCE("+col+", 0)", func(c *Contact) float64 {
			if !c.IsAnswered() {
				return 0
			}
			return orZero(of(c))
		})
	}
	timed := func(name, col string, of func(c *Contact) float64) dayColumn {
		return count(name, "(answered AND "+col+" IS NOT NULL)", func(c *Contact) bool { return c.IsAnswered() && !math.IsNaN(of(c)) })
	}
	score := func(name string, of func(c *Contact) float64) []dayColumn {
		return []dayColumn{
			sum(name+"_sum", "COALESCE("+name+", 0)", func(c *Contact) float64 { return orZero(of(c)) }),
			sum(name+"_sq", "COALESCE("+name+" * "+name+", 0)", func(c *Contact) float64 { return orZero(of(c) * of(c)) }),
			{name + "_n", true, "(" + name + " IS NOT NULL)", func(c *Contact) float64 { return known(of(c)) }},
		}
	}
	wait := func(c *Contact) float64 { return c.Wait }
	talk := func(c *Contact) float64 { return c.Talk }
	handle := func(c *Contact) float64 { return c.HandleTime() }
	out := []dayColumn{
		count("contacts", "1", func(*Contact) bool { return true }),
		count("answered", "answered", (*Contact).IsAnswered),
		count("abandoned", "(outcome = 'abandoned')", func(c *Contact) bool { return c.Outcome == Abandoned }),
		count("short_abandoned", "(outcome = 'short_abandon')", func(c *Contact) bool { return c.Outcome == ShortAbandon }),
		count("within_target", "(answered AND in_time IS 1)", func(c *Contact) bool { return c.InTime == Yes && c.IsAnswered() }),
		count("abandoned_within", "(lost AND in_time IS 1)", func(c *Contact) bool {
			return c.InTime == Yes && (c.Outcome == Abandoned || c.Outcome == ShortAbandon)
		}),
		count("within_n", "(in_time IS NOT NULL)", func(c *Contact) bool { return c.InTime != Unknown }),
		count("transferred", "(transferred IS 1 OR outcome IN ('transferred', 'transferred_ok', 'transferred_failed'))", (*Contact).isMoved),
		count("callback", "(outcome = 'callback_requested')", func(c *Contact) bool { return c.Outcome == CallbackRequested }),
		count("handed_off", "(outcome = 'handed_off')", func(c *Contact) bool { return c.Outcome == HandedOff }),
		count("own_answer", "(outcome = 'answered_self' OR (outcome = 'answered' AND resolved IS 1 AND transferred IS NOT 1))", (*Contact).isOwnAnswer),
		count("resolved", "(resolved IS 1)", func(c *Contact) bool { return c.Resolved == Yes }),
		count("resolved_n", "(resolved IS NOT NULL)", func(c *Contact) bool { return c.Resolved != Unknown }),
		spent("wait_sum", "wait_s", wait), timed("wait_n", "wait_s", wait),
		spent("talk_sum", "talk_s", talk), timed("talk_n", "talk_s", talk),
		spent("hold_sum", "hold_s", func(c *Contact) float64 { return c.Hold }),
		spent("acw_sum", "acw_s", func(c *Contact) float64 { return c.ACW }),
		spent("handle_sum", "handle_s", handle), timed("handle_n", "handle_s", handle),
	}
	out = append(out, score("csat", func(c *Contact) float64 { return c.CSAT })...)
	out = append(out, score("effort", func(c *Contact) float64 { return c.Effort })...)
	return append(
		out,
		sum("nps_sum", "COALESCE(nps, 0)", func(c *Contact) float64 { return orZero(c.NPS) }),
		count("promoters", "COALESCE(nps >= 9, 0)", func(c *Contact) bool { return c.NPS >= promoterFrom }),
		count("detractors", "COALESCE(nps <= 6, 0)", func(c *Contact) bool { return c.NPS <= detractorTo }),
		count("nps_n", "(nps IS NOT NULL)", func(c *Contact) bool { return !math.IsNaN(c.NPS) }),
		count("repeats", "(repeat_of IS NOT NULL)", func(c *Contact) bool { return c.RepeatOf != 0 }),
		count("followed", "(followed_by IS NOT NULL)", func(c *Contact) bool { return c.FollowedBy != 0 }),
		count("judgeable", "judgeable", func(c *Contact) bool { return c.PartyRef != "" }),
	)
})

// Judge settles InTime from the wait and the target of the channel, in seconds,
// unless the source told it. A customer who was not helped and whose wait is not
// known was not helped in time; outbound contacts have no wait.
func (c *Contact) Judge(target float64) {
	switch {
	case c.InTime != Unknown || c.Direction == Outbound || math.IsNaN(target) || target <= 0:
	case !math.IsNaN(c.Wait):
		c.InTime = No
		if c.Wait <= target {
			c.InTime = Yes
		}
	case !c.IsAnswered():
		c.InTime = No
	}
}
