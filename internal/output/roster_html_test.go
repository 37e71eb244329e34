package output

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"kcc/internal/calendar"
)

func TestRosterICS(t *testing.T) {
	book, opt := smallRoster(t, Dutch, 20)
	book.Version = 3
	var b bytes.Buffer
	if err := WriteRosterICS(&b, book, "agent-001", opt); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		t.Error("a line does not end in CR LF")
	}
	for _, line := range strings.Split(b.String(), "\r\n") {
		if len(line) > 75 {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	cal, err := ical.ParseCalendar(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	var want []RosterCell
	var days []calendar.Date
	for d, c := range book.Agents[0].Days {
		if c.Kind == Working || c.Kind == OnLeave {
			want, days = append(want, c), append(days, book.First.Add(d))
		}
	}
	events := cal.Events()
	if len(events) != len(want) {
		t.Fatalf("%d events, want %d", len(events), len(want))
	}
	for i, e := range events {
		start, err := e.GetStartAt()
		if err != nil {
			t.Fatal(err)
		}
		if at := days[i].At(want[i].Start, opt.Zone); want[i].Kind == Working && !start.Equal(at) {
			t.Errorf("event %d starts at %s, want %s", i, start, at)
		}
		if p := e.GetProperty(ical.ComponentPropertySequence); p == nil || p.Value != "3" {
			t.Errorf("event %d has sequence %v, want 3", i, p)
		}
	}
	if err := WriteRosterICS(io.Discard, book, "nobody", opt); err == nil {
		t.Error("unknown agent: want an error")
	}
	var all, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&all, &again} {
		if err := WriteRosterICS(w, book, "", opt); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(all.Bytes(), again.Bytes()) {
		t.Error("the same roster gives different calendars")
	}
	if strings.Contains(all.String(), "ziek") {
		t.Error("the calendar tells who is sick")
	}
}

// TestNightShiftICS holds that a shift over the clock change ends at the time
// that the wall shows.
func TestNightShiftICS(t *testing.T) {
	zone := amsterdam(t)
	book := RosterBook{First: calendar.NewDate(2026, 10, 24), Days: 1, Agents: []RosterAgent{{ID: "n", Days: []RosterCell{{Kind: Working, Start: 22 * 60, End: 30 * 60}}}}}
	var b bytes.Buffer
	if err := WriteRosterICS(&b, book, "n", Options{Zone: zone}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DTSTART:20261024T200000Z", "DTEND:20261025T050000Z"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("want %s in\n%s", want, b.String())
		}
	}
}

func TestCalendarRefused(t *testing.T) {
	at := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)
	ok := Event{UID: "1", Start: at, End: at.Add(time.Hour), Summary: "a,b;c\\d\nnext \x01line", Location: "hal"}
	var b bytes.Buffer
	if err := WriteCalendar(&b, "x", at, English, []Event{ok}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `SUMMARY:a\,b\;c\\d\nnext line`) {
		t.Errorf("text is not escaped:\n%s", b.String())
	}
	for name, list := range map[string][]Event{
		"double": {ok, ok},
		"no id":  {{Start: at, End: at.Add(1)}},
		"empty":  {{UID: "2", Start: at, End: at}},
	} {
		if err := WriteCalendar(io.Discard, "x", at, English, list); err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func TestRosterPages(t *testing.T) {
	book, opt := smallRoster(t, Dutch, 60)
	pages := map[string]func(io.Writer) error{
		"page": func(w io.Writer) error { return WriteRosterPage(w, book, "", opt) },
		"team": func(w io.Writer) error { return WriteRosterPage(w, book, "Belastingen", opt) },
		"wall": func(w io.Writer) error { return WriteWallRoster(w, book, opt) },
	}
	for name, write := range pages {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if !strings.Contains(text, "08:00-16:30") || !strings.Contains(text, `lang="nl"`) {
			t.Errorf("%s lacks a shift or the language", name)
		}
		if strings.Contains(strings.ToLower(text), "ziek") || strings.Contains(text, ">Z<") {
			t.Errorf("%s tells who is sick", name)
		}
		for _, bad := range []string{"<script", "http://", "https://", "<link", "@import"} {
			if strings.Contains(strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""), bad) {
				t.Errorf("%s is not self-contained: %s", name, bad)
			}
		}
	}
	var team bytes.Buffer
	if err := pages["team"](&team); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(team.String(), `<th scope="row">`); n != 20*4 {
		t.Errorf("team page has %d rows, want 20 agents in 4 weeks", n)
	}
	if WriteRosterPage(io.Discard, book, "nobody", opt) == nil || WriteAgentPage(io.Discard, book, "nobody", opt) == nil {
		t.Error("unknown team or agent: want an error")
	}
	var own bytes.Buffer
	if err := WriteAgentPage(&own, book, "agent-018", opt); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(own.String(), "agent-017") || strings.Contains(own.String(), "Medewerker 017") {
		t.Error("the page of one agent names another")
	}
	golden(t, "agent_nl.html", own.Bytes())
}

func keepPages(t *testing.T, dir string) {
	book, opt := smallRoster(t, Dutch, 60)
	for name, write := range map[string]func(io.Writer) error{
		"page.html":  func(w io.Writer) error { return WriteRosterPage(w, book, "", opt) },
		"wall.html":  func(w io.Writer) error { return WriteWallRoster(w, book, opt) },
		"agent.html": func(w io.Writer) error { return WriteAgentPage(w, book, "agent-010", opt) },
	} {
		if err := WriteFile(filepath.Join(dir, name), write); err != nil {
			t.Fatal(err)
		}
	}
}
