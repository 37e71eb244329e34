package demo

import _ "embed"

// articles is the knowledge base of the demo: short answers on the subjects of
// the centre; the subject "other" has none.
//
//go:embed articles.jsonl
var articles []byte
