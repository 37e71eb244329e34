package output

import (
	"html/template"
	"io"
)

// IndexLink is a line of an index page.
type IndexLink struct{ Text, Href string }

// IndexGroup is a heading with links below it.
type IndexGroup struct {
	Title string
	Links []IndexLink
}

var indexTemplate = template.Must(template.New("index").Parse(`<h2>{{.Title}}</h2>
<ul class="index">
{{range .Links}}<li><a href="{{.Href}}">{{.Text}}</a></li>
{{end}}</ul>
`))

// indexCSS makes the links large enough for a thumb.
const indexCSS = `ul.index{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(10rem,1fr));gap:.4rem}
ul.index a{display:block;padding:.6rem .8rem;border:1px solid var(--line);border-radius:8px;text-decoration:none}`

// WriteIndex writes a page of links, to be read on a phone too.
func WriteIndex(w io.Writer, title, lead string, groups []IndexGroup, opt Options) error {
	p := newPage(opt, title, lead, nil)
	p.CSS += indexCSS
	for _, g := range groups {
		s, err := render(indexTemplate, g)
		if err != nil {
			return err
		}
		p.Sections = append(p.Sections, s)
	}
	return p.write(w)
}
