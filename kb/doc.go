// Package kb is the knowledge base of the centre: articles that agents find in
// a second and that a chatbot can be trusted with.
//
// An article answers a question, instructs, or brings news. It lives through
// the states of Knowledge-Centered Service (draft, in review, validated,
// published, retired); each change is a revision with author and reason.
// Articles are found by package kb/search from their own words and from the
// past questions that were linked to them. What is published, meant for the
// public and in date can leave as chatbot training data, web pages and files.
//
// Personal data does not enter: questions of customers are stored with numbers
// and addresses masked (see [Mask]).
package kb
