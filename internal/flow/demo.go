package flow

import (
	"context"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/demo"
)

// DemoToday is the day on which the demo plays when the clock is not fixed: its
// files are the same on every day of the year.
func DemoToday() calendar.Date { return calendar.NewDate(2026, time.November, 22) }

// WriteDemo makes the files of the made-up centre.
func WriteDemo(_ context.Context, dir string, today calendar.Date, weeks int, zone *time.Location, seed uint64) (demo.Files, error) {
	return demo.Write(dir, today, weeks, zone, seed)
}

// PlanStart returns the first Monday after a day.
func PlanStart(today calendar.Date) calendar.Date {
	return today.Monday() + 7
}
