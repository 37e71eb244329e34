package channel

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"kcc/contacts"
	"kcc/internal/calendar"
)

func drawCounts(t *rapid.T, label string) Counts {
	c := Counts{}
	for range rapid.IntRange(1, 12).Draw(t, label) {
		c.Add(fmt.Sprint("c", rapid.IntRange(0, 4).Draw(t, "channel")), fmt.Sprint("s", rapid.IntRange(0, 4).Draw(t, "subject")), float64(rapid.IntRange(1, 5000).Draw(t, "n")))
	}
	return c
}

// The parts of a change add up to it, for every channel and in all, whatever
// channels and subjects a period lacks; over all channels only volume is left.
func TestShiftIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, after := drawCounts(t, "before"), drawCounts(t, "after")
		_, n0 := before.totals()
		_, n1 := after.totals()
		tol := 1e-12 * (n0 + n1)
		var volume, topics, choice float64
		for _, c := range Shift(before, after) {
			if d := c.After - c.Before - c.Volume - c.Topics - c.Choice; math.Abs(d) > tol {
				t.Fatalf("%s: parts miss the change by %g", c.Channel, d)
			}
			volume += c.Volume
			topics += c.Topics
			choice += c.Choice
		}
		if math.Abs(volume+topics+choice-(n1-n0)) > 10*tol {
			t.Fatalf("parts of all channels add up to %g, want %g", volume+topics+choice, n1-n0)
		}
	})
}

// By hand: 100 contacts become 200, the subjects stay even, phone falls from 80
// to 60 per cent of both.
func TestShiftByHand(t *testing.T) {
	before, after := Counts{}, Counts{}
	for _, s := range []string{"a", "b"} {
		before.Add("phone", s, 40)
		before.Add("chat", s, 10)
		after.Add("phone", s, 60)
		after.Add("chat", s, 40)
	}
	for _, c := range Shift(before, after) {
		want := Change{Channel: "phone", Before: 80, After: 120, Volume: 70, Choice: -30}
		if c.Channel == "chat" {
			want = Change{Channel: "chat", Before: 20, After: 80, Volume: 30, Choice: 30}
		}
		if math.Abs(c.Volume-want.Volume)+math.Abs(c.Topics)+math.Abs(c.Choice-want.Choice) > 1e-9 || c.Before != want.Before || c.After != want.After {
			t.Errorf("got %+v, want %+v", c, want)
		}
	}
}

// Mix and cost, over all channels, are the change of the mean cost per contact.
func TestPricesAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) []Line {
			var out []Line
			for i := range rapid.IntRange(1, 5).Draw(t, label) {
				n := float64(rapid.IntRange(1, 3000).Draw(t, "n"))
				out = append(out, Line{Keys: []string{fmt.Sprint("c", (i+rapid.IntRange(0, 2).Draw(t, "skip"))%6)}, Cell: contacts.Cell{Contacts: n}, Cost: n * rapid.Float64Range(0, 20).Draw(t, "cost")})
			}
			return out
		}
		list, was, is := Prices(draw("before"), draw("after"))
		sum := 0.0
		for _, p := range list {
			sum += p.ByMix + p.ByPrice
		}
		if math.Abs(sum-(is-was)) > 1e-10 {
			t.Fatalf("parts add up to %g, want %g", sum, is-was)
		}
	})
}

func TestCost(t *testing.T) {
	r := Rates{"chat": {Wage: 30, Productive: 0.75, Occupancy: 0.8, Concurrency: 2, PerContact: 0.15}, "bot": {PerContact: 0.08}, "": {Wage: 30, Productive: 0.75, Occupancy: 0.8, AHT: 360}}
	for _, c := range []struct {
		cell        contacts.Cell
		cost, hours float64
	}{
		// 10 chats of 12 minutes, two at once: one hour, at 30 / 0.6, and 1.50 for the channel
		{contacts.Cell{Channel: "chat", Contacts: 10, Answered: 10, HandleSum: 7200, HandleN: 10}, 51.5, 1},
		// half of the handle times are known
		{contacts.Cell{Channel: "chat", Contacts: 10, Answered: 10, HandleSum: 3600, HandleN: 5}, 51.5, 1},
		{contacts.Cell{Channel: "bot", Contacts: 100}, 8, 0},
		{contacts.Cell{Channel: "fax", Contacts: 10}, 50, 1},
	} {
		cost, hours := r.Cost(&c.cell)
		if math.Abs(cost-c.cost) > 1e-9 || math.Abs(hours-c.hours) > 1e-9 {
			t.Errorf("%s: cost %g, hours %g; want %g, %g", c.cell.Channel, cost, hours, c.cost, c.hours)
		}
	}
}

func TestJudge(t *testing.T) {
	today := calendar.NewDate(2026, 11, 22)
	nan := math.NaN()
	for _, c := range []struct {
		name string
		s    Standing
		want Status
	}{
		{"clear", Standing{Goal: Goal{Goal: 0.5, MinCSAT: nan}, Now: 0.6, Lo: 0.55, Hi: 0.65}, Reached},
		{"within the interval", Standing{Goal: Goal{Goal: 0.5, MinCSAT: nan}, Now: 0.52, Lo: 0.48, Hi: 0.56}, Near},
		{"below", Standing{Goal: Goal{Goal: 0.5, MinCSAT: nan}, Now: 0.4, Lo: 0.38, Hi: 0.42, Before: nan}, Behind},
		{"at the pace", Standing{Goal: Goal{Goal: 0.5, By: today + 182, MinCSAT: nan}, Now: 0.4, Lo: 0.38, Hi: 0.42, Before: 0.34}, OnTrack},
		{"too slow", Standing{Goal: Goal{Goal: 0.5, By: today + 182, MinCSAT: nan}, Now: 0.4, Lo: 0.38, Hi: 0.42, Before: 0.38}, Behind},
		{"ceiling kept", Standing{Goal: Goal{Goal: 0.5, AtMost: true, MinCSAT: nan}, Now: 0.4, Lo: 0.38, Hi: 0.42}, Reached},
		{"customers dislike it", Standing{Goal: Goal{Goal: 0.5, MinCSAT: 7.5}, Now: 0.6, Lo: 0.55, Hi: 0.65, CSATNow: 6.9}, CostsCSAT},
		{"nothing known", Standing{Goal: Goal{Goal: 0.5, MinCSAT: nan}, Now: nan}, NoData},
	} {
		c.s.Judge(today, 91)
		if c.s.Status != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.s.Status, c.want)
		}
	}
}
