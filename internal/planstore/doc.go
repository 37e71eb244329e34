// Package planstore keeps what planning needs and makes in the store: versions
// of the description of the centre, agents with availability and shifts,
// forecasts, requirements and rosters.
//
// Save functions take the types of the computing packages and write in one
// transaction; Load functions give back what was saved, with NaN and infinity
// as they were. Times are UTC seconds in the store and come back in UTC unless
// a function says otherwise.
package planstore
