package rosterfile

import (
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/roster"
)

const icsHead = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"

func readICS(t testing.TB, events string, opt CalendarOptions) ([]roster.Availability, error) {
	opt.Zone = amsterdam(t)
	opt.Known = func(id string) bool { return id == "a1" || id == "a2" }
	list, _, err := ReadCalendar("-", strings.NewReader(icsHead+strings.ReplaceAll(events, "\n", "\r\n")+"END:VCALENDAR\r\n"), opt)
	return list, err
}

func event(lines string) string {
	return "BEGIN:VEVENT\nUID:1\nDTSTAMP:20261101T000000Z\n" + lines + "END:VEVENT\n"
}

func TestCalendarEvents(t *testing.T) {
	d := calendar.NewDate(2026, time.December, 21)
	for _, c := range []struct {
		name, event string
		opt         CalendarOptions
		want        []roster.Availability
	}{
		{
			"a week of leave", event("SUMMARY:a1: Vakantie\nDTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20261226\n"),
			CalendarOptions{},
			[]roster.Availability{{Agent: "a1", Kind: roster.Leave, From: d, To: d + 4}},
		},
		{
			"an afternoon, in UTC", event("SUMMARY:tandarts\nCATEGORIES:UNAVAILABLE\nDTSTART:20261221T120000Z\nDTEND:20261221T143000Z\n"),
			CalendarOptions{Agent: "a2"},
			[]roster.Availability{{Agent: "a2", Kind: roster.Unavailable, From: d, To: d, Start: 13 * 60, End: 15*60 + 30}},
		},
		{
			"a wish on Mondays and Wednesdays, one left out",
			event("SUMMARY:liever niet laat\nATTENDEE;CN=a1:mailto:someone@example.org\nDTSTART;TZID=Europe/Amsterdam:20261221T180000\nDTEND;TZID=Europe/Amsterdam:20261221T200000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261231T000000Z\nEXDATE:20261223T170000Z\n"),
			CalendarOptions{},
			[]roster.Availability{
				{Agent: "a1", Kind: roster.Avoid, From: d, To: d, Start: 18 * 60, End: 20 * 60},
				{Agent: "a1", Kind: roster.Avoid, From: d + 7, To: d + 7, Start: 18 * 60, End: 20 * 60},
				{Agent: "a1", Kind: roster.Avoid, From: d + 9, To: d + 9, Start: 18 * 60, End: 20 * 60},
			},
		},
		{
			"from an evening to a noon", event("SUMMARY:a1: sick\nDTSTART:20261221T170000Z\nDTEND:20261223T110000Z\n"),
			CalendarOptions{},
			[]roster.Availability{
				{Agent: "a1", Kind: roster.Sick, From: d, To: d, Start: 18 * 60, End: 24 * 60},
				{Agent: "a1", Kind: roster.Sick, From: d + 1, To: d + 1},
				{Agent: "a1", Kind: roster.Sick, From: d + 2, To: d + 2, End: 12 * 60},
			},
		},
		{"cancelled", event("SUMMARY:a1: leave\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20261221\n"), CalendarOptions{}, nil},
		{
			"every other day, three times", event("SUMMARY:a1: x\nDTSTART;VALUE=DATE:20261221\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=2\n"),
			CalendarOptions{Kind: roster.Prefer},
			[]roster.Availability{{Agent: "a1", Kind: roster.Prefer, From: d, To: d}, {Agent: "a1", Kind: roster.Prefer, From: d + 2, To: d + 2}},
		},
	} {
		got, err := readICS(t, c.event, c.opt)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d rows, want %d: %+v", c.name, len(got), len(c.want), got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: row %d is %+v, want %+v", c.name, i+1, got[i], c.want[i])
			}
		}
	}
	for want, bad := range map[string]string{
		"whose it is cannot be told":      event("SUMMARY:leave\nDTSTART;VALUE=DATE:20261221\n"),
		"want daily or weekly repetition": event("SUMMARY:a1: x\nDTSTART;VALUE=DATE:20261221\nRRULE:FREQ=YEARLY\n"),
		"does not end after its start":    event("SUMMARY:a1: x\nDTSTART:20261221T120000Z\nDTEND:20261221T120000Z\n"),
		"want a time such as":             event("SUMMARY:a1: x\nDTSTART:tomorrow\n"),
	} {
		if _, err := readICS(t, bad, CalendarOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// FuzzCalendar holds that no calendar file makes the reader panic or give a row
// that ends before it starts.
func FuzzCalendar(f *testing.F) {
	f.Add("SUMMARY:a1: leave\nDTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20261226\n")
	f.Add("SUMMARY:a1: x\nDTSTART:20261221T120000Z\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3\n")
	f.Fuzz(func(t *testing.T, lines string) {
		list, err := readICS(t, event(lines), CalendarOptions{Agent: "a1"})
		if err != nil {
			return
		}
		for _, v := range list {
			if v.To < v.From || v.End < v.Start && v.End != 0 {
				t.Errorf("%q gives %+v", lines, v)
			}
		}
	})
}
