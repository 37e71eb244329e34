package erlang

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestSpreadOutboundByHand(t *testing.T) {
	// 100 people, two attempts, room for 50 calls in the dull first slot and 100 in
	// the second: the second is filled first.
	o := Outbound{Records: 100, Attempts: 2, Talk: 100, Dial: 20}
	p := o.Spread([]OutboundSlot{{0.25, 50 * 40}, {0.5, math.Inf(1)}})
	// Slot 1 reaches 12.5 of 50, and slot 2 calls the 87.5 who are left.
	if !closeTo(p.PerSlot[0], 50, 1e-9, 0) || !closeTo(p.PerSlot[1], 87.5, 1e-9, 0) || !closeTo(p.Reached, 56.25, 1e-9, 0) {
		t.Fatalf("calls %v", p.PerSlot)
	}
	reached := p.PerSlot[0]*0.25 + p.PerSlot[1]*0.5
	if !closeTo(p.Reached, reached, 1e-9, 0) || !closeTo(p.SlotSeconds[1], p.PerSlot[1]*60, 1e-9, 0) {
		t.Errorf("reached %g, want %g; work %v", p.Reached, reached, p.SlotSeconds)
	}
	if sum := p.Reached + p.Left + p.Open; !closeTo(sum, 100, 1e-9, 0) {
		t.Errorf("%g people of 100", sum)
	}
	// One attempt and room in the good slot: the dull one is not used.
	o.Attempts = 1
	if p := o.Spread([]OutboundSlot{{0.25, math.Inf(1)}, {0.5, math.Inf(1)}}); p.PerSlot[0] > 1e-6 || !closeTo(p.Reached, 50, 1e-6, 0) {
		t.Errorf("one attempt: %+v", p)
	}
}

// With one chance for all and as many slots as attempts the spread is Work; in
// any case people and seconds add up and no slot has more work than room.
func TestSpreadOutboundAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		chance := rapid.Float64Range(0.01, 1)
		o := Outbound{
			Records: rapid.Float64Range(0, 5000).Draw(t, "records"), Attempts: rapid.IntRange(1, 6).Draw(t, "attempts"),
			Connect: []float64{chance.Draw(t, "connect")}, Talk: rapid.Float64Range(1, 600).Draw(t, "talk"),
			Dial: rapid.Float64Range(1, 60).Draw(t, "dial"), RightOne: rapid.Float64Range(0.01, 1).Draw(t, "right"),
		}
		open := make([]OutboundSlot, o.Attempts)
		for i := range open {
			open[i] = OutboundSlot{math.NaN(), math.Inf(1)}
		}
		w, p := o.Work(), o.Spread(open)
		if !closeTo(p.Calls, w.Calls, 1e-6, 1e-6) || !closeTo(p.Reached, w.Reached, 1e-6, 1e-6) || !closeTo(p.Seconds, w.Seconds, 1e-6, 1e-6) {
			t.Fatalf("spread %+v, work %+v", p.OutboundWork, w)
		}
		tight := make([]OutboundSlot, rapid.IntRange(0, 12).Draw(t, "slots"))
		for i := range tight {
			tight[i] = OutboundSlot{chance.Draw(t, "chance"), rapid.Float64Range(0, 2e5).Draw(t, "room")}
		}
		p = o.Spread(tight)
		calls, seconds := 0.0, 0.0
		for i := range tight {
			calls += p.PerSlot[i]
			seconds += p.SlotSeconds[i]
			if p.SlotSeconds[i] > tight[i].Room*(1+1e-9)+1e-9 {
				t.Fatalf("slot %d has %g s of work in %g s of room", i, p.SlotSeconds[i], tight[i].Room)
			}
		}
		if !closeTo(calls, p.Calls, 1e-9, 1e-9) || !closeTo(seconds, p.Seconds, 1e-9, 1e-9) || !closeTo(p.Reached+p.Left+p.Open, o.Records, 1e-9, 1e-6) {
			t.Fatalf("does not add up: %+v", p)
		}
	})
}

func TestOutboundCheck(t *testing.T) {
	good := Outbound{Records: 10, Attempts: 2, Connect: []float64{0.3}, Talk: 60, Dial: 20}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []Outbound{
		{Records: -1},
		{Records: math.NaN()},
		{Records: 1, Attempts: -1},
		{Records: 1, Connect: []float64{1.2}},
		{Records: 1, Talk: -1},
		{Records: 1, RightOne: 2},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
