package flow

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/centre"
	"kcc/roster"
)

func TestSkillNames(t *testing.T) {
	c := &centre.Centre{Channels: []centre.Channel{
		{Name: "phone", Title: "Telefoon 14 0xx", Skill: "voice"},
		{Name: "email", Skill: "written"},
		{Name: "post", Skill: "written", Queues: []string{"Postkamer"}},
		{Name: "bot", Kind: centre.Bot},
	}}
	asked := SkillsAsked(c)
	if want := []string{"voice", "written"}; !slices.Equal(asked, want) {
		t.Fatalf("SkillsAsked = %v, want %v", asked, want)
	}
	agents := []roster.Agent{
		{ID: "a", Skills: []roster.Skill{{Name: "telefoon"}, {Name: "ehbo"}}},
		{ID: "b", Skills: []roster.Skill{{Name: "Written", Efficiency: 0.7}, {Name: "brief", Efficiency: 0.9}}},
		{ID: "c", Skills: []roster.Skill{{Name: "postkamer"}, {Name: "e-mail", Efficiency: 1.1}}},
		{ID: "d", Skills: []roster.Skill{{Name: "belasting"}}},
		{ID: "e", Skills: []roster.Skill{{Name: "telefoon 14 0XX"}, {Name: "voice", Efficiency: 0.5}}},
		{ID: "f", Skills: []roster.Skill{{Name: "bot"}, {Name: "voice"}}},
	}
	shifts := []roster.Shift{{Name: "x", Skills: []string{"Telefonie", "written"}}}
	uses := SkillNames(agents, shifts, asked, func(s string) (string, bool) { return ChannelSkill(c, s) })
	var got [][]roster.Skill
	for _, a := range agents {
		got = append(got, a.Skills)
	}
	want := [][]roster.Skill{
		{{Name: "voice"}, {Name: "ehbo"}},
		{{Name: "written", Efficiency: 0.9}},
		{{Name: "written", Efficiency: 1.1}},
		{{Name: "belasting"}},
		{{Name: "voice"}},
		{{Name: "bot"}, {Name: "voice"}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("skills of the agents (-want +got):\n%s", d)
	}
	if want := []string{"voice", "written"}; !slices.Equal(shifts[0].Skills, want) {
		t.Errorf("skills of the shift = %v, want %v", shifts[0].Skills, want)
	}
	type use struct {
		Name, Skill string
		Idle        bool
	}
	var short []use
	for _, u := range uses {
		short = append(short, use{u.Name, u.Skill, u.Idle})
	}
	wantUses := []use{
		{"telefoon", "voice", false},
		{"ehbo", "", false},
		{"Written", "written", false},
		{"brief", "written", false},
		{"postkamer", "written", false},
		{"e-mail", "written", false},
		{"belasting", "", true},
		{"telefoon 14 0XX", "voice", false},
		{"bot", "", false},
		{"Telefonie", "voice", false},
	}
	if d := cmp.Diff(wantUses, short); d != "" {
		t.Errorf("uses (-want +got):\n%s", d)
	}
}

func TestWordSkill(t *testing.T) {
	agents := []roster.Agent{{ID: "a", Skills: []roster.Skill{{Name: "Telefoon"}}}, {ID: "b", Skills: []roster.Skill{{Name: "mail"}}}}
	asked := []string{"phone"}
	SkillNames(agents, nil, asked, WordSkill(asked))
	if got := agents[0].Skills[0].Name; got != "phone" {
		t.Errorf("Telefoon is taken for %q, want phone", got)
	}
	if got := agents[1].Skills[0].Name; got != "mail" {
		t.Errorf("mail is taken for %q, want mail as it was", got)
	}
}
