package flow

import (
	"context"
	"database/sql"
	"math"
	"time"

	"kcc/contacts/cause"
	"kcc/contacts/channel"
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
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

// DemoOccasions is what happened in the weeks before the last day of the demo's
// history, as a centre notes it.
func DemoOccasions(last calendar.Date) []cause.Occasion {
	letter, form := demo.LetterDay(last), demo.FormDay(last)
	return []cause.Occasion{
		{Name: "supplementary tax bills", Kind: cause.Mailing, From: letter, To: letter, Subject: "taxes", Department: "taxes", Sent: 12_000},
		{Name: "parking form broken", Kind: cause.Disruption, From: form, To: form + 3, Subject: "parking", Department: "permits"},
	}
}

// DemoGoals is the channel strategy of the demo.
func DemoGoals(last calendar.Date) []channel.Goal {
	by := calendar.NewDate(last.Year()+1, time.June, 30)
	return []channel.Goal{
		{Name: "moving house online", Channel: "phone", Subject: "moving", Measure: channel.ShareOf, AtMost: true, Goal: 0.35, By: by, Instrument: "communication", MinCSAT: 7},
		{Name: "parking digital", Subject: "parking", Measure: channel.DigitalPart, Goal: 0.60, By: by, Instrument: "product", MinCSAT: 7},
		{Name: "chat settles it", Channel: "chat", Measure: channel.FCR, Goal: 0.85, By: by, Instrument: "product", MinCSAT: math.NaN()},
		{Name: "bot keeps documents", Channel: "bot", Subject: "documents", Measure: channel.Containment, Goal: 0.75, By: by, Instrument: "product", MinCSAT: 5.5},
	}
}

// NoteDemo stores what happened and what is aimed at in the demo.
func NoteDemo(ctx context.Context, db *sql.DB, last calendar.Date) error {
	for _, o := range DemoOccasions(last) {
		if err := cause.SaveOccasion(ctx, db, o); err != nil {
			return err
		}
	}
	for _, g := range DemoGoals(last) {
		if err := channel.SaveGoal(ctx, db, g); err != nil {
			return err
		}
	}
	return nil
}
