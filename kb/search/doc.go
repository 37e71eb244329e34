// Package search finds the article that answers a question. It is the engine
// under the knowledge base: it knows texts and identifiers, but no store, no
// life cycle and no files.
//
// A question is analysed into several kinds of terms: words, stems (Snowball,
// Dutch and English), parts of compounds ("pasnummer" has "pas" and "nummer"),
// pairs of neighbouring stems, and character grams, which forgive typing
// errors. Each kind is matched with BM25 in the questions (titles) and the
// answers (bodies) of the articles, and in the past questions that were linked
// to an article. What each match is worth is a small vector of weights; it is
// learned from questions with a known answer by [Learn] and never set per
// collection.
//
// Sources: Robertson and Zaragoza (2009), The Probabilistic Relevance
// Framework: BM25 and Beyond; Porter's Snowball stemmers; McNamee and Mayfield
// (2004), Character N-Gram Tokenization for European Language Text Retrieval;
// Burges et al. (2005), Learning to Rank using Gradient Descent (the pairwise
// logistic loss).
package search
