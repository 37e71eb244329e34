package main

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

func newRosterFairnessCmd(app *App) *cobra.Command {
	var o rosterInput
	late, early := "", "08:30"
	cmd := &cobra.Command{
		Use:   "fairness [FILE]",
		Short: "Show how weekends, late shifts, holidays and wishes are spread",
		Long: "Counts per agent, over the history and the roster: weekends and Sundays worked, late and early\n" +
			"shifts, nights, public holidays, and the wishes that were granted. Beside the weekend, late and\n" +
			"holiday shifts of the last year stands the even share: the team's total by contract hours and\n" +
			"weeks worked, among those who can work such shifts. roster make prices what lies above it; price\n" +
			"is what the dearest next shift would cost.",
		Example: "  kcc roster fairness\n" +
			"  kcc roster fairness roster.csv --history year.csv --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e, err := calendar.ParseClock(early)
			if err != nil {
				return usagef("--early %q: want a time such as 08:30", early)
			}
			p, r, err := o.readRoster(cmd.Context(), app, firstArg(args))
			if err != nil {
				return err
			}
			if late != "" {
				if p.LateFrom, err = calendar.ParseClock(late); err != nil {
					return usagef("--late %q: want a time such as 18:00", late)
				}
			}
			if p.LateFrom == 0 {
				p.LateFrom = roster.DefaultLateFrom
			}
			shares, err := roster.FairShares(p, r)
			if err != nil {
				return err
			}
			for _, line := range fairSpread(p, shares, app.Lang()) {
				app.Infof("%s", line)
			}
			return app.emit(fairnessTable(p, r, roster.Fairness(p, r, p.LateFrom, e), shares, app.Lang()))
		},
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&late, "late", late, "a shift that ends at this `TIME` or later is late (default: the rule book's, else 18:00)")
	cmd.Flags().StringVar(&early, "early", early, "a shift that starts before this `TIME` is early")
	return cmd
}

// fairKindText names a kind of shift that is spread evenly.
func fairKindText(k roster.FairKind, lang output.Lang) string {
	switch k {
	case roster.FairWeekend:
		return lang.Pick("weekend shifts", "weekenddiensten")
	case roster.FairLate:
		return lang.Pick("late shifts", "late diensten")
	}
	return lang.Pick("shifts on holidays", "diensten op feestdagen")
}

// fairSpread says per kind who is furthest from the even share, and how far
// agents are from it in the mean.
func fairSpread(p *roster.Problem, list []roster.FairShare, lang output.Lang) []string {
	var out []string
	for _, k := range []roster.FairKind{roster.FairWeekend, roster.FairLate, roster.FairHoliday} {
		n, sum, sq := 0, 0.0, 0.0
		most, least := -1, -1
		for i := range list {
			if math.IsNaN(list[i].Even[k]) {
				continue
			}
			over := func(j int) float64 { return list[j].Have[k] - list[j].Even[k] }
			n++
			sum += list[i].Have[k]
			sq += over(i) * over(i)
			if most < 0 || over(i) > over(most) {
				most = i
			}
			if least < 0 || over(i) < over(least) {
				least = i
			}
		}
		if n == 0 || sum == 0 {
			continue
		}
		out = append(out, fmt.Sprintf(lang.Pick("%s: %s among %s, %s from the even share in the mean (root of squares); most above %s (%s), most below %s (%s)",
			"%s: %s over %s, gemiddeld %s van het gelijke deel (wortel van kwadraten); het meest erboven %s (%s), het meest eronder %s (%s)"),
			fairKindText(k, lang), lang.Number(sum, 0), lang.Pick(countText(n, "agent"), fmt.Sprintf("%d medewerkers", n)), lang.Number(math.Sqrt(sq/float64(n)), 1),
			list[most].Agent, lang.Signed(list[most].Have[k]-list[most].Even[k], 1), list[least].Agent, lang.Signed(list[least].Have[k]-list[least].Even[k], 1)))
	}
	return out
}

func fairnessTable(p *roster.Problem, r roster.Roster, list []roster.Account, shares []roster.FairShare, lang output.Lang) output.Table {
	even := func(name, en, nl string) output.Column {
		return output.Column{Name: name, Title: lang.Pick(en, nl), Kind: output.Number, Digits: 1}
	}
	t := output.Table{Name: "fairness", Title: lang.Pick("Fairness", "Verdeling"), Columns: []output.Column{
		{Name: "agent", Kind: output.Text},
		{Name: "days", Kind: output.Integer},
		{Name: "hours", Kind: output.Number, Digits: 2},
		{Name: "weekends", Kind: output.Integer},
		{Name: "sundays", Title: lang.Pick("Sundays", "zondagen"), Kind: output.Integer},
		{Name: "late", Title: lang.Pick("late", "laat"), Kind: output.Integer},
		{Name: "early", Title: lang.Pick("early", "vroeg"), Kind: output.Integer},
		{Name: "nights", Title: lang.Pick("nights", "nachten"), Kind: output.Integer},
		{Name: "wishes", Title: lang.Pick("wishes", "wensen"), Kind: output.Integer},
		{Name: "granted", Title: lang.Pick("granted", "vervuld"), Kind: output.Integer},
		{Name: "burden", Title: lang.Pick("burden per day", "last per dag"), Kind: output.Number, Digits: 2},
		{Name: "holidays", Title: lang.Pick("holidays", "feestdagen"), Kind: output.Integer},
		{Name: "hours_balance", Title: lang.Pick("hours balance", "urensaldo"), Kind: output.Number, Digits: 1},
		{Name: "weekend_shifts", Title: lang.Pick("weekend shifts", "weekenddiensten"), Kind: output.Integer},
		even("weekend_even", "even share weekend", "gelijk deel weekend"),
		even("late_even", "even share late", "gelijk deel laat"),
		even("holidays_even", "even share holidays", "gelijk deel feestdagen"),
		even("price", "price of the next", "prijs van de volgende"),
	}}
	balance := map[string]float64{} // of the last contract period that the roster reaches
	for _, h := range roster.HoursOf(p, r) {
		balance[h.Agent] = h.Balance().Hours()
	}
	for i, x := range list {
		s := &shares[i]
		t.Rows = append(t.Rows, []any{
			x.Agent, x.Days, x.Hours, x.Weekends, x.Sundays, x.Late, x.Early, x.Nights, x.Wishes, x.Granted, x.Share,
			int(s.Have[roster.FairHoliday]), balance[x.Agent], int(s.Have[roster.FairWeekend]),
			s.Even[roster.FairWeekend], s.Even[roster.FairLate], s.Even[roster.FairHoliday], max(s.Next[0], s.Next[1], s.Next[2]),
		})
	}
	t.Notes = append(t.Notes,
		lang.Pick("burden: weekends, late, early and night shifts divided by days worked", "last: weekenden, late, vroege en nachtdiensten gedeeld door gewerkte dagen"),
		lang.Pick("even share: the team's weekend, late and holiday shifts of the last 52 weeks and the roster, by contract hours and weeks worked, among those who can work them; empty: cannot",
			"gelijk deel: de weekend-, late en feestdagdiensten van het team over de laatste 52 weken en het rooster, naar contracturen en gewerkte weken, onder wie ze kan werken; leeg: kan niet"),
		lang.Pick("price: points that the dearest next weekend, late or holiday shift costs in roster make; hours balance: worked and credited hours less contract in the last contract period that the roster reaches",
			"prijs: punten die de duurste volgende weekend-, late of feestdagdienst in roster make kost; urensaldo: gewerkte en meegetelde uren min contract in de laatste contractperiode die het rooster raakt"))
	return t
}
