package output

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Format is a way to write tables.
type Format int

// The formats. Screen is the aligned table for people.
const (
	Screen Format = iota
	CSV
	JSON
	Markdown
	XLSX
	HTML
	ICS
)

// Lang is the language of labels and of number and date forms.
type Lang string

// The languages.
const (
	English Lang = "en"
	Dutch   Lang = "nl"
)

// Options says how to render. The zero value is English, UTC, no colour.
type Options struct {
	Lang    Lang
	Zone    *time.Location
	Width   int  // columns of the terminal, 0 = unlimited
	Color   bool // Screen only
	ExcelNL bool // CSV with ; and decimal comma
}

// zone returns the zone in which times are shown.
func (o *Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// ParseFormat reads the value of --format; empty means Screen.
func ParseFormat(s string) (Format, error) {
	switch s {
	case "", "table":
		return Screen, nil
	case "csv":
		return CSV, nil
	case "json":
		return JSON, nil
	case "md":
		return Markdown, nil
	}
	return 0, fmt.Errorf("format %q: want table, csv, json or md", s)
}

// FormatOf returns the format that the extension of a file name asks for.
func FormatOf(path string) (Format, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".csv":
		return CSV, nil
	case ".json":
		return JSON, nil
	case ".md":
		return Markdown, nil
	case ".xlsx":
		return XLSX, nil
	case ".html", ".htm":
		return HTML, nil
	case ".ics":
		return ICS, nil
	case ".txt":
		return Screen, nil
	default:
		return 0, fmt.Errorf("file %q: the extension %q is not one of csv, xlsx, json, html, md, ics", path, ext)
	}
}

// WriteFile writes a file beside its place and renames it when write and close
// succeed, so that an interrupted run leaves the old file. Mode 0644.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
