package cause

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"kcc/contacts"
	"kcc/internal/calendar"
)

var day0 = calendar.NewDate(2026, 9, 7)

func cell(day int, subject, kind, noted string, n, repeats float64) contacts.Cell {
	return contacts.Cell{
		Day: day0.Add(day), Channel: "phone", Direction: "inbound", Subject: subject, Kind: kind, Cause: noted,
		Contacts: n, Answered: n, HandleSum: 300 * n, HandleN: n, Repeats: repeats, Judgeable: n,
	}
}

func byCause(list []Derived) map[string]float64 {
	out := map[string]float64{}
	for _, d := range list {
		out[d.Cause+"|"+d.Rule] += d.Contacts
	}
	return out
}

func TestDeriveByRule(t *testing.T) {
	chase := Chase{Cell: cell(1, "building", "question", "", 1, 1), After: 3, Promised: "permits"}
	late := Chase{Cell: cell(1, "building", "question", "", 1, 0), After: 30, Promised: "permits"}
	cells := []contacts.Cell{
		cell(1, "building", "question", "", 6, 2), // one of the two repeats is the chase
		cell(1, "building", "status_chase", "", 3, 1),
		cell(1, "building", "question", "new_question", 4, 1),
	}
	got := byCause(Derive(cells, Rules(), []Chase{chase, late}, nil))
	want := map[string]float64{
		"missed_promise|chase after a missed promise": 1,

		"repeat|came back":              1,
		"status_chase|kind says status": 3,
		"|":                             4,
		"new_question|":                 4,
	}
	for k, n := range want {
		if math.Abs(got[k]-n) > 1e-9 {
			t.Errorf("%s = %g, want %g", k, got[k], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

func TestDeriveAfterMailing(t *testing.T) {
	var cells []contacts.Cell
	for d := range 70 {
		n := 10.0
		if d > 56 { // the mailing is on day 56
			n = 25
		}
		cells = append(cells, cell(d, "taxes", "question", "", n, 0))
	}
	m := []Occasion{{Name: "bills", Kind: Mailing, From: day0 + 56, To: day0 + 56, Subject: "taxes"}}
	got := byCause(Derive(cells, Rules(), nil, m))
	if n := got["unclear_letter|after a mailing"]; math.Abs(n-13*15) > 1e-9 {
		t.Errorf("%g contacts after the mailing, want the %d above usual", n, 13*15)
	}
}

// Whatever rules, chases and mailings there are, the parts of the cells add up to
// them in every count.
func TestDeriveKeepsEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		subjects := []string{"a", "b"}
		var cells []contacts.Cell
		var chases []Chase
		for range rapid.IntRange(1, 40).Draw(t, "cells") {
			n := float64(rapid.IntRange(1, 30).Draw(t, "n"))
			c := cell(rapid.IntRange(0, 60).Draw(t, "day"), rapid.SampledFrom(subjects).Draw(t, "subject"), rapid.SampledFrom([]string{"question", "status_chase"}).Draw(t, "kind"),
				rapid.SampledFrom([]string{"", "", "new_question"}).Draw(t, "cause"), n, float64(rapid.IntRange(0, int(n)).Draw(t, "repeats")))
			cells = append(cells, c)
			if c.Cause == "" && rapid.Bool().Draw(t, "chased") {
				one := cell(int(c.Day-day0), c.Subject, c.Kind, "", 1, 0)
				chases = append(chases, Chase{Cell: one, After: rapid.IntRange(1, 20).Draw(t, "after")})
			}
		}
		mailings := []Occasion{{Name: "m", Kind: Mailing, From: day0 + 20, To: day0 + 21, Subject: "a"}}
		rules := Rules()
		for i := range rules {
			rules[i].Off = rapid.Bool().Draw(t, "off")
		}
		var want, got contacts.Cell
		for i := range cells {
			want.Add(&cells[i])
		}
		for _, d := range Derive(cells, rules, chases, mailings) {
			if d.Contacts < 0 {
				t.Fatalf("a part of %g contacts", d.Contacts)
			}
			got.Add(&d.Cell)
		}
		if math.Abs(got.Contacts-want.Contacts) > 1e-6 || math.Abs(got.HandleSum-want.HandleSum) > 1e-4 || math.Abs(got.Judgeable-want.Judgeable) > 1e-6 {
			t.Fatalf("parts add up to %g contacts, %g s; want %g, %g", got.Contacts, got.HandleSum, want.Contacts, want.HandleSum)
		}
	})
}

// No line that is hidden can be read or worked out, and nothing is lost.
func TestHideSmallLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []Line
		total := 0.0
		for range rapid.IntRange(1, 12).Draw(t, "lines") {
			n := float64(rapid.IntRange(1, 20).Draw(t, "n"))
			total += n
			lines = append(lines, Line{Keys: []string{"k"}, Cell: contacts.Cell{Contacts: n}})
		}
		got := 0.0
		for _, l := range Hide(lines, "other") {
			if l.Contacts < SmallCell && total >= SmallCell {
				t.Fatalf("a line of %g contacts is shown", l.Contacts)
			}
			got += l.Contacts
		}
		if got != total {
			t.Fatalf("lines add up to %g, want %g", got, total)
		}
	})
}

func TestAvoidableShare(t *testing.T) {
	var list []Derived
	for w := range 10 {
		list = append(list,
			Derived{Cell: cell(7*w, "a", "question", "broken_form", 20, 0)},
			Derived{Cell: cell(7*w, "a", "question", "new_question", 60, 0)},
			Derived{Cell: cell(7*w, "a", "question", "", 20, 0)})
	}
	s := AvoidableShare(list, Book(Codes()), 0.95)
	if s.Ratio != 0.25 || s.Least != 0.2 || s.Most != 0.4 {
		t.Errorf("ratio %g, least %g, most %g; want 0.25, 0.2, 0.4", s.Ratio, s.Least, s.Most)
	}
	// Weeks that are all alike leave Wilson's interval of 200 in 800: 0.2212 to 0.2812.
	if math.Abs(s.Lo-0.2212) > 5e-4 || math.Abs(s.Hi-0.2812) > 5e-4 {
		t.Errorf("interval %.4f to %.4f, want 0.2212 to 0.2812", s.Lo, s.Hi)
	}
	list[0].Contacts = 200 // one week with a broken form widens it
	wide := AvoidableShare(list, Book(Codes()), 0.95)
	if wide.Hi-wide.Lo < 2*(s.Hi-s.Lo) {
		t.Errorf("interval %.3f to %.3f with one odd week is hardly wider than %.3f to %.3f", wide.Lo, wide.Hi, s.Lo, s.Hi)
	}
}

func TestWordsOfNotes(t *testing.T) {
	var notes, others []string
	for i := range 40 {
		others = append(others, "question about the passport")
		if i < 12 {
			notes = append(notes, "the form does not load", "question about the passport 123456782")
		}
	}
	got := Words(notes, others)
	if len(got) < 2 || got[0].Text != "form" && got[0].Text != "load" {
		t.Errorf("words %v, want form and load first", got)
	}
	for _, w := range got {
		if w.Text == "passport" || w.Text == "123456782" || w.Text == "does" {
			t.Errorf("%q is among the words", w.Text)
		}
	}
	if few := Words([]string{"the form does not load", "form broken"}, others); len(few) != 0 {
		t.Errorf("words of two notes: %v", few)
	}
}
