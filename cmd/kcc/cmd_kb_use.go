package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/kb"
)

// writeJSONValue prints a value as indented JSON.
func writeJSONValue(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func newKbReviewCmd(app *App) *cobra.Command {
	var approve, reject, submit bool
	var next, reason string
	cmd := &cobra.Command{
		Use:   "review ID [ID...]",
		Short: "Hand in, approve or reject an article",
		Long: "review takes an article through its review: --submit hands it in, --approve makes it validated, --reject\n" +
			"a draft again. --next sets the day on which it is to be looked at again.",
		Example: "  kcc kb review passport-fee --submit\n  kcc kb review passport-fee --approve --next 2027-05-01",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			step, n := "", 0
			for s, on := range map[string]bool{"approve": approve, "reject": reject, "submit": submit} {
				if on {
					step, n = s, n+1
				}
			}
			if n != 1 {
				return usagef("want one of --submit, --approve and --reject")
			}
			if reject && reason == "" {
				return usagef("--reason is missing: say what must be better")
			}
			if next != "" {
				d, err := calendar.ParseDate(next)
				if err != nil {
					return usagef("--next: %w", err)
				}
				next = d.String()
			}
			return runKbStep(cmd.Context(), app, args, step, next, reason)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&submit, "submit", false, "hand in for review")
	f.BoolVar(&approve, "approve", false, "validate")
	f.BoolVar(&reject, "reject", false, "back to draft; wants --reason")
	f.StringVar(&next, "next", "", "next review on `DATE`")
	f.StringVar(&reason, "reason", "", "`TEXT` for the history")
	return cmd
}

func newKbSearchCmd(app *App) *cobra.Command {
	var o kb.SearchOptions
	var state, kind, day, since string
	cmd := &cobra.Command{
		Use:   "search QUESTION...",
		Short: "Find the articles that answer a question",
		Long: "search understands whole questions, parts of compounds and typing errors, and learns from what was linked.\n" +
			"Found are articles of every state but retired that are valid today.",
		Example: "  kcc kb search mijn pas is verlopen\n  kcc kb search 'paspoort kwijt in buitenland' --channel phone --explain\n  kcc kb search 'kwijtschelding' --audience public --state published --format json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := app.kbFilter(&o.Filter, state, kind, day, since); err != nil {
				return err
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			switch {
			case day == "":
				o.Day = b.Day()
			case day == "any":
				o.Day = ""
			}
			found, err := b.Search(cmd.Context(), strings.Join(args, " "), o)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				app.Infof("nothing found")
			}
			if app.flags.format == "" && app.flags.out == "" {
				return printFound(app, found)
			}
			tables := []output.Table{kb.FoundTable(found)}
			if o.Explain && app.flags.format != "csv" {
				tables = append(tables, kb.ExplainTable(found))
			}
			return app.emit(tables...)
		},
	}
	f := cmd.Flags()
	addFilterFlags(f, &o.Filter, &state, &kind)
	f.StringVar(&day, "on", "", "valid on `DATE` (default today)")
	f.StringVar(&since, "since", "", "only new or changed since `TIME`")
	f.IntVar(&o.Limit, "limit", 5, "at most `N` articles")
	f.BoolVar(&o.Explain, "explain", false, "show what made the ranking")
	f.BoolVar(&o.Keep, "keep", false, "keep the question, without personal data, for kcc kb gaps")
	return cmd
}

// printFound shows what was found as a short list.
func printFound(app *App, found []kb.Found) error {
	var b bytes.Buffer
	for i, f := range found {
		fmt.Fprintf(&b, "%d. %s  [%s, %s]\n", i+1, printable(f.Title), printable(f.ID), f.State)
		snippet := printable(f.Snippet)
		if app.Color() {
			for n := 0; strings.Contains(snippet, "**"); n++ {
				snippet = strings.Replace(snippet, "**", []string{"\x1b[1m", "\x1b[0m"}[n%2], 1)
			}
		}
		fmt.Fprintf(&b, "   %s\n", snippet)
		for _, p := range f.Parts {
			fmt.Fprintf(&b, "     %-18s %6.3f x %6.2f = %7.3f\n", p.Feature, p.Value, p.Weight, p.Value*p.Weight)
		}
	}
	_, err := b.WriteTo(app.Out)
	return err
}

