// Package accuracy shows how good forecasts are: the table of a backtest and the
// page with its charts.
package accuracy
