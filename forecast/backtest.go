package forecast

import (
	"time"

	"kcc/internal/calendar"
)

// BacktestOptions says which origins to forecast from. Days are open days of
// the series: the days of the history that have data.
type BacktestOptions struct {
	Options
	First     int      // the first origin is the First-th open day; 0: chosen so that Folds fit
	Step      int      // open days between origins; 0: 7
	Folds     int      // origins; 0: 12
	Windows   []int    // days ahead up to which scores are given; nil: 1, a quarter, half and all of the horizon
	TrainDays int      // use at most the last so many days; 0: all
	Models    []string // score these models each as well; "all" is every model of the pool
	Workers   int      // folds computed at the same time; 0: GOMAXPROCS
}

// Report is the outcome of a backtest.
type Report struct {
	Channel, Subject string
	Step             time.Duration
	Levels           []float64
	Scores           []Score
	Folds            []Fold
}

// Score holds the accuracy of one model over all origins in one window.
type Score struct {
	Model         string
	From, To      int // days ahead
	Origins, N    int
	WAPE          float64 // per interval: Σ|y-f| / Σy
	WAPEDay       float64 // of day totals
	Bias          float64 // Σ(f-y) / Σy
	MASE          float64 // absolute error over that of the same interval a week earlier in the training part
	Coverage      []float64
	Pinball       float64 // mean of the quantile losses at 0.1, 0.5, 0.9, over mean y
	MSIS          float64 // of the 95 % interval
	Floor         float64 // WAPE of a perfect rate forecast if counts are Poisson
	SecondsPerFit float64 // wall time of one fit and forecast
}

// Fold is one origin with what was forecast there and what came.
type Fold struct {
	Origin calendar.Date // last day of training
	Model  string
	Days   []calendar.Date
	Points []FoldPoint
}

// FoldPoint is one interval of a fold.
type FoldPoint struct {
	Start  time.Time
	Ahead  int // open days ahead, from 1
	Actual float64
	Mean   float64
	Bounds []float64
}
