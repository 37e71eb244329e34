package kb

import (
	"strings"
	"testing"
)

func TestDatesIn(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"tot en met 1 mei 2026, of vanaf 03-06-2026", "2026-05-01 2026-06-03"},
		{"from May 1st, 2026 until the 2nd of June 2027", "2026-05-01 2027-06-02"},
		{"on 2026-12-24 and again on 24-12-2026", "2026-12-24"},
		{"article 12 item 2026, 31 februari 2026, in 3 days 2026", ""},
	} {
		var got []string
		for _, d := range datesIn(tt.text) {
			got = append(got, d.String())
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("datesIn(%q) = %q, want %q", tt.text, s, tt.want)
		}
	}
}
