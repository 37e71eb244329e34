package promise

import (
	"testing"
)

func TestEscalationReached(t *testing.T) {
	c := mustCalendar(t, Settings{})
	e, err := ParseEscalation("2wd manager; -4bh department; 0 department; -1wd coordinator; 8h night@example.org")
	if err != nil {
		t.Fatal(err)
	}
	due := instant(t, "2026-11-23 11:00") // a Monday
	for at, want := range map[string]string{
		"2026-11-20 08:59": "", "2026-11-20 09:00": "-1wd coordinator", "2026-11-20 15:00": "-1wd coordinator; -4bh department",
		"2026-11-23 11:00": "-1wd coordinator; -4bh department; 0 department",
		"2026-11-23 19:00": "-1wd coordinator; -4bh department; 0 department; 8h night@example.org",
		"2026-11-25 09:00": "-1wd coordinator; -4bh department; 0 department; 8h night@example.org; 2wd manager",
	} {
		got, err := e.Reached(c, due, instant(t, at))
		if err != nil || got.String() != want {
			t.Errorf("%s: %q (%v), want %q", at, got, err, want)
		}
	}
}

// FuzzParseEscalation holds that what is read can be written and read again.
func FuzzParseEscalation(f *testing.F) {
	for _, s := range []string{"", "-4bh department; 0 department; 2wd manager", "+1w x", "5", "-3d x", "0 a;;0 b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := ParseEscalation(s)
		if err != nil {
			return
		}
		again, err := ParseEscalation(e.String())
		if err != nil || again.String() != e.String() {
			t.Errorf("%q is written as %q, read as %q (%v)", s, e, again, err)
		}
	})
}
