package forecast

import (
	"time"

	"kcc/internal/calendar"
)

// Defaults of Options.
const (
	DefaultHorizon = 28 // days
	Auto           = "auto"
)

// DefaultLevels are the levels of the central bounds.
func DefaultLevels() []float64 { return []float64{0.80, 0.95} }

// Options says what to forecast. The zero value forecasts 28 days from the
// first midnight after the history with the model of choice.
type Options struct {
	From         calendar.Date      // first day; 0: the day after Series.Last
	Horizon      int                // days; 0: DefaultHorizon
	OpenDays     bool               // Horizon counts open days
	Interval     time.Duration      // length of the intervals of the result; 0: that of the series
	Levels       []float64          // central bounds; nil: DefaultLevels
	Model        string             // a name of Models, or Auto (also when empty)
	Holidays     *calendar.Holidays // days with an effect of their own; nil: none known
	School       []DateRange        // school holidays
	Events       []Event
	Adjust       []Adjustment
	Growth       float64 // what-if: 0.1 is 10 % more than the forecast
	KeepOutliers bool    // do not clean outliers
	Parent       *Series // where a short history borrows its shape from, as a rule the whole channel
}

// DateRange is a span of days, both ends included.
type DateRange struct{ From, To calendar.Date }

// Contains reports whether d lies in the range.
func (r DateRange) Contains(d calendar.Date) bool { return d >= r.From && d <= r.To }

// Point is the forecast of one interval.
type Point struct {
	Start  time.Time
	Step   time.Duration
	Mean   float64   // expected contacts
	AHT    float64   // expected handle time in seconds; NaN: unknown
	Bounds []float64 // lo, hi per level of Forecast.Levels

	// Computed is Mean before the changes of a planner; 0 or NaN: not kept.
	Computed float64
}

// DayFactor explains the volume of one day as a product of factors: Base times
// every factor is the forecast of the day.
type DayFactor struct {
	Date    calendar.Date
	Total   float64 // the forecast of the day
	Base    float64 // an ordinary day at today's level
	Factors []Factor
}

// Factor is one named effect; 1.10 is 10 % more.
type Factor struct {
	Name  string
	Value float64
}

// Forecast is the result for one series.
type Forecast struct {
	Channel, Subject string
	Team             string // empty: all teams
	Model            string // name, or the combination: calreg 0.6 + means 0.4
	Step             time.Duration
	Levels           []float64
	Points           []Point // open intervals only, in order of time

	// DayFactorCV is the coefficient of variation of the volume of a whole day
	// around its forecast, beyond the Poisson spread of the single contacts.
	DayFactorCV float64
	Why         []DayFactor
	Choice      Choice
	Cleaned     []Cleaned // outliers that were not believed
	Notes       []string  // what a planner should know: short history, regime change
}

// Choice tells which models were weighed, on what evidence, and the result.
type Choice struct {
	Origins int    // of the rolling-origin backtest
	Reason  string // one sentence
	Bands   []BandChoice
}

// BandChoice is the choice for one span of days ahead.
type BandChoice struct {
	From, To int // days ahead, both included
	Models   []ModelScore
}

// ModelScore is the backtest of one model in one band.
type ModelScore struct {
	Name   string
	WAPE   float64 // per interval, in the backtest of the choice
	Weight float64
}

// Cleaned is a day or interval of the history that was replaced before fitting.
type Cleaned struct {
	Date         calendar.Date
	Was, Becomes float64 // the total of the day
	Reason       string
}

// Adjustment is a planner's change to a forecast: a layer with a reason, on top
// of the computed values.
type Adjustment struct {
	ID       string
	Channel  string
	Subject  string
	From, To time.Time // half open
	Factor   float64   // multiplies the mean; 0 means 1, use HasSet for nothing at all
	Add      float64   // contacts added to each interval
	SetTo    float64   // the total of the span, used when HasSet
	HasSet   bool
	Reason   string
	By       string
	Made     time.Time
}

// Name returns channel and subject in one string for messages.
func (f *Forecast) Name() string {
	s := Series{Channel: f.Channel, Subject: f.Subject, Team: f.Team}
	return s.Name()
}
