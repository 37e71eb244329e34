package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is what the man pages and docs/commands.md say of one command.
type page struct {
	Path     string // kcc centre import
	Line     string // kcc centre import FILE [flags]
	Short    string
	Long     string // empty: nothing beyond Short
	Examples []string
	Flags    []flagText
	Subs     []string // paths of the commands below
	Runs     bool     // does something itself
}

type flagText struct {
	Short, Long string // o, out
	Value       string // FILE; empty for a switch
	Usage       string
	Default     string // empty: none worth telling
}

// pages lists the command tree in its order, root first. Hidden commands and
// those that cobra adds for itself are left out.
func pages(root *cobra.Command) []page {
	var out []page
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		out = append(out, pageOf(c))
		for _, sub := range listed(c) {
			walk(sub)
		}
	}
	walk(root)
	return out
}

// listed returns the commands below c that a reader should know of.
func listed(c *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(c.Commands()), func(s *cobra.Command) bool {
		return s.Hidden || s.Name() == "help" || s.Name() == "completion"
	})
}

func pageOf(c *cobra.Command) page {
	c.InheritedFlags() // gathers the global flags, which the usage line counts
	p := page{Path: c.CommandPath(), Line: c.UseLine(), Short: c.Short, Long: strings.TrimSpace(c.Long), Runs: len(listed(c)) == 0}
	for _, line := range strings.Split(c.Example, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			p.Examples = append(p.Examples, line)
		}
	}
	flags := c.NonInheritedFlags()
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Name != "help" {
			p.Flags = append(p.Flags, flagOf(f))
		}
	})
	for _, sub := range listed(c) {
		p.Subs = append(p.Subs, sub.CommandPath())
	}
	return p
}

func flagOf(f *pflag.Flag) flagText {
	value, usage := pflag.UnquoteUsage(f)
	t := flagText{Short: f.Shorthand, Long: f.Name, Value: value, Usage: usage}
	switch f.DefValue {
	case "", "0", "0s", "false", "[]", "NaN":
	default:
		if !strings.Contains(usage, "default") {
			t.Default = f.DefValue
		}
	}
	return t
}

// name writes the flag as it is typed: -o, --out FILE.
func (f flagText) name() string {
	s := "--" + f.Long
	if f.Short != "" {
		s = "-" + f.Short + ", " + s
	}
	if f.Value != "" {
		s += " " + f.Value
	}
	return s
}

func (f flagText) text() string {
	if f.Default != "" {
		return fmt.Sprintf("%s (default %s)", f.Usage, f.Default)
	}
	return f.Usage
}

// exitTable is the exit statuses of all commands but watch.
func exitTable() [][2]string {
	return [][2]string{
		{"0", "done"},
		{"1", "failed: a file is missing or cannot be read, nothing usable in it, damage found"},
		{"2", "wrong use: a flag, an argument, a setting, a mistake in the description of the centre"},
		{"3", "done in part: some rows rejected, some channels skipped; they are listed"},
		{"4", "result written, but a hard rule or a target is not met"},
		{"10", "no store there, or it is from a newer version"},
		{"11", "the store is locked by another run"},
		{"130, 143", "interrupted, terminated"},
	}
}

// commandsMarkdown writes docs/commands.md.
func commandsMarkdown(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\nMade from the program by `go test ./cmd/kcc -run Docs -update`; the same text is in `kcc COMMAND --help` and,\nas man pages, in what `kcc man DIR` writes.\n")
	all := pages(root)
	for _, p := range all {
		level := min(2+strings.Count(p.Path, " "), 4)
		if p.Path == root.Name() {
			level = 2
		}
		fmt.Fprintf(&b, "\n%s %s\n\n%s.\n", strings.Repeat("#", level), p.Path, strings.TrimSuffix(p.Short, "."))
		if p.Long != "" && p.Long != p.Short {
			fmt.Fprintf(&b, "\n%s\n", p.Long)
		}
		if p.Runs {
			fmt.Fprintf(&b, "\n    %s\n", p.Line)
		}
		if len(p.Flags) > 0 {
			title := "flag"
			if p.Path == root.Name() {
				title = "flag of every command"
			}
			fmt.Fprintf(&b, "\n| %s | |\n| --- | --- |\n", title)
			for _, f := range p.Flags {
				fmt.Fprintf(&b, "| `%s` | %s |\n", cellText(f.name()), cellText(f.text()))
			}
		}
		if len(p.Examples) > 0 {
			b.WriteString("\nExamples:\n\n")
			for _, e := range p.Examples {
				fmt.Fprintf(&b, "    %s\n", e)
			}
		}
		if p.Path == root.Name() {
			b.WriteString("\n| exit status | |\n| --- | --- |\n")
			for _, e := range exitTable() {
				fmt.Fprintf(&b, "| %s | %s |\n", e[0], e[1])
			}
			b.WriteString("\n`kcc watch` alone uses the codes of monitoring plugins: 0 OK, 1 warning, 2 critical, 3 unknown.\n")
		}
	}
	return b.String()
}

func cellText(s string) string { return strings.ReplaceAll(s, "|", "\\|") }
