package kb

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
)

// Record is an article as a file holds it. Without an id one is made of the
// title; without a state the import decides.
type Record struct {
	ID    string `json:"id"`
	State State  `json:"state,omitempty"`
	Content
}

// RowError says where a record of a file is wrong.
type RowError struct {
	File string
	Line int // 0: unknown
	Err  error
}

func (e *RowError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	return fmt.Sprintf("%s: line %d: %v", e.File, e.Line, e.Err)
}

func (e *RowError) Unwrap() error { return e.Err }

// ReadRecords reads articles from JSON lines, CSV or a workbook, FAQPage
// JSON-LD (alone or in a web page), one Markdown file or a folder of them,
// recognised by content. What cannot be read is in the second result.
func ReadRecords(path string, stdin io.Reader) ([]Record, []error, error) {
	if path != "-" {
		st, err := os.Stat(path)
		if err != nil {
			return nil, nil, err
		}
		if st.IsDir() {
			return readFolder(path)
		}
	}
	data, err := readFile(path, stdin)
	if err != nil {
		return nil, nil, err
	}
	name := path
	if path == "-" {
		name = "stdin"
	}
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch ext := strings.ToLower(filepath.Ext(path)); {
	case len(trimmed) == 0:
		return nil, nil, fmt.Errorf("%s: %w", name, tabular.ErrEmpty)
	case trimmed[0] == '<':
		return readFAQ(name, trimmed)
	case (trimmed[0] == '{' || trimmed[0] == '[') && bytes.Contains(trimmed, []byte(`"FAQPage"`)) && json.Valid(trimmed):
		return readFAQ(name, trimmed)
	case trimmed[0] == '[' && json.Valid(trimmed):
		return readArray(name, trimmed)
	case trimmed[0] == '{':
		return readLines(name, trimmed)
	case ext == ".md" || ext == ".markdown":
		r, err := readMarkdown(name, strings.TrimSuffix(filepath.Base(path), ext), data)
		if err != nil {
			return nil, nil, err
		}
		return []Record{r}, nil, nil
	}
	return readTable(name, data)
}

func readFile(path string, stdin io.Reader) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(path)
}

// rawRecord takes the names that files use for the same thing.
type rawRecord struct {
	Record
	Question  string   `json:"question"`
	Answer    string   `json:"answer"`
	Text      string   `json:"text"`
	Asked     []string `json:"asked"`
	Subject   string   `json:"subject"`
	Language  string   `json:"language"`
	Modified  string   `json:"modified"`
	License   string   `json:"license"`
	SourceURL string   `json:"source_url"`
}

func (r *rawRecord) record() Record {
	out := r.Record
	first := func(to *string, from ...string) {
		for _, s := range from {
			if *to == "" {
				*to = s
			}
		}
	}
	first(&out.Title, r.Question)
	first(&out.Body, r.Answer, r.Text)
	first(&out.Lang, r.Language)
	first(&out.Source, r.SourceURL)
	out.Asked = append(out.Asked, r.Asked...)
	if r.Subject != "" {
		out.Subjects = append([]string{r.Subject}, out.Subjects...)
	}
	for k, v := range map[string]string{"modified": r.Modified, "license": r.License} {
		if v != "" {
			if out.Extra == nil {
				out.Extra = map[string]string{}
			}
			out.Extra[k] = v
		}
	}
	return out
}

// knownKeys are the members of a JSON record that have a place of their own.
var knownKeys = func() map[string]bool {
	out := map[string]bool{}
	for _, k := range strings.Fields(`id state kind title alt_titles body subjects products channels audience lang owner url valid_from valid_to review extra
		question answer text asked subject language modified license source_url`) {
		out[k] = true
	}
	return out
}()

