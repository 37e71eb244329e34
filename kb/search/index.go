package search

import (
	"math"
	"slices"
	"strings"
	"sync"
)

// field is a place where a term can be found.
type field byte

const (
	title    field = iota // question, alternative questions, subject, products
	body                  // answer
	question              // a past question linked to an article
	fields                // their number
)

// posting says how often a term occurs in a document: an article for the
// fields title and body, a past question for the field question.
type posting struct {
	doc uint32
	n   float32
}

// postings are the lists of one term, by field.
type postings [fields][]posting

// Document is an article as the index sees it.
type Document struct {
	ID    string
	Title string // the question and other ways to ask it
	Body  string // the answer, subjects, products
}

// Question is a past question and the articles that answered it.
type Question struct {
	ID       string // only needed where questions change one by one
	Text     string
	Articles []string
}

// kinds lists the kinds of terms in the order of their lengths in an Index.
const kinds = "wspgc"

func kindNo(k kind) int {
	for i := range len(kinds) {
		if kinds[i] == byte(k) {
			return i
		}
	}
	panic("search: unknown kind of term")
}

// Index finds articles. It is immutable and safe for concurrent use. One made
// by Build holds everything in memory; one made by Open fetches the terms of
// each question from a store.
type Index struct {
	lang   Lang
	an     *analyzer
	source source

	ids       []string
	questions int             // past questions, with those that are gone
	asker     []byte          // ids of those that the statistics count, as appendTexts writes them
	common    map[string]bool // terms that so many past questions hold that they tell nothing
	linkAt    []uint32        // question q has the articles linkTo[linkAt[q]:linkAt[q+1]]
	linkTo    []uint32

	lengths [2][len(kinds)][]float32 // of title and body, per article
	mean    [2][len(kinds)]float64
	covered [2][]float32 // weight of each title, in stems and in grams
	norms   [3][]float32 // length of each question's vector, in words, stems and grams
	qlength []float32    // words per question
	qwords  float64      // words of all questions
	awords  []float64    // words of the questions of each article

	// What is changed since the statistics were made: numbers of articles and
	// questions that the statistics count; later ones were added afterwards.
	statDocs, statQuestions int
	goneDocs, goneQuestions map[uint32]bool

	spare *sync.Pool // of scratch
}

// source yields the postings of terms; a missing term has none.
type source interface {
	fetch(keys []string) (map[string]*postings, error)
}

// memory is the source of an index in memory. Pairs, by far the most terms, are
// found by the numbers of their stems.
type memory struct {
	ids     map[string]uint32   // of terms
	pairIDs map[stemPair]uint32 // of pairs
	terms   table               // all but pairs
	pairs   table
}

// table is terms with their postings.
type table struct {
	keys  []string
	lists []postings
}

// stemPair is the terms of two stems as one number.
type stemPair uint64

func pairOf(first, second uint32) stemPair { return stemPair(first)<<32 | stemPair(second) }

// pairGap stands between the stems of a pair in its key.
const pairGap = " "

// find returns the postings of a term; nil when it has none.
func (m *memory) find(key string) *postings {
	if kind(key[0]) != pair {
		if id, ok := m.ids[key]; ok {
			return &m.terms.lists[id]
		}
		return nil
	}
	a, b, _ := strings.Cut(key[1:], pairGap)
	first, ok1 := m.ids[string(byte(stem))+a]
	second, ok2 := m.ids[string(byte(stem))+b]
	if id, ok := m.pairIDs[pairOf(first, second)]; ok && ok1 && ok2 {
		return &m.pairs.lists[id]
	}
	return nil
}

func (m *memory) fetch(keys []string) (map[string]*postings, error) {
	out := make(map[string]*postings, len(keys))
	for _, k := range keys {
		if p := m.find(k); p != nil {
			out[k] = p
		}
	}
	return out, nil
}

// Articles returns the number of articles.
func (x *Index) Articles() int { return len(x.ids) - len(x.goneDocs) }

// Questions returns the number of past questions.
func (x *Index) Questions() int { return x.questions - len(x.goneQuestions) }

// links returns the articles of a question.
func (x *Index) links(q uint32) []uint32 { return x.linkTo[x.linkAt[q]:x.linkAt[q+1]] }

