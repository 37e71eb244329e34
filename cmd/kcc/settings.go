package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// flagSetting is a setting that gives a flag of some commands its default.
type flagSetting struct {
	key, flag string
	commands  []string // paths without the name of the program
}

func flagSettings() []flagSetting {
	forecasts := []string{"forecast run", "forecast update", "forecast explain"}
	return []flagSetting{
		{"forecast.horizon", "horizon", []string{"forecast run", "forecast explain"}},
		{"forecast.model", "model", forecasts},
		{"forecast.levels", "levels", forecasts},
		{"staff.certainty", "certainty", []string{"staff", "plan"}},
		{"roster.effort", "effort", []string{"roster make", "plan"}},
		{"roster.time_limit", "time-limit", []string{"roster make", "plan"}},
	}
}

// applySettings gives flags that were not typed the value of their setting, when
// somebody has set it.
func (a *App) applySettings(cmd *cobra.Command) error {
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	for _, s := range flagSettings() {
		if a.config.IsDefault(s.key) || !slices.Contains(s.commands, path) {
			continue
		}
		f := cmd.Flags().Lookup(s.flag)
		if f == nil || f.Changed {
			continue
		}
		if err := f.Value.Set(a.config.Text(s.key)); err != nil {
			return &statusError{exitUsage, fmt.Errorf("%s: %s: %w", a.config.Origin(s.key), s.key, err)}
		}
	}
	return nil
}
