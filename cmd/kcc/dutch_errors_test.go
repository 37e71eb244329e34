package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kcc/internal/rosterfile"
)

// The Dutch of a sentence has the arguments of the English one, in its order.
func TestDutchErrorsHaveTheirVerbs(t *testing.T) {
	for english, dutch := range dutchTexts() {
		if e, d := verb.FindAllString(english, -1), verb.FindAllString(dutch, -1); !slices.Equal(e, d) {
			t.Errorf("%q has %v, its Dutch %q has %v", english, e, dutch, d)
		}
		if strings.TrimSpace(dutch) == "" || strings.HasSuffix(dutch, ".") && !strings.HasSuffix(dutch, "..") {
			t.Errorf("%q: Dutch %q is empty or ends in a full stop", english, dutch)
		}
	}
}

// texts returns the texts that a call or a value in an expression holds, with
// those that are joined by + as one.
func texts(e ast.Expr) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			s, err := strconv.Unquote(x.Value)
			return s, err == nil
		}
	case *ast.BinaryExpr:
		a, ok := texts(x.X)
		b, ok2 := texts(x.Y)
		return a + b, ok && ok2
	}
	return "", false
}

// No text is in two dictionaries, with one Dutch or the other by chance.
func TestDutchErrorsAreThereOnce(t *testing.T) {
	if n := len(dutchErrors) + len(dutchFiles) + len(dutchDesk) + len(dutchNews) + len(dutchTOML); n != len(dutchTexts()) {
		t.Errorf("%d entries of %d different texts", n, len(dutchTexts()))
	}
}

// A sentence whose English changes no longer matches: every piece of an entry must
// be found in a text of the source, apart from those made elsewhere.
func TestDutchErrorsAreOfTheSource(t *testing.T) {
	var all strings.Builder
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || slices.Contains([]string{"dutch_errors.go", "dutch_files.go", "dutch_news.go"}, filepath.Base(path)) {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if x, ok := n.(ast.Expr); ok {
				if s, ok := texts(x); ok {
					all.WriteString(strings.ReplaceAll(s, "%%", "%") + "\n")
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	source := all.String()
	for english := range dutchTexts() {
		if _, toml := dutchTOML[english]; toml || elsewhere[english] { // TestDutchOfTOML has those
			continue
		}
		for _, piece := range verb.Split(english, -1) {
			if piece = strings.Trim(piece, " :;,"); len(piece) > 3 && !strings.Contains(source, piece) {
				t.Errorf("%q: no text of the source holds %q", english, piece)
			}
		}
	}
}

// elsewhere are sentences of the operating system, of Go and of cobra, and one that
// is put together from a number and a word.
var elsewhere = map[string]bool{
	"unknown flag: %s": true, "unknown shorthand flag: %v": true, "unknown command %q for %q": true, "flag needs an argument: %v": true,
	"no such file or directory": true, "open %s: no such file or directory": true, "permission denied": true, "open %s: permission denied": true, "is a directory": true,
	"1 argument": true, "%d arguments": true,
	"Monday": true, "Tuesday": true, "Wednesday": true, "Thursday": true, "Friday": true, "Saturday": true, "Sunday": true,
}

// TestDutchOfTOML makes the slips: the library's texts are those that the dictionary has.
func TestDutchOfTOML(t *testing.T) {
	for slip, want := range map[string]string{
		"default = \"shop\n":                          "r.toml: regel 1: een tekst loopt niet door op de volgende regel: er ontbreekt een aanhalingsteken",
		"[a]\ndaily_rest = 12h\n":                     "r.toml: regel 2: na een waarde verwacht: het einde van de regel of #, niet 'h'; alleen getallen, true en false staan zonder aanhalingstekens",
		"[skills]\nchange = 0,2\n":                    "r.toml: regel 2: na een waarde verwacht: het einde van de regel of #, niet een komma; een getal heeft een punt, zoals 0.18",
		"[a]\ndaily_rest = h12\n":                     "r.toml: regel 2: verwacht een waarde, niet \"h\"; alleen getallen, true en false staan zonder aanhalingstekens",
		"[a]\ndaily_rest \"12h\"\n":                   "r.toml: regel 2: verwacht . of = na de naam, niet '\"'",
		"[a\n":                                        "r.toml: regel 1: verwacht ] na de naam van een tabel, niet '\\n'",
		"[fairness]\ndays = [\"12-24\"":               "r.toml: regel 2: de lijst houdt niet op: er ontbreekt ]",
		"[fairness]\ndays = [\"12-24\" \"12-31\"]":    "r.toml: regel 2: verwacht een komma of ] in een lijst, niet '\"'",
		"[a]\nbreaks = [{over=\"5h\" total=\"30m\"}]": "r.toml: regel 2: verwacht een komma of } in een tabel, niet 't'",
		"[[a]\n":            "r.toml: regel 1: verwacht ]] na de naam van een lijst van tabellen, niet '\\n'",
		"[a]\nmax_starts =": "r.toml: regel 2: het bestand houdt op waar een waarde verwacht wordt",
		"x = 1\nx = 2\n":    "r.toml: regel 2: x staat er al",
	} {
		_, err := rosterfile.DecodeRules("r.toml", strings.NewReader(slip))
		if err == nil {
			t.Fatalf("%q is accepted", slip)
		}
		if got, _ := inDutchWords(err.Error()); got != want {
			t.Errorf("%q: %q for %q, want %q", slip, got, err, want)
		}
	}
}

func TestInDutchWords(t *testing.T) {
	for _, x := range []struct{ english, dutch string }{
		{`calls.csv: line 2: column "start": value "31/31": want a date such as 2026-12-31 or 31-12-2026`, `calls.csv: regel 2: kolom "start": waarde "31/31": verwacht een datum zoals 2026-12-31 of 31-12-2026`},
		{`mijn export.csv: the file is empty`, `mijn export.csv: het bestand is leeg`},
		{`--weeks 99: want 1 to 53`, `--weeks 99: verwacht 1 tot en met 53`},
		{`--by "foo": want channel, kind or subject`, `--by "foo": verwacht channel, kind of subject`},
		{`--from 2026-11-24 is a Tuesday: want a Monday, for example 2026-11-30`, `--from 2026-11-24 is een dinsdag: verwacht een maandag, bijvoorbeeld 2026-11-30`},
		{`no channel has history to plan from: bot (bot: no history before 2020-01-06: no history)`, `geen enkel kanaal heeft historie om mee te plannen: bot (bot: no history before 2020-01-06: no history)`},
		{"a.csv: the file is empty\nb.csv: the file is empty", "a.csv: het bestand is leeg\nb.csv: het bestand is leeg"},
		// What is known in part stays English, and so does what is Dutch already.
		{`a.csv: line 2: the moon is full`, ``},
		{`--weeks 99: want the moon`, ``},
		{`er is geen ruimte voor verlof van a1 van 2026-12-01 tot en met 2026-12-02`, ``},
	} {
		got, ok := inDutchWords(x.english)
		if ok != (x.dutch != "") || got != x.dutch {
			t.Errorf("%q\n got %q (%v)\nwant %q", x.english, got, ok, x.dutch)
		}
	}
}
