package main

import (
	"io"

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
func (a *App) emit(tables ...output.Table) error {
	opt := a.outputOptions()
	if a.flags.out == "" || a.flags.out == "-" {
		f, err := a.format()
		if err != nil {
			return err
		}
		if a.flags.format == "" && a.flags.out == "-" {
			f = output.CSV
		}
		return output.Write(a.Out, f, opt, tables...)
	}
	return a.writeFile(a.flags.out, func(w io.Writer, f output.Format) error {
		return output.Write(w, f, opt, tables...)
	})
}

// writeFile writes path beside itself and renames it when all went well. The
// format follows from the extension, or where that says nothing from --format.
func (a *App) writeFile(path string, write func(io.Writer, output.Format) error) error {
	f, err := output.FormatOf(path)
	if err != nil && a.flags.format != "" {
		f, err = a.format()
	}
	if err != nil {
		return &statusError{exitUsage, err}
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
