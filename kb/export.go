package kb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kcc/internal/output"
)

// Formats are the forms in which articles leave, with what each holds.
var Formats = []struct{ Name, Holds string }{
	{"jsonl", "articles.jsonl, everything"},
	{"csv", "articles.csv, everything"},
	{"markdown", "a Markdown file per article, everything"},
	{"faq", "faq.json, schema.org FAQPage as JSON-LD"},
	{"html", "a web site with search that works from a file"},
	{"rasa", "nlu.yml, domain.yml and rules.yml with a retrieval intent"},
	{"dialogflow-es", "intents of Dialogflow ES"},
	{"dialogflow-cx", "intents.csv and responses.csv for Dialogflow CX"},
	{"botpress", "qna.json of Botpress"},
}

// manifestName is the file that says what an export wrote.
const manifestName = "manifest.json"

// Manifest lists the files of an export with their hashes, and the articles in
// them with their revisions.
type Manifest struct {
	Format   string            `json:"format"`
	Files    map[string]string `json:"files"`    // SHA-256 by name
	Articles map[string]string `json:"articles"` // SHA-256 of the content by id
}

// ExportResult says what an export did.
type ExportResult struct {
	Articles                     int
	Written, Unchanged, Removed  []string // files
	Added, Changed, GoneArticles []string // ids, against the last export
}

// outgoing is an article on its way out, with past questions as examples.
type outgoing struct {
	Record
	Examples []string
	slug     string
}

// bots reports whether a format is training data for a chatbot.
func bots(format string) bool {
	return format == "rasa" || format == "botpress" || strings.HasPrefix(format, "dialogflow")
}

// render makes the files of a format.
func render(o *ExportOptions, list []outgoing) (map[string][]byte, error) {
	names(list)
	switch o.Format {
	case "jsonl":
		return exportJSONL(list), nil
	case "csv":
		return exportCSV(list)
	case "markdown":
		out := map[string][]byte{}
		for _, a := range list {
			out[a.slug+".md"] = a.Markdown()
		}
		return out, nil
	case "faq":
		return exportFAQ(list)
	case "html":
		return exportSite(list, o)
	case "rasa":
		return exportRasa(list), nil
	case "dialogflow-es":
		return exportDialogflowES(list), nil
	case "dialogflow-cx":
		return exportDialogflowCX(list)
	case "botpress":
		return exportBotpress(list), nil
	}
	return nil, fmt.Errorf("%w: export format %q is not known", ErrInvalid, o.Format)
}

// names gives each article a file name of its own, whatever its id holds.
func names(list []outgoing) {
	taken := map[string]bool{"index": true}
	for i := range list {
		base := Slug(list[i].ID)
		s := base
		for n := 2; taken[s]; n++ {
			s = fmt.Sprintf("%s-%d", base, n)
		}
		taken[s] = true
		list[i].slug = s
	}
}

func hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// writeExport puts files in a folder: only what changed is written, and what an
// earlier export of kcc wrote and this one lacks is removed. Files of others
// stay.
func writeExport(dir, format string, files map[string][]byte, list []outgoing, dryRun bool) (ExportResult, error) {
	res := ExportResult{Articles: len(list)}
	var old Manifest
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return res, err
	default:
		if err := json.Unmarshal(data, &old); err != nil {
			return res, fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)
		}
		if old.Format != format {
			return res, fmt.Errorf("%w: %s holds an export as %s; choose another folder", ErrInvalid, dir, old.Format)
		}
	}
	m := Manifest{Format: format, Files: map[string]string{}, Articles: map[string]string{}}
	for _, a := range list {
		m.Articles[a.ID] = hash([]byte(text(a.Record) + text(a.Examples)))
		switch was, ok := old.Articles[a.ID]; {
		case !ok:
			res.Added = append(res.Added, a.ID)
		case was != m.Articles[a.ID]:
			res.Changed = append(res.Changed, a.ID)
		}
	}
	for id := range old.Articles {
		if _, ok := m.Articles[id]; !ok {
			res.GoneArticles = append(res.GoneArticles, id)
		}
	}
	for name, content := range files {
		m.Files[name] = hash(content)
		path := filepath.Join(dir, name)
		if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, content) {
			res.Unchanged = append(res.Unchanged, name)
			continue
		}
		res.Written = append(res.Written, name)
		if dryRun {
			continue
		}
		if err := writeOne(path, content); err != nil {
			return res, err
		}
	}
	for name := range old.Files {
		if _, ok := files[name]; ok || !filepath.IsLocal(name) {
			continue
		}
		res.Removed = append(res.Removed, name)
		if !dryRun {
			if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return res, err
			}
		}
	}
	for _, l := range [][]string{res.Written, res.Unchanged, res.Removed, res.Added, res.Changed, res.GoneArticles} {
		slices.Sort(l)
	}
	if dryRun {
		return res, nil
	}
	return res, writeOne(filepath.Join(dir, manifestName), indented(m))
}

