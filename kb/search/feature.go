package search

import (
	"math"
	"slices"
)

// feature is one way in which a question can match an article; each is made so
// that it is comparable between questions and between collections: shares of
// what could match, between 0 and about 1.
type feature int

const (
	titleWord feature = iota
	titleStem
	titlePair
	titleGram
	titlePart
	bodyWord
	bodyStem
	bodyPair
	bodyGram
	bodyPart
	titleStemCover // share of the title's weight that the question holds
	titleGramCover
	askedWord // nearest past question, cosine
	askedStem
	askedGram
	askedGramTop // mean of the three nearest
	askedBayes   // how well the question fits the words of all past questions of the article
	askedPrior   // how often the article was the answer
	features     // their number
)

var featureNames = [features]string{
	"title_word", "title_stem", "title_pair", "title_gram", "title_part",
	"body_word", "body_stem", "body_pair", "body_gram", "body_part",
	"title_stem_cover", "title_gram_cover",
	"asked_word", "asked_stem", "asked_gram", "asked_gram_top", "asked_bayes", "asked_prior",
}

// matched names the field and kind behind each of the first features.
var matched = [...]struct {
	f field
	k kind
}{
	{title, word}, {title, stem}, {title, pair}, {title, gram}, {title, part},
	{body, word}, {body, stem}, {body, pair}, {body, gram}, {body, part},
}

// The parameters of BM25 as usual (Robertson and Zaragoza 2009, section 3.2).
const (
	bm25K = 1.2
	bm25B = 0.75
)

// matrix holds the features of every article that matches at all.
type matrix struct {
	docs []uint32
	rows [][features]float64
}

// features matches a question with every article.
func (x *Index) features(text string) matrix {
	terms := x.an.terms(text, "wspgc")
	terms = x.expand(terms)
	acc := make([][features]float64, len(x.ids))
	seen := make([]bool, len(x.ids))
	for f, m := range matched {
		x.bm25(terms, m.f, m.k, feature(f), acc, seen)
	}
	x.cover(terms, stem, titleStemCover, acc)
	x.cover(terms, gram, titleGramCover, acc)
	if len(x.links) > 0 {
		x.asking(terms, acc, seen)
	}
	var out matrix
	for d := range acc {
		if seen[d] {
			out.docs = append(out.docs, uint32(d))
			out.rows = append(out.rows, acc[d])
		}
	}
	return out
}

// synonymWeight is what a synonym counts beside the word itself.
const synonymWeight = 0.7

// expand adds the synonyms of the question's stems.
func (x *Index) expand(terms []term) []term {
	for _, t := range slices.Clone(terms) {
		if kind(t.key[0]) != stem && kind(t.key[0]) != part {
			continue
		}
		for _, s := range x.an.synonyms[t.key[1:]] {
			terms = append(terms, term{t.key[:1] + s, synonymWeight * t.n})
		}
	}
	return terms
}

// bm25 adds the matches of one kind of term in one field, as a share of the
// weight of all the question's terms of that kind.
func (x *Index) bm25(terms []term, f field, k kind, into feature, acc [][features]float64, seen []bool) {
	lk := string([]byte{byte(f), byte(k)})
	lengths, mean := x.lengths[lk], x.mean[lk]
	total := 0.0
	for _, t := range terms {
		if kind(t.key[0]) != k {
			continue
		}
		list := x.lists[string(byte(f))+t.key]
		w := idf(len(x.ids), len(list)) * float64(t.n)
		total += w
		for _, p := range list {
			tf := float64(p.n)
			acc[p.doc][into] += w * tf / (tf + bm25K*(1-bm25B+bm25B*float64(lengths[p.doc])/mean))
			seen[p.doc] = true
		}
	}
	if total == 0 {
		return
	}
	for d := range acc {
		acc[d][into] *= (bm25K + 1) / total
	}
}

// cover computes which share of the weight of an article's title the question
// holds.
func (x *Index) cover(terms []term, k kind, into feature, acc [][features]float64) {
	weights := x.titleWeights(k)
	for _, t := range terms {
		if kind(t.key[0]) != k {
			continue
		}
		list := x.lists[string(byte(title))+t.key]
		w := idf(len(x.ids), len(list))
		for _, p := range list {
			acc[p.doc][into] += w
		}
	}
	for d := range acc {
		if weights[d] > 0 {
			acc[d][into] /= weights[d]
		}
	}
}

