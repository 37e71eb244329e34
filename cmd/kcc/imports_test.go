package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// importRule says what the files of a folder (and those below it) may import.
type importRule struct {
	folder string
	kcc    []string // packages of this module, with those below them
	deny   []string // libraries and parts of the standard library that are refused
}

// maths is what the computing packages stay clear of: files, stores, commands.
var maths = []string{
	"os", "os/exec", "log", "log/slog", "database/sql", "net", "net/http", "modernc.org", "github.com/spf13", "github.com/xuri", "github.com/olekukonko",
}

// importRules are those of the architecture; a folder without a rule, or an
// import of kcc that no rule allows, is an error.
var importRules = []importRule{
	{"internal/calendar", nil, maths},
	{"internal/xmltag", nil, maths},
	{"internal/tomltext", nil, maths},
	{"internal/tabular", []string{"internal/calendar", "internal/xmltag"}, []string{"github.com/spf13"}},
	{"internal/output", []string{"internal/calendar", "internal/xmltag"}, []string{"github.com/spf13", "database/sql"}},
	{"internal/ui", nil, []string{"github.com/spf13", "database/sql"}},
	{"internal/config", []string{"internal/calendar", "internal/tomltext"}, []string{"github.com/spf13", "database/sql"}},
	{"internal/store", []string{"internal/calendar"}, []string{"github.com/spf13"}},
	{"internal/centre", []string{"internal/calendar", "internal/tabular", "internal/tomltext", "internal/output"}, []string{"github.com/spf13", "database/sql"}},
	{"forecast", []string{"internal/calendar"}, maths},
	{"erlang", []string{"internal/calendar"}, maths},
	{"internal/accuracy", []string{"forecast", "internal/calendar", "internal/output"}, []string{"github.com/spf13", "database/sql"}},
	{"internal/history", []string{"forecast", "internal/calendar", "internal/tabular"}, []string{"github.com/spf13", "database/sql"}},
	{"internal/staffing", []string{"erlang", "roster", "internal/calendar", "internal/tabular", "internal/output"}, []string{"github.com/spf13", "database/sql"}},
	{"roster", []string{"internal/calendar"}, maths},
	{"internal/rosterfile", []string{"roster", "internal/calendar", "internal/tabular", "internal/tomltext", "internal/output"}, []string{"github.com/spf13", "database/sql"}},
	{"contacts", []string{"internal/calendar", "internal/store", "internal/output", "internal/tabular"}, []string{"github.com/spf13"}},
	{"kb", []string{"internal/calendar", "internal/store", "internal/output", "internal/tabular"}, []string{"github.com/spf13"}},
	{"internal/planstore", []string{"forecast", "erlang", "roster", "internal/store", "internal/centre", "internal/calendar"}, []string{"github.com/spf13"}},
	{"internal/demo", []string{"internal"}, []string{"github.com/spf13", "database/sql"}},
	{"internal/flow", []string{"forecast", "erlang", "roster", "contacts", "kb", "internal"}, []string{"github.com/spf13"}},
	{"cmd", []string{"forecast", "erlang", "roster", "contacts", "kb", "internal"}, []string{"database/sql/driver"}},
}

// TestImportRules holds the layers: who may import whom.
func TestImportRules(t *testing.T) {
	root := filepath.Join("..", "..")
	checked := 0
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && e.Name() != ".." || e.Name() == "testdata") {
			return filepath.SkipDir
		}
		if _, err := os.Stat(filepath.Join(p, "go.mod")); err == nil && e.IsDir() && p != root {
			return filepath.SkipDir // a module of its own
		}
		if e.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		rule := ruleOf(rel)
		if rule == nil {
			t.Errorf("%s: no import rule covers this folder", rel)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if why := rule.refuses(imp); why != "" {
				t.Errorf("%s imports %s: %s", rel, imp, why)
			}
		}
		checked++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if checked < 10 {
		t.Fatalf("only %d files were checked", checked)
	}
}

// TestSQLStaysInStoreFiles holds that SQL lives in *_store.go (and the store
// package itself).
func TestSQLStaysInStoreFiles(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") ||
			strings.HasSuffix(p, "_store.go") || strings.Contains(filepath.ToSlash(p), "internal/store/") {
			return err
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		for _, verb := range []string{"SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM"} {
			for _, quote := range []string{"`", "\""} {
				if strings.Contains(string(src), quote+verb) {
					t.Errorf("%s holds SQL (%s): it belongs in a *_store.go file", p, strings.TrimSpace(verb))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func ruleOf(file string) *importRule {
	for i, r := range importRules {
		if strings.HasPrefix(file, r.folder+"/") {
			return &importRules[i]
		}
	}
	return nil
}

// refuses returns why the rule forbids an import, or "".
func (r *importRule) refuses(imp string) string {
	if inner, ok := strings.CutPrefix(imp, "kcc/"); ok {
		if inner == "cmd" || strings.HasPrefix(inner, "cmd/") {
			return "nothing imports cmd"
		}
		for _, allowed := range append(r.kcc, r.folder) {
			if inner == allowed || strings.HasPrefix(inner, allowed+"/") {
				return ""
			}
		}
		return "the layers of " + path.Base(r.folder) + " do not allow it"
	}
	for _, d := range r.deny {
		if imp == d || strings.HasPrefix(imp, d+"/") {
			return r.folder + " stays clear of it"
		}
	}
	return ""
}
