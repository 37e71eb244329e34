package search

// Default returns the weights that kcc ships. They were learned by LearnPlain
// and LearnLinked on one Dutch and two English collections together, each
// counting the same; docs/kb.md tells how to learn them again.
func Default() Model {
	return Model{
		Plain: Weights{
			titleWord: 12.42, titleStem: 0.07, titlePair: 1.62, titleGram: -2.00, titlePart: 1.39,
			bodyWord: 0.99, bodyStem: -1.91, bodyPair: 1.13, bodyGram: 3.38, bodyPart: 3.48,
			titleStemCover: -1.49, titleGramCover: 4.18,
		},
		Linked: Weights{
			titleWord: 11.97, titleStem: -0.14, titlePair: 2.22, titleGram: -3.76, titlePart: 1.17,
			bodyWord: 0.30, bodyStem: -2.02, bodyPair: 1.75, bodyGram: 1.22, bodyPart: 3.36,
			titleStemCover: -0.80, titleGramCover: 3.97,
			askedWord: 0.32, askedStem: 1.70, askedGram: 1.70, askedGramTop: 2.16, askedBayes: 3.08, askedPrior: -0.42,
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
