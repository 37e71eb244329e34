// Package xmltag takes apart what stands in the parts of a workbook: the inside of
// a tag and the text between tags, byte by byte and without a general XML decoder,
// which takes ten times as long. It reads UTF-8, which all that write workbooks use.
// Finding the tags is left to those who know whether a part is in memory or comes
// as a stream.
package xmltag

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// Split parts the inside of a tag, without < and >, into its name without prefix and
// its attributes. The slash of a closing tag is not part of it.
func Split(tag []byte) (name, attrs []byte) {
	n, from := 0, 0
	for ; n < len(tag) && !isBlank(tag[n]) && tag[n] != '/'; n++ {
		if tag[n] == ':' && from == 0 {
			from = n + 1
		}
	}
	return tag[from:n], tag[n:]
}

// Attr returns an attribute by its name without prefix, "" when it is absent.
func Attr(attrs []byte, name string) string {
	s := attrs
	for {
		eq := bytes.IndexByte(s, '=')
		if eq < 0 {
			return ""
		}
		end := eq
		for end > 0 && isBlank(s[end-1]) {
			end--
		}
		from := end - len(name)
		found := from >= 0 && string(s[from:end]) == name && (from == 0 || isBlank(s[from-1]) || s[from-1] == ':')
		s = s[eq+1:]
		for len(s) > 0 && isBlank(s[0]) {
			s = s[1:]
		}
		if len(s) == 0 || s[0] != '"' && s[0] != '\'' {
			return ""
		}
		n := bytes.IndexByte(s[1:], s[0])
		switch {
		case n < 0:
			return ""
		case found:
			return Text(s[1 : 1+n])
		}
		s = s[n+2:]
	}
}

// Text returns a text with the references of XML replaced; what is none stays.
func Text(s []byte) string {
	if bytes.IndexByte(s, '&') < 0 {
		return string(s)
	}
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		if s[0] != '&' {
			n := bytes.IndexByte(s, '&')
			if n < 0 {
				n = len(s)
			}
			out, s = append(out, s[:n]...), s[n:]
			continue
		}
		end := bytes.IndexByte(s, ';')
		r := rune(-1)
		if end > 0 {
			r = reference(string(s[1:end]))
		}
		if r < 0 {
			out, s = append(out, '&'), s[1:]
			continue
		}
		out, s = utf8.AppendRune(out, r), s[end+1:]
	}
	return string(out)
}

// reference returns the character of a reference, -1 when there is none.
func reference(name string) rune {
	switch name {
	case "amp":
		return '&'
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	}
	if len(name) < 2 || name[0] != '#' {
		return -1
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune {
		return -1
	}
	return rune(n)
}

// Chars replaces the _x000D_ by which workbooks write control characters.
func Chars(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '_' && i+7 <= len(s) && s[i+1] == 'x' && s[i+6] == '_' {
			if n, err := strconv.ParseUint(s[i+2:i+6], 16, 32); err == nil {
				out.WriteRune(rune(n))
				i += 6
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