func newKbLinkCmd(app *App) *cobra.Command {
	var contact, question, solved string
	cmd := &cobra.Command{
		Use:   "link ID",
		Short: "Note that an article answered a contact; its question becomes an example",
		Long: "link counts the use of an article and, with --question, keeps what the customer asked as an example by\n" +
			"which the article will be found. Numbers, postcodes and e-mail addresses are masked.",
		Example: "  kcc kb link passport-fee --contact 1042 --question 'wat kost een nieuwe pas' --solved yes",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e := kb.Event{Contact: contact}
			switch solved {
			case "":
			case "yes", "no":
				yes := solved == "yes"
				e.Solved = &yes
			default:
				return usagef("--solved %q: want yes or no", solved)
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			return changed(app, kbErr(b.Link(cmd.Context(), args[0], question, e)), "article %s is linked", args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&contact, "contact", "", "`ID` of the contact")
	f.StringVar(&question, "question", "", "what the customer asked, `TEXT`")
	f.StringVar(&solved, "solved", "", "did it answer the customer, `yes|no`")
	return cmd
}

func newKbRateCmd(app *App) *cobra.Command {
	var stars int
	var note string
	cmd := &cobra.Command{
		Use: "rate ID", Short: "Rate an article from 1 to 5, or comment on it", Example: "  kcc kb rate passport-fee --stars 4 --note 'clear'", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e := kb.Event{Kind: "rate", Stars: stars, Note: note}
			switch {
			case stars == 0 && note != "":
				e.Kind = "comment"
			case stars < 1 || stars > 5:
				return usagef("--stars %d: want 1 to 5", stars)
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			return changed(app, kbErr(b.Note(cmd.Context(), args[0], e)), "noted with article %s", args[0])
		},
	}
	cmd.Flags().IntVar(&stars, "stars", 0, "`N` from 1 to 5")
	cmd.Flags().StringVar(&note, "note", "", "comment, `TEXT`")
	return cmd
}

func newKbFlagCmd(app *App) *cobra.Command {
	var note string
	var fixed bool
	cmd := &cobra.Command{
		Use: "flag ID", Short: "Flag what is wrong with an article, or that it is fixed", Example: "  kcc kb flag passport-fee --note 'fee of 2027 is missing'\n  kcc kb flag passport-fee --fixed", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e := kb.Event{Kind: "flag", Note: note}
			if fixed {
				e.Kind = "fixed"
			} else if note == "" {
				return usagef("--note is missing: say what is wrong")
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			return changed(app, kbErr(b.Note(cmd.Context(), args[0], e)), "noted with article %s", args[0])
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "what is wrong, `TEXT`")
	cmd.Flags().BoolVar(&fixed, "fixed", false, "the flags up to now are dealt with")
	return cmd
}

func newKbSynonymsCmd(app *App) *cobra.Command {
	lang := "nl"
	cmd := &cobra.Command{
		Use: "synonyms", Short: "Words that mean the same in a search", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&lang, "language", "nl", "`LANGUAGE` of the words")
	cmd.AddCommand(
		&cobra.Command{
			Use: "list", Short: "List the synonyms", Example: "  kcc kb synonyms list", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				b, err := app.kbase(cmd.Context())
				if err != nil {
					return err
				}
				if !cmd.Flags().Changed("language") {
					lang = ""
				}
				list, err := b.Synonyms(cmd.Context(), lang)
				if err != nil {
					return err
				}
				return app.emit(kb.SynonymsTable(list))
			},
		},
		&cobra.Command{
			Use: "add WORD SAME...", Short: "Make words mean the same", Example: "  kcc kb synonyms add kliko container rolemmer", Args: cobra.MinimumNArgs(2),
			RunE: func(cmd *cobra.Command, args []string) error {
				b, err := app.kbase(cmd.Context())
				if err != nil {
					return err
				}
				return changed(app, kbErr(b.AddSynonyms(cmd.Context(), lang, args[0], args[1:])), "%s means the same as %s", args[0], strings.Join(args[1:], ", "))
			},
		},
		&cobra.Command{
			Use: "remove WORD", Short: "Take a word out of the table", Example: "  kcc kb synonyms remove kliko", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				b, err := app.kbase(cmd.Context())
				if err != nil {
					return err
				}
				n, err := b.RemoveSynonyms(cmd.Context(), lang, args[0])
				if err == nil && n == 0 {
					return usagef("%q is not in the table of language %s", args[0], lang)
				}
				return changed(app, err, "%d lines removed", n)
			},
		},
	)
	return cmd
}

// printable keeps text of others from steering the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}
