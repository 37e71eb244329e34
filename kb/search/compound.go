package search

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// vocabulary gathers the words that the articles use, with how often.
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

// frozen returns the words seen often enough to be parts, in order.
func (v *vocabulary) frozen() partWords {
	var list []string
	for w, n := range v.count {
		if n >= minSeen {
			list = append(list, w)
		}
	}
	slices.Sort(list)
	var b bytes.Buffer
	b.WriteByte('\n')
	for _, w := range list {
		b.WriteString(w)
		b.WriteByte(' ')
		b.WriteString(strconv.Itoa(v.count[w]))
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// partWords is a sorted text of lines "word count" that starts with a line
// feed. It tells whether a long word is a compound of shorter ones, and needs
// no reading before use.
type partWords []byte

// seen returns in how many articles a word occurs; 0 when in fewer than minSeen.
func (v partWords) seen(w string) int {
	lo, hi := 0, len(v)-1 // v[lo] and v[hi] are line feeds; the word is between
	for lo < hi {
		mid := bytes.LastIndexByte(v[:(lo+hi)/2+1], '\n')
		end := mid + 1 + bytes.IndexByte(v[mid+1:], '\n')
		line := v[mid+1 : end]
		space := bytes.IndexByte(line, ' ')
		switch c := strings.Compare(w, string(line[:space])); {
		case c == 0:
			n, _ := strconv.Atoi(string(line[space+1:]))
			return n
		case c < 0:
			hi = mid
		default:
			lo = end
		}
	}
	return 0
}

// links are the letters that Dutch puts between the parts of a compound.
var links = []string{"", "s", "en", "e"}

// split returns the parts of a compound, or nil when w is none: the cut in two
// or three words of the vocabulary whose rarest part is seen most.
func (a *analyzer) split(w string) []string {
	if len(a.words) == 0 || len(w) < 2*minPart {
		return nil
	}
	parts, _ := a.words.best(w, 2)
	return parts
}

func (v partWords) best(w string, depth int) ([]string, int) {
	var best []string
	bestSeen := minSeen - 1
	for i := minPart; i <= len(w)-minPart; i++ {
		head := w[:i]
		headSeen := v.seen(head)
		if headSeen <= bestSeen {
			continue
		}
		for _, l := range links {
			rest, ok := strings.CutPrefix(w[i:], l)
			if !ok || len(rest) < minPart || (len(head) < minLong && len(rest) < minLong) {
				continue
			}
			seen, tail := v.seen(rest), []string{rest}
			if seen <= bestSeen && depth > 1 {
				tail, seen = v.best(rest, depth-1)
			}
			if s := min(seen, headSeen); s > bestSeen && tail != nil {
				best, bestSeen = append([]string{head}, tail...), s
			}
		}
	}
	return best, bestSeen
}
