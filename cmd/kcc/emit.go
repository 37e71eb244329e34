package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"kcc/internal/output"
)

// format returns the output format that --format asks for.
func (a *App) format() (output.Format, error) {
	f, err := output.ParseFormat(a.flags.format)
	if err != nil {
		return f, &statusError{exitUsage, err}
	}
	return f, nil
}

func (a *App) outputOptions() output.Options {
	return output.Options{Lang: a.Lang(), Zone: a.zone, Width: a.Width, Color: a.Color(), ExcelNL: a.flags.excelNL}
}

// emit shows tables where the global flags want them: on stdout as a table, or
// in the form of --format, or in the file of --out by its extension. A dry run
// writes no file.
func (a *App) emit(tables ...output.Table) error { return a.emitTo(a.flags.out, tables...) }

// emitTo is emit with another place than that of --out.
func (a *App) emitTo(out string, tables ...output.Table) error {
	opt := a.outputOptions()
	if out == "" || out == "-" {
		f, err := a.format()
		if err != nil {
			return err
		}
		if a.flags.format == "" && out == "-" {
			f = output.CSV
		}
		return output.Write(a.Out, f, opt, tables...)
	}
	return a.writeFile(out, func(w io.Writer, f output.Format) error {
		return output.Write(w, f, opt, tables...)
	})
}

// longRuns are the commands that compute for long before they write: what --out
// cannot be is said before they begin.
var longRuns = map[string]bool{
	"kcc plan": true, "kcc plan capacity": true, "kcc roster make": true, "kcc roster shifts": true, "kcc roster leave": true,
	"kcc forecast run": true, "kcc forecast backtest": true, "kcc staff": true, "kcc simulate": true,
}

// checkOut refuses an --out that cannot be written because its folder is not
// there, and for long runs one of no known form.
func (a *App) checkOut(cmd *cobra.Command) error {
	out := a.flags.out
	if path := cmd.CommandPath(); out == "" || out == "-" || path == "kcc report pack" || path == "kcc demo" { // these make their folder
		return nil
	}
	if longRuns[cmd.CommandPath()] && a.flags.format == "" {
		if _, err := output.FormatOf(out); err != nil {
			return &statusError{exitUsage, err}
		}
	}
	return folderThere(out)
}

// folderThere refuses a file that cannot be written for want of its folder.
func folderThere(path string) error {
	switch st, err := os.Stat(filepath.Dir(path)); {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("write %s: there is no folder %s: make it first", path, filepath.Dir(path))
	case err == nil && !st.IsDir():
		return fmt.Errorf("write %s: %s is not a folder", path, filepath.Dir(path))
	}
	return nil
}

// fileFormat returns the format of a file by its extension, or where that says nothing that of
// --format.
func (a *App) fileFormat(path string) (output.Format, error) {
	f, err := output.FormatOf(path)
	if err != nil && a.flags.format != "" {
		f, err = a.format()
	}
	if err != nil {
		return f, &statusError{exitUsage, err}
	}
	return f, nil
}

// writeFile writes path beside itself and renames it when all went well, in
// the format of fileFormat.
func (a *App) writeFile(path string, write func(io.Writer, output.Format) error) error {
	f, err := a.fileFormat(path)
	if err != nil {
		return err
	}
	if a.flags.dryRun {
		a.Infof(a.Lang().Pick("dry run: %s is not written", "proef: %s is niet geschreven"), path)
		return write(io.Discard, f)
	}
	if err := output.WriteFile(path, func(w io.Writer) error { return write(w, f) }); err != nil {
		return err
	}
	a.Infof(a.Lang().Pick("wrote %s", "%s geschreven"), path)
	return nil
}
