package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kcc/internal/config"
	"kcc/internal/ui"
)

// TestSettingsReachTheirFlags sets every setting that stands for a flag and
// looks at the flag of every command it is meant for.
func TestSettingsReachTheirFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kcc.toml")
	text := `
[forecast]
horizon = "14d"
model = "ets"
levels = [50, 90]
[staff]
certainty = 0.75
[roster]
effort = 17
time_limit = "90s"
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"forecast.horizon": "14d", "forecast.model": "ets", "forecast.levels": "[50,90]", "staff.certainty": "0.75", "roster.effort": "17", "roster.time_limit": "1m30s",
	}
	for _, s := range flagSettings() {
		for _, path := range s.commands {
			app := &App{Streams: &ui.Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}, Getenv: func(string) string { return "" }}
			root := newRootCmd(app)
			cmd, _, err := root.Find(strings.Fields(path))
			if err != nil || cmd.CommandPath() != "kcc "+path {
				t.Errorf("%s: there is no such command: %v", path, err)
				continue
			}
			f := cmd.Flags().Lookup(s.flag)
			if f == nil {
				t.Errorf("kcc %s has no flag --%s for the setting %s", path, s.flag, s.key)
				continue
			}
			app.flags.config = file
			if err := app.setup(cmd); err != nil {
				t.Errorf("kcc %s: %v", path, err)
				continue
			}
			if got := f.Value.String(); got != want[s.key] {
				t.Errorf("kcc %s --%s = %s, want %s of %s", path, s.flag, got, want[s.key], s.key)
			}
		}
	}
	// What is typed goes first.
	app := &App{Streams: &ui.Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}, Getenv: func(string) string { return "" }}
	cmd, rest, err := newRootCmd(app).Find([]string{"forecast", "run", "--model", "theta", "--config", file})
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Fatal(err)
	}
	if err := app.setup(cmd); err != nil {
		t.Fatal(err)
	}
	if got := cmd.Flags().Lookup("model").Value.String(); got != "theta" {
		t.Errorf("--model theta became %s", got)
	}
	// Every setting with a dot is used: for a flag, or by name in the program.
	used := map[string]bool{"privacy.mask": true, "privacy.key_file": true}
	for _, s := range flagSettings() {
		used[s.key] = true
	}
	for _, s := range config.Settings() {
		if strings.Contains(s.Key, ".") && !used[s.Key] {
			t.Errorf("nothing uses the setting %s", s.Key)
		}
	}
}