// Build makes an index in memory. Synonyms map a word to words that mean the same.
func Build(lang Lang, docs []Document, questions []Question, synonyms map[string][]string) *Index {
	an := newAnalyzer(lang, synonyms)
	if lang == Dutch { // compounds are written as one word in Dutch only
		v := newVocabulary()
		for _, d := range docs {
			v.add(d.Title + " " + d.Body)
		}
		an.words = v.frozen()
	}
	b := newBuilder(an)
	x := &Index{spare: &sync.Pool{}, lang: lang, an: an, source: b.mem, statDocs: len(docs), statQuestions: len(questions)}
	byID := make(map[string]uint32, len(docs))
	for f := range x.lengths {
		for k := range x.lengths[f] {
			x.lengths[f][k] = make([]float32, len(docs))
		}
	}
	counts := make([][2][len(kinds)]float32, len(docs))
	for i, d := range docs {
		x.ids = append(x.ids, d.ID)
		byID[d.ID] = uint32(i)
		for f, text := range [2]string{d.Title, d.Body} {
			b.put(field(f), uint32(i), text, &counts[i][f])
		}
	}
	x.linkAt = []uint32{0}
	var asker []string
	for i, q := range questions {
		asker = append(asker, q.ID)
		x.addLinks(q, byID)
		var n [len(kinds)]float32
		b.put(question, uint32(i), q.Text, &n)
		x.qlength = append(x.qlength, n[kindNo(word)])
	}
	b.finish()
	for i := range counts {
		for f := range counts[i] {
			for k, n := range counts[i][f] {
				x.lengths[f][k][i] = n
			}
		}
	}
	x.asker = appendTexts(nil, asker)
	x.finish(b.mem)
	return x
}

// addLinks notes the articles of one more question.
func (x *Index) addLinks(q Question, byID map[string]uint32) {
	x.questions++
	from := len(x.linkTo)
	for _, id := range q.Articles {
		if a, ok := byID[id]; ok && !slices.Contains(x.linkTo[from:], a) {
			x.linkTo = append(x.linkTo, a)
		}
	}
	x.linkAt = append(x.linkAt, uint32(len(x.linkTo)))
}

// coverKinds and normKinds are the kinds behind Index.covered and Index.norms.
var (
	coverKinds = [2]kind{stem, gram}
	normKinds  = [3]kind{word, stem, gram}
)

// Terms that more than one in commonShare past questions hold are left out of
// the match with past questions once there are commonFrom of them: their weight
// by rarity is next to nothing, and their lists are the longest.
const (
	commonFrom  = 4000
	commonShare = 8
)

// dropCommon empties the lists of common terms.
func (x *Index) dropCommon(m *memory) {
	x.common = map[string]bool{}
	if x.questions < commonFrom {
		return
	}
	for id, key := range m.terms.keys {
		if list := &m.terms.lists[id][question]; len(*list) > x.questions/commonShare {
			*list = nil
			x.common[key] = true
		}
	}
}

// finish computes the statistics over all terms.
func (x *Index) finish(m *memory) {
	x.dropCommon(m)
	for f := range x.lengths {
		for k, ls := range x.lengths[f] {
			sum := 0.0
			for _, l := range ls {
				sum += float64(l)
			}
			if len(ls) > 0 {
				x.mean[f][k] = sum / float64(len(ls))
			}
		}
	}
	x.sumQuestionWords()
	var covered [2][]float64
	var norms [3][]float64
	for i := range covered {
		covered[i] = make([]float64, len(x.ids))
	}
	for i := range norms {
		norms[i] = make([]float64, x.questions)
	}
	for id, key := range m.terms.keys {
		k := kind(key[0])
		if i := slices.Index(coverKinds[:], k); i >= 0 {
			list := m.terms.lists[id][title]
			v := idf(len(x.ids), len(list))
			for _, p := range list {
				covered[i][p.doc] += v
			}
		}
		if i := slices.Index(normKinds[:], k); i >= 0 {
			list := m.terms.lists[id][question]
			v := idf(x.questions, len(list))
			for _, p := range list {
				norms[i][p.doc] += v * v * float64(p.n)
			}
		}
	}
	for i := range covered {
		x.covered[i] = narrow(covered[i])
	}
	for i := range norms {
		for q, v := range norms[i] {
			norms[i][q] = math.Sqrt(v)
		}
		x.norms[i] = narrow(norms[i])
	}
}

// sumQuestionWords counts the words of the past questions, in all and per article.
func (x *Index) sumQuestionWords() {
	x.qwords, x.awords = 0, make([]float64, len(x.ids))
	for q, l := range x.qlength {
		if x.goneQuestions[uint32(q)] {
			continue
		}
		x.qwords += float64(l)
		for _, a := range x.links(uint32(q)) {
			x.awords[a] += float64(l)
		}
	}
}

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, f := range v {
		out[i] = float32(f)
	}
	return out
}

// idf is the weight of a term by its rarity: ln(1 + (N - n + ½)/(n + ½)).
func idf(docs, with int) float64 {
	return math.Log(1 + math.Max(0, float64(docs-with)+0.5)/(float64(with)+0.5))
}
