// Package estimate reads from the history what the description of a centre has
// as settings: patience, handle time (also by the number of contacts at once),
// rates of abandonment, redial and repeat, and shrinkage.
//
// Times are in seconds, ratios 0..1, NaN is unknown. Every estimate comes with
// the number of events behind it and, where the data allow, a 95 % interval.
package estimate
