package search

import (
	"math"
	"slices"
	"sync"
)

// field is a place where a term can be found.
type field byte

const (
	title    field = 't' // question, alternative questions, subject, products
	body     field = 'b' // answer
	question field = 'q' // a past question linked to an article
)

// posting says how often a term occurs in a document: an article for the
// fields title and body, a past question for the field question.
type posting struct {
	doc uint32
	n   float32
}

// Document is an article as the index sees it.
type Document struct {
	ID    string
	Title string // the question and other ways to ask it, subject, products
	Body  string
}

// Question is a past question and the articles that answered it.
type Question struct {
	Text     string
	Articles []string
}

// Index holds articles and past questions in memory. It is immutable after
// Build and safe for concurrent use.
type Index struct {
	lang  Lang
	an    *analyzer
	ids   []string
	byID  map[string]uint32
	links [][]uint32 // per question: its articles
	asked []uint32   // per article: questions linked

	lists   map[string][]posting // field + term key
	lengths map[string][]float32 // field + kind: length per document
	mean    map[string]float64

	once, qonce     [256]sync.Once
	weights, qnorms [256][]float64
}

// fieldKinds tells which kinds of terms each field holds.
var fieldKinds = map[field]string{title: "wspgc", body: "wspgc", question: "wspgc"}

// Build makes an index. Synonyms map a word to words that mean the same.
func Build(lang Lang, docs []Document, questions []Question, synonyms map[string][]string) *Index {
	vocab := newVocabulary()
	for _, d := range docs {
		vocab.add(d.Title + " " + d.Body)
	}
	x := &Index{
		lang: lang, an: &analyzer{lang: lang, words: vocab, synonyms: map[string][]string{}},
		byID: map[string]uint32{}, lists: map[string][]posting{}, lengths: map[string][]float32{}, mean: map[string]float64{},
		asked: make([]uint32, len(docs)),
	}
	if lang != Dutch {
		x.an.words = nil // compounds are written as one word in Dutch only
	}
	for w, syn := range synonyms {
		for _, s := range syn {
			k := stemOf(lang, fold(w))
			x.an.synonyms[k] = append(x.an.synonyms[k], stemOf(lang, fold(s)))
		}
	}
	for i, d := range docs {
		x.ids = append(x.ids, d.ID)
		x.byID[d.ID] = uint32(i)
		x.put(title, uint32(i), len(docs), d.Title)
		x.put(body, uint32(i), len(docs), d.Body)
	}
	for i, q := range questions {
		var to []uint32
		for _, id := range q.Articles {
			if a, ok := x.byID[id]; ok && !slices.Contains(to, a) {
				to = append(to, a)
				x.asked[a]++
			}
		}
		x.links = append(x.links, to)
		x.put(question, uint32(i), len(questions), q.Text)
	}
	for key, ls := range x.lengths {
		sum := 0.0
		for _, l := range ls {
			sum += float64(l)
		}
		x.mean[key] = sum / float64(len(ls))
	}
	return x
}

func (x *Index) put(f field, doc uint32, docs int, text string) {
	for _, t := range x.an.terms(text, fieldKinds[f]) {
		key := string(byte(f)) + t.key
		x.lists[key] = append(x.lists[key], posting{doc, t.n})
		lk := key[:2]
		if x.lengths[lk] == nil {
			x.lengths[lk] = make([]float32, docs)
		}
		x.lengths[lk][doc] += t.n
	}
}

// idf is the weight of a term by its rarity: ln(1 + (N - n + ½)/(n + ½)).
func idf(docs, with int) float64 {
	return math.Log(1 + (float64(docs-with)+0.5)/(float64(with)+0.5))
}