func decodeRecord(data []byte) (Record, error) {
	var raw rawRecord
	if err := json.Unmarshal(data, &raw); err != nil {
		return Record{}, jsonError(err)
	}
	r := raw.record()
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		return r, jsonError(err)
	}
	for k, v := range all {
		if knownKeys[k] || v == nil {
			continue
		}
		if r.Extra == nil {
			r.Extra = map[string]string{}
		}
		if s, ok := v.(string); ok {
			r.Extra[k] = s
		} else {
			b, _ := json.Marshal(v) // it came out of JSON
			r.Extra[k] = string(b)
		}
	}
	return r, r.checkDates()
}

func jsonError(err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return fmt.Errorf("member %q is %s: want %s", te.Field, te.Value, te.Type)
	}
	return fmt.Errorf("not JSON: %w", err)
}

// checkDates turns dates as people write them into 2006-01-02.
func (r *Record) checkDates() error {
	for _, d := range []*string{&r.ValidFrom, &r.ValidTo, &r.Review} {
		if *d == "" {
			continue
		}
		day, err := calendar.ParseDate(*d)
		if err != nil {
			return err
		}
		*d = day.String()
	}
	return nil
}

const maxLine = 16 << 20

func readLines(name string, data []byte) ([]Record, []error, error) {
	var out []Record
	var bad []error
	err := eachLine(data, func(n int, line []byte) {
		r, err := decodeRecord(line)
		if err != nil {
			bad = append(bad, &RowError{name, n, err})
			return
		}
		out = append(out, r)
	})
	return out, bad, err
}

func eachLine(data []byte, f func(n int, line []byte)) error {
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, maxLine)
	for n := 1; sc.Scan(); n++ {
		if line := bytes.TrimSpace(sc.Bytes()); len(line) > 0 {
			f(n, line)
		}
	}
	return sc.Err()
}

func readArray(name string, data []byte) ([]Record, []error, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []Record
	var bad []error
	for i, raw := range list {
		r, err := decodeRecord(raw)
		if err != nil {
			bad = append(bad, &RowError{fmt.Sprintf("%s: record %d", name, i+1), 0, err})
			continue
		}
		out = append(out, r)
	}
	return out, bad, nil
}

// readTable reads a CSV or workbook with the names of the JSON members as
// columns; lists are separated by semicolons, other ways to ask by line feeds.
func readTable(name string, data []byte) ([]Record, []error, error) {
	if bytes.HasPrefix(data, []byte("PK")) {
		if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	r, err := tabular.Open(name, bytes.NewReader(data), tabular.Options{})
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "title|question|vraag", "body|answer|antwoord|text")
	if err != nil {
		return nil, nil, err
	}
	text := func(names ...string) string {
		for _, n := range names {
			if s := c.Text(n); s != "" {
				return unprotected(s)
			}
		}
		return ""
	}
	var extra []string
	place := map[string]bool{"vraag": true, "antwoord": true, "onderwerp": true, "eigenaar": true, "taal": true}
	for _, h := range r.Header() {
		if k := tabular.Snake(h); k != "" && (!knownKeys[k] || k == "modified" || k == "license") && !place[k] {
			extra = append(extra, k)
		}
	}
	var out []Record
	var bad []error
	for c.Next() {
		rec := Record{ID: text("id"), State: State(text("state")), Content: Content{
			Kind: Kind(text("kind")), Title: text("title", "question", "vraag"), Body: text("body", "answer", "antwoord", "text"),
			Asked: splitLines(text("alt_titles", "asked")), Subjects: split(text("subjects", "subject", "onderwerp")), Products: split(text("products")),
			Channels: split(text("channels")), Audience: split(text("audience")), Lang: text("lang", "language", "taal"), Owner: text("owner", "eigenaar"),
			Source: text("url", "source_url"), ValidFrom: text("valid_from"), ValidTo: text("valid_to"), Review: text("review"),
		}}
		for _, k := range extra {
			if s := c.Text(k); s != "" {
				if rec.Extra == nil {
					rec.Extra = map[string]string{}
				}
				rec.Extra[k] = unprotected(s)
			}
		}
		if err := rec.checkDates(); err != nil {
			bad = append(bad, &RowError{name, c.Line(), err})
			continue
		}
		out = append(out, rec)
	}
	return out, bad, c.Err()
}