func (x *Index) titleWeights(k kind) []float64 {
	x.once[k].Do(func() {
		w := make([]float64, len(x.ids))
		for key, list := range x.lists {
			if key[0] != byte(title) || key[1] != byte(k) {
				continue
			}
			v := idf(len(x.ids), len(list))
			for _, p := range list {
				w[p.doc] += v
			}
		}
		x.weights[k] = w
	})
	return x.weights[k]
}

// nearest is how many past questions askedGramTop looks at.
const nearest = 3

// asking matches the question with the past questions and gathers that per article.
func (x *Index) asking(terms []term, acc [][features]float64, seen []bool) {
	for _, m := range []struct {
		k   kind
		max feature
		top feature
	}{{word, askedWord, -1}, {stem, askedStem, -1}, {gram, askedGram, askedGramTop}} {
		sims := x.cosine(terms, m.k)
		best := map[uint32][nearest]float64{}
		for q, s := range sims {
			if s == 0 {
				continue
			}
			for _, a := range x.links[q] {
				b := best[a]
				for i := range b {
					if s > b[i] {
						s, b[i] = b[i], s
					}
				}
				best[a] = b
				s = sims[q]
			}
		}
		for a, b := range best {
			seen[a] = true
			acc[a][m.max] = b[0]
			if m.top >= 0 {
				acc[a][m.top] = (b[0] + b[1] + b[2]) / nearest
			}
		}
	}
	x.bayes(terms, acc, seen)
	for a, n := range x.asked {
		acc[a][askedPrior] = math.Log1p(float64(n)) / math.Log1p(float64(len(x.links)))
	}
}

// cosine returns the cosine of the question with every past question over
// terms of one kind, weighted by rarity.
func (x *Index) cosine(terms []term, k kind) []float64 {
	norms := x.questionNorms(k)
	out := make([]float64, len(x.links))
	own := 0.0
	for _, t := range terms {
		if kind(t.key[0]) != k {
			continue
		}
		list := x.lists[string(byte(question))+t.key]
		w := idf(len(x.links), len(list))
		a := math.Sqrt(float64(t.n)) * w
		own += a * a
		for _, p := range list {
			out[p.doc] += a * math.Sqrt(float64(p.n)) * w
		}
	}
	for q := range out {
		if out[q] > 0 {
			out[q] /= math.Sqrt(own) * norms[q]
		}
	}
	return out
}

func (x *Index) questionNorms(k kind) []float64 {
	x.qonce[k].Do(func() {
		w := make([]float64, len(x.links))
		for key, list := range x.lists {
			if key[0] != byte(question) || key[1] != byte(k) {
				continue
			}
			v := idf(len(x.links), len(list))
			for _, p := range list {
				w[p.doc] += v * v * float64(p.n)
			}
		}
		for i := range w {
			w[i] = math.Sqrt(w[i])
		}
		x.qnorms[k] = w
	})
	return x.qnorms[k]
}

// bayesMass is how many questions' worth of the whole collection each
// article's word shares are pulled to.
const bayesMass = 2.0

// bayes is the log-likelihood ratio, per term of the question, of the words of
// an article's past questions against those of all questions: a multinomial
// model with Dirichlet smoothing (Zhai and Lafferty 2004).
func (x *Index) bayes(terms []term, acc [][features]float64, seen []bool) {
	lens := x.lengths[string([]byte{byte(question), byte(word)})]
	total := 0.0
	perArticle := make([]float64, len(x.ids))
	for q, l := range lens {
		total += float64(l)
		for _, a := range x.links[q] {
			perArticle[a] += float64(l)
		}
	}
	if total == 0 {
		return
	}
	mass := bayesMass * total / float64(len(x.links))
	n := 0.0
	sums := make([]float64, len(x.ids))
	for _, t := range terms {
		if kind(t.key[0]) != word {
			continue
		}
		list := x.lists[string(byte(question))+t.key]
		if len(list) == 0 {
			continue
		}
		n++
		cf := 0.0
		in := map[uint32]float64{}
		for _, p := range list {
			cf += float64(p.n)
			for _, a := range x.links[p.doc] {
				in[a] += float64(p.n)
			}
		}
		base := cf / total
		for a := range sums {
			if perArticle[a] > 0 {
				sums[a] += math.Log((in[uint32(a)] + mass*base) / (perArticle[a] + mass) / base)
			}
		}
	}
	if n == 0 {
		return
	}
	for a := range sums {
		if perArticle[a] > 0 {
			acc[a][askedBayes] = math.Max(-2, sums[a]/n) / 2
			seen[a] = true
		} else {
			acc[a][askedBayes] = -0.2
		}
	}
}
