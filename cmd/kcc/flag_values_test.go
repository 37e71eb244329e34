package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// No flag says twice what holds without it, or shows a zero for "not given".
func TestHelpSaysDefaultsOnce(t *testing.T) {
	var walk func(c *cobra.Command)
	seen := 0
	walk = func(c *cobra.Command) {
		for line := range strings.Lines(c.LocalFlags().FlagUsages()) {
			seen++
			if strings.Count(line, "(default") > 1 || strings.Contains(line, "(default )") || strings.Contains(line, "(default 0s)") || strings.Contains(line, "(default -1)") {
				t.Errorf("%s: %s", c.CommandPath(), strings.TrimSpace(line))
			}
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(newRootCmd(&App{}))
	if seen < 500 {
		t.Errorf("looked at %d flags, want at least 500", seen)
	}
}
