// Package promise counts what was promised to a customer: when an answer is due,
// how much of the time is used, which rule made the promise, and whether it is
// kept.
//
// A [Promise] is an amount of time and the way it is counted. In service mode it
// counts in opening hours: business hours and minutes, working days (due at
// closing time of the Nth open day after the day on which the request counts),
// calendar days and weeks (due at the end of the day, 23:59:59) or elapsed time.
// In statutory mode days and weeks follow the Algemene termijnenwet and end at
// 23:59:59 of the last day. Both use a [Calendar].
//
// The truth about a promise that was made is its log of [Event]s. [Follow] reads
// a log with the rule and the calendar that were pinned when the promise was made
// and tells where it stands, on two clocks: that of the customer, which starts at
// receipt and never starts again, and that of the department, which starts anew
// at each hand-over to another department. Pauses add exactly the business time
// (in days: the days) that they hold, no more.
//
// Rules are matched by channel, kind, subject and department; the most specific
// one wins and [Rules.Match] says why.
//
// The package knows no SQL except in the files named *_store.go.
package promise
