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
	features     // their number
)

var featureNames = [features]string{
	"title_word", "title_stem", "title_pair", "title_gram", "title_part",
	"body_word", "body_stem", "body_pair", "body_gram", "body_part",
	"title_stem_cover", "title_gram_cover",
	"asked_word", "asked_stem", "asked_gram", "asked_gram_top", "asked_bayes",
}

// matched names the field and kind behind each of the first features.
var matched = [...]struct {
	f field
	k kind
}{
	{title, word},
	{title, stem},
	{title, pair},
	{title, gram},
	{title, part},
	{body, word},
	{body, stem},
	{body, pair},
	{body, gram},
	{body, part},
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

// query is a question on its way through an index.
type query struct {
	*scratch
	x     *Index
	terms []term
	lists map[string]*postings
}

// scratch is the memory of a search, as large as the index: searches use it one
// after the other.
type scratch struct {
	acc  [][features]float64
	seen []bool
	sims []float64          // per past question
	best [][nearest]float64 // per article
	like []uint32
}

// scratch returns memory that is clear, but for like.
func (x *Index) scratch() *scratch {
	s, _ := x.spare.Get().(*scratch)
	if s == nil {
		return &scratch{
			acc: make([][features]float64, len(x.ids)), seen: make([]bool, len(x.ids)),
			sims: make([]float64, x.questions), best: make([][nearest]float64, len(x.ids)), like: make([]uint32, 0, x.questions),
		}
	}
	clear(s.acc) // sims and best are clear after every search
	clear(s.seen)
	return s
}

// list returns the postings of a term in a field and the number of them that
// the statistics count.
func (q *query) list(key string, f field) ([]posting, int) {
	p := q.lists[key]
	if p == nil {
		return nil, 0
	}
	stat := q.x.statDocs
	if f == question {
		stat = q.x.statQuestions
	}
	list := p[f]
	n := len(list)
	for n > 0 && int(list[n-1].doc) >= stat {
		n--
	}
	return list, n
}

// features matches a question with every article. The rows lie in mem.
func (x *Index) features(text string, mem *scratch) (matrix, error) {
	q := &query{scratch: mem, x: x, terms: x.expand(x.an.terms(text))}
	keys := make([]string, 0, len(q.terms))
	for _, t := range q.terms {
		keys = append(keys, t.key)
	}
	var err error
	if q.lists, err = x.source.fetch(keys); err != nil {
		return matrix{}, err
	}
	for f, m := range matched {
		q.bm25(m.f, m.k, feature(f))
	}
	q.cover(0, titleStemCover)
	q.cover(1, titleGramCover)
	if x.Questions() > 0 {
		q.asking()
	}
	var out matrix
	for d := range q.acc {
		if q.seen[d] && !x.goneDocs[uint32(d)] {
			q.acc[len(out.docs)] = q.acc[d] // never before a row that is yet to come
			out.docs = append(out.docs, uint32(d))
		}
	}
	out.rows = q.acc[:len(out.docs)]
	return out, nil
}

// synonymWeight is what a synonym counts beside the word itself.
const synonymWeight = 0.7

// expand adds the synonyms of the question's stems.
func (x *Index) expand(terms []term) []term {
	for _, t := range slices.Clone(terms) {
		switch kind(t.key[0]) {
		case stem, part:
			for _, s := range x.an.synonyms[t.key[1:]] {
				terms = append(terms, term{t.key[:1] + s, synonymWeight * t.n})
			}
		case word:
			if w := t.key[1:]; !stopWord(x.lang, w) {
				for _, s := range x.an.sameWords[stemOf(x.lang, w)] {
					terms = append(terms, term{t.key[:1] + s, synonymWeight * t.n})
				}
			}
		}
	}
	return terms
}

// bm25 adds the matches of one kind of term in one field, as a share of the
// weight of all the question's terms of that kind.
func (q *query) bm25(f field, k kind, into feature) {
	lengths, mean := q.x.lengths[f][kindNo(k)], q.x.mean[f][kindNo(k)]
	total := 0.0
	for _, t := range q.terms {
		if kind(t.key[0]) == k {
			_, with := q.list(t.key, f)
			total += idf(q.x.statDocs, with) * float64(t.n)
		}
	}
	for _, t := range q.terms {
		if kind(t.key[0]) != k {
			continue
		}
		list, with := q.list(t.key, f)
		w := (bm25K + 1) / total * idf(q.x.statDocs, with) * float64(t.n)
		for _, p := range list {
			tf := float64(p.n)
			q.acc[p.doc][into] += w * tf / (tf + bm25K*(1-bm25B+bm25B*float64(lengths[p.doc])/mean))
			q.seen[p.doc] = true
		}
	}
}

// cover computes which share of the weight of an article's title the question
// holds.
func (q *query) cover(no int, into feature) {
	covered := q.x.covered[no]
	for _, t := range q.terms {
		if kind(t.key[0]) != coverKinds[no] {
			continue
		}
		list, with := q.list(t.key, title)
		w := idf(q.x.statDocs, with)
		for _, p := range list {
			if c := covered[p.doc]; c > 0 {
				q.acc[p.doc][into] += w / float64(c)
			}
		}
	}
}

// nearest is how many past questions askedGramTop looks at.
const nearest = 3

// asking matches the question with the past questions and gathers that per article.
func (q *query) asking() {
	x := q.x
	gone := len(x.goneQuestions) > 0
	sims, best := q.sims, q.best
	like := q.like    // questions that match
	var near []uint32 // articles that match
	for no, m := range [3]struct{ max, top feature }{{askedWord, -1}, {askedStem, -1}, {askedGram, askedGramTop}} {
		like, near = q.cosine(no, sims, like[:0]), near[:0]
		for _, i := range like {
			sim := sims[i]
			sims[i] = 0
			if gone && x.goneQuestions[i] {
				continue
			}
			for _, a := range x.links(i) {
				b, s := &best[a], sim
				if b[0] == 0 {
					near = append(near, a)
				}
				for j := range b {
					if s > b[j] {
						s, b[j] = b[j], s
					}
				}
			}
		}
		for _, a := range near {
			b := &best[a]
			q.seen[a] = true
			q.acc[a][m.max] = b[0]
			if m.top >= 0 {
				q.acc[a][m.top] = (b[0] + b[1] + b[2]) / nearest
			}
			*b = [nearest]float64{}
		}
	}
	q.bayes()
}

// cosine fills in the cosine of the question with every past question that
// shares a term of one kind, weighted by rarity, and adds their numbers to like.
// Values in out are zero before.
func (q *query) cosine(no int, out []float64, like []uint32) []uint32 {
	own := 0.0
	for _, t := range q.terms {
		if kind(t.key[0]) != normKinds[no] || q.x.common[t.key] {
			continue
		}
		list, with := q.list(t.key, question)
		w := idf(q.x.statQuestions, with)
		a := math.Sqrt(float64(t.n)) * w
		own += a * a
		for _, p := range list {
			if out[p.doc] == 0 {
				like = append(like, p.doc)
			}
			if p.n == 1 {
				out[p.doc] += a * w
			} else {
				out[p.doc] += a * math.Sqrt(float64(p.n)) * w
			}
		}
	}
	own = math.Sqrt(own)
	for _, i := range like {
		out[i] /= own * float64(q.x.norms[no][i])
	}
	return like
}

// bayesMass is how many questions' worth of the whole collection each
// article's word shares are pulled to.
const bayesMass = 2.0

// The value of the feature for an article that nobody asked for, and the floor.
const (
	bayesUnasked = -0.2
	bayesFloor   = -2
)

// bayes is the log-likelihood ratio, per term of the question, of the words of
// an article's past questions against those of all questions: a multinomial
// model with Dirichlet smoothing (Zhai and Lafferty 2004). Per term it is
//
//	ln( (c + μb)/(A + μ) / b ) = ln( 1 + c/(μb) ) + ln( μ/(A + μ) )
//
// with c the times in the article's questions, A their words, b the share of
// the term in all questions and μ the mass.
func (q *query) bayes() {
	x := q.x
	if x.qwords == 0 {
		return
	}
	mass := bayesMass * x.qwords / float64(x.Questions())
	n := 0.0
	gone := len(x.goneQuestions) > 0
	sums := make([]float64, len(x.ids))
	in := make([]float64, len(x.ids))
	var touched []uint32
	for _, t := range q.terms {
		if kind(t.key[0]) != word {
			continue
		}
		list, _ := q.list(t.key, question)
		times := 0.0
		touched = touched[:0]
		for _, p := range list {
			if gone && x.goneQuestions[p.doc] {
				continue
			}
			times += float64(p.n)
			for _, a := range x.links(p.doc) {
				if in[a] == 0 {
					touched = append(touched, a)
				}
				in[a] += float64(p.n)
			}
		}
		if times == 0 {
			continue
		}
		n++
		base := times / x.qwords
		for _, a := range touched {
			sums[a] += math.Log1p(in[a] / (mass * base))
			in[a] = 0
		}
	}
	if n == 0 {
		return
	}
	for a, words := range x.awords {
		if words > 0 {
			v := sums[a]/n + math.Log(mass/(words+mass))
			q.acc[a][askedBayes] = math.Max(bayesFloor, v) / 2
			q.seen[a] = true
		} else {
			q.acc[a][askedBayes] = bayesUnasked
		}
	}
}