// split reads a list: separated by semicolons, or JSON.
func split(s string) []string {
	var list []string
	if strings.HasPrefix(s, "[") && json.Unmarshal([]byte(s), &list) == nil {
		return tidy(list)
	}
	return tidy(strings.Split(s, ";"))
}

// splitLines reads a list with an entry per line, or JSON.
func splitLines(s string) []string {
	if strings.HasPrefix(s, "[") {
		return split(s)
	}
	return tidy(strings.Split(s, "\n"))
}

// unprotected takes away the apostrophe that keeps a spreadsheet from reading a
// text as a formula.
func unprotected(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsRune("=+-@", rune(rest[0])) {
		return rest
	}
	return s
}

func readFolder(dir string) ([]Record, []error, error) {
	var out []Record
	var bad []error
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		ext := strings.ToLower(filepath.Ext(p))
		if e.IsDir() || (ext != ".md" && ext != ".markdown") {
			return nil
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		r, err := readMarkdown(p, Slug(strings.TrimSuffix(filepath.ToSlash(rel), filepath.Ext(rel))), data)
		if err != nil {
			bad = append(bad, err)
			return nil
		}
		out = append(out, r)
		return nil
	})
	if err == nil && len(out) == 0 && len(bad) == 0 {
		err = fmt.Errorf("%s: there is no Markdown file in it", dir)
	}
	return out, bad, err
}

// frontKeys are the keys above a Markdown article, in order. A value is JSON
// where it starts with a quote, bracket or brace, else plain text.
var frontKeys = []string{
	"id", "state", "kind", "title", "alt_titles", "subjects", "products", "channels", "audience", "lang", "owner", "url", "valid_from", "valid_to", "review", "extra",
}

func readMarkdown(name, id string, data []byte) (Record, error) {
	s := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	fields := map[string]json.RawMessage{}
	if rest, ok := strings.CutPrefix(s, "---\n"); ok {
		front, body, ok := strings.Cut(rest, "\n---\n")
		if !ok {
			return Record{}, &RowError{name, 1, errors.New("the head that starts with --- does not end")}
		}
		s = body
		for i, line := range strings.Split(front, "\n") {
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
				continue
			}
			k, v, ok := strings.Cut(line, ":")
			if !ok {
				return Record{}, &RowError{name, i + 2, fmt.Errorf("%q: want key: value", line)}
			}
			k, v = strings.TrimSpace(k), strings.TrimSpace(v)
			if !json.Valid([]byte(v)) || (v[0] != '"' && v[0] != '[' && v[0] != '{') {
				switch k {
				case "alt_titles", "subjects", "products", "channels", "audience":
					v = text(split(strings.ReplaceAll(strings.Trim(v, "[]"), ",", ";")))
				default:
					v = text(v)
				}
			}
			fields[k] = json.RawMessage(v)
		}
	}
	if fields["title"] == nil {
		head, rest, _ := strings.Cut(strings.TrimLeft(s, "\n"), "\n")
		if t, ok := strings.CutPrefix(head, "# "); ok {
			fields["title"], s = json.RawMessage(text(strings.TrimSpace(t))), rest
		}
	}
	fields["body"] = json.RawMessage(text(strings.TrimSpace(s)))
	if fields["id"] == nil {
		fields["id"] = json.RawMessage(text(id))
	}
	data, err := json.Marshal(fields)
	if err != nil {
		return Record{}, &RowError{name, 0, err}
	}
	r, err := decodeRecord(data)
	if err != nil {
		return r, &RowError{name, 0, err}
	}
	return r, nil
}

// Markdown writes the article as a Markdown file with a head.
func (r *Record) Markdown() []byte {
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text(r)), &all); err != nil {
		panic("kb: " + err.Error()) // text wrote it
	}
	var b bytes.Buffer
	b.WriteString("---\n")
	for _, k := range frontKeys {
		if v, ok := all[k]; ok && string(v) != `""` && string(v) != "[]" && string(v) != "null" {
			fmt.Fprintf(&b, "%s: %s\n", k, v)
		}
	}
	fmt.Fprintf(&b, "---\n\n%s\n", r.Body)
	return b.Bytes()
}

