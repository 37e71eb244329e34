package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"golang.org/x/text/unicode/norm"
)

// Lang is the language of a text.
type Lang string

// The languages that are stemmed. Other languages are matched by words and
// character grams only.
const (
	Dutch   Lang = "nl"
	English Lang = "en"
)

// kind is the kind of a term; it is the first byte of the term's key.
type kind byte

const (
	word kind = 'w' // as written, folded
	stem kind = 's' // Snowball stem of content words
	pair kind = 'p' // two neighbouring stems
	gram kind = 'g' // character gram of a word with its edges
	part kind = 'c' // part of a compound, stemmed; whole stems count as parts too
)

// gramLength is the length of character grams. Four is the best length for
// European languages in McNamee and Mayfield (2004).
const gramLength = 4

// term is one term of a text with the number of times it occurs.
type term struct {
	key string
	n   float32
}

// analyzer turns texts into terms.
type analyzer struct {
	lang      Lang
	synonyms  map[string][]string // stem to stems
	sameWords map[string][]string // stem to words
	words     partWords           // for compounds; nil: none are split
}

func newAnalyzer(lang Lang, synonyms map[string][]string) *analyzer {
	a := &analyzer{lang: lang, synonyms: map[string][]string{}, sameWords: map[string][]string{}}
	for w, syn := range synonyms {
		for _, s := range syn {
			k, s := stemOf(lang, fold(w)), fold(s)
			if t := stemOf(lang, s); t != k && !slices.Contains(a.synonyms[k], t) {
				a.synonyms[k] = append(a.synonyms[k], t)
				a.sameWords[k] = append(a.sameWords[k], s)
			}
		}
	}
	for k, list := range a.synonyms {
		slices.Sort(list)
		slices.Sort(a.sameWords[k])
	}
	return a
}

// fold lowers a text and takes accents away, so that "Één" is "een".
func fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if plain {
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// words cuts a text into folded words of letters and digits. Apostrophes
// inside a word vanish ("don't" is "dont"), a hyphen separates.
func words(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range fold(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case r == '\'' || r == '’' || r == '‘':
		default:
			flush()
		}
	}
	flush()
	return out
}

// stemOf returns the stem of a folded word in a language.
func stemOf(lang Lang, w string) string {
	if len(w) < 3 {
		return w
	}
	env := snowballstem.NewEnv(w)
	switch lang {
	case Dutch:
		if s, ok := dutchStems[w]; ok {
			return s
		}
		dutch.Stem(env)
	case English:
		english.Stem(env)
	default:
		return w
	}
	return env.Current()
}

// dutchStems are frequent forms that the Snowball stemmer leaves apart: past
// participles, and plurals with another consonant than their singular.
var dutchStems = map[string]string{
	"verhuis": "verhuiz", "verhuisd": "verhuiz", "verhuist": "verhuiz",
	"aangevraagd": "aanvrag", "aanvraagt": "aanvrag", "vraag": "vrag", "gevraagd": "vrag",
	"rijbewijs": "rijbewijz", "bewijs": "bewijz", "legitimatiebewijs": "legitimatiebewijz", "identiteitsbewijs": "identiteitsbewijz",
	"brief": "briev", "huis": "huiz", "reis": "reiz", "prijs": "prijz", "adres": "adress",
	"betaald": "betal", "betaalt": "betal", "getrouwd": "trouw", "gestolen": "stel", "verloren": "verlies", "kwijtgeraakt": "kwijtrak",
	"overleden": "overlijd", "geboren": "geboort", "gestorven": "sterv",
}

// terms analyses a text.
func (a *analyzer) terms(text string) []term {
	count := map[string]float32{}
	var order []string
	add := func(k kind, t string, n float32) {
		key := string(byte(k)) + t
		if _, ok := count[key]; !ok {
			order = append(order, key)
		}
		count[key] += n
	}
	prev := ""
	for _, w := range words(text) {
		add(word, w, 1)
		for _, g := range grams(w) {
			add(gram, g, 1)
		}
		if stopWord(a.lang, w) {
			continue
		}
		s := stemOf(a.lang, w)
		add(stem, s, 1)
		add(part, s, 1)
		for _, p := range a.split(w) {
			add(part, stemOf(a.lang, p), 1)
		}
		if prev != "" {
			add(pair, prev+pairGap+s, 1)
		}
		prev = s
	}
	out := make([]term, len(order))
	for i, key := range order {
		out[i] = term{key, count[key]}
	}
	return out
}

// grams returns the character grams of a word with its edges marked by "_".
func grams(w string) []string {
	r := []rune("_" + w + "_")
	if len(r) <= gramLength {
		return []string{string(r)}
	}
	out := make([]string, 0, len(r)-gramLength+1)
	for i := 0; i+gramLength <= len(r); i++ {
		out = append(out, string(r[i:i+gramLength]))
	}
	return out
}
