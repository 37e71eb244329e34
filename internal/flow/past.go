package flow

import (
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/demo"
)

// DemoWork turns the work that the demo made up into past work of the register.
func DemoWork(list []demo.HandOff) []register.Past {
	out := make([]register.Past, len(list))
	for i, h := range list {
		p := register.Past{
			Source: demo.RegisterSource, ExternalID: h.Contact,
			Work: register.Work{Department: h.Department, Task: h.Task, Call: h.Callback, At: h.At},
		}
		if !h.Responded.IsZero() {
			p.Events = append(p.Events, promise.Event{At: h.Responded, Kind: promise.Responded})
		}
		if !h.Closed.IsZero() {
			p.Events = append(p.Events, promise.Event{At: h.Closed, Kind: promise.Closed})
		}
		out[i] = p
	}
	return out
}