var scriptTag = regexp.MustCompile(`(?is)<script[^>]*application/ld\+json[^>]*>(.*?)</script>`)

// readFAQ reads schema.org FAQPage from JSON-LD or from a page that holds it.
func readFAQ(name string, data []byte) ([]Record, []error, error) {
	blocks := [][]byte{data}
	if data[0] == '<' {
		blocks = nil
		for _, m := range scriptTag.FindAllSubmatch(data, -1) {
			blocks = append(blocks, m[1])
		}
	}
	var out []Record
	var bad []error
	for _, b := range blocks {
		var v any
		if err := json.Unmarshal(b, &v); err != nil {
			bad = append(bad, &RowError{name, 0, jsonError(err)})
			continue
		}
		faqRecords(v, "", &out)
	}
	if len(out) == 0 && len(bad) == 0 {
		return nil, nil, fmt.Errorf("%s: there is no FAQPage in it", name)
	}
	return out, bad, nil
}

// faqRecords gathers the questions below a JSON-LD value.
func faqRecords(v any, lang string, out *[]Record) {
	switch t := v.(type) {
	case []any:
		for _, e := range t {
			faqRecords(e, lang, out)
		}
	case map[string]any:
		str := func(m map[string]any, keys ...string) string {
			for _, k := range keys {
				if s, ok := m[k].(string); ok && s != "" {
					return s
				}
			}
			return ""
		}
		if l := str(t, "inLanguage"); l != "" {
			lang, _, _ = strings.Cut(strings.ToLower(l), "-")
		}
		if str(t, "@type") == "Question" {
			r := Record{Content: Content{Title: html.UnescapeString(str(t, "name")), Lang: lang, Source: str(t, "url")}}
			if a, ok := t["acceptedAnswer"].(map[string]any); ok {
				r.Body = fromHTML(str(a, "text"))
			}
			if id := str(t, "identifier"); id != "" {
				r.ID = id
			}
			if extra, ok := t["additionalProperty"].(map[string]any); ok && str(extra, "name") == "kcc" {
				if own, err := decodeRecord([]byte(str(extra, "value"))); err == nil {
					r = own
				}
			}
			*out = append(*out, r)
			return
		}
		for _, k := range slices.Sorted(maps.Keys(t)) {
			faqRecords(t[k], lang, out)
		}
	}
}

var (
	blockEnd = regexp.MustCompile(`(?i)</(p|div|h[1-6]|ul|ol|table|tr|blockquote)>|<br\s*/?>`)
	listItem = regexp.MustCompile(`(?i)<li[^>]*>`)
	anchor   = regexp.MustCompile(`(?is)<a\s[^>]*href="([^"]*)"[^>]*>(.*?)</a>`)
	strong   = regexp.MustCompile(`(?i)</?(b|strong)>`)
	noText   = regexp.MustCompile(`(?is)<(script|style)[^>]*>.*?</(script|style)>`)
	anyTag   = regexp.MustCompile(`(?s)<[^>]*>`)
	blanks   = regexp.MustCompile(`\n{3,}`)
)

// fromHTML turns the HTML of an answer into Markdown: paragraphs, lists, links
// and bold text stay, other tags go.
func fromHTML(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	s = noText.ReplaceAllString(s, "")
	s = anchor.ReplaceAllString(s, "[$2]($1)")
	s = strong.ReplaceAllString(s, "**")
	s = listItem.ReplaceAllString(s, "\n- ")
	s = blockEnd.ReplaceAllString(s, "\n\n")
	s = html.UnescapeString(anyTag.ReplaceAllString(s, ""))
	return strings.TrimSpace(blanks.ReplaceAllString(s, "\n\n"))
}
