package tomltext

import (
	"slices"
	"strconv"
	"strings"
)

// LineOf returns the line, from 1, of the key at a path in a text in TOML that is well formed, or of
// what of the path begins a line there: what stands inside a list or an inline table has the line of
// its key. The library that reads such files does not tell the lines of keys.
func LineOf(source string, path []string) int {
	line, deepest := 1, 0
	var table []string
	entries := map[string]int{} // of arrays of tables
	var inside value
	i := 0
	for text := range strings.SplitSeq(strings.TrimPrefix(source, "\ufeff"), "\n") {
		i++
		if inside.open() {
			inside.read(text)
			continue
		}
		text = strings.TrimSpace(text)
		var here []string
		if head, ok := strings.CutPrefix(text, "["); ok {
			head, list := strings.CutPrefix(head, "[")
			parts, _, ok := keyParts(head, ']')
			if !ok {
				continue
			}
			table = table[:0:0]
			for k, p := range parts {
				table = append(table, p)
				name := strings.Join(table, "\n")
				if last := k == len(parts)-1; last && list {
					entries[name]++
				}
				if n := entries[name]; n > 0 {
					table = append(table, strconv.Itoa(n))
				}
			}
			here = table
		} else if parts, rest, ok := keyParts(text, '='); ok {
			here = append(slices.Clone(table), parts...)
			inside.read(rest)
		} else {
			continue
		}
		n := min(len(here), len(path))
		if n > deepest && slices.Equal(here[:n], path[:n]) {
			line, deepest = i, n
		}
	}
	return line
}

// keyParts splits a dotted key up to the sign that ends it and returns what follows.
func keyParts(text string, end byte) (parts []string, rest string, ok bool) {
	for {
		text = strings.TrimLeft(text, " \t")
		if text == "" {
			return nil, "", false
		}
		if q := text[0]; q == '"' || q == '\'' {
			n := 1
			for n < len(text) && text[n] != q {
				if q == '"' && text[n] == '\\' {
					n++
				}
				n++
			}
			if n >= len(text) {
				return nil, "", false
			}
			part := text[1:n]
			if q == '"' {
				if plain, err := strconv.Unquote(text[:n+1]); err == nil {
					part = plain
				}
			}
			parts, text = append(parts, part), text[n+1:]
		} else {
			n := strings.IndexFunc(text, func(r rune) bool {
				return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
			})
			if n <= 0 {
				return nil, "", false
			}
			parts, text = append(parts, text[:n]), text[n:]
		}
		text = strings.TrimLeft(text, " \t")
		switch {
		case text == "":
			return nil, "", false
		case text[0] == end:
			return parts, text[1:], true
		case text[0] != '.':
			return nil, "", false
		}
		text = text[1:]
	}
}

// value follows a value over lines: how many brackets are open, and which long text.
type value struct {
	depth int
	text  string // the quotes that end it
}

func (v *value) open() bool { return v.depth > 0 || v.text != "" }

// read goes over a line, or the rest of one.
func (v *value) read(line string) {
	for line != "" {
		if v.text != "" {
			n := strings.Index(line, v.text)
			if e := strings.IndexByte(line, '\\'); v.text[0] == '"' && e >= 0 && (n < 0 || e < n) {
				line = line[min(len(line), e+2):]
				continue
			}
			if n < 0 {
				break
			}
			line, v.text = line[n+len(v.text):], ""
			continue
		}
		switch c := line[0]; c {
		case '#':
			return
		case '[', '{':
			v.depth++
		case ']', '}':
			v.depth = max(0, v.depth-1)
		case '"', '\'':
			v.text = line[:1]
			if strings.HasPrefix(line, strings.Repeat(v.text, 3)) {
				v.text = line[:3]
			}
			line = line[len(v.text):]
			continue
		}
		line = line[1:]
	}
	if len(v.text) == 1 { // such a text ends with its line
		v.text = ""
	}
}
