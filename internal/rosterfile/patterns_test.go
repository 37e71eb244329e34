package rosterfile

import (
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// Rotations are read in either language, after the shifts, and held to them.
func TestPatterns(t *testing.T) {
	opt := TeamOptions{Zone: amsterdam(t), Today: calendar.NewDate(2026, time.December, 1)}
	team := "id,contract_hours,skills,team,pattern,pattern_from\na1,24,phone,one,ploeg,2026-11-23\na2,24,phone,two,,\n"
	shifts := "name,earliest_start,length\nvroeg,07:00,8h\nlaat,14:00,8h\n"
	good := "patroon;week;ma;di;wo;do;vr;za;zo;teams;van\nploeg;1;vroeg;vroeg;x;;vrij;-;-;two;30-11-2026\nploeg;2;laat!;14:00-22:00;vroeg/laat;;;-;-;;\n"
	got, err := ReadTeam(writeAll(t, map[string]string{"1.csv": good, "2.csv": team, "3.csv": shifts}), nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Patterns) != 1 || len(got.Patterns[0].Days) != 14 {
		t.Fatalf("rotations %+v", got.Patterns)
	}
	x := got.Patterns[0]
	if x.Teams[0] != "two" || !x.HasFrom || !x.Days[4].Off || !x.Days[2].Must || !x.Days[7].Must || x.Days[7].Shifts[0] != "laat" || x.Days[8].End != 22*60 || len(x.Days[9].Shifts) != 2 {
		t.Errorf("rotation %+v", x)
	}
	if a := got.Agents[0]; a.Pattern != "ploeg" || !a.HasPatternFrom || a.PatternFrom != calendar.NewDate(2026, time.November, 23) {
		t.Errorf("agent %+v", a)
	}
	for want, bad := range map[string]string{
		"is not a shift":    "pattern,week,mo\nploeg,1,nacht\n",
		"in order, from 1":  "pattern,week,mo\nploeg,2,vroeg\n",
		"no such rotation":  "pattern,week,mo\nother,1,vroeg\n",
		"name of a rotatio": "pattern,week,mo\n,1,vroeg\n",
	} {
		if _, err := ReadTeam(writeAll(t, map[string]string{"1.csv": bad, "2.csv": team, "3.csv": shifts}), nil, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", want, err)
		}
	}
}
