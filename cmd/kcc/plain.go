package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// plainFlagError says what is wrong with the value of a flag in the words of the
// other errors: which flag, which value, what was wanted.
func plainFlagError(err error) error {
	var invalid *pflag.InvalidValueError
	if !errors.As(err, &invalid) {
		return err
	}
	f := invalid.GetFlag()
	want := ""
	switch f.Value.Type() {
	case "int", "int64":
		want = "a whole number"
	case "uint", "uint64":
		want = "a whole number of 0 or more"
	case "float64":
		want = "a number"
	case "bool":
		want = "true or false"
	default:
		return fmt.Errorf("--%s: %w", f.Name, invalid.Unwrap())
	}
	return fmt.Errorf("--%s: value %q: want %s", f.Name, invalid.GetValue(), want)
}

// plainArgsError says how many arguments a command takes.
func plainArgsError(cmd *cobra.Command, args []string, err error) error {
	text := err.Error()
	if !strings.Contains(text, "arg(s)") {
		return err
	}
	usage := strings.TrimSuffix(cmd.UseLine(), " [flags]")
	if len(args) == 0 {
		return fmt.Errorf("an argument is missing: want %s", usage)
	}
	return fmt.Errorf("%s: want %s", countText(len(args), "argument"), usage)
}
