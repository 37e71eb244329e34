package search

import "strings"

// vocabulary is the set of words that the articles use, with how often. It
// tells whether a long word is a compound of shorter ones.
type vocabulary struct {
	count map[string]int
}

// The limits of splitting: parts are words of the articles of at least
// minPart letters that occur in minSeen articles or more.
const (
	minPart = 3
	minLong = 4 // at least one part has this many
	minSeen = 2
)

func newVocabulary() *vocabulary { return &vocabulary{map[string]int{}} }

// add counts the words of a text, each once.
func (v *vocabulary) add(text string) {
	seen := map[string]bool{}
	for _, w := range words(text) {
		if len(w) >= minPart && !seen[w] {
			seen[w] = true
			v.count[w]++
		}
	}
}

// links are the letters that Dutch puts between the parts of a compound.
var links = []string{"", "s", "en", "e"}

// split returns the parts of a compound, or nil when w is none: the cut in two
// or three words of the vocabulary whose rarest part is seen most.
func (v *vocabulary) split(w string) []string {
	if v == nil || len(w) < 2*minPart {
		return nil
	}
	parts, _ := v.best(w, 2)
	return parts
}

func (v *vocabulary) best(w string, depth int) ([]string, int) {
	var best []string
	bestSeen := minSeen - 1
	for i := minPart; i <= len(w)-minPart; i++ {
		head := w[:i]
		if v.count[head] <= bestSeen {
			continue
		}
		for _, l := range links {
			rest, ok := strings.CutPrefix(w[i:], l)
			if !ok || len(rest) < minPart || (len(head) < minLong && len(rest) < minLong) {
				continue
			}
			seen, tail := v.count[rest], []string{rest}
			if seen <= bestSeen && depth > 1 {
				tail, seen = v.best(rest, depth-1)
			}
			if s := min(seen, v.count[head]); s > bestSeen && tail != nil {
				best, bestSeen = append([]string{head}, tail...), s
			}
		}
	}
	return best, bestSeen
}
