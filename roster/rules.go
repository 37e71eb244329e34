package roster

import "time"

// Rules is a set of working-time rules as data. A zero limit means that the rule
// does not apply.
type Rules struct {
	Name string

	MaxShift   time.Duration // working time of one shift
	MaxWeek    time.Duration // working time from Sunday to Saturday
	Averages   []Average     // of working time per week, over rolling weeks from Monday
	DailyRest  time.Duration // unbroken, between a shift and the next
	WeeklyRest time.Duration // unbroken, in each WeeklyWithin from the start of a shift
	// WeeklyWithin is the window of WeeklyRest: 7 x 24 hours.
	WeeklyWithin time.Duration
	// SplitRest is the other way to keep the weekly rest: this much in SplitWithin
	// from the start of a shift, in pieces of at least SplitPiece.
	SplitRest, SplitPiece, SplitWithin time.Duration

	Breaks []BreakRule
	Night  NightRules

	FreeSundays int // free Sundays in each 52 weeks, as far as the history reaches

	MaxDaysInRow int           // days in a row with a shift
	MinDaysOff   int           // days off in a row, once off
	MaxWeekends  int           // weekends with work in any 4 weeks
	MaxStarts    int           // different start times in a week (from Monday)
	LateEnd      time.Duration // a shift ending at or after this time of day is late
	EarlyStart   time.Duration // a shift starting before this time of day is early
	NoEarlyAfter bool          // no early shift on the day after a late one
	AnnounceDays int           // changes are told this many days ahead (a warning only)
}

// Average bounds the mean working time per week over a number of weeks.
type Average struct {
	Weeks int
	Max   time.Duration
}

// BreakRule wants breaks of together at least Total, in pieces of at least
// Piece, in a shift with more working time than Over.
type BreakRule struct {
	Over, Total, Piece time.Duration
}

// NightRules are the rules of shifts with more than MinWork between 00:00 and 06:00.
type NightRules struct {
	MinWork    time.Duration // a night shift has more work than this before 06:00; 0 = no night rules
	MaxShift   time.Duration // working time of a night shift
	LateEnd    time.Duration // "ends late" means after this time of day (02:00)
	RestAfter  time.Duration // after a night shift that ends late
	RunRest    time.Duration // after RunLength or more night shifts in a row
	RunLength  int
	MaxRun     int           // shifts in a row of which one is a night shift
	MaxCount   int           // night shifts that end late in any 16 weeks
	AvgCount   int           // with this many night shifts in 16 weeks ...
	AvgMaxWeek time.Duration // ... the mean week over 16 weeks is at most this
}

// ATWAdult is the Dutch Arbeidstijdenwet with its decree for people of 18 and
// over, without collective agreement. Under 18, pregnancy and on-call work have
// other rules and are not covered.
// Source: Arbeidstijdenwet articles 5:3 (rest), 5:4 (breaks), 5:6 (Sundays),
// 5:7 (hours) and 5:8 (nights), as summed up by the Dutch government.
func ATWAdult() Rules {
	const h = time.Hour
	return Rules{
		Name:         DefaultRuleSet,
		MaxShift:     12 * h,
		MaxWeek:      60 * h,
		Averages:     []Average{{4, 55 * h}, {16, 48 * h}},
		DailyRest:    11 * h,
		WeeklyRest:   36 * h,
		WeeklyWithin: 7 * 24 * h,
		SplitRest:    72 * h,
		SplitPiece:   32 * h,
		SplitWithin:  14 * 24 * h,
		Breaks: []BreakRule{
			{Over: 5*h + 30*time.Minute, Total: 30 * time.Minute, Piece: 15 * time.Minute},
			{Over: 10 * h, Total: 45 * time.Minute, Piece: 15 * time.Minute},
		},
		Night: NightRules{
			MinWork: h, MaxShift: 10 * h, LateEnd: 2 * h, RestAfter: 14 * h,
			RunRest: 46 * h, RunLength: 3, MaxRun: 7, MaxCount: 36, AvgCount: 16, AvgMaxWeek: 40 * h,
		},
		FreeSundays:  13,
		AnnounceDays: 28,
	}
}

// NoRules is the empty rule set.
func NoRules() Rules { return Rules{Name: "none"} }
