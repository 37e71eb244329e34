package privacy

import (
	"strings"
	"unicode"
)

// IsBSN reports whether s, blanks and dots left out, passes the test of eleven
// of a citizen service number: nine digits a…i (eight get a leading zero) with
//
//	9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h - i ≡ 0 (mod 11)
//
// and not all zero. Source: Besluit burgerservicenummer, and its predecessor the
// sofinummer.
func IsBSN(s string) bool {
	var d []int
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			d = append(d, int(r-'0'))
		case r != ' ' && r != '.' && r != '-':
			return false
		}
	}
	if len(d) == 8 {
		d = append([]int{0}, d...)
	}
	if len(d) != 9 {
		return false
	}
	sum, any := -d[8], false
	for i := range 8 {
		sum += (9 - i) * d[i]
		any = any || d[i] != 0
	}
	return any && sum%11 == 0
}

// Masker hides citizen service numbers in free text.
type Masker struct {
	All bool // all numbers that pass the test, not only those next to a word such as BSN
}

// Hidden replaces a masked number.
const Hidden = "[BSN]"

// nearby is how many words before and after a number may name it.
const nearby = 4

// bsnWords name a citizen service number.
var bsnWords = []string{"bsn", "burgerservicenummer", "burgerservicenr", "burgerservice", "sofi", "sofinummer", "sofinr", "citizen"}

// Mask returns text with the numbers hidden, and how many they were.
func (m Masker) Mask(text string) (string, int) {
	spans := bsnSpans(text)
	if len(spans) == 0 {
		return text, 0
	}
	var b strings.Builder
	from, n := 0, 0
	for _, s := range spans {
		if !m.All && !namedNear(text, s) {
			continue
		}
		b.WriteString(text[from:s.from])
		b.WriteString(Hidden)
		from = s.to
		n++
	}
	if n == 0 {
		return text, 0
	}
	b.WriteString(text[from:])
	return b.String(), n
}

// span is a stretch of a text in bytes.
type span struct{ from, to int }

// bsnSpans finds eight or nine digits, also grouped by single blanks, dots or
// dashes, that stand free and pass the test.
func bsnSpans(text string) []span {
	var out []span
	isDigit := func(i int) bool { return i >= 0 && i < len(text) && text[i] >= '0' && text[i] <= '9' }
	for i := 0; i < len(text); {
		if !isDigit(i) || isDigit(i-1) {
			i++
			continue
		}
		// The longest run of digits with single separators, cut at nine digits.
		digits, j, full := 0, i, -1
		for j < len(text) && digits <= 9 {
			if isDigit(j) {
				digits++
				j++
				if (digits == 8 || digits == 9) && !isDigit(j) && IsBSN(text[i:j]) {
					full = j
				}
				continue
			}
			if strings.IndexByte(" .-", text[j]) >= 0 && isDigit(j+1) {
				j++
				continue
			}
			break
		}
		if full > 0 && freeStanding(text, i, full) {
			out = append(out, span{i, full})
			i = full
			continue
		}
		for isDigit(i) {
			i++
		}
	}
	return out
}

// freeStanding refuses digits that are part of a word, an amount or an IBAN.
func freeStanding(text string, from, to int) bool {
	if from > 0 {
		c := text[from-1]
		if c == '+' || c == '_' || c == '/' || c == ',' || (c < 0x80 && unicode.IsLetter(rune(c))) {
			return false
		}
	}
	if to < len(text) {
		c := text[to]
		if c == '_' || c == '/' || (c < 0x80 && unicode.IsLetter(rune(c))) {
			return false
		}
		if (c == ',' || c == '.') && to+1 < len(text) && text[to+1] >= '0' && text[to+1] <= '9' {
			return false
		}
	}
	return true
}

// namedNear reports whether one of bsnWords stands within a few words of s.
func namedNear(text string, s span) bool {
	isWord := func(w string) bool {
		w = strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }))
		w = strings.TrimSuffix(strings.TrimSuffix(w, "-nummer"), "-nr")
		for _, b := range bsnWords {
			if w == b {
				return true
			}
		}
		return false
	}
	before := strings.Fields(strings.ReplaceAll(text[:s.from], ":", " "))
	for i := max(0, len(before)-nearby); i < len(before); i++ {
		if isWord(before[i]) {
			return true
		}
	}
	after := strings.Fields(text[s.to:])
	for i := 0; i < min(nearby, len(after)); i++ {
		if isWord(after[i]) {
			return true
		}
	}
	return false
}
