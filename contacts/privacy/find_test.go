package privacy

import (
	"fmt"
	"testing"
)

func TestFind(t *testing.T) {
	f := NewFinder()
	tests := []struct {
		text string
		want string
	}{
		{"bsn 123456782", "map[bsn:1]"},
		{"dossier 123456782", "map[maybe_bsn:1]"},
		{"rekening NL91 ABNA 0417 1643 00 graag", "map[iban:1]"},
		{"rekening NL91ABNA0417164301", "map[]"},
		{"bel 06-12345678 of 020 624 1111", "map[phone:2]"},
		{"bel +31 6 12345678", "map[phone:1]"},
		{"mail jan.de-vries+kcc@example.co.uk", "map[email:1]"},
		{"woont op 1234 AB 12", "map[address:1]"},
		{"woont op 1234AB, nr. 12", "map[address:1]"},
		{"geboren op 1-2-1980", "map[birth_date:1]"},
		{"geboortedatum: 1980-02-01", "map[birth_date:1]"},
		{"afspraak op 1-2-2026 om 10:15", "map[]"},
		{"zaak 2026-0012345, 12 stuks, 3,50 euro", "map[]"},
		{"in 2026 is er veel gevraagd", "map[]"},
	}
	for _, tt := range tests {
		if got := fmt.Sprint(f.Find(tt.text)); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestSuppress(t *testing.T) {
	for _, tt := range []struct {
		counts []int
		want   string
	}{
		{[]int{10, 20, 30}, "[false false false]"},
		{[]int{10, 3, 30}, "[true true false]"}, // the smallest other one too
		{[]int{2, 3, 30}, "[true true false]"},
		{[]int{0, 4, 0}, "[false true false]"},
		{[]int{5}, "[false]"},
	} {
		if got := fmt.Sprint(Suppress(tt.counts)); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.counts, got, tt.want)
		}
	}
}

func TestHarmless(t *testing.T) {
	for s, want := range map[string]string{
		"telepathy": "telepathy", "2026-11-22 08:15": "2026-11-22 08:15", "22-11-2026": "22-11-2026", "06-12345678": "(hidden)",
		"a@b.nl": "(hidden)", "123456782": "(hidden)", "she asks when it comes": "(hidden)", "": "",
	} {
		if got := Harmless(s); got != want {
			t.Errorf("%q is shown as %q, want %q", s, got, want)
		}
	}
}
