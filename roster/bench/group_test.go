package bench

import (
	"context"
	"slices"
	"testing"
)

// Nurses without a common skill are problems of their own; those linked by a third are not.
func TestGroupsBySkill(t *testing.T) {
	n := skilledNurses()
	p, err := newNurseProblem(n)
	if err != nil {
		t.Fatal(err)
	}
	got := p.groups()
	if len(got) != 2 || !slices.Equal(got[0].staff, []int{3}) || !slices.Equal(got[1].staff, []int{0, 1, 2}) || got[0].types != 1 || got[1].types != 2 {
		t.Fatalf("groups %+v", got)
	}
}

// The bounds of the groups add up to one of the whole: here, where all costs are known, to the optimum.
func TestBoundOfGroups(t *testing.T) {
	r, err := SolveNurses(context.Background(), skilledNurses(), Options{Effort: 4, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	// Nurses 0 to 2 meet their cover of two a day; nurse 3 alone cannot make two.
	if r.Objective != 7*priceCover || r.Bound != r.Objective {
		t.Fatalf("objective %d, bound %d, want %d", r.Objective, r.Bound, 7*priceCover)
	}
}

// skilledNurses is a week of four nurses, two skills linked by nurse 1 and a third apart, without rules
// on lines.
func skilledNurses() *Nurses {
	n := &Nurses{Name: "groups", Weeks: 1, Skills: []string{"a", "b", "c"}}
	n.Shifts = []NurseShift{{ID: "E", MinRun: 1, MaxRun: 9}}
	n.Contracts = []Contract{{ID: "full", MaxTotal: 9, MinWork: 1, MaxWork: 9, MinFree: 1, MaxFree: 9, MaxWeekends: 9}}
	for i, skills := range [][]int{{0}, {0, 1}, {1}, {2}} {
		n.Staff = append(n.Staff, Nurse{ID: string(rune('p' + i)), Skills: skills, Last: -1, Free: 1})
	}
	for d := range 7 {
		n.Cover = append(n.Cover, SkillCover{Day: d, Skill: 0, Best: 1}, SkillCover{Day: d, Skill: 1, Best: 2}, SkillCover{Day: d, Skill: 2, Best: 2})
	}
	return n
}
