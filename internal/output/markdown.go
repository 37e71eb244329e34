package output

import (
	"bufio"
	"io"
	"strings"
)

// writeMarkdown writes tables in the GitHub form, aligned also as plain text.
func writeMarkdown(w io.Writer, opt Options, tables []Table) error {
	b := bufio.NewWriter(w)
	for i := range tables {
		if i > 0 {
			b.WriteByte('\n')
		}
		if err := markdownTable(b, opt, &tables[i]); err != nil {
			return err
		}
	}
	return b.Flush()
}

func markdownTable(b *bufio.Writer, opt Options, t *Table) error {
	if t.Title != "" {
		b.WriteString("## " + markdownText(t.Title) + "\n\n")
	}
	g, err := newGrid(t, opt, markdownText)
	if err != nil {
		return err
	}
	const boldMarks = 4 // ** on either side
	width := g.widths(boldMarks)
	for j := range width {
		width[j] = max(width[j], 3)
	}
	line := func(row []string) {
		for j, s := range row {
			pad := strings.Repeat(" ", width[j]-textWidth(s))
			if g.right[j] {
				b.WriteString("| " + pad + s + " ")
			} else {
				b.WriteString("| " + s + pad + " ")
			}
		}
		b.WriteString("|\n")
	}
	line(g.head)
	for j := range g.head {
		dashes := strings.Repeat("-", width[j]-1)
		if g.right[j] {
			b.WriteString("| " + dashes + ": ")
		} else {
			b.WriteString("| " + dashes + "- ")
		}
	}
	b.WriteString("|\n")
	for _, row := range g.rows {
		line(row)
	}
	if g.total != nil {
		bold := make([]string, len(g.total))
		for j, s := range g.total {
			if bold[j] = s; s != "" {
				bold[j] = "**" + s + "**"
			}
		}
		line(bold)
	}
	for i, n := range t.Notes {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString("- " + markdownText(n) + "\n")
	}
	return nil
}

var markdownEscaper = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", ">", "&gt;", "[", `\[`, "]", `\]`)

// markdownText escapes text so that it shows as it is inside a table cell.
func markdownText(s string) string { return markdownEscaper.Replace(oneLine(s)) }
