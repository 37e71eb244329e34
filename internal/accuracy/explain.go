package accuracy

import (
	"fmt"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

// FactorTable lists per day the factors that make its forecast; day 0 is all.
func FactorTable(fs []*forecast.Forecast, day calendar.Date, l output.Lang) output.Table {
	t := output.Table{Name: "factors", Title: l.Pick("Why each day is forecast as it is", "Waarom elke dag zo is voorspeld")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "date", Kind: output.Date},
		{Name: "factor_name"},
		{Name: "factor", Kind: output.Number, Digits: 3},
		{Name: "contacts", Kind: output.Number, Digits: 1},
	}
	for _, f := range fs {
		for _, d := range f.Why {
			if day != 0 && d.Date != day {
				continue
			}
			row := func(name string, factor any, total float64) {
				t.Rows = append(t.Rows, []any{f.Channel, f.Subject, d.Date, name, factor, total})
			}
			x := d.Base
			row(Word(l, "ordinary day"), nil, x)
			for _, k := range d.Factors {
				x *= k.Value
				row(Word(l, k.Name), k.Value, x)
			}
			row(Word(l, "forecast"), nil, d.Total)
		}
	}
	t.Notes = []string{l.Pick("Each line multiplies the contacts above it by its factor.", "Elke regel vermenigvuldigt de contacten erboven met zijn factor.")}
	return t
}

// ChoiceTable lists the models with their errors in the backtest and weights.
func ChoiceTable(fs []*forecast.Forecast, l output.Lang) output.Table {
	t := output.Table{Name: "models", Title: l.Pick("Models and their weights", "Modellen en hun gewicht")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "days_ahead"},
		{Name: "model"},
		{Name: "wape_interval", Kind: output.Percent, Digits: 2},
		{Name: "weight", Kind: output.Number, Digits: 3},
	}
	for _, f := range fs {
		for _, b := range f.Choice.Bands {
			for _, m := range b.Models {
				t.Rows = append(t.Rows, []any{f.Channel, f.Subject, fmt.Sprintf("%d-%d", b.From, b.To), m.Name, m.WAPE, m.Weight})
			}
		}
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick("%s: %s (%d origins).", "%s: %s (%d startpunten)."), f.Name(), Say(l, f.Choice.Reason), f.Choice.Origins))
	}
	return t
}

// CleanedTable lists the days of the history that were not believed.
func CleanedTable(fs []*forecast.Forecast, l output.Lang) output.Table {
	t := output.Table{Name: "cleaned", Title: l.Pick("Days of the history that were not believed", "Dagen in de historie die niet zijn geloofd")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "date", Kind: output.Date},
		{Name: "offered", Kind: output.Number},
		{Name: "usual", Kind: output.Number},
		{Name: "reason"},
	}
	for _, f := range fs {
		for _, c := range f.Cleaned {
			t.Rows = append(t.Rows, []any{f.Channel, f.Subject, c.Date, c.Was, c.Becomes, Say(l, c.Reason)})
		}
	}
	t.Notes = []string{l.Pick("The history keeps them. Note an event of that day with \"kcc forecast events add\" to explain it.",
		"De historie houdt ze. Leg uit wat er was met \"kcc forecast events add\".")}
	return t
}

// UpdateTable shows what an intraday update saw and did per channel.
func UpdateTable(fs []*forecast.Forecast, us []*forecast.Update, l output.Lang) output.Table {
	t := output.Table{Name: "update", Title: l.Pick("Today so far, and the rest of the day", "Vandaag tot nu toe, en de rest van de dag")}
	num := func(name string, digits int) output.Column {
		return output.Column{Name: name, Kind: output.Number, Digits: digits}
	}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		num("offered_so_far", 0), num("expected_so_far", 1), num("weight", 2), num("factor", 3), num("rest_of_day", 1),
		{Name: "reason"},
	}
	for i, f := range fs {
		rest := 0.0
		for _, p := range f.Points {
			rest += p.Mean
		}
		u := us[i]
		t.Rows = append(t.Rows, []any{f.Channel, f.Subject, u.Observed, u.Expected, u.Weight, u.Factor, rest, Say(l, u.Reason)})
	}
	t.Notes = []string{PerInterval(l)}
	return t
}

