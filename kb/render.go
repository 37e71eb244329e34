package kb

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	mdtext "github.com/yuin/goldmark/text"
)

// markdown reads answers. Raw HTML is never passed on and links with a scheme
// that can run code are emptied: that is the library's default, and a test
// holds it.
func markdown() goldmark.Markdown { return goldmark.New(goldmark.WithExtensions(extension.Table)) }

// linkScheme starts a link from one article to another: kb:passport-fee.
const linkScheme = "kb:"

// HTML renders an answer as HTML that is safe to publish and stands alone: of
// links to other articles the text stays.
func HTML(body string) (string, error) { return htmlWith(body, func(string) string { return "" }) }

// htmlWith is HTML with links to other articles that lead where page says;
// where it says nothing, only their text stays.
func htmlWith(body string, page func(article string) string) (string, error) {
	src := []byte(body)
	md := markdown()
	doc := md.Parser().Parse(mdtext.NewReader(src))
	var links []*ast.Link
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker returns no error
		if l, ok := n.(*ast.Link); ok && entering && bytes.HasPrefix(l.Destination, []byte(linkScheme)) {
			links = append(links, l)
		}
		return ast.WalkContinue, nil
	})
	for _, l := range links {
		if to := page(string(l.Destination[len(linkScheme):])); to != "" {
			l.Destination = []byte(to)
			continue
		}
		parent := l.Parent()
		for c := l.FirstChild(); c != nil; c = l.FirstChild() {
			parent.InsertBefore(parent, l, c) // takes it from the link
		}
		parent.RemoveChild(parent, l)
	}
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, src, doc); err != nil {
		return "", err
	}
	return b.String(), nil
}

// PlainText returns the words of an answer without its marks, a line per block.
func PlainText(body string) string {
	src := []byte(body)
	doc := markdown().Parser().Parse(mdtext.NewReader(src))
	var b strings.Builder
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker returns no error
		if !entering {
			if n.Type() == ast.TypeBlock && b.Len() > 0 && !strings.HasSuffix(b.String(), "\n") {
				b.WriteByte('\n')
			}
			return ast.WalkContinue, nil
		}
		switch t := n.(type) {
		case *ast.Text:
			b.Write(t.Segment.Value(src))
			if t.SoftLineBreak() || t.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(t.Value)
		case *ast.AutoLink:
			b.Write(t.Label(src))
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				b.Write(line.Value(src))
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// linksOf returns the destinations of the links in an answer.
func linksOf(body string) []string {
	src := []byte(body)
	var out []string
	_ = ast.Walk(markdown().Parser().Parse(mdtext.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if l, ok := n.(*ast.Link); ok && entering {
			out = append(out, string(l.Destination))
		}
		return ast.WalkContinue, nil
	})
	return out
}
