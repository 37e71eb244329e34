package main

import (
	"github.com/spf13/cobra"
)

// addCompletions tells shells what the values of common flags can be.
func (a *App) addCompletions(root *cobra.Command) {
	root.SetHelpCommandGroupID("admin")
	root.SetCompletionCommandGroupID("admin")
	fixed := func(words ...string) cobra.CompletionFunc {
		return cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)
	}
	for name, words := range map[string][]string{"format": {"table", "csv", "json", "md"}, "lang": {"en", "nl"}} {
		must(root.RegisterFlagCompletionFunc(name, fixed(words...)))
	}
	must(root.MarkPersistentFlagFilename("db", "db"))
	must(root.MarkPersistentFlagFilename("config", "toml"))
	must(root.MarkPersistentFlagFilename("centre", "toml", "xlsx"))
	must(root.MarkPersistentFlagFilename("out", "csv", "xlsx", "json", "html", "md", "ics"))
	for _, name := range []string{"channel", "department", "subject"} {
		eachCommand(root, func(c *cobra.Command) {
			if c.Flags().Lookup(name) == nil { // not the local ones that cobra gathers, which costs most of the start of a run
				return
			}
			if _, has := c.GetFlagCompletionFunc(name); has {
				return
			}
			must(c.RegisterFlagCompletionFunc(name, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
				return a.namesOf(c, name), cobra.ShellCompDirectiveNoFileComp
			}))
		})
	}
}

func eachCommand(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, f)
	}
}

// must stops on a mistake in the program: a flag that is not there.
func must(err error) {
	if err != nil {
		panic("kcc: " + err.Error())
	}
}

// namesOf reads names from the description of the centre; a shell that asks
// for them wants silence when there is none.
func (a *App) namesOf(cmd *cobra.Command, kind string) []string {
	if a.setup(cmd) != nil {
		return nil
	}
	c, err := a.CentreIfAny(cmd.Context())
	if err != nil || c == nil {
		return nil
	}
	var out []string
	switch kind {
	case "channel":
		for _, ch := range c.Channels {
			out = append(out, ch.Name+"\t"+ch.Title)
		}
	case "department":
		for _, d := range c.Departments {
			out = append(out, d.Name+"\t"+d.Title)
		}
	case "subject":
		for _, s := range c.Subjects {
			out = append(out, s.Name+"\t"+s.Title)
		}
	}
	return out
}
