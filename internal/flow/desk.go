package flow

import (
	"time"

	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/centre"
)

// RegisterCentre tells the register what it needs to know of a centre. Nil gives
// one that allows any name, in the given zone, with default office hours.
func RegisterCentre(c *centre.Centre, zone *time.Location) register.Centre {
	if c == nil {
		return register.Centre{Zone: zone}
	}
	out := register.Centre{Zone: c.Zone, Rules: PromiseRules(c), Targets: WaitTargets(c)}
	for _, ch := range c.Channels {
		out.Channels = append(out.Channels, ch.Name)
	}
	for _, s := range c.Segments {
		out.Segments = append(out.Segments, s.Name)
	}
	for _, s := range c.Subjects {
		out.Subjects = append(out.Subjects, register.Subject{
			Name: s.Name, Title: s.Title, Parent: s.Parent, Specialist: s.Level == "specialist", Department: s.Department,
		})
	}
	for _, d := range c.Departments {
		out.Departments = append(out.Departments, register.Department{Name: d.Name, Title: d.Title, Email: d.Email})
	}
	out.Hours = func(department string) promise.Settings { return PromiseSettings(c, department) }
	return out
}

// PromiseSettings describes the hours in which the promises of a department run,
// or those of the whole office for "". Without office hours the default holds.
func PromiseSettings(c *centre.Centre, department string) promise.Settings {
	h := c.OfficeHours(department)
	s := promise.SettingsOf(h, c.Holidays.Equated)
	if centre.Week(h.Week).Empty() {
		s.Week = ""
	}
	return s
}

// PromiseRules returns the rules that follow from the promises in a description:
// of a channel on the first answer, of a subject and a department on the whole.
func PromiseRules(c *centre.Centre) promise.Rules {
	var out promise.Rules
	put := func(what, name string, m promise.Match, metric promise.Metric, within calendar.Term, level float64) {
		out = append(out, promise.Rule{
			Name: promise.CentrePrefix + what + " " + name, Match: m, Metric: metric, Promise: promise.Promise{Within: within}, Level: level,
		})
	}
	for _, ch := range c.Channels {
		if ch.HasPromise {
			put("channel", ch.Name, promise.Match{Channel: ch.Name}, promise.FirstResponse, ch.Promise, ch.PromiseLevel)
		}
	}
	for _, s := range c.Subjects {
		if s.HasPromise {
			put("subject", s.Name, promise.Match{Subject: s.Name}, promise.Resolve, s.Promise, 0)
		}
	}
	for _, d := range c.Departments {
		if d.HasPromise {
			put("department", d.Name, promise.Match{Department: d.Name}, promise.Resolve, d.Promise, 0)
		}
	}
	return out
}

// WaitTargets returns within which time each channel of a centre wants to help;
// channels without a target are left out.
func WaitTargets(c *centre.Centre) map[string]time.Duration {
	if c == nil {
		return nil
	}
	out := map[string]time.Duration{}
	for _, ch := range c.Channels {
		if ch.Target.Within > 0 {
			out[ch.Name] = ch.Target.Within
		}
	}
	return out
}
