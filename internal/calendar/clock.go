package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Clock is a wall-clock time in minutes since local midnight, 0 to 1440 (24:00).
// Shifts that run past midnight use values above 1440.
type Clock int

// Midnight is the end of the day, 24:00.
const Midnight Clock = 24 * 60

// ClockOf returns the wall-clock time of t in loc, seconds cut off.
func ClockOf(t time.Time, loc *time.Location) Clock {
	t = t.In(loc)
	return Clock(t.Hour()*60 + t.Minute())
}

// ParseClock reads 8:30, 08:30 or 08:30:00; 24:00 is the end of the day.
func ParseClock(s string) (Clock, error) {
	bad := fmt.Errorf("time %q: want 08:30", s)
	p := strings.Split(strings.TrimSpace(s), ":")
	if len(p) < 2 || len(p) > 3 || (len(p) == 3 && p[2] != "00") {
		return 0, bad
	}
	h, err1 := strconv.ParseUint(p[0], 10, 16) // no signs
	m, err2 := strconv.ParseUint(p[1], 10, 16)
	if err1 != nil || err2 != nil || len(p[1]) != 2 || m > 59 || h > 24 || (h == 24 && m > 0) {
		return 0, bad
	}
	return Clock(h*60 + m), nil
}

// String formats c as 08:30; times past midnight keep counting: 25:30.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }
