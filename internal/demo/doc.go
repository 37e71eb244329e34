// Package demo makes up a municipal contact centre: its description, two years
// of contact history per channel, a team with contracts, skills and leave, and
// a shift catalogue. Everything is drawn from one seed, so that the same seed
// and the same last day give the same bytes.
//
// The files are those that a real centre would hand over (CSV and TOML); the
// demo reads them back through the ordinary import. No person in them exists.
//
// What is in the data, so that a method can be checked against it: weekday and
// time-of-day patterns per channel, a yearly pattern, growth, quiet days around
// holidays and busy days after them, a tax-letter peak at the end of February,
// a random factor per day, Poisson noise per interval, and a handle time that
// drifts slowly and differs by time of day.
//
// Of the last fourteen weeks one contact in five is registered with kind,
// subject, segment, cause, outcome, customer and appreciation, and with the work
// that it left at a department. Planted in them are a mailing about taxes, a
// form for parking permits that is broken for four days, and promises that
// departments miss, which make customers ask where the answer stays.
//
// Of the last four weeks there are the states of the agents, with breaks, leave,
// sickness and late starts, and teams that are not equally busy.
package demo
