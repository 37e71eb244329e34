// Package calendar holds what every other part needs to know about time:
// civil dates, the clock of a day, the zone-aware interval grid, opening hours
// with several periods a day, the Dutch public holidays and working time.
//
// Conventions: an instant is a time.Time; a civil day is a [Date] and has no
// zone; a clock time is a [Clock] in minutes since local midnight. A day in a
// zone with clock changes has 92, 96 or 100 quarters; [Grid] yields exactly the
// quarters that exist. Weekdays are time.Weekday, ISO weeks start on Monday.
//
// The package uses only the standard library and embeds the zone data.
package calendar
