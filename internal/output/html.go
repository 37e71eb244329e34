package output

import (
	_ "embed"
	"html/template"
	"io"
	"net/url"
	"strings"
)

//go:embed page.css
var pageCSS string

// pageTemplate is the frame of every page: one file, no script, nothing loaded.
var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
{{.CSS}}</style>
</head>
<body>
{{with .Heading}}<h1>{{.}}</h1>
{{end}}{{with .Lead}}<p class="lead">{{.}}</p>
{{end}}{{with .Facts}}<dl class="facts">
{{range .}}<div><dt>{{.Label}}</dt><dd>{{.Value}}</dd></div>
{{end}}</dl>
{{end}}{{range .Sections}}<section>
{{.}}</section>
{{end}}</body>
</html>
`))

var tableTemplate = template.Must(template.New("table").Parse(`{{with .Title}}<h2>{{.}}</h2>
{{end}}<div class="scroll" role="region" aria-label="{{.Label}}" tabindex="0"><table>
<thead><tr>{{range .Head}}<th scope="col"{{with .Class}} class="{{.}}"{{end}}>{{.Text}}</th>{{end}}</tr></thead>
<tbody>
{{range .Rows}}<tr>{{range .}}<td{{with .Class}} class="{{.}}"{{end}}>{{.Text}}</td>{{end}}</tr>
{{end}}</tbody>
{{with .Total}}<tfoot><tr>{{range .}}<td{{with .Class}} class="{{.}}"{{end}}>{{.Text}}</td>{{end}}</tr></tfoot>
{{end}}</table></div>
{{with .Notes}}<ul class="notes">{{range .}}<li>{{.}}</li>{{end}}</ul>
{{end}}`))

type htmlCell struct{ Text, Class string }

type htmlTable struct {
	Title string
	Label string // for those who do not see the table
	Head  []htmlCell
	Rows  [][]htmlCell
	Total []htmlCell
	Notes []string
}

// page is what pageTemplate shows.
type page struct {
	Lang, Title, Heading, Lead string
	CSS                        template.CSS
	Facts                      []Fact
	Sections                   []template.HTML
}

func (p *page) write(w io.Writer) error { return pageTemplate.Execute(w, p) }

func newPage(opt Options, title, lead string, facts []Fact) *page {
	lang := opt.Lang
	if lang == "" {
		lang = English
	}
	p := &page{Lang: string(lang), Title: title, Heading: title, Lead: lead, Facts: facts, CSS: template.CSS(pageCSS)}
	if p.Title == "" {
		p.Title = "kcc"
	}
	return p
}

func writeBookHTML(w io.Writer, opt Options, b Book) error {
	title := b.Title
	if title == "" && len(b.Tables) == 1 {
		t := b.Tables[0]
		title, t.Title = t.Title, ""
		b.Tables = []Table{t}
	}
	p := newPage(opt, title, b.Lead, b.Facts)
	if err := p.fill(opt, &b); err != nil {
		return err
	}
	for i := range b.Chapters {
		c := &b.Chapters[i]
		p.Sections = append(p.Sections, template.HTML(`<h2 class="chapter">`+template.HTMLEscapeString(c.Title)+"</h2>\n"))
		if err := p.fill(opt, c); err != nil {
			return err
		}
	}
	return p.write(w)
}

// fill adds the charts and tables of a book to the page.
func (p *page) fill(opt Options, b *Book) error {
	draw := func(charts []Chart) error {
		for i := range charts {
			s, err := charts[i].SVG(opt.Lang)
			if err != nil {
				return err
			}
			p.Sections = append(p.Sections, s)
		}
		return nil
	}
	if !b.TablesFirst {
		if err := draw(b.Charts); err != nil {
			return err
		}
	}
	for i := range b.Tables {
		charts, err := b.Tables[i].charts(&opt)
		if err != nil {
			return err
		}
		if err := draw(charts); err != nil {
			return err
		}
		s, err := htmlSection(&b.Tables[i], opt)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	if b.TablesFirst {
		return draw(b.Charts)
	}
	return nil
}

// Link is a page in a list of pages.
type Link struct{ Title, Path string }

// WriteLinks writes a page that lists others, by paths beside it.
func WriteLinks(w io.Writer, opt Options, title, lead string, links []Link) error {
	p := newPage(opt, title, lead, nil)
	var b strings.Builder
	b.WriteString("<ul class=\"links\">\n")
	for _, l := range links {
		b.WriteString(`<li><a href="` + template.HTMLEscapeString(url.PathEscape(l.Path)) + `">` + template.HTMLEscapeString(l.Title) + "</a></li>\n")
	}
	b.WriteString("</ul>\n")
	p.Sections = append(p.Sections, template.HTML(b.String()))
	return p.write(w)
}

// longText is the width from which a text column keeps room on a narrow screen.
const longText = 24

// htmlSection renders one table.
func htmlSection(t *Table, opt Options) (template.HTML, error) {
	g, err := newGrid(t, opt, func(s string) string { return s })
	if err != nil {
		return "", err
	}
	h := htmlTable{Title: t.Title, Label: t.Title, Notes: t.Notes}
	if h.Label == "" {
		h.Label = t.Name
	}
	class := make([]string, len(t.Columns))
	for j, c := range t.Columns {
		switch {
		case c.Kind.numeric():
			class[j] = "n"
		case c.Kind != Text:
			class[j] = "d"
		}
	}
	for j, c := range t.Columns {
		if c.Kind != Text {
			continue
		}
		for _, r := range g.rows {
			if n := textWidth(r[j]); n > 2*longText {
				class[j] = "t tt"
				break
			} else if n > longText {
				class[j] = "t"
			}
		}
	}
	row := func(texts []string, i int) []htmlCell {
		out := make([]htmlCell, len(texts))
		for j, s := range texts {
			out[j] = htmlCell{s, class[j]}
			if i >= 0 {
				out[j].Class = strings.TrimSpace(class[j] + " " + toneClass(g.tone(i, j)))
			}
		}
		return out
	}
	h.Head = row(g.head, -1)
	for i, r := range g.rows {
		h.Rows = append(h.Rows, row(r, i))
	}
	if g.total != nil {
		h.Total = row(g.total, -1)
	}
	var sb strings.Builder
	if err := tableTemplate.Execute(&sb, h); err != nil {
		return "", err
	}
	return template.HTML(sb.String()), nil
}

func toneClass(t Tone) string {
	switch t {
	case Good:
		return "good"
	case Warn:
		return "warn"
	case Bad:
		return "bad"
	case Dim:
		return "dim"
	}
	return ""
}
