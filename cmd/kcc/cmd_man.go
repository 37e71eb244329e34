package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/output"
)

func newManCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "man DIR",
		Short:   "Write the man pages of every command to DIR",
		Long:    "man writes a page per command, kcc.1, kcc-import.1 and so on, to DIR, which is made when needed.",
		Example: "  kcc man /usr/local/share/man/man1",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runMan(app, cmd.Root(), args[0]) },
	}
}

func runMan(app *App, root *cobra.Command, dir string) error {
	all := pages(root)
	if app.flags.dryRun {
		app.Infof("dry run: %d pages for %s are not written", len(all), dir)
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("man: %w", err)
	}
	for _, p := range all {
		path := filepath.Join(dir, manName(p.Path)+".1")
		err := output.WriteFile(path, func(w io.Writer) error {
			_, err := io.WriteString(w, manPage(p, all[0]))
			return err
		})
		if err != nil {
			return err
		}
	}
	app.Infof("wrote %d pages to %s", len(all), dir)
	return nil
}

func manName(path string) string { return strings.ReplaceAll(path, " ", "-") }

// manPage writes one page with the macros of man(7).
func manPage(p, root page) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"kcc %s\" \"kcc manual\"\n", roffText(strings.ToUpper(manName(p.Path))), roffText(versionString()))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roffText(manName(p.Path)), roffText(p.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roffText(p.Line))
	text := p.Long
	if text == "" {
		text = p.Short + "."
	}
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n", roffLines(text))
	options := func(title string, flags []flagText) {
		if len(flags) == 0 {
			return
		}
		fmt.Fprintf(&b, ".SH %s\n", title)
		for _, f := range flags {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roffText(f.name()), roffLines(f.text()))
		}
	}
	isRoot := p.Path == root.Path
	if !isRoot {
		options("OPTIONS", p.Flags)
	}
	if len(p.Examples) > 0 {
		b.WriteString(".SH EXAMPLES\n.nf\n")
		for _, e := range p.Examples {
			b.WriteString(roffLines(e) + "\n")
		}
		b.WriteString(".fi\n")
	}
	if isRoot {
		options("GLOBAL OPTIONS", root.Flags)
		b.WriteString(".SH EXIT STATUS\n")
		for _, e := range exitTable() {
			fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", e[0], roffLines(e[1]))
		}
		b.WriteString(".PP\n" + roffText("kcc watch alone uses the codes of monitoring plugins: 0 OK, 1 warning, 2 critical, 3 unknown.") + "\n")
	} else {
		b.WriteString(".SH EXIT STATUS\nThe exit statuses, and the options of every command, are in\n.BR kcc (1).\n")
	}
	var see []string
	if i := strings.LastIndex(p.Path, " "); i > 0 {
		see = append(see, p.Path[:i])
	}
	see = append(see, p.Subs...)
	if len(see) > 0 {
		b.WriteString(".SH SEE ALSO\n")
		for i, s := range see {
			comma := ","
			if i == len(see)-1 {
				comma = ""
			}
			fmt.Fprintf(&b, ".BR %s (1)%s\n", roffText(manName(s)), comma)
		}
	}
	return b.String()
}

// roffText escapes a text within a line of roff.
func roffText(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "\"", `\(dq`).Replace(s)
}

// roffLines escapes a text of lines; a line must not begin with a control
// character.
func roffLines(s string) string {
	lines := strings.Split(roffText(s), "\n")
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if l == "" {
			l = ".PP"
		} else if l[0] == '.' || l[0] == '\'' {
			l = `\&` + l
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}
