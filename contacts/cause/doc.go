// Package cause tells why contacts arise and what would prevent them.
//
// A contact has a cause that an agent noted, or one that a rule derives: a
// contact soon after a promise that was missed, one that repeats another, one of
// many after a mailing ([Derive]). Causes are weighed by contacts, handle time
// and cost ([Tally]), by what is avoidable ([AvoidableShare]) and by what an
// action saves ([Values]).
//
// What came is held against a control: a regression on the days on which nothing
// happened ([Fit]). It gives spikes with a rate of false alarms that is kept
// ([Spikes]), the contacts that a mailing brought, and the effect of an action.
//
// Units: contacts, seconds of handle time, hours of agents' work, cost in the
// centre's currency; ratios are 0..1; unknown is NaN.
package cause
