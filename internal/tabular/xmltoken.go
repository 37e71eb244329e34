package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"kcc/internal/xmltag"
)

// tokens walks over the tags of a sheet or of the shared strings. It knows just
// enough XML for these two parts (tags, attributes, text, CDATA, entities,
// comments) and is several times faster than a full parser.
type tokens struct {
	src        *bufio.Reader
	tag        []byte // inside of the last tag, without < and >
	selfClosed bool
	atTag      bool   // the < of the next tag has been read
	long       []byte // scratch for tags longer than the buffer
}

func newTokens(r io.Reader) tokens { return tokens{src: bufio.NewReaderSize(r, peekSize)} }

var errXML = errors.New("the sheet is damaged")

// next moves past the next tag and returns its name without prefix; a closing
// tag has a leading slash. Text between tags is skipped.
func (t *tokens) next() (string, error) {
	for {
		if !t.atTag {
			if err := t.skipTo('<'); err != nil {
				return "", err
			}
		}
		t.atTag = false
		if p, _ := t.src.Peek(3); string(p) == "!--" {
			if err := t.skipPast("-->"); err != nil {
				return "", err
			}
			continue
		}
		if p, _ := t.src.Peek(8); string(p) == "![CDATA[" {
			if err := t.skipPast("]]>"); err != nil {
				return "", err
			}
			continue
		}
		if err := t.readTag(); err != nil {
			return "", err
		}
		if len(t.tag) == 0 {
			return "", errXML
		}
		if t.tag[0] == '?' || t.tag[0] == '!' {
			continue
		}
		t.selfClosed = t.tag[len(t.tag)-1] == '/'
		return tagName(t.tag), nil
	}
}

// tagName avoids a string per tag for the names that make up a sheet.
func tagName(tag []byte) string {
	closing := tag[0] == '/'
	if closing {
		tag = tag[1:]
	}
	name, _ := xmltag.Split(tag)
	switch string(name) {
	case "c":
		if closing {
			return "/c"
		}
		return "c"
	case "v":
		if closing {
			return "/v"
		}
		return "v"
	case "row":
		if closing {
			return "/row"
		}
		return "row"
	}
	if closing {
		return "/" + string(name)
	}
	return string(name)
}

func (t *tokens) skipTo(b byte) error {
	for {
		_, err := t.src.ReadSlice(b)
		if err == nil {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func (t *tokens) skipPast(end string) error {
	last := end[len(end)-1]
	var tail []byte
	for {
		s, err := t.src.ReadSlice(last)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
		tail = append(tail, s[max(0, len(s)-len(end)):]...)
		tail = tail[max(0, len(tail)-len(end)):]
		if string(tail) == end {
			return nil
		}
	}
}

const maxTag = 1 << 20

// readTag reads up to the closing > outside quotes.
func (t *tokens) readTag() error {
	t.long = t.long[:0]
	for {
		s, err := t.src.ReadSlice('>')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		if err == nil && len(t.long) == 0 && bytes.Count(s, []byte{'"'})%2 == 0 && bytes.Count(s, []byte{'\''})%2 == 0 {
			t.tag = s[:len(s)-1]
			return nil
		}
		t.long = append(t.long, s...)
		if len(t.long) > maxTag {
			return errXML
		}
		if err == nil && quotesClosed(t.long) {
			t.tag = t.long[:len(t.long)-1]
			return nil
		}
	}
}

// quotesClosed reports whether every quoted attribute of a tag has its end.
func quotesClosed(b []byte) bool {
	var open byte
	for _, c := range b {
		switch {
		case open == 0 && (c == '"' || c == '\''):
			open = c
		case c == open:
			open = 0
		}
	}
	return open == 0
}

// attr returns an attribute of the last tag, or "".
func (t *tokens) attr(name string) string {
	_, attrs := xmltag.Split(t.tag)
	return xmltag.Attr(attrs, name)
}

const maxCell = 1 << 20 // Excel's own limit is 32,767 characters

// text returns the text up to the next tag, entities resolved.
func (t *tokens) text() (string, error) {
	var sb []byte
	for {
		s, err := t.src.ReadSlice('<')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if errors.Is(err, io.EOF) {
				return "", io.ErrUnexpectedEOF
			}
			return "", err
		}
		if len(sb)+len(s) > maxCell {
			return "", fmt.Errorf("a cell holds more than %d bytes", maxCell)
		}
		if err != nil {
			sb = append(sb, s...)
			continue
		}
		if sb == nil {
			sb = s[:len(s)-1]
		} else {
			sb = append(sb, s[:len(s)-1]...)
		}
		break
	}
	out := xmltag.Chars(xmltag.Text(sb))
	if p, _ := t.src.Peek(8); string(p) == "![CDATA[" {
		_, _ = t.src.Discard(8)
		raw, err := t.cdata()
		if err != nil {
			return "", err
		}
		rest, err := t.text()
		return out + raw + rest, err
	}
	t.atTag = true
	return out, nil
}

func (t *tokens) cdata() (string, error) {
	var sb []byte
	for {
		s, err := t.src.ReadSlice('>')
		sb = append(sb, s...)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return "", io.ErrUnexpectedEOF
		}
		if len(sb) > maxCell {
			return "", errXML
		}
		if raw, ok := bytes.CutSuffix(sb, []byte("]]>")); ok {
			return string(raw), nil
		}
	}
}
