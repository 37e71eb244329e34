package bench

// Nurses is an INRC-II problem with all weeks known: nurses with several skills,
// minimum and optimal cover per day, shift and skill, and rules on the line of
// work that may be broken at a price. Day 0 is a Monday.
//
// Source: S. Ceschia, N. Dang, P. De Causmaecker, S. Haspeslagh, A. Schaerf,
// "The second international nurse rostering competition", Annals of Operations
// Research 274 (2019).
type Nurses struct {
	Name      string
	Weeks     int
	Skills    []string
	Shifts    []NurseShift
	Contracts []Contract
	Staff     []Nurse
	Cover     []SkillCover
	Wishes    []NurseWish
}

// NurseShift is a shift type with the run lengths wanted.
type NurseShift struct {
	ID             string
	MinRun, MaxRun int
	NotNext        []int
}

// Contract holds the rules of a kind of contract.
type Contract struct {
	ID                 string
	MinTotal, MaxTotal int // shifts in the whole period
	MinWork, MaxWork   int // shifts in a row
	MinFree, MaxFree   int // days off in a row
	MaxWeekends        int
	Complete           bool // both days of a weekend or none
}

// Nurse is a member of staff with what came before the first day.
type Nurse struct {
	ID              string
	Contract        int
	Skills          []int
	Total, Weekends int // shifts and weekends before
	Last            int // shift type on the day before, -1 = none
	Same, Work      int // shifts of that type and shifts in a row
	Free            int // days off in a row
}

// SkillCover is the number of nurses with a skill wanted on a shift.
type SkillCover struct {
	Day, Shift, Skill, Min, Best int
}

// NurseWish is a shift, or any shift for -1, that a nurse asks not to have.
type NurseWish struct {
	Nurse, Day, Shift int
}

// Duty is a shift in the role of a skill; the zero value is not a day off.
type Duty struct {
	Shift, Skill int16 // Off for a day off
}

// Duties gives the duty per nurse and day.
type Duties [][]Duty

// The prices of INRC-II, confirmed with the output of the competition's validator.
const (
	priceCover    = 30
	priceSameRun  = 15
	priceWorkRun  = 30
	priceFreeRun  = 30
	priceWish     = 10
	priceComplete = 30
	priceTotal    = 20
	priceWeekend  = 30
)

// Days returns the length of the period.
func (n *Nurses) Days() int { return 7 * n.Weeks }
