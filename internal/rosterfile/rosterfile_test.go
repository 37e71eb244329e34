package rosterfile

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
	"kcc/roster"
)

func open(t *testing.T, text string) *tabular.Reader {
	t.Helper()
	r, err := tabular.Open("f.csv", strings.NewReader(text), tabular.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParseBreaks(t *testing.T) {
	const m = time.Minute
	got, err := ParseBreaks("30m@3h-5h unpaid; 15m@1h30-3h paid; 15m@6h over 8h30")
	want := []roster.BreakTemplate{
		{Length: 30 * m, Earliest: 180 * m, Latest: 300 * m},
		{Length: 15 * m, Earliest: 90 * m, Latest: 180 * m, Paid: true},
		{Length: 15 * m, Earliest: 360 * m, Latest: 360 * m, Over: 510 * m},
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	again, err := ParseBreaks(FormatBreaks(got))
	if err != nil || !cmp.Equal(again, got) {
		t.Errorf("round trip: %v, %v", again, err)
	}
	for _, bad := range []string{"30m", "x@3h-4h", "30m@5h-3h", "30m@3h-5h free", "30m@3h over"} {
		if _, err := ParseBreaks(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestAvailabilityForms(t *testing.T) {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	text := "agent,from,to,weekday,kind,hours\n" +
		"a,2026-12-01,2026-12-03,,leave,7.2\n" +
		"a,09:00,14:30,ma-vr,beschikbaar,\n" +
		"a,2026-12-01 13:00,2026-12-03 12:00,,sick,\n" +
		"a,,,tue,unavailable,\n" +
		"a,2026-12-05,,,fixed:day,\n"
	got, err := Availability(open(t, text), func(id string) bool { return id == "a" }, []roster.Shift{{Name: "day"}}, zone)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 7 {
		t.Fatalf("%d rows: %+v", len(got), got)
	}
	d := calendar.NewDate(2026, time.December, 1)
	if v := got[0]; v.From != d || v.To != d+2 || v.Hours != 432*time.Minute {
		t.Errorf("leave %+v", v)
	}
	if v := got[1]; v.Start != 540 || v.End != 870 || !v.Days[1] || v.Days[6] || v.Kind != roster.Available {
		t.Errorf("available %+v", v)
	}
	if v := got[2]; v.From != d || v.To != d || v.Start != 780 || v.End != 1440 {
		t.Errorf("first day of sickness %+v", v)
	}
	if v := got[3]; v.From != d+2 || v.End != 720 {
		t.Errorf("last day of sickness %+v", v)
	}
	if v := got[5]; !v.Days[2] || v.Days[3] {
		t.Errorf("tuesdays %+v", v)
	}
	bad := "agent,from,to,weekday,kind,hours\nb,2026-12-01,,,leave,\na,2026-13-01,,,leave,\na,2026-12-02,2026-12-01,,leave,\na,,,xx,leave,\na,,,,feest,\na,,,,fixed:late,\n"
	_, err = Availability(open(t, bad), func(id string) bool { return id == "a" }, nil, zone)
	for _, want := range []string{
		`line 2: column "agent": value "b"`, `line 3: column "from": value "2026-13-01"`, `line 4: column "to"`,
		`line 5: column "weekday": value "xx"`, `line 6: column "kind": value "feest"`, `line 7: column "kind": value "fixed:late"`,
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestRosterRoundTrip(t *testing.T) {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	text := "agent,date,shift,start,end,breaks,paid_hours,skill_plan\n" +
		"a,2026-12-01,day,08:00,16:30,12:00+30u;15:15+15p,8,08:00 phone;10:00 chat\n" +
		"b,2026-12-01,night,23:00,07:00,02:00+30,7.5,23:00 phone\n"
	got, err := Roster(open(t, text), zone)
	if err != nil {
		t.Fatal(err)
	}
	if p := got[0].Paid(); p != 8*time.Hour {
		t.Errorf("paid %v", p)
	}
	if h := got[1].End.Sub(got[1].Start); h != 8*time.Hour {
		t.Errorf("night of %v", h)
	}
	if at := got[1].Breaks[0].Start; at.Day() != 2 || at.Hour() != 2 {
		t.Errorf("break at %v", at)
	}
	if s := FormatPlaced(got[0], zone) + " " + FormatPlan(got[0], zone); s != "12:00+30u;15:15+15p 08:00 phone;10:00 chat" {
		t.Error(s)
	}
	for _, bad := range []string{"a,2026-12-01,day,16:00,x,,8,", "a,2026-12-01,day,08:00,16:00,noon,8,", "a,2026-12-01,day,08:00,16:00,,8,phone"} {
		if _, err := Roster(open(t, "agent,date,shift,start,end,breaks,paid_hours,skill_plan\n"+bad+"\n"), zone); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
}

func TestRuleBook(t *testing.T) {
	book, err := DecodeRules("r.toml", strings.NewReader(`
default = "shop"
[shop]
base = "atw"
max_days_in_row = 5
daily_rest = "12h"
late_end = "21:00"
no_early_after = true
averages = [{weeks = 4, max = "40h"}]
[shop.night]
max_shift = "8h"
[free]
base = "none"
[fairness]
late = "20:00"
price = 0
[skills]
change = 0.5
`))
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(book.Fairness, Fairness{Late: 20 * 60, Price: -1}) { // 0 is no price, not the default
		t.Errorf("fairness %+v", book.Fairness)
	}
	if book.SkillChange != 0.5 {
		t.Errorf("price of a change of skill %g, want 0.5", book.SkillChange)
	}
	s := book.Sets["shop"]
	if book.Default != "shop" || s.MaxDaysInRow != 5 || s.DailyRest != 12*time.Hour || s.LateEnd != 21*time.Hour || !s.NoEarlyAfter ||
		s.Night.MaxShift != 8*time.Hour || s.WeeklyRest != 36*time.Hour || len(s.Averages) != 1 || s.Averages[0].Max != 40*time.Hour {
		t.Errorf("%+v", s)
	}
	if f := book.Sets["free"]; f.DailyRest != 0 || f.Name != "free" {
		t.Errorf("%+v", f)
	}
}

// What is wrong with a rule book is told at once, in order, with line, value and what was
// wanted.
func TestRuleBookFaults(t *testing.T) {
	for _, c := range []struct{ book, want string }{
		{"[a]\nbase = \"law\"", `line 2: a: base: value "law": want atw or none`},
		{"[a]\nbase = 5", `line 2: a: base: value "5": want atw or none`},
		{"[a]\n\nrest = \"11h\"", "line 3: a: rest: there is no such rule"},
		{"[a]\nmax_days_in_rwo = 5", "line 2: a: max_days_in_rwo: there is no such rule; did you mean max_days_in_row?"},
		{"[a]\ndaily_rest = 11", `line 2: a: daily_rest: value "11": want a duration such as "11h" or a time of day such as "22:00"`},
		{"[a]\nmax_starts = -1\n[b]\nmax_starts = \"2\"", "line 2: a: max_starts: value \"-1\": want a whole number, 0 for no limit\n" +
			"r.toml: line 4: b: max_starts: value \"2\": want a whole number, 0 for no limit"},
		{"[a]\n[a.night]\nmax_runs = 3", "line 3: a: night: max_runs: there is no such rule; did you mean max_run?"},
		{"[a]\naverages = [{weeks = 4, max = \"40h\"}, {weeks = 4, most = \"40h\"}]", "line 2: a: averages: 2: most: there is no such rule"},
		{"[a]\nno_early_after = 1", `line 2: a: no_early_after: value "1": want true or false`},
		{"default = \"b\"", `line 1: default: value "b": there is no table [b]`},
		{"default = 1", `line 1: default: value "1": want the name of a rule set in quotes`},
		{"defualt = \"shop\"", "line 1: defualt: there is no such setting; did you mean default?"},
		{"default = \"shop\n[shop]", "line 1: strings cannot contain newlines"},
		{"[a]\naverages = [{weeks = 4}]", "line 2: a: averages: 1: want weeks and max, both above 0"},
		{"[a]\naverages = [{weeks = 0, max = \"40h\"}]", `line 2: a: averages: 1: weeks: value "0": want a whole number from 1 to 52`},
		{"[a]\nbreaks = [{over = \"5h30\", total = \"30m\"}, {over = \"5h30\", total = \"30m\", piece = \"45m\"}]", "line 2: a: breaks: 2: want total, above 0 and at most 4h, and a piece that is no longer"},
		{"[a]\nbreaks = [{}]", "line 2: a: breaks: 1: want total"},
		{"[a]\nmax_shift = \"-0:30\"", `line 2: a: max_shift: value "-0:30": want a duration`},
		{"[a]\nmin_days_off = 100000000", `line 2: a: min_days_off: value "100000000": want at most 14`},
		{"[a]\nweekly_within = \"2562047h\"", `line 2: a: weekly_within: value "2562047h": want at most 1344h`},
		{"[a]\nweekly_rest = \"200h\"", "line 2: a: weekly_rest: it is longer than weekly_within, in which it has to lie"},
		{"[a]\nlate_end = \"30h\"", `line 2: a: late_end: value "30h": want a time of day such as "22:00"`},
		{"[skils]\nchange = 1", "line 1: skils: there is no such table; did you mean skills?"},
		{"[fairnes]", "line 1: fairnes: there is no such table; did you mean fairness?"},
		{"max_shift = \"9h\"", "line 1: max_shift: a rule stands in a table of rules: want a line such as [shop] above it"},
		{"\n\n[[shop]]\nbase = \"none\"", "line 3: shop: want a table [shop]"},
		{"default = \"sohp\"\n[shop]\nbase = \"none\"", `line 1: default: value "sohp": there is no table [sohp]; did you mean shop?`},
		{"default = \"shop\"\nshop = 3", "line 2: shop: there is no such setting"},
		{"\"a\\nb\" = 3", `line 1: "a\nb": there is no such setting`},
		// Lines.
		{"\n\n[[skills]]\nchange = 1", "line 3: skills: want a table [skills]"},
		{"\n\npresence.name = \"x\"", "line 3: presence: want tables [[presence]]"},
		{"[a]\nmax_shift = \"9h\"\n\n[[a.night]]\nmax_shift = \"8h\"", "line 4: a: night: want a table"},
		{"default = \"\"\"\n[a]\nmax_shift = 3\n\"\"\"\n[a]\nmax_starts = -1", "line 1: default: value"},
		{"[a]\nmax_shift = \"\"\"\n[b]\n11h\"\"\"\nmax_week = 3", "line 2: a: max_shift: value"},
		{"[a]\nnight = {\n  max_shift = \"9h\", # a comment }\n  max_run = 3\n}\nmax_shift = 3", `line 6: a: max_shift: value "3"`},
		{"[a]\nbase = 'none'\n'max_shfit' = \"9h\"", "line 3: a: max_shfit: there is no such rule; did you mean max_shift?"},
		{"default = \"none\"\n[\"my.shop\"]\nbase = \"none\"\nmax_shfit = \"9h\"", "line 4: my.shop: max_shfit: there is no such rule"},
		{"[[a.averages]]\nweeks = 4\nmax = \"40h\"\n[[ a . averages ]]\nweeks = \"z\"", `line 5: a: averages: 2: weeks: value "z"`},
		{"\ufeff[a]\r\nmax_shift = 3", `line 2: a: max_shift: value "3"`},
		{"[a]\naverages = [" + strings.Repeat("{weeks = 0, max = \"40h\"}, ", 11) + "]", "line 2: a: averages: 1: weeks: value \"0\": want a whole number from 1 to 52\nr.toml: line 2: a: averages: 2: weeks"},
		{"[[presence]]\nname = \"a\"\nskill = \"keys\"\nhours = \"mo closed\"", `line 1: presence: 1: want hours such as`},
		{"[[presence]]\nname = 5\nskill = \"keys\"\nhours = \"mo 08:00-09:00\"", `line 2: presence: 1: name: value "5": want a text`},
		{"[[presence]]\nname = \" \"\nskill = \"keys\"\nhours = \"mo 08:00-09:00\"", "line 1: presence: 1: want a name"},
		{"[fairness]\nlate = \"noon\"", `line 2: fairness: late: value "noon": want a time of day such as "20:00"`},
		{"[fairness]\nprice = 51", `line 2: fairness: price: value "51": want a number from 0 to 50`},
		{"[fairness]\nlate = \"20:00\"\ndays = [\"12-24\", \"32-1\"]", `line 3: fairness: days: 2: value "32-1": want a day such as "12-24" or "2026-12-31"`},
		{"[skills]\nchange = -1", `line 2: skills: change: value "-1": want a number from 0 to 10`},
		{"[skills]\nchange = nan", `line 2: skills: change: value "NaN": want a number from 0 to 10`},
		{"[skills]\nprice = 1", "line 2: skills: price: want change"},
		{"skills = 1", `line 1: skills: value "1": want a table [skills]`},
		{"[[presence]]\nname = \"a\"\nskill = \"keys\"", `line 1: presence: 1: want hours such as "mo-fr 08:00-09:00"`},
		{"[[presence]]\nname = \"a\"\nskill = \"keys\"\nhours = \"mo 08:00-09:00\"\n[[presence]]\nname = \"b\"\nteam = \"t\"\nleast = 0\nhours = \"mo 08:00-09:00\"", `line 8: presence: 2: least: value "0": want a whole number of 1 or more`},
	} {
		_, err := DecodeRules("r.toml", strings.NewReader(c.book))
		if err == nil {
			t.Errorf("%q is accepted", c.book)
		} else if got := err.Error(); !strings.HasPrefix(got, "r.toml: "+c.want) {
			t.Errorf("%q: %s\nwant r.toml: %s", c.book, got, c.want)
		}
	}
	for _, good := range []string{
		"[a]\nmax_shift = 0", "[a]\nmin_days_off = 2\nfree_sundays = 52", "[a]\nbreaks = []", "[a]\naverages = [\n{weeks = 4, max = \"40h\"},\n]",
		"presence = [{name = \"a\", skill = \"keys\", hours = \"mo 08:00-09:00\"}]", "[a]\nbreaks = [{total = \"30m\"}]", "[a]\nbase = \"none\"\nweekly_rest = \"36h\"",
	} {
		if _, err := DecodeRules("r.toml", strings.NewReader(good)); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

// A series without a channel has the skill "all": every agent serves it, unless
// somebody has a skill of that name.
func TestRequirementWithoutSkill(t *testing.T) {
	loc := time.UTC
	first := calendar.NewDate(2026, 11, 30)
	in := Input{
		Zone: loc, First: first, Days: 7,
		Agents:       []roster.Agent{{ID: "agent-001", Contract: 32 * time.Hour, Skills: []roster.Skill{{Name: "phone"}}}},
		Shifts:       []roster.Shift{{Name: "short", EarliestStart: 480, LatestStart: 540, Every: 30 * time.Minute, MinLength: 4 * time.Hour, MaxLength: 4 * time.Hour}},
		Requirements: []Requirement{{Start: first.At(540, loc), Step: 15 * time.Minute, Skill: "all", Need: 1}},
	}
	p, notes, err := in.Problem()
	if err != nil || p.Agents[0].Efficiency("all") != 1 || len(notes) == 0 {
		t.Errorf("agent has %v for all, notes %v, %v; want 1 and a note", p.Agents[0].Efficiency("all"), notes, err)
	}
	if in.Agents[0].Efficiency("all") != 0 {
		t.Error("the input was changed")
	}
	in.Agents = append(in.Agents, roster.Agent{ID: "agent-002", Contract: 32 * time.Hour, Skills: []roster.Skill{{Name: "all"}}})
	if p, _, _ := in.Problem(); p.Agents[0].Efficiency("all") != 0 {
		t.Error("an agent without the skill got it although another has it")
	}
}

// TestFairDays: days of every year and single days count as holidays.
func TestFairDays(t *testing.T) {
	read := func(table map[string]any) (Fairness, error) {
		in := &faults{}
		return fairness(in.at("fairness"), table), in.err()
	}
	f, err := read(map[string]any{"days": []any{"12-24", "2026-12-31", "02-29"}, "special_days": false})
	if err != nil || !f.Plain {
		t.Fatalf("%+v, %v", f, err)
	}
	p := roster.Problem{First: calendar.NewDate(2026, time.December, 21), Days: 28}
	f.Apply(&p)
	var got []string
	for _, d := range p.OwnDays {
		got = append(got, d.String())
	}
	if want := []string{"2025-12-24", "2026-12-24", "2027-12-24", "2026-12-31"}; !slices.Equal(got, want) {
		t.Errorf("days %v, want %v", got, want)
	}
	for _, bad := range []map[string]any{{"days": "12-24"}, {"days": []any{"24 December"}}, {"days": []any{"13-01"}}, {"special_days": "no"}} {
		if _, err := read(bad); err == nil {
			t.Errorf("%v is read", bad)
		}
	}
}

// TestUsualDutchHeadings: the headings that people write by themselves.
func TestUsualDutchHeadings(t *testing.T) {
	shifts, err := Shifts(open(t, "Naam;Vroegste start;Laatste start;Lengte;Pauze\ndag;08:00;09:00;8u30;30m@3h30m-5h onbetaald\n"))
	if err != nil || len(shifts) != 1 || shifts[0].MaxLength != 8*time.Hour+30*time.Minute || len(shifts[0].Breaks) != 1 {
		t.Errorf("%+v, %v", shifts, err)
	}
	list, err := Availability(open(t, "Medewerker;Vanaf;Tot en met;Reden\nBram;7-12-2026;11-12-2026;verlof\n"), func(string) bool { return true }, nil, time.UTC)
	if err != nil || len(list) != 1 || list[0].Kind != roster.Leave || list[0].To.String() != "2026-12-11" {
		t.Errorf("%+v, %v", list, err)
	}
}

// TestUsualWordsOfAbsence: what people write for leave, sickness and wishes.
func TestUsualWordsOfAbsence(t *testing.T) {
	words := map[roster.Kind][]string{
		roster.Leave: {"leave", "Vakantie", "bijzonder_verlof", "holiday"}, roster.Sick: {"sick", "Ziekte", "verzuim"},
		roster.Unavailable: {"niet_beschikbaar", "afwezig", "not available"}, roster.Prefer: {"graag", "liever_wel"}, roster.Avoid: {"liever niet", "rather not"},
	}
	for kind, list := range words {
		for _, w := range list {
			got, err := Availability(open(t, "agent,from,to,kind\na,2026-12-07,2026-12-07,"+w+"\n"), func(string) bool { return true }, nil, time.UTC)
			if err != nil || len(got) != 1 || got[0].Kind != kind {
				t.Errorf("%q is %+v, %v; want %s", w, got, err, kind)
			}
		}
	}
	if _, err := Availability(open(t, "agent,from,to,kind\na,2026-12-07,2026-12-07,feest\n"), func(string) bool { return true }, nil, time.UTC); err == nil || !strings.Contains(err.Error(), "verlof, ziek") {
		t.Errorf("feest: %v", err)
	}
}
