package flow

import (
	"time"

	"kcc/internal/calendar"
)

// DemoToday is the day on which the demo plays when the clock is not fixed: its
// files are the same on every day of the year.
func DemoToday() calendar.Date { return calendar.NewDate(2026, time.November, 22) }

// PlanStart returns the first Monday after a day.
func PlanStart(today calendar.Date) calendar.Date {
	return today.Monday() + 7
}
