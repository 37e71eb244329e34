// Package forecast turns contact history into forecasts per interval: volume,
// handle time and bounds, for channels with opening hours, holidays and events,
// and for plain series of numbers with a period.
//
// The calendar comes first: closed days and closed intervals are neither data
// nor zeros, weekdays stay aligned over holidays, and an interval of a day with
// a clock change is an interval like any other. On that layer a pool of models
// forecasts; which of them count, and for which days ahead, is decided by a
// rolling-origin backtest on the series itself and by nothing else. Bounds come
// from the errors of that backtest, with the Poisson spread as a floor.
//
// Units: volumes are contacts per interval, AHT is in seconds, ratios are 0..1,
// NaN is unknown. The package reads no files and no clock, is deterministic for
// any number of workers and safe for concurrent use.
//
//	f, err := forecast.Run(ctx, series, forecast.Options{Horizon: 28})
//
// The sources of the models are named at their code and in docs/forecasting.md.
package forecast
