package importer

import (
	"archive/zip"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kcc/internal/tabular"
)

// File is one file to import: a path, a member of an archive or the standard
// input. It can be opened as often as needed.
type File struct {
	Name string // as shown
	Size int64  // bytes on disk, 0 unknown
	open func() (io.ReadCloser, error)
	path string // of a plain file, for random access
}

// Open opens the file for reading from its start.
func (f *File) Open() (io.ReadCloser, error) { return f.open() }

// Inputs are the files of one call, with what must be cleaned up after it.
type Inputs struct {
	Files []*File
	clean []func()
}

// Close removes temporary copies.
func (in *Inputs) Close() {
	for _, f := range in.clean {
		f()
	}
	in.clean = nil
}

// Expand turns arguments into files: globs are spelled out in order, folders
// are not walked, "-" is stdin, archives give their members.
func Expand(args []string, stdin io.Reader) (*Inputs, error) {
	in := &Inputs{}
	for _, a := range args {
		if err := in.add(a, stdin); err != nil {
			in.Close()
			return nil, err
		}
	}
	return in, nil
}

// ExpandEach is Expand for files that are read each on its own: of several
// arguments one that cannot be found becomes a file that fails when it is read, so
// that the others are.
func ExpandEach(args []string, stdin io.Reader) (*Inputs, error) {
	if len(args) < 2 {
		return Expand(args, stdin)
	}
	in := &Inputs{}
	for _, a := range args {
		if err := in.add(a, stdin); err != nil {
			in.Files = append(in.Files, &File{Name: a, open: func() (io.ReadCloser, error) { return nil, err }})
		}
	}
	return in, nil
}

func (in *Inputs) add(arg string, stdin io.Reader) error {
	if arg == "-" {
		return in.spool(stdin)
	}
	st, err := os.Stat(arg)
	if err != nil && strings.ContainsAny(arg, "*?[") {
		match, gerr := filepath.Glob(arg)
		if gerr != nil {
			return fmt.Errorf("%s: %w", arg, gerr)
		}
		if len(match) == 0 {
			return fmt.Errorf("%s: no file matches", arg)
		}
		slices.Sort(match)
		for _, m := range match {
			if s, err := os.Stat(m); err == nil && s.IsDir() {
				continue
			}
			if err := in.add(m, stdin); err != nil {
				return err
			}
		}
		return nil
	}
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			return fmt.Errorf("%s: %w", arg, pe.Err)
		}
		return err
	}
	if st.IsDir() {
		return fmt.Errorf("%s: this is a folder, not a file; %s names its files", arg, filepath.Join(arg, "*.csv"))
	}
	return in.addPath(arg, arg, st.Size())
}

// addPath adds a plain file, or the members of an archive.
func (in *Inputs) addPath(name, path string, size int64) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s: %w", name, errors.Unwrap(err))
	}
	var head [4]byte
	_, _ = io.ReadFull(f, head[:])
	if string(head[:]) == "PK\x03\x04" {
		zr, err := zip.NewReader(f, size)
		if err != nil {
			f.Close()
			return fmt.Errorf("%s: archive: %w", name, err)
		}
		if !tabular.IsWorkbook(zr) {
			// The archive stays open until the import is done.
			in.clean = append(in.clean, func() { f.Close() })
			return in.addMembers(name, zr)
		}
	}
	f.Close()
	in.Files = append(in.Files, &File{Name: name, Size: size, path: path, open: func() (io.ReadCloser, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, errors.Unwrap(err))
		}
		return f, nil
	}})
	return nil
}

func (in *Inputs) addMembers(name string, zr *zip.Reader) error {
	n := len(in.Files)
	for _, m := range zr.File {
		base := m.Name[strings.LastIndexByte(m.Name, '/')+1:]
		if m.FileInfo().IsDir() || strings.HasPrefix(m.Name, "__MACOSX/") || strings.HasPrefix(base, ".") {
			continue
		}
		in.Files = append(in.Files, &File{Name: name + ":" + m.Name, Size: int64(m.UncompressedSize64), open: func() (io.ReadCloser, error) {
			rc, err := m.Open()
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, m.Name, err)
			}
			return rc, nil
		}})
	}
	if len(in.Files) == n {
		return fmt.Errorf("%s: %w", name, tabular.ErrEmpty)
	}
	return nil
}

