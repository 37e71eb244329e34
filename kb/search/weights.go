package search

import "slices"

// Weights says what each feature is worth.
type Weights [features]float64

// Model is the weights of a collection without and with past questions.
type Model struct {
	Plain, Linked Weights
}

// start is where learning starts: a plain reading of the features.
var start = Weights{
	titleWord: 8, titleStem: 1, titlePair: 1.5, titlePart: 1.3, bodyWord: 1.2, bodyPair: 1, bodyGram: 2.6, bodyPart: 2,
	titleStemCover: -0.5, titleGramCover: 3,
}

// Start returns the weights where learning starts.
func Start() Weights { return start }

// Map returns the weights by name of feature.
func (w Weights) Map() map[string]float64 {
	out := map[string]float64{}
	for f, v := range w {
		out[featureNames[f]] = v
	}
	return out
}

// WeightsOf makes weights of a map as Map returns it. Weights of features that
// an earlier version had are left out.
func WeightsOf(m map[string]float64) Weights {
	var w Weights
	for name, v := range m {
		if f := slices.Index(featureNames[:], name); f >= 0 {
			w[f] = v
		}
	}
	return w
}

// Hit is one article found.
type Hit struct {
	ID    string
	Score float64
	row   [features]float64
}

// Part is what one feature adds to a score.
type Part struct {
	Feature       string
	Value, Weight float64
}

// Explain returns what made the score, the largest part first. The parts add
// up to the score.
func (h *Hit) Explain(w Weights) []Part {
	var out []Part
	for f, v := range h.row {
		if v != 0 && w[f] != 0 {
			out = append(out, Part{featureNames[f], v, w[f]})
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int {
		switch x, y := a.Value*a.Weight, b.Value*b.Weight; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out
}

// Cover returns how well the article fits the question whatever the weights:
// the best of the shares of the question's words found in the title or body
// and of the likeness with a past question, between 0 and about 1.
func (h *Hit) Cover() float64 {
	return max(h.row[titlePart], h.row[bodyPart], h.row[askedStem])
}

// better orders hits: the best first, equal ones by id.
func better(a, b *Hit) bool {
	if a.Score != b.Score {
		return a.Score > b.Score
	}
	return a.ID < b.ID
}

// Search returns the best articles for a question, best first; limit 0 means
// all that match. Equal scores are in order of id.
func (x *Index) Search(text string, w Weights, limit int) ([]Hit, error) {
	mem := x.scratch()
	defer x.spare.Put(mem)
	m, err := x.features(text, mem)
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > len(m.docs) {
		limit = len(m.docs)
	}
	hits := make([]Hit, 0, limit)
	for i, d := range m.docs {
		h := Hit{ID: x.ids[d], Score: w.dot(&m.rows[i])}
		if len(hits) == limit && !better(&h, &hits[limit-1]) {
			continue
		}
		h.row = m.rows[i]
		at, _ := slices.BinarySearchFunc(hits, h, func(a, b Hit) int {
			if better(&a, &b) {
				return -1
			}
			return 1
		})
		if len(hits) < limit {
			hits = append(hits, Hit{})
		}
		copy(hits[at+1:], hits[at:])
		hits[at] = h
	}
	return hits, nil
}

func (w *Weights) dot(row *[features]float64) float64 {
	s := 0.0
	for i, v := range row {
		s += w[i] * v
	}
	return s
}
