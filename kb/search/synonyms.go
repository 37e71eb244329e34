package search

import (
	_ "embed"
	"strings"
)

//go:embed synonyms_nl.txt
var dutchSynonyms string

// Synonyms returns the words that mean the same with which a collection in lang
// starts, both ways: word to others. Only Dutch has any.
func Synonyms(lang Lang) map[string][]string {
	out := map[string][]string{}
	for _, set := range SynonymSets(lang) {
		for _, same := range set[1:] {
			out[set[0]] = append(out[set[0]], same)
			out[same] = append(out[same], set[0])
		}
	}
	return out
}

// SynonymSets returns the same as sets, the official word first.
func SynonymSets(lang Lang) [][]string {
	if lang != Dutch {
		return nil
	}
	var out [][]string
	for line := range strings.Lines(dutchSynonyms) {
		if words := strings.Fields(line); len(words) > 1 && words[0] != "#" {
			out = append(out, words)
		}
	}
	return out
}
