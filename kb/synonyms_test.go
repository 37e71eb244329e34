package kb

import (
	"context"
	"slices"
	"testing"

	"kcc/kb/search"
)

// TestNewStoreHasSynonyms holds that every pair that a measurement without a
// store uses is in the table of a new one.
func TestNewStoreHasSynonyms(t *testing.T) {
	b := newBase(t)
	have, err := synonymsOf(context.Background(), b.DB, "nl")
	if err != nil {
		t.Fatal(err)
	}
	sets := search.SynonymSets(search.Dutch)
	if len(sets) < 100 {
		t.Fatalf("%d sets of synonyms, want over 100", len(sets))
	}
	for _, set := range sets {
		for _, w := range set[1:] {
			if !slices.Contains(have[set[0]], w) {
				t.Errorf("a new store does not have %s for %s", w, set[0])
			}
		}
	}
}
