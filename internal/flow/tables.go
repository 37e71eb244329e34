package flow

import (
	"fmt"
	"math"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Tables shows a plan in two tables: what it started from per channel, and what
// customers may expect of it.
func (p *Plan) Tables(lang output.Lang) []output.Table {
	return []output.Table{p.channelTable(lang), p.serviceTable(lang)}
}

// serviceTable shows per channel where customers wait what the roster gives.
func (p *Plan) serviceTable(lang output.Lang) output.Table {
	t := output.Table{
		Name: "service", Title: label(lang, "expected"),
		Columns: []output.Column{
			{Name: "channel", Title: label(lang, "channel"), Kind: output.Text},
			{Name: "target", Title: label(lang, "target"), Kind: output.Text},
			{Name: "service_level", Title: label(lang, "service level"), Kind: output.Percent, Digits: 1},
			{Name: "low95", Title: label(lang, "low"), Kind: output.Percent, Digits: 1},
			{Name: "high95", Title: label(lang, "high"), Kind: output.Percent, Digits: 1},
			{Name: "asa_s", Title: label(lang, "asa"), Kind: output.Number},
			{Name: "p_abandon", Title: label(lang, "abandon"), Kind: output.Percent, Digits: 1},
			{Name: "occupancy", Title: label(lang, "occupancy"), Kind: output.Percent},
		},
	}
	if p.PlayedDays > 0 {
		t.Notes = []string{fmt.Sprintf(label(lang, "simulated"), p.PlayedDays)}
	}
	for _, s := range p.Service {
		t.Rows = append(t.Rows, []any{s.Channel, targetText(lang, p.Input.Centre, s.Channel), s.Level, s.Low, s.High, s.ASA, s.Abandon, s.Occupancy})
	}
	return t
}

// HistoryTable shows what history a plan would start from.
func (in *PlanInput) HistoryTable(lang output.Lang) output.Table {
	t := output.Table{
		Name: "history", Title: label(lang, "history"),
		Columns: []output.Column{
			{Name: "channel", Title: label(lang, "channel"), Kind: output.Text},
			{Name: "from", Title: label(lang, "from"), Kind: output.Date},
			{Name: "to", Title: label(lang, "to"), Kind: output.Date},
			{Name: "interval", Title: label(lang, "interval"), Kind: output.Text},
			{Name: "offered", Title: label(lang, "volume"), Kind: output.Number},
		},
	}
	for _, h := range in.History {
		t.Rows = append(t.Rows, []any{h.Channel, h.First, h.Last, calendar.FormatDuration(h.Step), h.Offered()})
	}
	return t
}

// Unreachable counts the intervals whose target no number of agents keeps.
func (p *Plan) Unreachable() int {
	n := 0
	for _, r := range p.Requirements {
		if r.Status != erlang.OK || math.IsNaN(r.Fractional) {
			n++
		}
	}
	return n
}

// SkippedText lists the channels that were not planned, with the reason.
func (p *Plan) SkippedText() string { return skippedText(p.Skipped) }
