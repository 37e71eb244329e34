package privacy

import "testing"

// TestNormalise holds the forms that the references in stores were made of.
func TestNormalise(t *testing.T) {
	for _, c := range []struct{ kind, in, want string }{
		{Phone, "06-12345678", "+31612345678"},
		{Phone, "0031 6 12345678", "+31612345678"},
		{Phone, " +31 (0)6 1234 5678 ", "+31612345678"},
		{Phone, "+49 030 1234567", "+490301234567"},
		{Phone, "(020) 6241111", "+31206241111"},
		{Phone, "000612345678", "+0612345678"},
		{Phone, "6241111", "+6241111"},
		{Phone, "0", "+31"},
		{BSN, "0012.34.567", "1234567"},
		{Email, " Jan.De Vries@Voorbeeld.NL", "jan.devries@voorbeeld.nl"},
		{Number, "K-É 12\u00a0b", "k-é12b"},
		{Number, "a\xffB", "a\ufffdb"},
	} {
		if got := Normalise(c.kind, c.in); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.kind, c.in, got, c.want)
		}
	}
}
