package privacy

import "strings"

// maxHarmlessDigits is how many digits a word may hold to be shown in an error:
// a date has eight, a telephone number or BSN nine or more once the dashes are
// out.
const maxHarmlessDigits = 8

// Harmless returns a value for an error message, or "(hidden)" when it may be
// personal data that stands in the wrong place: an address with @, a long number,
// or more than a few words.
func Harmless(s string) string {
	digits := len(appendDigits(nil, s))
	// Times have up to fourteen digits, but with a colon.
	if strings.Contains(s, "@") || (digits > maxHarmlessDigits && !strings.Contains(s, ":")) || len(strings.Fields(s)) > 4 || len(s) > 60 {
		return "(hidden)"
	}
	return s
}
