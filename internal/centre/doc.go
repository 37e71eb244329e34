// Package centre describes a contact centre: its channels with opening hours,
// targets and promises, its subjects, departments and segments, holidays,
// shrinkage and costs. The description is a TOML file or a workbook; both hold
// the same keys. docs/formats.md lists them.
//
// Ratios are 0..1, money is in whole currency units, times carry their unit.
// Reading reports every mistake at once, each with file, key, value and what
// was wanted; keys that do not exist are mistakes.
//
//	c, err := centre.ReadFile("centre.toml")
//	hours := c.Hours("phone")
//	if hours.Open(t) { ... }
//
// The package stores nothing; package planstore keeps versions of a centre.
package centre
