// Package rosterfile reads and writes the files around a roster: agents.csv,
// availability.csv, shifts.csv, requirement.csv, roster.csv and the rule book, in
// any form that package tabular understands, and joins them to a roster.Problem.
// Every wrong cell is reported with file, line, column, value and what was wanted.
package rosterfile