func writeOne(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, content) {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".kcc-*.tmp")
	if err != nil {
		return err
	}
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

// indented writes JSON for people. What it is given always can be written.
func indented(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic("kb: " + err.Error())
	}
	return b.Bytes()
}

func exportJSONL(list []outgoing) map[string][]byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, a := range list {
		if err := e.Encode(a.Record); err != nil {
			panic("kb: " + err.Error()) // strings and lists of strings
		}
	}
	return map[string][]byte{"articles.jsonl": b.Bytes()}
}

// csvColumns are the columns of articles.csv.
var csvColumns = []string{
	"id", "state", "kind", "title", "alt_titles", "body", "subjects", "products", "channels", "audience", "lang", "owner", "url", "valid_from", "valid_to", "review",
}

func exportCSV(list []outgoing) (map[string][]byte, error) {
	t := output.Table{Name: "articles"}
	for _, c := range csvColumns {
		t.Columns = append(t.Columns, output.Column{Name: c})
	}
	extra := map[string]bool{}
	for _, a := range list {
		for k := range a.Extra {
			extra[k] = true
		}
	}
	var more []string
	for k := range extra {
		more = append(more, k)
	}
	slices.Sort(more)
	for _, k := range more {
		t.Columns = append(t.Columns, output.Column{Name: k})
	}
	for _, a := range list {
		row := []any{
			a.ID, a.State, a.Kind, a.Title, cellList(a.Asked, "\n"), a.Body, cellList(a.Subjects, ";"), cellList(a.Products, ";"), cellList(a.Channels, ";"), joined(a.Audience),
			a.Lang, a.Owner, a.Source, a.ValidFrom, a.ValidTo, a.Review,
		}
		for _, k := range more {
			row = append(row, a.Extra[k])
		}
		t.Rows = append(t.Rows, row)
	}
	var b bytes.Buffer
	err := output.Write(&b, output.CSV, output.Options{}, t)
	return map[string][]byte{"articles.csv": b.Bytes()}, err
}

// cellList writes a list in one cell, as JSON where an entry holds the separator.
func cellList(list []string, sep string) string {
	for _, s := range list {
		if strings.Contains(s, sep) || strings.Contains(s, "\n") || strings.HasPrefix(s, "[") {
			return text(list)
		}
	}
	return strings.Join(list, sep)
}

// exportFAQ writes schema.org FAQPage. The property kcc holds the whole article,
// so that it can be read back.
func exportFAQ(list []outgoing) (map[string][]byte, error) {
	page, err := faqPage(list, true)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"faq.json": indented(page)}, nil
}

func faqPage(list []outgoing, whole bool) (map[string]any, error) {
	entities := []any{}
	langs := map[string]bool{}
	for _, a := range list {
		langs[a.Lang] = true
		body, err := HTML(a.Body)
		if err != nil {
			return nil, err
		}
		q := map[string]any{
			"@type": "Question", "name": a.Title, "inLanguage": a.Lang, "identifier": a.ID,
			"acceptedAnswer": map[string]any{"@type": "Answer", "text": strings.TrimSpace(body)},
		}
		if a.Source != "" {
			q["url"] = a.Source
		}
		if len(a.Asked) > 0 {
			q["alternateName"] = a.Asked
		}
		if whole {
			q["additionalProperty"] = map[string]any{"@type": "PropertyValue", "name": "kcc", "value": text(a.Record)}
		}
		entities = append(entities, q)
	}
	page := map[string]any{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": entities}
	if len(langs) == 1 {
		page["inLanguage"] = list[0].Lang
	}
	return page, nil
}
