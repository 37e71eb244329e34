package search

import (
	"strings"
	"unicode"
)

// Snippet returns the part of a text of about width words that holds most of
// the words asked for, each of them between the marks open and shut.
func Snippet(lang Lang, asked, text string, width int, open, shut string) string {
	an := &analyzer{lang: lang}
	want := map[string]bool{}
	for _, w := range words(asked) {
		if !stopWord(lang, w) {
			want[stemOf(an.lang, w)] = true
		}
	}
	type spot struct {
		from, to int
		stem     string // of a word asked for
	}
	var spots []spot
	from := -1
	flush := func(to int) {
		if from < 0 {
			return
		}
		s := spot{from: from, to: to}
		if ws := words(text[from:to]); len(ws) > 0 {
			if st := stemOf(lang, ws[0]); want[st] {
				s.stem = st
			}
		}
		spots = append(spots, s)
		from = -1
	}
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '’'
		switch {
		case inside && from < 0:
			from = i
		case !inside:
			flush(i)
		}
	}
	flush(len(text))
	if len(spots) == 0 {
		return ""
	}
	// The window with most different words asked for, the first of equals.
	count := map[string]int{}
	best, start := -1, 0
	for i, s := range spots {
		if s.stem != "" {
			count[s.stem]++
		}
		if i >= width {
			if old := spots[i-width].stem; old != "" {
				if count[old]--; count[old] == 0 {
					delete(count, old)
				}
			}
		}
		if len(count) > best {
			best, start = len(count), max(0, i-width+1)
		}
	}
	// A few words before the first hit give it context.
	const before = 5
	for start < len(spots)-1 && best > 0 && spots[start].stem == "" {
		start++
	}
	start = max(0, start-before)
	end := min(len(spots), start+width)
	var b strings.Builder
	if start > 0 {
		b.WriteString("… ")
	}
	at := spots[start].from
	for _, s := range spots[start:end] {
		b.WriteString(text[at:s.from])
		if s.stem != "" {
			b.WriteString(open + text[s.from:s.to] + shut)
		} else {
			b.WriteString(text[s.from:s.to])
		}
		at = s.to
	}
	if end < len(spots) {
		b.WriteString(" …")
	} else {
		b.WriteString(text[at:])
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Guess returns the language of a question by its stop words, or "" when they
// do not tell.
func Guess(text string) Lang {
	n := map[Lang]int{}
	for _, w := range words(text) {
		for lang, set := range stopWords {
			if set[w] {
				n[lang]++
			}
		}
	}
	switch {
	case n[Dutch] > n[English]:
		return Dutch
	case n[English] > n[Dutch]:
		return English
	}
	return ""
}
