package output

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
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
// succeed, so that an interrupted run leaves the old file. Mode 0644. A link
// stays a link; what is no regular file, such as a device or a pipe, is written
// straight to.
func WriteFile(path string, write func(io.Writer) error) error {
	if err := writeFile(path, write); err != nil {
		var p *fs.PathError
		if errors.As(err, &p) && strings.HasSuffix(p.Path, tempSuffix) {
			err = p.Err // the name of the temporary file says nothing to the reader
		}
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// tempSuffix ends the name of a file that is being written.
const tempSuffix = ".kcc.tmp"

func writeFile(path string, write func(io.Writer) error) (err error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return errors.New("it is a folder")
		}
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return firstError(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*"+tempSuffix)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
