package search

import (
	"os"
	"testing"
)

// TestLearnShipped learns the weights of Default again and prints them. Without
// KCC_LEARN it only tries a part:
//
//	KCC_LEARN=1 go test ./kb/search -run LearnShipped -v
func TestLearnShipped(t *testing.T) {
	var sets []Set
	for _, s := range dataSets(t) {
		sets = append(sets, s)
	}
	if os.Getenv("KCC_LEARN") == "" {
		sets = sets[:1]
		sets[0].Questions = sets[0].Questions[:60]
	}
	plain, err := LearnPlain(sets, Start())
	if err != nil {
		t.Fatal(err)
	}
	linked, err := LearnLinked(sets, Start())
	if err != nil {
		t.Fatal(err)
	}
	for f := range features {
		if plain[f] != plain[f] || linked[f] != linked[f] {
			t.Errorf("%s: not a number", featureNames[f])
		}
		t.Logf("%s: plain %.2f, linked %.2f", featureNames[f], plain[f], linked[f])
	}
}
