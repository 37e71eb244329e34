package history

import (
	"math"
	"strings"
	"testing"

	"kcc/forecast"
	"kcc/internal/calendar"
)

func TestReadPlain(t *testing.T) {
	in := "series,t,value\nb,3,30\na,1,1\nb,1,10\na,2,\nb,4,40\n"
	got, err := ReadPlain("-", strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].ID != "b" || got[0].Next != 5 || len(got[0].Values) != 4 || got[0].Values[0] != 10 || !math.IsNaN(got[0].Values[1]) {
		t.Errorf("series %+v", got)
	}
	if len(got[1].Values) != 2 || !math.IsNaN(got[1].Values[1]) {
		t.Errorf("an empty value is unknown: %+v", got[1])
	}
	for _, bad := range []string{"series,t,value\na,1,1\na,1,2\n", "series,t,value\na,x,2\n", "a,b\n1,2\n", "series,t,value\n"} {
		if _, err := ReadPlain("-", strings.NewReader(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestReadEvents(t *testing.T) {
	in := "name,from,to,lag,factor,letters,rate,mode\n" +
		"tax bills,2027-02-22,,9,,80000,0.05,\n" +
		"market,2027-03-01,2027-03-02,,1.2,,,\n" +
		"election,2027-03-17,,,,,,\n" +
		"outage,2026-10-01,,,,,,exclude\n"
	got, err := ReadEvents("-", strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	want := []forecast.EventMode{forecast.EventExtra, forecast.EventFactor, forecast.EventLearn, forecast.EventExclude}
	if len(got) != len(want) {
		t.Fatalf("%d events", len(got))
	}
	for i := range want {
		if got[i].Mode != want[i] {
			t.Errorf("%s: mode %s, want %s", got[i].Name, got[i].Mode, want[i])
		}
	}
	if got[0].To != calendar.NewDate(2027, 2, 22) || got[0].Extra() != 4000 || got[0].Lag != 9 {
		t.Errorf("event %+v", got[0])
	}
	for _, bad := range []string{"name,from\nx,2027-02-30\n", "name,from,factor\nx,2027-02-03,-1\n", "name,from,mode\nx,2027-02-03,odd\n", "name,from,to\nx,2027-02-03,2027-02-01\n"} {
		if _, err := ReadEvents("-", strings.NewReader(bad)); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestHolidays(t *testing.T) {
	for _, s := range []string{"", "none"} {
		if h, err := Holidays(s); h != nil || err != nil {
			t.Errorf("%q gives %v, %v", s, h, err)
		}
	}
	h, err := Holidays("nl")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := h.On(calendar.NewDate(2026, 12, 25)); !ok {
		t.Error("Christmas is no holiday")
	}
}
