package kpi

import (
	"flag"
	"os"
	"strings"
	"testing"

	"kcc/internal/output"
)

var update = flag.Bool("update", false, "write the table of definitions in docs/reports.md")

// TestDocsHoldDefinitions keeps the definitions in docs/reports.md those of the
// program.
func TestDocsHoldDefinitions(t *testing.T) {
	const path, from, to = "../../docs/reports.md", "<!-- definitions -->\n", "<!-- /definitions -->\n"
	set := &Settings{Zone: amsterdam}
	var b strings.Builder
	b.WriteString("\n| column | title | Dutch | definition |\n| --- | --- | --- | --- |\n")
	row := func(f *Figure) {
		text := strings.ReplaceAll(f.Define[0], "%T", "that of the channel")
		f.Define[0] = text
		esc := strings.NewReplacer("|", `\|`)
		b.WriteString("| `" + f.Key + "` | " + f.Title[0] + " | " + f.Title[1] + " | " + esc.Replace(f.Definition(output.English, set)) + " |\n")
	}
	for _, f := range allFigures(set) {
		row(&f)
	}
	for _, f := range repeatFigures(set) {
		if f.Key != "fcr" && f.Key != "repeat_rate" {
			row(&f)
		}
	}
	b.WriteString("\n")
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(doc), from)
	have, tail, ok2 := strings.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no %q and %q", path, from, to)
	}
	if have == b.String() {
		return
	}
	if !*update {
		t.Fatalf("the definitions in %s are not those of the program: go test ./contacts/kpi -run Docs -update", path)
	}
	if err := os.WriteFile(path, []byte(head+from+b.String()+to+tail), 0o644); err != nil {
		t.Fatal(err)
	}
}
