package importer

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// rejectColumn marks a file of rejects: its rows add to an earlier import and
// never replace it.
const rejectColumn = "kcc_error"

// RejectWriter writes the rows that were left out as CSV, cells as they stood,
// with three columns that say where they were and what is wrong. Repaired, the
// file can be imported again.
type RejectWriter struct {
	w      *csv.Writer
	header string
}

// NewRejectWriter returns a writer of rejects to w.
func NewRejectWriter(w io.Writer) *RejectWriter { return &RejectWriter{w: csv.NewWriter(w)} }

// Write writes one reject. Files with other columns start a new header.
func (w *RejectWriter) Write(r *Reject) error {
	if h := strings.Join(r.Header, "\x00"); h != w.header {
		w.header = h
		if err := w.w.Write(append(append([]string(nil), r.Header...), "kcc_file", "kcc_line", rejectColumn)); err != nil {
			return err
		}
	}
	cells := make([]string, len(r.Header), len(r.Header)+3)
	copy(cells, r.Cells)
	why := r.Want
	if r.Column != "" {
		why = r.Column + ": " + strconv.Quote(r.Value) + ": want " + r.Want
	}
	return w.w.Write(append(cells, r.File, strconv.Itoa(r.Line), why))
}

// Flush writes what is buffered.
func (w *RejectWriter) Flush() error {
	w.w.Flush()
	return w.w.Error()
}
