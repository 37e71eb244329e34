// Package output renders what kcc has to say: domain code fills a [Table] with
// typed columns, and this package writes it as a screen table, CSV, JSON,
// Markdown, Excel, HTML or iCalendar, in Dutch or English. One look everywhere.
//
// The package knows nothing of forecasting, staffing or rostering.
package output
