package flow

import "kcc/internal/output"

// say returns a text in the reader's language.
func say(l output.Lang, english, dutch string) string {
	if l == output.Dutch {
		return dutch
	}
	return english
}
