package bench

// Off marks a day without a shift.
const Off int16 = -1

// Instance is a staff-scheduling problem. Days count from 0, a Monday.
type Instance struct {
	Days   int
	Shifts []Shift
	Staff  []Employee
	On     []Request // shifts that an employee asks for
	Off    []Request // shifts that an employee asks not to have
	Cover  []Cover
}

// Shift is a type of shift.
type Shift struct {
	ID      string
	Minutes int
	NotNext []int // shifts that may not come on the next day
}

// Employee is a member of staff with the rules of the contract.
type Employee struct {
	ID          string
	MaxShifts   []int // most shifts per type; 0 = may not work it
	MaxMinutes  int
	MinMinutes  int
	MaxRun      int // most shifts in a row
	MinRun      int // fewest shifts in a row
	MinOff      int // fewest days off in a row
	MaxWeekends int
	DaysOff     []int
}

// Request is a wish with its price.
type Request struct {
	Employee, Day, Shift, Weight int
}

// Cover is the number of people wanted on a shift and what one too few or one
// too many costs.
type Cover struct {
	Day, Shift, Need, Under, Over int
}

// Roster gives the shift, or Off, per employee and day.
type Roster [][]int16

// Clone returns a copy of r.
func (r Roster) Clone() Roster {
	c := make(Roster, len(r))
	for e, line := range r {
		c[e] = append([]int16(nil), line...)
	}
	return c
}