// EventTable lists events.
func EventTable(events []forecast.Event, l output.Lang) output.Table {
	t := output.Table{Name: "events", Title: l.Pick("Events", "Gebeurtenissen")}
	t.Columns = []output.Column{
		{Name: "id"},
		{Name: "name"},
		{Name: "from", Kind: output.Date},
		{Name: "to", Kind: output.Date},
		{Name: "lead", Kind: output.Integer},
		{Name: "lag", Kind: output.Integer},
		{Name: "mode"},
		{Name: "channel"},
		{Name: "subject"},
		{Name: "department"},
		{Name: "factor", Kind: output.Number, Digits: 3},
		{Name: "letters", Kind: output.Integer},
		{Name: "rate", Kind: output.Number, Digits: 3},
		{Name: "contacts", Kind: output.Number},
		{Name: "copy_from", Kind: output.Integer},
		{Name: "note"},
	}
	for _, e := range events {
		t.Rows = append(t.Rows, []any{
			e.ID, e.Name, e.From, max(e.From, e.To), e.Lead, e.Lag, e.Mode.String(), e.Channel, e.Subject, e.Department,
			zeroNil(e.Factor), intNil(e.Letters), zeroNil(e.Rate), zeroNil(e.Contacts), intNil(e.CopyFrom), e.Note,
		})
	}
	return t
}

func zeroNil(x float64) any {
	if x == 0 {
		return nil
	}
	return x
}

func intNil(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// Learned is what one series taught.
type Learned struct {
	Name      string
	Effects   []forecast.LearnedEffect
	Surprises []forecast.Surprise
	Mailings  []forecast.MailingResult
}

// LearnTable lists the learned effects.
func LearnTable(all []Learned, l output.Lang) output.Table {
	t := output.Table{Name: "effects", Title: l.Pick("What special days do to the volume", "Wat bijzondere dagen met het aantal doen")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "effect"},
		{Name: "kind"},
		{Name: "days", Kind: output.Integer},
		{Name: "factor", Kind: output.Number, Digits: 3},
	}
	for _, x := range all {
		for _, e := range x.Effects {
			name, kind := Word(l, e.Name), l.Pick("calendar", "kalender")
			if e.Event {
				name, kind = e.Name, l.Pick("event", "gebeurtenis")
			}
			t.Rows = append(t.Rows, []any{x.Name, name, kind, e.Days, e.Factor})
		}
	}
	return t
}

// SurpriseTable lists days that nothing known explains.
func SurpriseTable(all []Learned, l output.Lang) output.Table {
	t := output.Table{Name: "surprises", Title: l.Pick("Days that nothing known explains", "Dagen waar geen verklaring voor is")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "date", Kind: output.Date},
		{Name: "offered", Kind: output.Number},
		{Name: "usual", Kind: output.Number},
		{Name: "factor", Kind: output.Number, Digits: 3},
	}
	for _, x := range all {
		for _, s := range x.Surprises {
			t.Rows = append(t.Rows, []any{x.Name, s.Date, s.Actual, s.Normal, s.Factor})
		}
	}
	t.Notes = []string{l.Pick("If you know what happened, write it down: kcc forecast events add --name NAME --from DATE.",
		"Weet u wat er was, leg het dan vast: kcc forecast events add --name NAAM --from DATUM.")}
	return t
}

// MailingTable compares announced mailings with what came.
func MailingTable(all []Learned, l output.Lang) output.Table {
	t := output.Table{Name: "mailings", Title: l.Pick("Announced and what came", "Aangekondigd en wat kwam")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "event"},
		{Name: "department"},
		{Name: "from", Kind: output.Date},
		{Name: "letters", Kind: output.Integer},
		{Name: "days", Kind: output.Integer},
		{Name: "announced", Kind: output.Number},
		{Name: "came", Kind: output.Number},
		{Name: "give_or_take", Kind: output.Number},
		{Name: "rate_announced", Kind: output.Number, Digits: 3},
		{Name: "rate_came", Kind: output.Number, Digits: 3},
	}
	for _, x := range all {
		for _, m := range x.Mailings {
			e := &m.Event
			t.Rows = append(t.Rows, []any{
				x.Name, e.Name, e.Department, e.From, intNil(e.Letters), m.Days, m.Expected, m.Came, m.Spread, zeroNil(e.Rate), m.Rate,
			})
		}
	}
	return t
}

// AdjustmentTable lists the changes by hand.
func AdjustmentTable(list []forecast.Adjustment, l output.Lang) output.Table {
	t := output.Table{Name: "adjustments", Title: l.Pick("Changes by hand", "Handmatige wijzigingen")}
	t.Columns = []output.Column{
		{Name: "id"},
		{Name: "channel"},
		{Name: "subject"},
		{Name: "from", Kind: output.DateTime},
		{Name: "to", Kind: output.DateTime},
		{Name: "change"},
		{Name: "reason"},
		{Name: "by"},
		{Name: "made", Kind: output.DateTime},
	}
	for _, a := range list {
		change := fmt.Sprintf("%+g%%", 100*(a.Factor-1))
		switch {
		case a.HasSet:
			change = fmt.Sprintf("= %g", a.SetTo)
		case a.Add != 0:
			change = fmt.Sprintf("%+g per interval", a.Add)
		}
		t.Rows = append(t.Rows, []any{a.ID, a.Channel, a.Subject, a.From, a.To, change, a.Reason, a.By, a.Made})
	}
	return t
}
