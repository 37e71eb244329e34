package search

import "slices"

// Weights says what each feature is worth.
type Weights [features]float64

// Hit is one article found.
type Hit struct {
	ID    string
	Score float64
	row   [features]float64
}

// Search returns the best articles for a question, best first. Equal scores
// are in order of id.
func (x *Index) Search(text string, w Weights, limit int) []Hit {
	m := x.features(text)
	hits := make([]Hit, len(m.docs))
	for i, d := range m.docs {
		hits[i] = Hit{ID: x.ids[d], Score: w.dot(&m.rows[i]), row: m.rows[i]}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		case a.ID < b.ID:
			return -1
		}
		return 1
	})
	if limit > 0 && len(hits) > limit {
		hits = hits[:limit]
	}
	return hits
}

func (w *Weights) dot(row *[features]float64) float64 {
	s := 0.0
	for i, v := range row {
		s += w[i] * v
	}
	return s
}
