package promise_test

import (
	"fmt"
	"time"

	"kcc/contacts/promise"
	"kcc/internal/calendar"
)

// Four business hours from a Friday afternoon run over the week-end and King's Day.
func ExampleCalendar_Due() {
	c, err := promise.NewCalendar(promise.Settings{Week: "mo-fr 08:00-17:00"})
	if err != nil {
		fmt.Println(err)
		return
	}
	term, _ := calendar.ParseTerm("4bh")
	received, _ := calendar.ParseTime("2026-04-24 16:30", c.Loc())
	due, err := c.Due(received, promise.Promise{Within: term})
	fmt.Println(due.Format(time.RFC1123), err)
	// Output: Tue, 28 Apr 2026 11:30:00 CEST <nil>
}

// A pause over the week-end holds two business hours: Friday 16-17 and Monday 9-10.
func ExampleFollow() {
	c, _ := promise.NewCalendar(promise.Settings{})
	term, _ := calendar.ParseTerm("1wd")
	at := func(s string) time.Time { t, _ := calendar.ParseTime(s, c.Loc()); return t }
	rule := &promise.Rule{Metric: promise.Resolve, Promise: promise.Promise{Within: term}}
	state, err := promise.Follow(c, rule, []promise.Event{
		{At: at("2026-11-19 11:00"), Kind: promise.Received},
		{At: at("2026-11-20 16:00"), Kind: promise.Paused, Reason: "waiting for the customer"},
		{At: at("2026-11-23 10:00"), Kind: promise.Resumed},
	}, at("2026-11-23 10:30"))
	fmt.Println(state.Due.Format("Mon 15:04"), state.Paused, err)
	// Output: Mon 11:00 2h0m0s <nil>
}
