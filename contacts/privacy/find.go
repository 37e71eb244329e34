package privacy

import (
	"math/big"
	"regexp"
	"strings"
)

// Kinds of personal data that Find looks for in free text.
const (
	FoundBSN       = "bsn"
	FoundMaybeBSN  = "maybe_bsn" // passes the test, but no word names it
	FoundIBAN      = "iban"
	FoundPhone     = "phone"
	FoundEmail     = "email"
	FoundAddress   = "address" // postcode and house number
	FoundBirthDate = "birth_date"
)

// FoundKinds lists the kinds in the order of reports.
func FoundKinds() []string {
	return []string{FoundBSN, FoundMaybeBSN, FoundIBAN, FoundPhone, FoundEmail, FoundAddress, FoundBirthDate}
}

// finders are compiled per Finder, as a package holds no state of its own.
type finders struct {
	iban, phone, email, address, birth *regexp.Regexp
}

// Finder finds personal data in free text. It is safe for concurrent use.
type Finder struct{ re finders }

// NewFinder returns a Finder.
func NewFinder() *Finder {
	return &Finder{finders{
		iban: regexp.MustCompile(`(?i)\b[a-z]{2}[0-9]{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?\b`),
		// A Dutch number (ten digits from 0, or +31 or 0031) or an international one.
		phone:   regexp.MustCompile(`(?:\+|\b00)[1-9][0-9]{0,2}(?:[ -]?\(0\))?(?:[ -]?[0-9]){7,11}\b|\b0[1-9](?:[ -]?[0-9]){8}\b`),
		email:   regexp.MustCompile(`(?i)\b[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b`),
		address: regexp.MustCompile(`\b[1-9][0-9]{3}(?: ?[A-Z]{2}|[a-z]{2})\b[ ,]{0,3}(?:(?i:nr\.?|huisnummer|nummer) ?)?[1-9][0-9]{0,4}\b`),
		birth:   regexp.MustCompile(`(?i)\b(?:geboren(?: op)?|geboortedatum|geb\.?(?: ?datum)?|born(?: on)?|date of birth|dob)\b[ :]{0,3}(?:is )?(?:[0-3]?[0-9][-/. ][01]?[0-9][-/. ][0-9]{2,4}|[0-9]{4}-[01][0-9]-[0-3][0-9]|[0-3]?[0-9] [a-z]{3,9} [0-9]{4})`),
	}}
}

// Find counts the kinds of personal data in a text. It does not return the data
// itself.
func (f *Finder) Find(text string) map[string]int {
	out := map[string]int{}
	for _, s := range bsnSpans(text) {
		if namedNear(text, s) {
			out[FoundBSN]++
		} else {
			out[FoundMaybeBSN]++
		}
	}
	text = f.re.iban.ReplaceAllStringFunc(text, func(m string) string {
		if !validIBAN(m) {
			return m
		}
		out[FoundIBAN]++
		return " " // its digits are no telephone number as well
	})
	for kind, re := range map[string]*regexp.Regexp{
		FoundPhone: f.re.phone, FoundEmail: f.re.email, FoundAddress: f.re.address, FoundBirthDate: f.re.birth,
	} {
		if n := len(re.FindAllStringIndex(text, -1)); n > 0 {
			out[kind] += n
		}
	}
	return out
}

// validIBAN checks an account number by the remainder modulo 97 of ISO 13616:
// the first four characters go to the end, letters become 10 to 35, and the
// number that results leaves 1. The regular expression may have taken a word too
// many at the end, so shorter forms count as well.
func validIBAN(s string) bool {
	words := strings.Fields(strings.ToUpper(s))
	for n := len(words); n > 0; n-- {
		if iban97(strings.Join(words[:n], "")) {
			return true
		}
	}
	return false
}

func iban97(s string) bool {
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	var digits strings.Builder
	for _, r := range s[4:] + s[:4] {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			v := int(r-'A') + 10
			digits.WriteByte(byte('0' + v/10))
			digits.WriteByte(byte('0' + v%10))
		default:
			return false
		}
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	return ok && new(big.Int).Mod(n, big.NewInt(97)).Int64() == 1
}

// SmallCell is the least number of contacts that may be shown of a group in what
// leaves the centre: fewer could point to a person.
const SmallCell = 5

// Suppress tells which of the counts of a row or column of a table must be
// hidden when the total is shown: those from 1 up to SmallCell-1, and when that
// hides exactly one of them the smallest other one, from which it could be
// calculated.
func Suppress(counts []int) []bool {
	hide := make([]bool, len(counts))
	hidden, next := 0, -1
	for i, n := range counts {
		switch {
		case n > 0 && n < SmallCell:
			hide[i] = true
			hidden++
		case n > 0 && (next < 0 || n < counts[next]):
			next = i
		}
	}
	if hidden == 1 && next >= 0 {
		hide[next] = true
	}
	return hide
}
