package kb

import (
	"math"
	"strings"
	"unicode"
)

// Ease returns how easy a text reads, 0 to about 100: the formula of Flesch
// (1948) for English,
//
//	206.835 - 1.015·(words per sentence) - 84.6·(syllables per word),
//
// and that of Douma (1960) for Dutch,
//
//	206.84 - 0.93·(words per sentence) - 77·(syllables per word).
//
// 60 and more is about level B1. It is NaN for other languages and for texts of
// fewer than minEaseWords words. Syllables are counted as groups of vowels,
// without a silent e at the end of an English word.
func Ease(lang, text string) float64 {
	sentences, words, syllables := 0, 0, 0
	open := false
	for _, line := range strings.Split(text, "\n") {
		for _, w := range strings.Fields(line) {
			letters := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
			if letters != "" {
				words++
				syllables += syllablesOf(lang, letters)
				open = true
			}
			end := strings.TrimRight(w, `"'”’)»`)
			if open && end != "" && strings.ContainsAny(end[len(end)-1:], ".!?") {
				sentences++
				open = false
			}
		}
		if open { // the end of a block ends a sentence
			sentences++
			open = false
		}
	}
	if words < minEaseWords {
		return math.NaN()
	}
	perSentence, perWord := float64(words)/float64(sentences), float64(syllables)/float64(words)
	switch lang {
	case "nl":
		return 206.84 - 0.93*perSentence - 77*perWord
	case "en":
		return 206.835 - 1.015*perSentence - 84.6*perWord
	}
	return math.NaN()
}

const (
	minEaseWords = 30
	// EaseB1 is the score from which a text counts as plain language, about B1.
	EaseB1 = 60.
)

func syllablesOf(lang, word string) int {
	vowels := "aeiouyáàâäéèêëíìîïóòôöúùûü"
	n := 0
	in := false
	low := []rune(strings.ToLower(word))
	for _, r := range low {
		v := strings.ContainsRune(vowels, r)
		if v && (!in || (lang == "nl" && strings.ContainsRune("ëïöü", r))) {
			n++
		}
		in = v
	}
	if l := len(low); lang == "en" && n > 1 && low[l-1] == 'e' && l > 2 && !strings.ContainsRune(vowels, low[l-2]) && low[l-2] != 'l' {
		n--
	}
	return max(1, n)
}
