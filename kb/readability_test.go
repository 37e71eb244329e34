package kb

import (
	"math"
	"strings"
	"testing"
)

// TestEase holds the formulas on texts whose words, sentences and syllables are
// counted by hand.
func TestEase(t *testing.T) {
	dutch := strings.Repeat("De kat zit op de mat. ", 6)                             // 36 words, 6 sentences, 36 syllables
	long := strings.Repeat("De gemeente behandelt aanvragen binnen acht weken. ", 5) // 35 words, 5 sentences; 1+3+3+3+2+1+2 = 15 syllables each
	english := strings.Repeat("The cat sat on the mat and it was not happy. ", 3)    // 33 words, 3 sentences, 12 syllables each
	for _, c := range []struct {
		lang, text string
		want       float64
	}{
		{"nl", dutch, 206.84 - 0.93*6 - 77},
		{"nl", long, 206.84 - 0.93*7 - 77*15./7},
		{"en", english, 206.835 - 1.015*11 - 84.6*12./11},
	} {
		if got := Ease(c.lang, c.text); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("Ease(%s, %.30q) = %.3f, want %.3f", c.lang, c.text, got, c.want)
		}
	}
	if e := Ease("nl", "Te kort."); !math.IsNaN(e) {
		t.Errorf("a short text has %v, want NaN", e)
	}
	if e := Ease("fr", dutch); !math.IsNaN(e) {
		t.Errorf("another language has %v, want NaN", e)
	}
}
