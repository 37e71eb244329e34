package planstore

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/roster"
)

// fillFields gives every field of a value a distinct value other than zero, so
// that a field which the store forgets shows.
func fillFields(v reflect.Value, n *int) {
	*n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Unix(1_700_000_000+int64(*n)*60, 0).In(amsterdam)
		return
	case *time.Duration:
		*x = time.Duration(*n) * time.Minute
		return
	case **time.Location:
		*x = amsterdam
		return
	case *calendar.Date:
		*x = calendar.Date(20000 + *n)
		return
	case *roster.Period:
		*x = roster.PerFour
		return
	case *roster.Kind:
		*x = roster.Fixed
		return
	case *forecast.EventMode:
		*x = forecast.EventExtra
		return
	case *erlang.Status:
		*x = erlang.Unreachable
		return
	case *erlang.Model:
		*x = erlang.ModelChat
		return
	case *erlang.Definition:
		*x = erlang.WaitAny
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString(fmt.Sprintf("text %d", *n))
	case reflect.Float64:
		v.SetFloat(float64(*n) + 0.25)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillFields(v.Index(0), n)
		fillFields(v.Index(1), n)
	case reflect.Array:
		v.Index(2).SetBool(true) // of weekdays
	case reflect.Struct:
		for i := range v.NumField() {
			fillFields(v.Field(i), n)
		}
	default:
		panic("no filling for " + v.Type().String())
	}
}

func filled[T any]() T {
	var v T
	n := 0
	fillFields(reflect.ValueOf(&v).Elem(), &n)
	return v
}

// TestEveryFieldIsKept fails when one of the types that are stored gets a field
// that the store does not know of.
func TestEveryFieldIsKept(t *testing.T) {
	db := newStore(t)
	ctx := t.Context()
	check := func(what string, want, got any, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		} else if d := cmp.Diff(want, got, exact); d != "" {
			t.Errorf("%s loses a field in the store (-was +is):\n%s", what, d)
		}
	}

	agents := []roster.Agent{filled[roster.Agent]()}
	if err := SaveAgents(ctx, db, agents); err != nil {
		t.Fatal(err)
	}
	gotAgents, err := LoadAgents(ctx, db)
	check("roster.Agent", agents, gotAgents, err)

	av := filled[roster.Availability]()
	av.Agent = agents[0].ID
	if err := SaveAvailability(ctx, db, []roster.Availability{av}); err != nil {
		t.Fatal(err)
	}
	gotAv, err := LoadAvailability(ctx, db, 0, 1<<20)
	check("roster.Availability", []roster.Availability{av}, gotAv, err)

	shifts := []roster.Shift{filled[roster.Shift]()}
	if err := SaveShifts(ctx, db, shifts); err != nil {
		t.Fatal(err)
	}
	gotShifts, err := LoadShifts(ctx, db)
	check("roster.Shift", shifts, gotShifts, err)

	f := filled[forecast.Forecast]()
	if _, err := SaveForecasts(ctx, db, filled[ForecastRun](), []*forecast.Forecast{&f}); err != nil {
		t.Fatal(err)
	}
	head, gotF, err := LoadForecasts(ctx, db, 0, amsterdam)
	check("forecast.Forecast", []*forecast.Forecast{&f}, gotF, err)
	run := filled[ForecastRun]()
	run.ID = head.ID
	check("ForecastRun", run, head, nil)

	e := filled[forecast.Event]()
	if _, err := AddEvent(ctx, db, e); err != nil {
		t.Fatal(err)
	}
	events, err := Events(ctx, db)
	check("forecast.Event", []forecast.Event{e}, events, err)

	a := filled[forecast.Adjustment]()
	if _, err := AddAdjustment(ctx, db, a); err != nil {
		t.Fatal(err)
	}
	adjustments, err := Adjustments(ctx, db, amsterdam)
	check("forecast.Adjustment", []forecast.Adjustment{a}, adjustments, err)

	reqs := []erlang.Requirement{filled[erlang.Requirement]()}
	reqRun := filled[RequirementRun]()
	reqRun.ForecastRun = head.ID
	if reqRun.ID, err = SaveRequirements(ctx, db, reqRun, reqs); err != nil {
		t.Fatal(err)
	}
	reqHead, gotReqs, err := LoadRequirements(ctx, db, 0, amsterdam)
	check("erlang.Requirement", reqs, gotReqs, err)
	check("RequirementRun", reqRun, reqHead, nil)

	v := filled[RosterVersion]()
	v.BasedOn, v.RequirementRun, v.Status, v.Published = 0, reqRun.ID, Draft, time.Time{}
	v.Off = []roster.Cell{{Agent: "x", Date: v.First, Off: true}}
	v.Result.Coverage, v.Result.Prices = nil, nil
	first, err := SaveRoster(ctx, db, v)
	if err != nil {
		t.Fatal(err)
	}
	v.BasedOn = first
	if v.ID, err = SaveRoster(ctx, db, v); err != nil {
		t.Fatal(err)
	}
	gotV, err := LoadRoster(ctx, db, 0)
	check("RosterVersion", v, gotV, err)
	v.Status, v.Published = Published, time.Unix(1_800_000_000, 0).In(amsterdam)
	if err := PublishRoster(ctx, db, v.ID, v.Published); err != nil {
		t.Fatal(err)
	}
	gotV, err = LoadRoster(ctx, db, v.ID)
	check("RosterVersion published", v, gotV, err)
}
