package flow

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// StaffRows gives the forecasts of the store as the rows that kcc staff reads from
// a file, so that both are staffed in one way. A skill is filled in by the
// settings of its channel.
func StaffRows(c *centre.Centre, forecasts []*forecast.Forecast) (*tabular.Reader, error) {
	var b strings.Builder
	b.WriteString("channel,start,interval_s,skill,offered,aht_s\n")
	for _, iv := range IntervalsOf(c, forecasts) {
		b.WriteString(quoted(iv.Channel))
		b.WriteByte(',')
		b.WriteString(iv.Start.Format(time.RFC3339))
		b.WriteByte(',')
		b.WriteString(strconv.FormatFloat(iv.Step.Seconds(), 'g', -1, 64))
		b.WriteString(",,")
		b.WriteString(numberOr(iv.Offered, "0"))
		b.WriteByte(',')
		b.WriteString(numberOr(iv.AHT, ""))
		b.WriteByte('\n')
	}
	return tabular.Open("forecast", strings.NewReader(b.String()), tabular.Options{})
}

// PlayRows gives requirements of the store, with the volumes they were made from,
// as the rows that kcc simulate reads from a file.
func PlayRows(forecasts []*forecast.Forecast, reqs []erlang.Requirement) (*tabular.Reader, error) {
	points := pointsOf(forecasts)
	var b strings.Builder
	b.WriteString("channel,start,interval_s,skill,offered,aht_s,agents,rostered\n")
	for _, r := range reqs {
		pt := points[pointKey{r.Channel, r.Start.Unix()}]
		for i, cell := range []string{
			quoted(r.Channel), r.Start.Format(time.RFC3339), strconv.FormatFloat(r.Step.Seconds(), 'g', -1, 64), quoted(r.Skill),
			numberOr(pt.Mean, "0"), numberOr(pt.AHT, ""), strconv.Itoa(r.Agents), strconv.Itoa(r.Rostered),
		} {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(cell)
		}
		b.WriteByte('\n')
	}
	return tabular.Open("requirement", strings.NewReader(b.String()), tabular.Options{})
}

// quoted writes a cell of a CSV.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// numberOr writes a number above 0, and other for all else: an unknown volume is
// none, an unknown handle time is that of the settings.
func numberOr(v float64, other string) string {
	if !(v > 0) {
		return other
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// StaffTitle returns the heading of a column of kcc staff in the reader's
// language; its name where it has no other.
func StaffTitle(lang output.Lang, name string) string {
	key, ok := staffTitles[name]
	if !ok {
		return ""
	}
	return label(lang, key)
}

// staffTitles are the labels of the columns of kcc staff.
var staffTitles = map[string]string{
	"channel": "channel", "start": "start", "skill": "skill", "offered": "volume", "aht_s": "aht", "agents": "agents",
	"rostered": "rostered", "service_level": "service level", "asa_s": "asa", "occupancy": "occupancy", "p_abandon": "abandon",
}

// SortRequirements puts requirements in order of channel, skill and start.
func SortRequirements(reqs []erlang.Requirement) {
	slices.SortFunc(reqs, func(a, b erlang.Requirement) int {
		return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Skill, b.Skill), a.Start.Compare(b.Start))
	})
}

// StaffTable gives the table of staffed rows its headings and puts its rows in
// order of channel, skill and start.
func StaffTable(lang output.Lang, t *output.Table) {
	t.Name, t.Title = "requirement", label(lang, "requirement")
	at := map[string]int{}
	for i := range t.Columns {
		at[t.Columns[i].Name] = i
		t.Columns[i].Title = StaffTitle(lang, t.Columns[i].Name)
	}
	text := func(row []any, column string) string { s, _ := row[at[column]].(string); return s }
	slices.SortStableFunc(t.Rows, func(a, b []any) int {
		c := cmp.Or(cmp.Compare(text(a, "channel"), text(b, "channel")), cmp.Compare(text(a, "skill"), text(b, "skill")))
		if c != 0 {
			return c
		}
		x, _ := a[at["start"]].(time.Time)
		y, _ := b[at["start"]].(time.Time)
		return x.Compare(y)
	})
}
