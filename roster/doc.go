// Package roster turns a requirement into a roster of named people.
//
// A [Problem] holds the demand (per interval and skill, or per shift and day),
// the agents with their contracts and skills, what they can and want to work,
// the shifts, the rules of working time and the days that went before.
// [Make] returns the best roster it finds together with a lower bound on the
// cost of every roster; [Check] verifies a roster against all hard rules from
// the problem and the roster alone, and shares no code with the solver.
//
// Units and conventions:
//   - Time of day is local in the problem's zone; rest and hours are elapsed
//     time, so that both clock changes count as they are.
//   - Intervals ("slots") are Step long and counted from the local midnight with
//     which First begins; a day has 92, 96 or 100 quarters.
//   - Paid time is the time of a shift less its unpaid breaks. Working time, on
//     which the rules of working time are measured, is the same: a paid break
//     counts as work, which is on the safe side.
//   - An agent serves one skill per interval and counts there with the
//     efficiency that the agent has for it. Breaks are not coverage.
//   - Costs are in points. Without a curve a missing agent-interval costs
//     [MissingCost] and a surplus one [SurplusCost].
//   - A week of contract hours runs from Monday, the week of the working-time act
//     from Sunday.
//
// Sources: the Dutch working-time rules follow the Arbeidstijdenwet for adults
// (government overview "Werktijden voor 18-jarigen en ouder"); the search
// follows the literature on price-guided re-insertion of one person's schedule
// by dynamic programming inside large neighbourhood search.
package roster
