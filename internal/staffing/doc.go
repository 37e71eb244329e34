// Package staffing reads rows of loads and targets from a table, lets package
// erlang compute, and appends the answers: what "kcc staff --in" and
// "kcc erlang --in" do. Columns it does not know pass through unchanged.
//
// Rows without a start are cases of their own. Rows with a start are intervals
// of a plan: those of one channel belong together.
package staffing
