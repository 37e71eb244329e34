package roster

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestDutch: every sentence that the package makes has its Dutch, with the same
// verbs, and nothing stands there that is not used.
func TestDutch(t *testing.T) {
	used := map[string]bool{}
	for d := range 7 {
		used[time.Weekday(d).String()] = true
	}
	literal := func(e ast.Expr) (string, bool) {
		b, ok := e.(*ast.BasicLit)
		if !ok || b.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(b.Value)
		return s, err == nil
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") || f.Name() == "dutch.go" {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				name := ""
				switch f := n.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if name != "say" && name != "bad" && name != "miss" {
					return true
				}
				for _, a := range n.Args { // rules, units and sources have no spaces, or are articles
					if s, ok := literal(a); ok && (name == "say" || strings.Contains(s, " ") && !strings.HasPrefix(s, "ATW ")) {
						used[s] = true
					}
				}
			case *ast.ValueSpec:
				if id, ok := n.Type.(*ast.Ident); ok && id.Name == "whyAway" {
					s, _ := literal(n.Values[0])
					used[s] = true
				}
			case *ast.KeyValueExpr:
				if s, ok := literal(n.Value); ok && strings.HasPrefix(s, "works %s ") {
					used[s] = true
				}
			}
			return true
		})
	}
	if len(used) < 60 {
		t.Fatalf("only %d sentences found", len(used))
	}
	verbs := regexp.MustCompile(`%[^ a-z]*[a-z]`)
	for s := range used {
		nl, ok := dutchOf[s]
		if !ok {
			t.Errorf("no Dutch for %q", s)
		} else if a, b := verbs.FindAllString(s, -1), verbs.FindAllString(nl, -1); !slices.Equal(a, b) {
			t.Errorf("%q has %q, its Dutch %q", s, a, b)
		}
	}
	for s := range dutchOf {
		if !used[s] {
			t.Errorf("%q is not said", s)
		}
	}
}

func TestSentence(t *testing.T) {
	s := say("%s: %s", "a1", say("%.2f hours of work on %s, at most %.2f in one shift", 12.5, "2026-12-01", 12.0))
	if got, want := s.In("en"), "a1: 12.50 hours of work on 2026-12-01, at most 12.00 in one shift"; got != want || s.String() != want {
		t.Errorf("English %q, want %q", got, want)
	}
	if got, want := s.In("nl"), "a1: 12,50 uur werk op 2026-12-01, hoogstens 12,00 in één dienst"; got != want {
		t.Errorf("Dutch %q, want %q", got, want)
	}
	if got := say("shift %s does not exist on %s", "day", time.Sunday).In("nl"); got != "dienst day bestaat niet op zondag" {
		t.Error(got)
	}
	if got := say("works %s (%q), wanted is %s", "08:00-12:00", "day", either([]string{"early", "late"})).In("nl"); got != `werkt 08:00-12:00 ("day"), gevraagd is early of late` {
		t.Error(got)
	}
	if got := (Sentence{English: "kept before"}).In("nl"); got != "kept before" {
		t.Error(got)
	}
}
