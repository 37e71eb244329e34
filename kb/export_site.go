package kb

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"html/template"
	"strings"
)

//go:embed site.html
var siteTemplate string

//go:embed site.css
var siteCSS string

//go:embed site.js
var siteJS string

type sitePage struct {
	Lang, Title string
	Home        bool
	Article     *outgoing
	Body        template.HTML // rendered without raw HTML
	Groups      []siteGroup
	Data        []siteEntry
	CSS         template.CSS // our own file
	JS          template.JS  // our own file
	FAQ         any
	Words       map[string]string
}

type siteGroup struct {
	Subject  string
	Articles []*outgoing
}

// siteEntry is what the search of the site knows of an article.
type siteEntry struct {
	File  string `json:"f"`
	Title string `json:"t"`
	Asked string `json:"a"`
	Body  string `json:"b"`
}

// Slug is the file name of the page.
func (a *outgoing) Slug() string { return a.slug }

var siteWords = map[string]map[string]string{
	"nl": {"search": "Zoeken", "none": "Niets gevonden.", "home": "Alle vragen", "other": "Overig", "source": "Bron", "valid": "Geldig tot en met", "results": "Resultaten"},
	"en": {"search": "Search", "none": "Nothing found.", "home": "All questions", "other": "Other", "source": "Source", "valid": "Valid up to and including", "results": "Results"},
}

// exportSite writes a web site: a page per article and a front page with the
// subjects and a search that needs no server, since its texts are in the page.
func exportSite(list []outgoing, o *ExportOptions) (map[string][]byte, error) {
	t, err := template.New("site").Parse(siteTemplate)
	if err != nil {
		return nil, err
	}
	lang := "nl"
	if len(list) > 0 {
		lang = list[0].Lang
	}
	words := siteWords[lang]
	if words == nil {
		words = siteWords["en"]
	}
	faq, err := faqPage(list, false)
	if err != nil {
		return nil, err
	}
	home := sitePage{Lang: lang, Title: o.Title, Home: true, CSS: template.CSS(siteCSS), JS: template.JS(siteJS), Data: []siteEntry{}, FAQ: faq, Words: words} //nolint:gosec // both are our own files
	group := map[string]int{}
	out := map[string][]byte{}
	pages := map[string]string{}
	for i := range list {
		pages[list[i].ID] = list[i].slug + ".html"
	}
	page := func(article string) string { return pages[article] }
	for i := range list {
		a := &list[i]
		subject := words["other"]
		if len(a.Subjects) > 0 {
			subject = cmp.Or(o.SubjectTitles[a.Subjects[0]], a.Subjects[0])
		}
		at, ok := group[subject]
		if !ok {
			at = len(home.Groups)
			group[subject] = at
			home.Groups = append(home.Groups, siteGroup{Subject: subject})
		}
		home.Groups[at].Articles = append(home.Groups[at].Articles, a)
		home.Data = append(home.Data, siteEntry{a.slug + ".html", a.Title, strings.Join(a.phrases()[1:], " "), PlainText(a.Body)})
		body, err := htmlWith(a.Body, page)
		if err != nil {
			return nil, err
		}
		one, err := faqPage([]outgoing{*a}, false)
		if err != nil {
			return nil, err
		}
		p := sitePage{Lang: a.Lang, Title: a.Title, Article: a, Body: template.HTML(body), CSS: home.CSS, FAQ: one, Words: words} //nolint:gosec // made without raw HTML
		if out[a.slug+".html"], err = execute(t, p); err != nil {
			return nil, err
		}
	}
	out["index.html"], err = execute(t, home)
	return out, err
}

func execute(t *template.Template, p sitePage) ([]byte, error) {
	var b bytes.Buffer
	err := t.Execute(&b, p)
	return b.Bytes(), err
}

// JSON writes a value for a script element: html/template would write it as
// JavaScript; the encoder escapes what could end the element.
func (sitePage) JSON(v any) (template.JS, error) {
	b, err := json.Marshal(v)
	return template.JS(b), err //nolint:gosec // json.Marshal escapes <, > and &
}
