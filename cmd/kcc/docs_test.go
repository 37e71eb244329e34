package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"kcc/internal/ui"
)

var update = flag.Bool("update", false, "write docs/commands.md anew")

// testRoot builds the command tree on buffers.
func testRoot() *cobra.Command {
	return newRootCmd(&App{Streams: &ui.Streams{In: strings.NewReader(""), Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}, Getenv: func(string) string { return "" }})
}

// TestDocsOfCommands holds that docs/commands.md is what the program says.
func TestDocsOfCommands(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "commands.md")
	want := commandsMarkdown(testRoot())
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(have), want); d != "" {
		t.Errorf("docs/commands.md is not up to date: run go test ./cmd/kcc -run Docs -update\n%s", d)
	}
}

// TestDocsHaveExamples holds that every command explains itself and that its
// examples are real: the command is there, and so are its flags.
func TestDocsHaveExamples(t *testing.T) {
	root := testRoot() // for all: an example that is wrong is wrong after others, too
	for _, p := range pages(testRoot()) {
		if p.Short == "" || strings.HasSuffix(p.Short, ".") {
			t.Errorf("%s: the short text %q must be there and not end in a full stop", p.Path, p.Short)
		}
		if p.Runs && len(p.Examples) == 0 {
			t.Errorf("%s: no example", p.Path)
		}
		for _, f := range p.Flags {
			if f.Usage == "" {
				t.Errorf("%s: flag --%s does not say what it is", p.Path, f.Long)
			}
		}
		own := false
		for _, e := range p.Examples {
			path, err := checkExample(root, e)
			if err != "" {
				t.Errorf("%s: example %q: %s", p.Path, e, err)
			}
			own = own || path == p.Path
		}
		if p.Runs && len(p.Examples) > 0 && !own {
			t.Errorf("%s: no example shows this command", p.Path)
		}
	}
}

// checkExample parses the first kcc command of an example line.
func checkExample(root *cobra.Command, line string) (path, mistake string) {
	words := shellWords(line)
	start := -1
	for i, w := range words {
		if w == "kcc" {
			start = i
			break
		}
	}
	if start < 0 {
		return "", "it does not call kcc"
	}
	words = words[start+1:]
	for i, w := range words {
		if w == "|" || w == ">" || w == "&&" || w == "||" || w == "<" || w == "2>" || w == ";" || w == "#" {
			words = words[:i]
			break
		}
	}
	cmd, rest, err := root.Find(words)
	if err != nil {
		return "", err.Error()
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return "", err.Error()
	}
	if cmd.Args != nil {
		if err := cmd.ValidateArgs(cmd.Flags().Args()); err != nil {
			return "", err.Error()
		}
	}
	return cmd.CommandPath(), ""
}

// shellWords splits a line at blanks outside quotes.
func shellWords(line string) []string {
	var out []string
	var word strings.Builder
	var quote rune
	inWord := false
	for _, r := range line {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			} else {
				word.WriteRune(r)
			}
		case r == '\'' || r == '"':
			quote, inWord = r, true
		case r == ' ' || r == '\t':
			if inWord {
				out = append(out, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		out = append(out, word.String())
	}
	return out
}

func TestDocsManPage(t *testing.T) {
	root := pageOf(testRoot())
	for _, p := range pages(testRoot()) {
		text := manPage(p, root)
		for _, section := range []string{".TH ", ".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n"} {
			if !strings.Contains(text, section) {
				t.Errorf("%s: the man page lacks %q", p.Path, section)
			}
		}
	}
	if got, want := roffLines("a \\ b\n.hidden\n\n'quote -x"), "a \\e b\n\\&.hidden\n.PP\n\\&'quote \\-x"; got != want {
		t.Errorf("roffLines = %q, want %q", got, want)
	}
}
