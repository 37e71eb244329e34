package kb

import (
	"regexp"
	"strings"
)

// What could point at a person in a question. Long numbers cover telephone,
// BSN, account and case numbers, also with spaces, dots or hyphens inside.
var (
	mailAddress = regexp.MustCompile(`(?i)[\p{L}\d._%+\-]+@[\p{L}\d.\-]+`)
	longNumber  = regexp.MustCompile(`\+?\d(?:[ .\-/()]?\d){4,}`)
	bankAccount = regexp.MustCompile(`(?i)\b[a-z]{2}\d{2}\s?[a-z]{4}(?:\s?\d){6,}`)
	postcode    = regexp.MustCompile(`\b[1-9]\d{3}\s?[A-Z]{2}\b`)
	shortDate   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$|^\d{1,2}-\d{1,2}-\d{4}$`)
)

// Mask takes what could point at a person out of a question: e-mail addresses
// become "@", postcodes, accounts and numbers of five digits or more "#". Dates
// stay. Names are not recognised.
func Mask(text string) string {
	text = mailAddress.ReplaceAllString(text, "@")
	text = bankAccount.ReplaceAllString(text, "#")
	text = postcode.ReplaceAllString(text, "#")
	text = longNumber.ReplaceAllStringFunc(text, func(s string) string {
		if shortDate.MatchString(s) {
			return s
		}
		return "#"
	})
	return strings.Join(strings.Fields(text), " ")
}
