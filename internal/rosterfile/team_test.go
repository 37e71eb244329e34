package rosterfile

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

func amsterdam(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The template is read back as it is, in either language, to the same team.
func TestTemplateReadsBack(t *testing.T) {
	first := calendar.NewDate(2026, time.November, 30)
	var teams []Team
	for _, lang := range []output.Lang{output.English, output.Dutch} {
		path := filepath.Join(t.TempDir(), "team.xlsx")
		var buf bytes.Buffer
		if err := WriteTemplate(&buf, first, output.Options{Lang: lang, Zone: amsterdam(t)}); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, buf.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		team, err := ReadTeam([]string{path}, nil, TeamOptions{Zone: amsterdam(t), Today: first})
		if err != nil {
			t.Fatal(err)
		}
		teams = append(teams, team)
	}
	en, nl := teams[0], teams[1]
	if len(en.Agents) != 2 || len(en.Shifts) != 2 || len(en.Availability) != 3 || len(en.Meetings) != 2 {
		t.Fatalf("%d agents, %d shifts, %d rows, %d meetings; want 2, 2, 3, 2", len(en.Agents), len(en.Shifts), len(en.Availability), len(en.Meetings))
	}
	if len(en.Patterns) != 1 || len(en.Patterns[0].Days) != 14 || !en.Patterns[0].Days[7].Off || en.Patterns[0].From != first || !cmp.Equal(en.Patterns[0].Days, nl.Patterns[0].Days) {
		t.Errorf("rotations %+v and %+v", en.Patterns, nl.Patterns)
	}
	a := en.Agents[0]
	if a.Contract != 36*time.Hour || !a.HasMax || a.Max != 40*time.Hour || a.MaxDaysPerWeek != 5 || a.Efficiency("chat") != 0.8 || a.CostPerHour != 31.5 {
		t.Errorf("first agent %+v", a)
	}
	if v := en.Availability[2]; v.Kind != roster.Avoid || v.Weight != 2 || !v.Days[time.Thursday] || v.Start != 17*60 {
		t.Errorf("wish %+v", v)
	}
	if m := en.Meetings[1]; m.Fixed() || m.Length != 45*time.Minute || m.Times != 2 || !m.Together || m.From != first {
		t.Errorf("meeting %+v", m)
	}
	for i := range nl.Agents { // names differ, the rest is equal
		if i == 1 && (en.Agents[i].Pattern != "fixed days" || nl.Agents[i].Pattern != "vaste dagen") {
			t.Errorf("rotations %q and %q", en.Agents[i].Pattern, nl.Agents[i].Pattern)
		}
		nl.Agents[i].Pattern = en.Agents[i].Pattern
		nl.Agents[i].Name, nl.Agents[i].Team, nl.Agents[i].Notes = en.Agents[i].Name, en.Agents[i].Team, en.Agents[i].Notes
	}
	if d := cmp.Diff(en.Agents, nl.Agents) + cmp.Diff(en.Availability, nl.Availability); d != "" {
		t.Errorf("English and Dutch differ: %s", d)
	}
	for i := range en.Shifts {
		nl.Shifts[i].Name = en.Shifts[i].Name
	}
	if d := cmp.Diff(en.Shifts, nl.Shifts); d != "" {
		t.Error(d)
	}
}

func writeAll(t *testing.T, files map[string]string) []string {
	dir := t.TempDir()
	var out []string
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out = append(out, path)
	}
	slices.Sort(out)
	return out
}

// Contracts in a table of their own: the one in force counts, overlaps and
// strangers are told.
func TestSeparateContracts(t *testing.T) {
	opt := TeamOptions{Zone: amsterdam(t), Today: calendar.NewDate(2026, time.December, 1)}
	people := "id;naam;team\nA1;Een;x\nA2;Twee;x\n"
	contracts := "medewerker;contracturen;geldig van;geldig tot\nA1;24;1-1-2026;30-11-2026\nA1;32;1-12-2026;\nA2;20;;\n"
	skills := "medewerker;vaardigheid;snelheid\nA1;phone;\nA2;phone;0,8\n"
	team, err := ReadTeam(writeAll(t, map[string]string{"1.csv": people, "2.csv": contracts, "3.csv": skills}), nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	if a := team.Agents[0]; a.Contract != 32*time.Hour || !a.HasFrom {
		t.Errorf("contract %v from %v, want 32h from 1 December", a.Contract, a.ValidFrom)
	}
	if e := team.Agents[1].Efficiency("phone"); e != 0.8 {
		t.Errorf("speed %v, want 0.8", e)
	}
	for name, bad := range map[string]string{
		"overlaps":     "medewerker;contracturen;geldig van;geldig tot\nA1;24;1-1-2026;2-12-2026\nA1;32;1-12-2026;\nA2;20;;\n",
		"not on":       "medewerker;contracturen\nA1;24\nA2;20\nA3;20\n",
		"no contract":  "medewerker;contracturen\nA1;24\n",
		"want hours":   "medewerker;contracturen\nA1;veel\nA2;20\n",
		"want a day o": "medewerker;contracturen;geldig van;geldig tot\nA1;24;2-1-2026;1-1-2026\nA2;20;;\n",
	} {
		_, err := ReadTeam(writeAll(t, map[string]string{"1.csv": people, "2.csv": bad, "3.csv": skills}), nil, opt)
		if want := strings.TrimPrefix(name, "want hours"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestMeetings(t *testing.T) {
	team := "id,contract_hours,skills,team\na1,24,phone,one\n"
	opt := TeamOptions{Zone: amsterdam(t), Today: calendar.NewDate(2026, time.December, 1)}
	good := "name,agents,length,from,to,latest,times,together\nweekly,one,1h,2026-12-01,2026-12-20,16:00,2,ja\ncourse,all,2h,,,,,\n"
	fixed := "name,agents,date,start,end\nmedical,a1,2026-12-02,09:00,10:30\n"
	got, err := ReadTeam(writeAll(t, map[string]string{"a.csv": team, "m.csv": good, "f.csv": fixed}), nil, opt)
	if err != nil || len(got.Meetings) != 3 {
		t.Fatalf("%d meetings, %v", len(got.Meetings), err)
	}
	a := &got.Agents[0]
	for i := range got.Meetings {
		if m := &got.Meetings[i]; !m.Asks(a) || m.Fixed() != (m.Name == "medical") {
			t.Errorf("%+v", m)
		}
	}
	for want, bad := range map[string]string{
		`"two" is neither an agent nor a team`: "name,agents,length\nweekly,two,1h\n",
		"want a duration such as 45m":          "name,agents,length\nweekly,one,\n",
		"want a time by which":                 "name,agents,length,earliest,latest\nweekly,one,2h,15:00,16:00\n",
		"want yes or no":                       "name,agents,length,together\nweekly,one,2h,perhaps\n",
	} {
		_, err := ReadTeam(writeAll(t, map[string]string{"a.csv": team, "m.csv": bad}), nil, opt)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
