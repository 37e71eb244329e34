package output

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestKeepSamples writes the samples to the folder of KCC_SAMPLES, to be looked
// at and to be rendered with LibreOffice and a browser.
func TestKeepSamples(t *testing.T) {
	dir := os.Getenv("KCC_SAMPLES")
	if dir == "" {
		t.Skip("KCC_SAMPLES names no folder")
	}
	zone := amsterdam(t)
	keepBook(t, dir)
	keepPages(t, dir)
	for _, lang := range []Lang{English, Dutch} {
		opt := Options{Zone: zone, Lang: lang}
		book := sampleRoster(zone, lang)
		err := WriteFile(filepath.Join(dir, "roster_"+string(lang)+".xlsx"), func(w io.Writer) error { return WriteRosterBook(w, book, opt) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestRosterSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if err := WriteRosterBook(w, sampleRoster(amsterdam(t), Dutch), Options{Zone: amsterdam(t), Lang: Dutch}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same roster gives different workbooks")
	}
}
