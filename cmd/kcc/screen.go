package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kcc/internal/output"
)

// emitShort is emit, but where the table is shown to people it leaves out what
// fits no screen: the named columns, columns without any value, and those that
// say the same as the column before them.
func (a *App) emitShort(t output.Table, without ...string) error {
	f, err := a.format()
	if err != nil {
		return err
	}
	if f != output.Screen || a.flags.out != "" {
		return a.emit(t)
	}
	if a.Width > 0 && a.Width < narrowTerminal {
		without = append(slices.Clone(without), "aht_s", "occupancy")
	}
	return a.emit(shortTable(t, without))
}

// silent reports whether a command that keeps its result in the store has
// nothing to show: it runs with --quiet, and nobody asked for a form of output.
func (a *App) silent() bool { return a.flags.quiet && a.flags.format == "" && a.flags.out == "" }

// narrowTerminal is the width in characters below which a screen goes without
// what planners look at least.
const narrowTerminal = 96

// staffWide are the columns of staff that the files keep and a screen goes without.
var staffWide = []string{
	"interval_s", "load_erlangs", "agents_fractional", "rostered_fractional", "p_wait", "model", "kcc_model",
	"lo80", "hi80", "lo95", "hi95", "target_pct", "target_s", "patience_s",
}

func shortTable(t output.Table, without []string) output.Table {
	keep := make([]int, 0, len(t.Columns))
	for i, c := range t.Columns {
		if slices.Contains(without, c.Name) || emptyColumn(t.Rows, i) || c.Name == "status" && sameColumn(t.Rows, i, "ok") {
			continue
		}
		if c.Name == "skill" && slices.ContainsFunc(keep, func(j int) bool { return t.Columns[j].Name == "channel" && equalColumns(t.Rows, i, j) }) {
			continue
		}
		keep = append(keep, i)
	}
	out := t
	out.Columns, out.Rows = make([]output.Column, len(keep)), make([][]any, len(t.Rows))
	for k, i := range keep {
		out.Columns[k] = t.Columns[i]
	}
	for r, row := range t.Rows {
		out.Rows[r] = make([]any, len(keep))
		for k, i := range keep {
			out.Rows[r][k] = row[i]
		}
	}
	if t.Total != nil {
		out.Total = make([]any, len(keep))
		for k, i := range keep {
			out.Total[k] = t.Total[i]
		}
	}
	return out
}

func emptyColumn(rows [][]any, i int) bool {
	return len(rows) > 0 && !slices.ContainsFunc(rows, func(row []any) bool {
		switch v := row[i].(type) {
		case nil:
			return false
		case string:
			return strings.TrimSpace(v) != ""
		case float64:
			return !math.IsNaN(v)
		}
		return true
	})
}

func sameColumn(rows [][]any, i int, want string) bool {
	return !slices.ContainsFunc(rows, func(row []any) bool { return fmt.Sprint(row[i]) != want })
}

func equalColumns(rows [][]any, i, j int) bool {
	return !slices.ContainsFunc(rows, func(row []any) bool { return fmt.Sprint(row[i]) != fmt.Sprint(row[j]) })
}