// spool copies the standard input to a temporary file, as every file is read
// more than once.
func (in *Inputs) spool(stdin io.Reader) error {
	if stdin == nil {
		return errors.New("-: there is no standard input")
	}
	f, err := os.CreateTemp("", "kcc-stdin-*")
	if err != nil {
		return err
	}
	path := f.Name()
	in.clean = append(in.clean, func() { os.Remove(path) })
	size, err := io.Copy(f, stdin)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("stdin: %w", err)
	}
	return in.addPath("stdin", path, size)
}

// Fingerprint returns the SHA-256 of the content.
func (f *File) Fingerprint(ctx context.Context) (string, error) {
	rc, err := f.Open()
	if err != nil {
		return "", err
	}
	defer rc.Close()
	h := sha256.New()
	buf := make([]byte, 1<<20)
	for {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		n, err := rc.Read(buf)
		h.Write(buf[:n])
		if errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil)), nil
		}
		if err != nil {
			return "", fmt.Errorf("%s: %w", f.Name, err)
		}
	}
}

// table yields the raw rows of a file, or of one sheet of it.
type table interface {
	Next() ([]string, error)
	Line() int
	Close() error
}

// dialect is how a file is written.
type dialect struct {
	Kind      string // text, xlsx or json
	Encoding  string
	Delimiter string
	Sheet     string
	paths     bool // headers are paths of JSON records
	events    bool // an Asterisk queue_log
	header    []string
}

// sniff recognises what a file is by its content.
func (f *File) sniff(opt *Options) (dialect, error) {
	rc, err := f.Open()
	if err != nil {
		return dialect{}, err
	}
	defer rc.Close()
	var r io.Reader = bufio.NewReaderSize(rc, 64<<10)
	head, _ := r.(*bufio.Reader).Peek(2)
	if string(head) == "\x1f\x8b" {
		zr, err := gzip.NewReader(r)
		if err != nil {
			return dialect{}, fmt.Errorf("%s: gzip: %w", f.Name, err)
		}
		defer zr.Close()
		r = zr
	}
	br := bufio.NewReaderSize(r, 64<<10)
	start, err := br.Peek(16 << 10)
	if len(start) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return dialect{}, fmt.Errorf("%s: %w", f.Name, err)
		}
		return dialect{}, fmt.Errorf("%s: %w", f.Name, tabular.ErrEmpty)
	}
	text := strings.TrimLeft(strings.TrimPrefix(string(start), "\xef\xbb\xbf"), " \r\n\t")
	switch {
	case strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[{") || strings.HasPrefix(strings.Join(strings.Fields(text[:min(len(text), 64)]), ""), "[{"):
		return dialect{Kind: "json", Encoding: tabular.UTF8, paths: true}, nil
	case strings.HasPrefix(text, "PK\x03\x04"):
		return dialect{Kind: tabular.Workbook}, nil
	case isQueueLog(text):
		return dialect{Kind: tabular.Text, Encoding: tabular.UTF8, Delimiter: "|", events: true}, nil
	}
	return dialect{Kind: tabular.Text}, nil
}

// tables opens every table of the file in turn: one, or each sheet of a workbook.
func (f *File) sheets() ([]string, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	file, ok := rc.(*os.File)
	if !ok {
		return []string{""}, nil
	}
	st, err := file.Stat()
	if err != nil {
		return nil, err
	}
	zr, err := zip.NewReader(file, st.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: workbook: %w", f.Name, err)
	}
	book, err := tabular.OpenBook(zr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	return book.Sheets(), nil
}

// table opens the rows of the file as they stand.
func (f *File) table(d dialect, opt *Options) (t table, err error) {
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			rc.Close()
		}
	}()
	if d.Kind == "json" {
		return newJSONTable(f.Name, rc, d.header)
	}
	var delim rune
	if opt.Delimiter != 0 {
		delim = opt.Delimiter
	} else if d.Delimiter != "" {
		delim = rune(d.Delimiter[0])
	}
	r, err := tabular.Open(f.Name, rc, tabular.Options{
		Raw: true, Sheet: d.Sheet, Delimiter: delim, Encoding: opt.Encoding, NoQuotes: d.events,
	})
	if err != nil {
		return nil, err
	}
	return &closing{r, rc}, nil
}

type closing struct {
	*tabular.Reader
	under io.Closer
}

func (c *closing) Close() error { return errors.Join(c.Reader.Close(), c.under.Close()) }
