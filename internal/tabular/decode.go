package tabular

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// peekSize is how much of a file is looked at to decide what it is.
const peekSize = 64 << 10

// Names of encodings, as Reader.Encoding tells them and Options.Encoding takes them.
const (
	UTF8        = "utf-8"
	UTF8BOM     = "utf-8-bom"
	UTF16LE     = "utf-16le"
	UTF16BE     = "utf-16be"
	Windows1252 = "windows-1252"
	CP850       = "cp850"
	MacRoman    = "macroman"
	Latin9      = "iso-8859-15"
)

// decoder turns bytes of an unknown encoding into UTF-8.
type decoder struct {
	io.Reader
	name func() string
}

// newDecoder recognises the encoding of src, or takes the one asked for.
func newDecoder(src *bufio.Reader, want string) (*decoder, error) {
	fixed := func(name string) func() string { return func() string { return name } }
	wrap := func(name string, e encoding.Encoding) *decoder {
		return &decoder{transform.NewReader(src, e.NewDecoder()), fixed(name)}
	}
	head, _ := src.Peek(4096)
	switch w := strings.ToLower(strings.TrimSpace(want)); w {
	case "", "auto":
	case UTF8, "utf8", UTF8BOM:
		d := &guessReader{src: src, state: stateUTF8}
		if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
			_, _ = src.Discard(3)
			d.bom = true
		}
		return &decoder{d, d.name}, nil
	case UTF16LE, "utf-16", "utf16":
		return wrap(UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), nil
	case UTF16BE:
		return wrap(UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)), nil
	case Windows1252, "cp1252", "ansi", "iso-8859-1", "latin1":
		return wrap(Windows1252, charmap.Windows1252), nil
	case CP850:
		return wrap(CP850, charmap.CodePage850), nil
	case MacRoman:
		return wrap(MacRoman, charmap.Macintosh), nil
	case Latin9:
		return wrap(Latin9, charmap.ISO8859_15), nil
	default:
		return nil, fmt.Errorf("encoding %q: want utf-8, utf-16le, utf-16be, windows-1252, cp850, macroman or iso-8859-15", want)
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = src.Discard(3)
		d := &guessReader{src: src, state: stateUTF8, bom: true}
		return &decoder{d, d.name}, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return wrap(UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)), nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return wrap(UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.UseBOM)), nil
	}
	// UTF-16 without a mark: text of Western languages has a zero in every other byte.
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(head) / 2; {
	case half > 0 && zeros[1]*10 > half*7 && zeros[0]*10 < half:
		return wrap(UTF16LE, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)), nil
	case half > 0 && zeros[0]*10 > half*7 && zeros[1]*10 < half:
		return wrap(UTF16BE, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)), nil
	}
	d := &guessReader{src: src}
	return &decoder{d, d.name}, nil
}

type guessState int

const (
	stateASCII  guessState        = iota // nothing but ASCII so far: not decided yet
	stateUTF8                            // stray bytes are still read as Windows-1252
	state1252                            // every byte is a character
	chunkSize   = 32 << 10               // bytes converted in one go
	maxRuneTail = utf8.UTFMax - 1        // bytes of a rune that a chunk may cut off
)

// guessReader passes ASCII through and decides between UTF-8 and Windows-1252
// at the first other byte, however far into the file that is.
type guessReader struct {
	src   *bufio.Reader
	state guessState
	bom   bool
	out   []byte // converted, not yet handed out; in buf or, until its next read, in src
	buf   []byte
}

func (g *guessReader) name() string {
	switch {
	case g.bom:
		return UTF8BOM
	case g.state == state1252:
		return Windows1252
	}
	return UTF8
}

func (g *guessReader) Read(p []byte) (int, error) {
	for len(g.out) == 0 {
		if err := g.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.out)
	g.out = g.out[n:]
	return n, nil
}

func (g *guessReader) fill() error {
	if _, err := g.src.Peek(1); err != nil {
		return err
	}
	chunk, _ := g.src.Peek(min(g.src.Buffered(), chunkSize))
	if g.state == stateASCII {
		i := firstNonASCII(chunk)
		if i != 0 {
			g.out = chunk[:i]
			_, _ = g.src.Discard(i)
			return nil
		}
		ahead, _ := g.src.Peek(peekSize)
		g.state = guess(ahead)
		chunk, _ = g.src.Peek(min(g.src.Buffered(), chunkSize))
	}
	if g.state == stateUTF8 {
		if n := cutRune(chunk); n > 0 && n < len(chunk) {
			chunk = chunk[:len(chunk)-n]
		} else if n > 0 {
			more, _ := g.src.Peek(n + maxRuneTail) // shorter at the end of the file
			chunk = more
			if c := cutRune(more); c > 0 && c < len(more) {
				chunk = more[:len(more)-c]
			}
		}
	}
	if g.out = chunk; g.state != stateUTF8 || !utf8.Valid(chunk) {
		g.buf = g.convert(g.buf[:0], chunk)
		g.out = g.buf
	}
	_, _ = g.src.Discard(len(chunk))
	return nil
}

func (g *guessReader) convert(dst, chunk []byte) []byte {
	for len(chunk) > 0 {
		r, n := rune(chunk[0]), 1
		if r >= utf8.RuneSelf {
			if g.state == stateUTF8 {
				r, n = utf8.DecodeRune(chunk)
			}
			if g.state == state1252 || (r == utf8.RuneError && n == 1) {
				r, n = charmap.Windows1252.DecodeByte(chunk[0]), 1
			}
		}
		dst = utf8.AppendRune(dst, r)
		chunk = chunk[n:]
	}
	return dst
}

// firstNonASCII returns the index of the first byte above 127, or the length.
func firstNonASCII(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if b[i] >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

// guess tells whether the bytes above 127 in b read as UTF-8: more of them
// belong to well-formed characters than not.
func guess(b []byte) guessState {
	good, bad := 0, 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			if !utf8.FullRune(b) {
				break // cut off by the end of the window
			}
			bad++
		} else {
			good++
		}
		b = b[n:]
	}
	if good >= bad && good > 0 {
		return stateUTF8
	}
	return state1252
}

// cutRune returns how many bytes at the end of b begin a character that b does
// not hold whole.
func cutRune(b []byte) int {
	for n := 1; n <= min(maxRuneTail, len(b)); n++ {
		c := b[len(b)-n]
		if utf8.RuneStart(c) {
			if c >= utf8.RuneSelf && !utf8.FullRune(b[len(b)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}
