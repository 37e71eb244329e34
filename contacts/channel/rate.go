package channel

import "kcc/contacts"

// Rate is what contacts of one channel cost. Paid time is what agents are paid
// for; part of it goes to leave, training and waiting for work.
type Rate struct {
	Wage        float64 // per paid hour, all included
	Productive  float64 // share of paid time that agents are at work for contacts, after leave, breaks and sickness
	Occupancy   float64 // share of that time in which they handle contacts
	Concurrency float64 // contacts at once per agent; 0 is 1
	AHT         float64 // seconds, where the handle time is not known; 0 for channels without agents
	PerContact  float64 // besides agents: licences, messages, postage
}

// Rates are the rates per channel; "" is for channels without one of their own.
type Rates map[string]Rate

// Of returns the rate of a channel.
func (r Rates) Of(channel string) Rate {
	if v, ok := r[channel]; ok {
		return v
	}
	return r[""]
}

// Cost returns what the contacts of a cell cost and the hours that agents work
// on them:
//
//	hours = handle time / concurrency,  cost = hours · wage / (productive · occupancy) + contacts · per contact
//
// Contacts whose handle time is not known take the mean of the cell, or the AHT
// of the rate.
func (r Rates) Cost(c *contacts.Cell) (cost, hours float64) {
	v := r.Of(c.Channel)
	seconds := 0.0
	answered := c.Answered
	if answered == 0 && c.Abandoned == 0 { // the source does not tell
		answered = c.Contacts
	}
	if c.HandleN > 0 {
		seconds = c.HandleSum * max(1, answered/c.HandleN)
	} else {
		seconds = v.AHT * answered
	}
	hours = seconds / 3600 / max(1, v.Concurrency)
	if share := v.Productive * v.Occupancy; share > 0 {
		cost = hours * v.Wage / share
	}
	return cost + c.Contacts*v.PerContact, hours
}
