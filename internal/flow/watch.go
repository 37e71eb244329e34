package flow

import (
	"kcc/contacts/register"
	"kcc/internal/centre"
)

// QueueTargets returns what a centre promises on waiting, for the watch. Nil
// gives none.
func QueueTargets(c *centre.Centre) []register.QueueTarget {
	if c == nil {
		return nil
	}
	var out []register.QueueTarget
	for _, ch := range c.Channels {
		if ch.Target.Level > 0 {
			out = append(out, register.QueueTarget{Channel: ch.Name, Level: ch.Target.Level, Within: ch.Target.Within})
		}
	}
	return out
}
