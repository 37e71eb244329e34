package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kcc/contacts/outbound"
	"kcc/internal/calendar"
)

// campaignFlags are the rules of a campaign as flags.
type campaignFlags struct {
	kind, channel, skill, subject, hours, from, to string
	priority, attempts                             int
	spacing, talk, dial                            durationValue
	consent                                        bool
}

func (c *campaignFlags) register(f *pflag.FlagSet) {
	f.StringVar(&c.kind, "kind", "", "what it is for, `KIND`: callback, status, appointment, reminder, arrears, survey, other")
	f.IntVar(&c.priority, "priority", 0, "`N`, the higher the sooner")
	f.StringVar(&c.channel, "channel", "", "the `CHANNEL` (default phone)")
	f.StringVar(&c.skill, "skill", "", "the `SKILL` of who calls (default the channel)")
	f.StringVar(&c.subject, "subject", "", "the `SUBJECT` of its contacts")
	f.StringVar(&c.hours, "hours", "", "when may be called, `'mo-fr 09:00-12:00 13:00-17:00'` (default by kind)")
	f.IntVar(&c.attempts, "max-attempts", 0, "call a person at most `N` times (default by kind)")
	f.Var(&c.spacing, "spacing", "`TIME` between two calls to a person (default by kind)")
	f.Var(&c.talk, "talk", "expected `TIME` of a call that is answered")
	f.Var(&c.dial, "dial", "expected `TIME` of one that is not")
	f.BoolVar(&c.consent, "consent", false, "call only who agreed to it")
	f.StringVar(&c.from, "from", "", "first `DATE`")
	f.StringVar(&c.to, "to", "", "last `DATE`")
}

// apply changes what flags were given.
func (c *campaignFlags) apply(f *pflag.FlagSet, to *outbound.Campaign) error {
	set := map[string]func(){
		"kind": func() { to.Kind = outbound.Kind(c.kind) }, "priority": func() { to.Priority = c.priority }, "channel": func() { to.Channel = c.channel },
		"skill": func() { to.Skill = c.skill }, "subject": func() { to.Subject = c.subject }, "hours": func() { to.Hours = c.hours },
		"max-attempts": func() { to.MaxAttempts = c.attempts }, "consent": func() { to.Consent = c.consent },
		"talk": func() { to.Talk = time.Duration(c.talk) }, "dial": func() { to.Dial = time.Duration(c.dial) },
		"spacing": func() {
			if to.Spacing = time.Duration(c.spacing); to.Spacing == 0 {
				to.Spacing = -1 // none, not the default
			}
		},
	}
	for name, do := range set {
		if f.Changed(name) {
			do()
		}
	}
	for _, d := range []struct {
		flag, text string
		to         *calendar.Date
	}{{"from", c.from, &to.First}, {"to", c.to, &to.Last}} {
		if !f.Changed(d.flag) {
			continue
		}
		day, err := calendar.ParseDate(d.text)
		if err != nil {
			return usagef("--%s: %w", d.flag, err)
		}
		*d.to = day
	}
	if f.Changed("max-attempts") && c.attempts < 1 {
		return usagef("--max-attempts %d: want 1 or more", c.attempts)
	}
	return nil
}

func newOutboundCampaignCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use: "campaign", Short: "Calling lists with their rules", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var add, set campaignFlags
	addCmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Make a campaign",
		Long: "add makes a campaign. What is not said follows from its kind: calling hours, attempts at most, time between\n" +
			"attempts and expected talk. Holidays and closed days of the centre hold for every campaign.",
		Example: "  kcc outbound campaign add callbacks --kind callback --priority 10\n" +
			"  kcc outbound campaign add arrears-november --kind arrears --hours 'mo-fr 09:00-12:00 13:00-20:00' --max-attempts 4 --spacing 20h\n" +
			"  kcc outbound campaign add survey --kind survey --consent --from 2026-11-23 --to 2026-12-04",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c := outbound.Campaign{Name: args[0]}
			if err := add.apply(cmd.Flags(), &c); err != nil {
				return err
			}
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			c, err = d.AddCampaign(cmd.Context(), c)
			return changed(app, outboundErr(err), "campaign %s calls %s, at most %d times a person, %s apart", c.Name, c.Hours, c.MaxAttempts, calendar.FormatDuration(c.Spacing))
		},
	}
	add.register(addCmd.Flags())
	setCmd := &cobra.Command{
		Use: "set NAME", Short: "Change the rules of a campaign",
		Example: "  kcc outbound campaign set arrears-november --priority 5 --to 2026-12-18",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return setCampaign(cmd.Context(), app, args[0], "is changed", func(c *outbound.Campaign) error { return set.apply(cmd.Flags(), c) })
		},
	}
	set.register(setCmd.Flags())
	cmd.AddCommand(addCmd, setCmd, newOutboundCampaignListCmd(app), newOutboundFillCmd(app))
	for _, s := range []struct {
		use, short, done string
		state            outbound.State
	}{
		{"pause", "Hand out nobody of a campaign for now", "is paused", outbound.Paused},
		{"resume", "Go on with a paused campaign", "goes on", outbound.Open},
		{"close", "End a campaign: its open records are stopped", "is closed", outbound.Closed},
	} {
		cmd.AddCommand(&cobra.Command{
			Use: s.use + " NAME", Short: s.short, Example: "  kcc outbound campaign " + s.use + " arrears-november", Args: cobra.ExactArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				return setCampaign(cmd.Context(), app, args[0], s.done, func(c *outbound.Campaign) error { c.State = s.state; return nil })
			},
		})
	}
	return cmd
}

func setCampaign(ctx context.Context, app *App, name, done string, change func(*outbound.Campaign) error) error {
	d, err := app.calls(ctx)
	if err != nil {
		return err
	}
	_, err = d.SetCampaign(ctx, name, change)
	return changed(app, outboundErr(err), "campaign %s %s", name, done)
}

func newOutboundCampaignListCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the campaigns with their rules", Example: "  kcc outbound campaign list", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			list, err := d.Campaigns(cmd.Context())
			if err != nil {
				return err
			}
			return app.emitSlim(outbound.CampaignTable(app.Lang(), list))
		},
	}
}

func newOutboundFillCmd(app *App) *cobra.Command {
	within := durationValue(48 * time.Hour)
	cmd := &cobra.Command{
		Use:   "fill NAME",
		Short: "Put on the list what the register has for the campaign's kind",
		Long: "fill adds, by kind of campaign: callback, the open callback requests of the centre with their promised\n" +
			"windows; status, open promises that are due within --within or overdue; reminder, appointments within\n" +
			"--within; survey, contacts of the last --within. Run it again whenever: what is on the list stays once,\n" +
			"and records whose work is done in the meantime end.",
		Example: "  kcc outbound campaign fill callbacks\n  kcc outbound campaign fill status-updates --within 3d",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if within <= 0 {
				return usagef("--within %s: want a span of time", within.String())
			}
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			r, err := d.Fill(cmd.Context(), args[0], time.Duration(within))
			return changed(app, outboundErr(err), "%d found: %d new, %d on the list already, %d without a number, %d not to be called, %d without consent; %d ended as their work is done",
				r.Found, r.Added, r.Known, r.NoNumber, r.Barred, r.NoConsent, r.Gone)
		},
	}
	cmd.Flags().Var(&within, "within", "`SPAN` of time looked at")
	return cmd
}
