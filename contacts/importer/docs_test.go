package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// synonymLines is the table of synonyms as docs/import.md has it.
func synonymLines() string {
	var b strings.Builder
	for _, s := range fieldSpecs() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", s.field, strings.ReplaceAll(s.names, " ", ", "))
	}
	return b.String()
}

// TestDocs keeps the page of synonyms in step with the table; KCC_UPDATE=1
// writes it anew.
func TestDocs(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "import.md")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const from, to = "| field | headers |\n| --- | --- |\n", "\n<!-- end of synonyms -->"
	head, rest, ok1 := strings.Cut(string(text), from)
	have, tail, ok2 := strings.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatal("docs/import.md has no table of synonyms")
	}
	if os.Getenv("KCC_UPDATE") != "" {
		if err := os.WriteFile(path, []byte(head+from+synonymLines()+to+tail), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != synonymLines() {
		t.Error("the synonyms of docs/import.md differ from the code: run this test with KCC_UPDATE=1")
	}
}
