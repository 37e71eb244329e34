package main

import (
	"context"

	"github.com/spf13/cobra"

	"kcc/contacts/outbound"
)

func newOutboundBarCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "do-not-call",
		Short: "Who is not to be called",
		Long: "do-not-call keeps who asked not to be called, as a keyed reference: nobody can read from it who they are.\n" +
			"It holds for every campaign at once, also for lists that come later.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var reason string
	add := &cobra.Command{
		Use: "add CUSTOMER", Short: "Note that a customer is not to be called; their open records end",
		Example: "  kcc outbound do-not-call add 06-12345678 --reason 'asked by letter'", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			n, err := d.Bar(cmd.Context(), args[0], reason)
			return changed(app, outboundErr(err), "the customer is not called any more; %d open records ended", n)
		},
	}
	add.Flags().StringVar(&reason, "reason", "", "`TEXT`")
	remove := &cobra.Command{
		Use: "remove CUSTOMER", Short: "Take a customer off the list", Example: "  kcc outbound do-not-call remove 06-12345678", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			was, err := d.Unbar(cmd.Context(), args[0])
			if err == nil && !was {
				return withHint(outbound.ErrNotFound, "the customer is not on the do-not-call list")
			}
			return changed(app, outboundErr(err), "the customer may be called again")
		},
	}
	list := &cobra.Command{
		Use: "list", Short: "List the references with since when and why", Example: "  kcc outbound do-not-call list --format csv", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			all, err := d.BarredList(cmd.Context())
			if err != nil {
				return err
			}
			return app.emit(outbound.BarredTable(app.Lang(), all))
		},
	}
	cmd.AddCommand(add, remove, list)
	return cmd
}

func newOutboundConsentCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use: "consent", Short: "Who agreed to be called", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, c := range []struct {
		use, short, done string
		given            bool
	}{
		{"give", "Note that a customer agreed to calls of a kind", "agreed", true},
		{"withdraw", "Note that a customer took consent back", "took consent back", false},
	} {
		var kind string
		sub := &cobra.Command{
			Use: c.use + " CUSTOMER", Short: c.short, Example: "  kcc outbound consent " + c.use + " 06-12345678 --kind survey", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				if kind == "" {
					return usagef("--kind is missing: want a kind of campaign such as survey")
				}
				return runConsent(cmd.Context(), app, args[0], outbound.Kind(kind), c.given, c.done)
			},
		}
		sub.Flags().StringVar(&kind, "kind", "", "the `KIND` of campaign")
		cmd.AddCommand(sub)
	}
	return cmd
}

func runConsent(ctx context.Context, app *App, who string, kind outbound.Kind, given bool, done string) error {
	d, err := app.calls(ctx)
	if err != nil {
		return err
	}
	return changed(app, outboundErr(d.SetConsent(ctx, who, kind, given)), "the customer %s to calls of kind %s", done, kind)
}
