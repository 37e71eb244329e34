package search

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// example is one question with its features and which articles are right.
type example struct {
	m     matrix
	right []bool
}

// What learning looks at: of each question the articles that score best by the
// weights it starts from, and of many questions an even sample.
const (
	learnRows      = 300
	learnQuestions = 1000
)

// sample returns at most n questions, evenly spread.
func sample(qs []Question, n int) []Question {
	if len(qs) <= n {
		return qs
	}
	out := make([]Question, n)
	for i := range out {
		out[i] = qs[i*len(qs)/n]
	}
	return out
}

// trim keeps the best rows of an example and those that are right.
func (e *example) trim(w *Weights) {
	if len(e.right) <= learnRows {
		return
	}
	order := make([]int, len(e.right))
	score := make([]float64, len(e.right))
	for i := range order {
		order[i], score[i] = i, w.dot(&e.m.rows[i])
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case score[a] > score[b]:
			return -1
		case score[a] < score[b]:
			return 1
		}
		return 0
	})
	var out example
	for place, i := range order {
		if place < learnRows || e.right[i] {
			out.m.docs, out.m.rows, out.right = append(out.m.docs, e.m.docs[i]), append(out.m.rows, e.m.rows[i]), append(out.right, e.right[i])
		}
	}
	*e = out
}

// examples computes the features of labelled questions on an index.
func (x *Index) examples(qs []Question, start *Weights) ([]example, error) {
	var out []example
	for _, q := range qs {
		m, err := x.features(q.Text, x.scratch()) // kept with its rows
		if err != nil {
			return nil, err
		}
		right := make([]bool, len(m.docs))
		any := false
		for i, d := range m.docs {
			right[i] = slices.Contains(q.Articles, x.ids[d])
			any = any || right[i]
		}
		if any {
			e := example{m, right}
			e.trim(start)
			out = append(out, e)
		}
	}
	return out, nil
}

// fit finds the weights that make the right article most probable under
//
//	P(article | question) = exp(w·f) / Σ exp(w·f)
//
// by maximum likelihood with a quadratic penalty towards prior (the listwise
// softmax loss of Cao et al. 2007, ListNet, with one or more right answers).
func fit(sets [][]example, prior Weights, penalty float64, use []feature) Weights {
	w := func(v []float64) Weights {
		full := prior
		for i, f := range use {
			full[f] = v[i]
		}
		return full
	}
	value := func(v, grad []float64) float64 {
		full := w(v)
		loss := 0.0
		for i := range grad {
			grad[i] = 0
		}
		for _, set := range sets {
			if len(set) == 0 {
				continue
			}
			share := 1 / float64(len(set))
			for _, e := range set {
				l := e.loss(&full, grad, share, use)
				loss += share * l
			}
		}
		for i, f := range use {
			d := v[i] - prior[f]
			loss += penalty * d * d
			if grad != nil {
				grad[i] += 2 * penalty * d
			}
		}
		return loss
	}
	start := make([]float64, len(use))
	for i, f := range use {
		start[i] = prior[f]
	}
	res, err := optimize.Minimize(optimize.Problem{
		Func: func(v []float64) float64 { return value(v, make([]float64, len(use))) },
		Grad: func(g, v []float64) { value(v, g) },
	}, start, &optimize.Settings{MajorIterations: 200, GradientThreshold: 1e-6}, &optimize.LBFGS{})
	if res == nil || (err != nil && res.X == nil) {
		return prior
	}
	return w(res.X)
}

// loss adds the gradient of one question's negative log-likelihood to grad.
func (e *example) loss(w *Weights, grad []float64, share float64, use []feature) float64 {
	s := make([]float64, len(e.m.rows))
	top := math.Inf(-1)
	for i := range s {
		s[i] = w.dot(&e.m.rows[i])
		top = math.Max(top, s[i])
	}
	all, right := 0.0, 0.0
	for i := range s {
		s[i] = math.Exp(s[i] - top)
		all += s[i]
		if e.right[i] {
			right += s[i]
		}
	}
	for i := range s {
		g := s[i] / all
		if e.right[i] {
			g -= s[i] / right
		}
		if math.Abs(g) < 1e-9 {
			continue
		}
		for j, f := range use {
			grad[j] += share * g * e.m.rows[i][f]
		}
	}
	return math.Log(all) - math.Log(right)
}

// fitPenalty pulls learned weights to where they start: strong enough for some
// tens of questions, weak enough to be forgotten with thousands.
const fitPenalty = 0.003

// Set is a collection with questions whose right articles are known.
type Set struct {
	Lang      Lang
	Docs      []Document
	Questions []Question
	Synonyms  map[string][]string
}

// LearnPlain finds weights for searching without past questions, from the
// questions of one or more sets; each set counts the same.
func LearnPlain(sets []Set, start Weights) (Weights, error) {
	var ex [][]example
	for _, s := range sets {
		e, err := Build(s.Lang, s.Docs, nil, s.Synonyms).examples(sample(s.Questions, learnQuestions), &start)
		if err != nil {
			return start, err
		}
		ex = append(ex, e)
	}
	return fit(ex, start, fitPenalty, between(0, askedWord)), nil
}

// learnFolds is the number of parts of which one is held out in turn when the
// weights of past questions are learned: a question must not find itself.
const learnFolds = 5

// LearnLinked finds weights for searching with the questions as past
// questions. Each fifth of them is asked of an index that holds the others.
func LearnLinked(sets []Set, start Weights) (Weights, error) {
	var ex [][]example
	for _, s := range sets {
		var all []example
		for fold := range learnFolds {
			var linked, held []Question
			for i, q := range s.Questions {
				if i%learnFolds == fold {
					held = append(held, q)
				} else {
					linked = append(linked, q)
				}
			}
			e, err := Build(s.Lang, s.Docs, linked, s.Synonyms).examples(sample(held, learnQuestions/learnFolds), &start)
			if err != nil {
				return start, err
			}
			all = append(all, e...)
		}
		ex = append(ex, all)
	}
	return fit(ex, start, fitPenalty, between(0, features)), nil
}

func between(from, to feature) []feature {
	var out []feature
	for f := from; f < to; f++ {
		out = append(out, f)
	}
	return out
}
