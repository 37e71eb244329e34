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

// HTML renders an answer as HTML that is safe to publish.
func HTML(body string) (string, error) {
	var b bytes.Buffer
	if err := markdown().Convert([]byte(body), &b); err != nil {
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
