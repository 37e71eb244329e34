package centre

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/BurntSushi/toml"

	"kcc/internal/calendar"
	"kcc/internal/tomltext"
)

// ReadFile reads a description from a TOML file or a workbook, told apart by
// content. A mistake in it gives *Invalid.
func ReadFile(path string) (*Centre, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("centre: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a description from the content of a file; name is for messages.
func Parse(name string, data []byte) (*Centre, error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return parseWorkbook(name, data)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // as some editors begin a text
	var keys map[string]any
	md, err := toml.Decode(string(data), &keys)
	if line, what, ok := tomltext.Syntax(err); ok {
		return nil, &Invalid{File: name, Problems: []Problem{{Key: fmt.Sprintf("line %d", line), Want: what}}}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	order := map[string][]string{}
	seen := map[string]bool{}
	for _, k := range md.Keys() {
		for i := 1; i < len(k); i++ {
			under, at := strings.Join(k[:i], "."), strings.Join(k[:i+1], ".")
			if !seen[at] {
				seen[at] = true
				order[under] = append(order[under], k[i])
			}
		}
	}
	return decode(name, keys, order)
}

// WriteTOML writes the description in its exact text form: Parse gives the same
// centre again, and the same centre gives the same bytes.
func (c *Centre) WriteTOML(w io.Writer) error {
	var b bytes.Buffer
	writeTable(&b, "", encode(c))
	_, err := w.Write(bytes.TrimLeft(b.Bytes(), "\n"))
	return err
}

// writeTable writes plain keys first, then the tables below, as TOML wants it.
func writeTable(b *bytes.Buffer, path string, t table) {
	for _, e := range t {
		switch e.value.(type) {
		case table, tables:
		default:
			fmt.Fprintf(b, "%s = %s\n", tomlKey(e.key), tomlValue(e.value))
		}
	}
	for _, e := range t {
		at := tomlKey(e.key)
		if path != "" {
			at = path + "." + at
		}
		switch v := e.value.(type) {
		case table:
			if hasPlain(v) {
				fmt.Fprintf(b, "\n[%s]\n", at)
			}
			writeTable(b, at, v)
		case tables:
			for _, row := range v {
				fmt.Fprintf(b, "\n[[%s]]\n", at)
				writeTable(b, at, row)
			}
		}
	}
}

func hasPlain(t table) bool {
	for _, e := range t {
		switch e.value.(type) {
		case table, tables:
		default:
			return true
		}
	}
	return len(t) == 0
}

func tomlKey(k string) string {
	for _, r := range k {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return tomlText(k)
		}
	}
	if k == "" {
		return `""`
	}
	return k
}

func tomlValue(v any) string {
	switch v := v.(type) {
	case string:
		return tomlText(v)
	case float64:
		s := strconv.FormatFloat(v, 'f', -1, 64)
		if !strings.Contains(s, ".") {
			s += ".0"
		}
		return s
	case calendar.Date:
		return v.String()
	case []string:
		parts := make([]string, len(v))
		for i, s := range v {
			parts[i] = tomlText(s)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return fmt.Sprint(v)
}

// tomlText writes a basic string of TOML.
func tomlText(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
