// Package contacts is the register of contacts with customers and of the
// interval statistics of channels: what the store knows of the past.
//
// Figures come from call records, interval statistics, event logs and tickets
// (package contacts/importer), or are registered one by one. They are rolled up
// while they are written, so that forecasts and reports read sums and never raw
// rows: [History] gives volume and handle time per channel, subject and
// interval.
//
// Units: seconds for elapsed time, UTC seconds for moments, [calendar.Date] for
// local days. Missing is NaN in Go and NULL in the store, never zero.
package contacts
