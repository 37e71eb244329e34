// Package importer understands the files that contact-centre systems and
// planners hand over: interval statistics, call records, event logs, tickets
// and agent states, as text, workbook or JSON, in any of the usual dialects.
//
// Everything is detected over whole columns, never row by row: a first pass
// looks at every cell of the columns that matter and settles the decimal mark,
// the order of day and month, the unit of durations and the length of the
// interval; the second pass reads the rows by that. What cannot be told (3-4-2026)
// is refused with the flag that settles it.
//
// [ReadHistory] gives interval volumes without a store; [Import] writes rows and
// roll-ups to one, each file in one transaction, twice without harm.
package importer
