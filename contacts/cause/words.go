package cause

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Word is a word that stands in more notes than usual.
type Word struct {
	Text  string
	Notes int     // that hold it
	Score float64 // log-likelihood ratio against the other notes
}

// Limits on words: a word of fewer notes than SmallCell could point at a person.
const (
	shortWord    = 4
	leastScore   = 6.63 // 1 % of chi-square with one degree of freedom
	wordsShown   = 5
	manyOfOthers = 0.5
)

// Words returns the words that tell some notes from others, by the
// log-likelihood ratio of Dunning (Computational Linguistics 19, 1993). A word
// counts once per note; numbers, short words and words of fewer than SmallCell
// notes are left out.
func Words(notes, others []string) []Word {
	a, b := noteCounts(notes), noteCounts(others)
	na, nb := float64(len(notes)), float64(len(others))
	var out []Word
	for w, n := range a {
		if n < SmallCell || float64(b[w]) > manyOfOthers*nb {
			continue
		}
		x, y := float64(n), float64(b[w])
		if nb > 0 && x/na <= y/nb {
			continue
		}
		p := (x + y) / (na + nb)
		score := 2 * (x*logRatio(x, na*p) + y*logRatio(y, nb*p) + (na-x)*logRatio(na-x, na*(1-p)) + (nb-y)*logRatio(nb-y, nb*(1-p)))
		if score >= leastScore {
			out = append(out, Word{w, n, score})
		}
	}
	slices.SortFunc(out, func(a, b Word) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Text, b.Text)) })
	return out[:min(len(out), wordsShown)]
}

// plainWords say nothing about what a note is about, in English and Dutch.
const plainWords = " about after again also another been before being could does doing done down each even every from have having here " +
	"into just more most much need needs only other over same says some such than that their them then there these they this those very " +
	"want wants what when where which while will with would your " +
	"aan alle alles alleen andere bent daar daarna daarom deze dezelfde door eens even geen graag haar hebben heeft hier hoe iets ieder " +
	"maar meer moet moeten naar niet niets nodig omdat onder ook over reeds steeds toch tegen tussen uit vaak vanaf veel voor vraagt waar waarom " +
	"want wanneer weer welke werd werden wilt word worden wordt zelf zich zijn zoals zonder zou zouden "

func logRatio(x, expected float64) float64 {
	if x <= 0 || expected <= 0 {
		return 0
	}
	return math.Log(x / expected)
}

// noteCounts returns in how many notes each word stands.
func noteCounts(notes []string) map[string]int {
	out := map[string]int{}
	seen := map[string]bool{}
	for _, n := range notes {
		clear(seen)
		for _, w := range strings.FieldsFunc(strings.ToLower(n), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if len([]rune(w)) < shortWord || strings.Contains(plainWords, " "+w+" ") || strings.ContainsFunc(w, unicode.IsDigit) || seen[w] {
				continue
			}
			seen[w] = true
			out[w]++
		}
	}
	return out
}
