package search

// Default returns the weights that kcc ships. They were learned by LearnPlain
// and LearnLinked on one Dutch and two English collections together, each
// counting the same; docs/kb.md tells how to learn them again.
func Default() Model {
	return Model{
		Plain: Weights{
			titleWord: 13.41, titleStem: 0.11, titlePair: 1.46, titleGram: -2.17, titlePart: 1.67,
			bodyWord: 1.08, bodyStem: -1.68, bodyPair: 1.19, bodyGram: 2.97, bodyPart: 3.56,
			titleStemCover: -0.10, titleGramCover: 2.72,
		},
		Linked: Weights{
			titleWord: 10.68, titleStem: -0.39, titlePair: 1.29, titleGram: -1.75, titlePart: 0.93,
			bodyWord: 0.69, bodyStem: -1.90, bodyPair: 0.56, bodyGram: 3.59, bodyPart: 3.46,
			titleStemCover: 1.12, titleGramCover: 1.92,
			askedWord: 0.22, askedStem: 0.81, askedGram: 0.89, askedGramTop: 3.49, askedBayes: 2.10,
		},
	}
}

// For returns the weights for an index: those with past questions count by
// their share, since the first few say little.
func (m Model) For(x *Index) Weights {
	q, a := float64(x.Questions()), float64(x.Articles())
	if q == 0 {
		return m.Plain
	}
	t := q / (q + a/2)
	var w Weights
	for f := range w {
		w[f] = (1-t)*m.Plain[f] + t*m.Linked[f]
	}
	return w
}
