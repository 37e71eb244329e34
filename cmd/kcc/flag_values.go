package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// plainDefaults takes away what the help would add to flags that say themselves
// what holds when they are left out: (default 0s) behind "(default: by size)".
func plainDefaults(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.DefValue != "0s" && !strings.Contains(f.Usage, "(default") {
			return
		}
		switch kind := f.Value.Type(); {
		case kind == "bool":
			f.DefValue = "false"
		case kind == "int", kind == "int64", kind == "uint64", kind == "float64":
			f.DefValue = "0"
		case strings.HasSuffix(kind, "Slice"), strings.HasSuffix(kind, "Array"):
			f.DefValue = "[]"
		default:
			f.DefValue = ""
		}
	})
	for _, sub := range cmd.Commands() {
		plainDefaults(sub)
	}
}

// belowZero names the flags whose whole numbers may be negative.
var belowZero = map[string]bool{"priority": true}

// checkCounts refuses numbers below 0 where a flag counts something, and 0 weeks
// where that stands for "not given", so that none is taken for the default.
func checkCounts(cmd *cobra.Command) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if f.Value.Type() != "int" || belowZero[f.Name] || err != nil {
			return
		}
		if n, bad := strconv.Atoi(f.Value.String()); bad == nil && n < 0 {
			err = usagef("--%s %d: want 0 or more", f.Name, n)
		} else if n == 0 && f.Name == "weeks" && f.DefValue == "0" && !strings.Contains(f.Usage, "all there is") {
			err = usagef("--%s 0: want 1 or more", f.Name)
		}
	})
	return err
}
