package privacy

import "testing"

func TestIsBSN(t *testing.T) {
	for s, want := range map[string]bool{
		"111222333": true, "123456782": true, "123 456 782": true, "1234.56.782": true, "10000008": true, // 010000008
		"123456789": false, "000000000": false, "12345678": false, "1234567820": false, "12345678a": false, "": false,
	} {
		if got := IsBSN(s); got != want {
			t.Errorf("IsBSN(%q) = %t, want %t", s, got, want)
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct {
		name, text, want string
		all              bool
		n                int
	}{
		{"named before", "BSN: 123456782 belt morgen", "BSN: [BSN] belt morgen", false, 1},
		{"named after", "nummer 123456782 (bsn)", "nummer [BSN] (bsn)", false, 1},
		{"grouped", "sofinummer is 1234 56 782.", "sofinummer is [BSN].", false, 1},
		{"not named", "zaak 123456782 loopt", "zaak 123456782 loopt", false, 0},
		{"all", "zaak 123456782 loopt", "zaak [BSN] loopt", true, 1},
		{"fails the test", "bsn 123456789", "bsn 123456789", false, 0},
		{"longer number", "bsn 1234567820", "bsn 1234567820", true, 0},
		{"two", "bsn 123456782 en 111222333", "bsn [BSN] en [BSN]", false, 2},
		{"in a word", "bsn A123456782", "bsn A123456782", true, 0},
		{"telephone", "bel +31612345678", "bel +31612345678", true, 0},
		{"nothing", "goedemorgen", "goedemorgen", true, 0},
		{"with a dash", "BSN-nummer 123456782", "BSN-nummer [BSN]", false, 1},
	}
	for _, tt := range tests {
		got, n := Masker{All: tt.all}.Mask(tt.text)
		if got != tt.want || n != tt.n {
			t.Errorf("%s: %q, %d, want %q, %d", tt.name, got, n, tt.want, tt.n)
		}
	}
}
