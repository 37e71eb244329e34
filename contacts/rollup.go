package contacts

import (
	"cmp"
	"math"
	"sync"
)

// dayColumn is a figure of the daily roll-up: how much a contact adds to it, in
// SQL over a row of contact (with answered and lost worked out); Add does the same
// in Go. Whole columns hold counts.
type dayColumn struct {
	name  string
	whole bool
	sql   string
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

// The figures of a cell, in the order of their columns. DayContacts is the number
// of contacts.
const (
	DayContacts = iota
	dayAnswered
	dayAbandoned
	dayShort
	dayWithin
	dayLostWithin
	dayWithinN
	dayMoved
	dayCallback
	dayHandedOff
	dayOwn
	dayResolved
	dayResolvedN
	dayWaitSum
	dayWaitN
	dayTalkSum
	dayTalkN
	dayHoldSum
	dayACWSum
	dayHandleSum
	dayHandleN
	dayCSATSum
	dayCSATSq
	dayCSATN
	dayEffortSum
	dayEffortSq
	dayEffortN
	dayNPSSum
	dayPromoters
	dayDetractors
	dayNPSN
	dayRepeats
	dayFollowed
	dayJudgeable
	dayFigures
)

// DaySums are the figures of one cell of the daily roll-up, in the order of
// DayColumns.
type DaySums [dayFigures]float64

// Add adds what c counts for, or takes it away with sign -1. Waits and handling
// times are over answered contacts only.
func (d *DaySums) Add(c *Contact, sign float64) {
	count := func(i int, is bool) {
		if is {
			d[i] += sign
		}
	}
	// sum adds a value that is known, and one to the number of those.
	sum := func(i, n int, v float64) {
		if !math.IsNaN(v) {
			d[i] += sign * v
			d[n] += sign
		}
	}
	answered := c.IsAnswered()
	d[DayContacts] += sign
	count(dayAbandoned, c.Outcome == Abandoned)
	count(dayShort, c.Outcome == ShortAbandon)
	count(dayMoved, c.isMoved())
	count(dayCallback, c.Outcome == CallbackRequested)
	count(dayHandedOff, c.Outcome == HandedOff)
	count(dayOwn, c.isOwnAnswer())
	count(dayResolved, c.Resolved == Yes)
	count(dayResolvedN, c.Resolved != Unknown)
	count(dayWithinN, c.InTime != Unknown)
	count(dayLostWithin, c.InTime == Yes && (c.Outcome == Abandoned || c.Outcome == ShortAbandon))
	count(dayRepeats, c.RepeatOf != 0)
	count(dayFollowed, c.FollowedBy != 0)
	count(dayJudgeable, c.PartyRef != "")
	if answered {
		d[dayAnswered] += sign
		count(dayWithin, c.InTime == Yes)
		sum(dayWaitSum, dayWaitN, c.Wait)
		sum(dayTalkSum, dayTalkN, c.Talk)
		sum(dayHandleSum, dayHandleN, c.HandleTime())
		d[dayHoldSum] += sign * orZero(c.Hold)
		d[dayACWSum] += sign * orZero(c.ACW)
	}
	sum(dayCSATSum, dayCSATN, c.CSAT)
	d[dayCSATSq] += sign * orZero(c.CSAT*c.CSAT)
	sum(dayEffortSum, dayEffortN, c.Effort)
	d[dayEffortSq] += sign * orZero(c.Effort*c.Effort)
	sum(dayNPSSum, dayNPSN, c.NPS)
	count(dayPromoters, c.NPS >= promoterFrom)
	count(dayDetractors, c.NPS <= detractorTo)
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

// dayColumns lists the figures of the daily roll-up.
var dayColumns = sync.OnceValue(func() [dayFigures]dayColumn {
	count := func(name, sql string) dayColumn { return dayColumn{name, true, sql} }
	sum := func(name, sql string) dayColumn { return dayColumn{name, false, sql} }
	spent := func(name, col string) dayColumn { return sum(name, "answered * COALESCE("+col+", 0)") }
	timed := func(name, col string) dayColumn { return count(name, "(answered AND "+col+" IS NOT NULL)") }
	return [dayFigures]dayColumn{
		DayContacts:   count("contacts", "1"),
		dayAnswered:   count("answered", "answered"),
		dayAbandoned:  count("abandoned", "(outcome = 'abandoned')"),
		dayShort:      count("short_abandoned", "(outcome = 'short_abandon')"),
		dayWithin:     count("within_target", "(answered AND in_time IS 1)"),
		dayLostWithin: count("abandoned_within", "(lost AND in_time IS 1)"),
		dayWithinN:    count("within_n", "(in_time IS NOT NULL)"),
		dayMoved:      count("transferred", "(transferred IS 1 OR outcome IN ('transferred', 'transferred_ok', 'transferred_failed'))"),
		dayCallback:   count("callback", "(outcome = 'callback_requested')"),
		dayHandedOff:  count("handed_off", "(outcome = 'handed_off')"),
		dayOwn:        count("own_answer", "(outcome = 'answered_self' OR (outcome = 'answered' AND resolved IS 1 AND transferred IS NOT 1))"),
		dayResolved:   count("resolved", "(resolved IS 1)"),
		dayResolvedN:  count("resolved_n", "(resolved IS NOT NULL)"),
		dayWaitSum:    spent("wait_sum", "wait_s"),
		dayWaitN:      timed("wait_n", "wait_s"),
		dayTalkSum:    spent("talk_sum", "talk_s"),
		dayTalkN:      timed("talk_n", "talk_s"),
		dayHoldSum:    spent("hold_sum", "hold_s"),
		dayACWSum:     spent("acw_sum", "acw_s"),
		dayHandleSum:  spent("handle_sum", "handle_s"),
		dayHandleN:    timed("handle_n", "handle_s"),
		dayCSATSum:    sum("csat_sum", "COALESCE(csat, 0)"),
		dayCSATSq:     sum("csat_sq", "COALESCE(csat * csat, 0)"),
		dayCSATN:      count("csat_n", "(csat IS NOT NULL)"),
		dayEffortSum:  sum("effort_sum", "COALESCE(effort, 0)"),
		dayEffortSq:   sum("effort_sq", "COALESCE(effort * effort, 0)"),
		dayEffortN:    count("effort_n", "(effort IS NOT NULL)"),
		dayNPSSum:     sum("nps_sum", "COALESCE(nps, 0)"),
		dayPromoters:  count("promoters", "COALESCE(nps >= 9, 0)"),
		dayDetractors: count("detractors", "COALESCE(nps <= 6, 0)"),
		dayNPSN:       count("nps_n", "(nps IS NOT NULL)"),
		dayRepeats:    count("repeats", "(repeat_of IS NOT NULL)"),
		dayFollowed:   count("followed", "(followed_by IS NOT NULL)"),
		dayJudgeable:  count("judgeable", "judgeable"),
	}
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
