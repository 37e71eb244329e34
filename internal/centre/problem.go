package centre

import (
	"fmt"
	"strings"
)

// Problem is one mistake in a description.
type Problem struct {
	Key   string // channels.phone.target.level
	Value string // as it was written; empty when the key itself is the mistake
	Want  string
}

func (p Problem) String() string {
	if p.Value == "" {
		return p.Key + ": " + p.Want
	}
	return fmt.Sprintf("%s: value %s: want %s", p.Key, p.Value, p.Want)
}

// Invalid lists every mistake in a description.
type Invalid struct {
	File     string
	Problems []Problem
}

// Error names the file and each mistake on a line of its own.
func (e *Invalid) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = e.File + ": " + p.String()
	}
	return strings.Join(lines, "\n")
}
