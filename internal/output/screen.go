package output

import (
	"bytes"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"
)

// Widths of a screen table, in character cells.
const (
	columnGap   = 2
	minTextWrap = 10 // a text column is not wrapped narrower than this
	noteWidth   = 100
)

// librarySize is the number of rows up to which the table library draws a
// table; it holds every cell several times and takes seconds beyond.
const librarySize = 2000

// writeScreen writes aligned tables for people. A table wider than opt.Width
// first has its text wrapped; when that does not do, the columns that do not
// fit follow in a next block with the key columns repeated.
func writeScreen(w io.Writer, opt Options, tables []Table) error {
	lw := &lineTrimmer{w: w}
	for i := range tables {
		if i > 0 {
			lw.line("")
		}
		if err := screenTable(lw, opt, &tables[i]); err != nil {
			return err
		}
	}
	return lw.flush()
}

func screenTable(lw *lineTrimmer, opt Options, t *Table) error {
	g, err := newGrid(t, opt, oneLine)
	if err != nil {
		return err
	}
	if t.Title != "" {
		lw.line(paint(t.Title, styleTitle, opt.Color))
		lw.line("")
	}
	if len(t.Columns) > 0 {
		width := g.widths(0)
		if opt.Width > 0 {
			g.wrap(t, width, max(t.Keys, 1), opt.Width)
		}
		for i, cols := range blocks(width, max(t.Keys, 1), opt.Width) {
			if i > 0 {
				lw.line("")
			}
			draw := screenBlock
			if len(g.rows) > librarySize {
				draw = longBlock
			}
			if err := draw(lw, g, cols, opt.Color); err != nil {
				return err
			}
		}
	}
	if len(t.Notes) > 0 {
		lw.line("")
	}
	limit := noteWidth
	if opt.Width > 0 {
		limit = opt.Width
	}
	for _, n := range t.Notes {
		for _, s := range wrapWords(oneLine(n), limit) {
			lw.line(paint(s, styleDim, opt.Color))
		}
	}
	return lw.err
}

func screenBlock(w io.Writer, g *grid, cols []int, color bool) error {
	pick := func(row []string, paintCell func(j int, s string) string) []string {
		out := make([]string, len(cols))
		for k, j := range cols {
			out[k] = paintCell(j, row[j])
		}
		return out
	}
	align := make(tw.Alignment, len(cols))
	for k, j := range cols {
		if align[k] = tw.AlignLeft; g.right[j] {
			align[k] = tw.AlignRight
		}
	}
	table := tablewriter.NewTable(w,
		tablewriter.WithHeaderAutoFormat(tw.Off), tablewriter.WithFooterAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone), tablewriter.WithRowAutoWrap(tw.WrapNone), tablewriter.WithFooterAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(align),
		tablewriter.WithPadding(tw.Padding{Right: strings.Repeat(" ", columnGap), Overwrite: true}),
		tablewriter.WithRendition(tw.Rendition{
			Borders: tw.BorderNone,
			Settings: tw.Settings{
				Separators: tw.SeparatorsNone,
				Lines:      tw.LinesNone,
			},
		}))
	table.Header(pick(g.head, func(_ int, s string) string { return paint(s, styleHead, color) }))
	for i, row := range g.rows {
		cells := pick(row, func(j int, s string) string { return paint(s, toneStyle(g.tone(i, j)), color) })
		if err := table.Append(cells); err != nil {
			return err
		}
	}
	if g.total != nil {
		if err := table.Append(pick(g.total, func(_ int, s string) string { return paint(s, styleHead, color) })); err != nil {
			return err
		}
	}
	return table.Render()
}

// longBlock draws what screenBlock draws, row by row.
func longBlock(w io.Writer, g *grid, cols []int, color bool) error {
	width := make([]int, len(cols))
	each := func(yield func(row []string, style func(j int) string) error) error {
		head := func(int) string { return styleHead }
		if err := yield(g.head, head); err != nil {
			return err
		}
		for i, row := range g.rows {
			if err := yield(row, func(j int) string { return toneStyle(g.tone(i, j)) }); err != nil {
				return err
			}
		}
		if g.total == nil {
			return nil
		}
		return yield(g.total, head)
	}
	_ = each(func(row []string, _ func(int) string) error {
		for k, j := range cols {
			for _, line := range strings.Split(row[j], "\n") {
				width[k] = max(width[k], textWidth(line))
			}
		}
		return nil
	})
	var b strings.Builder
	return each(func(row []string, style func(int) string) error {
		height := 1
		for _, j := range cols {
			height = max(height, 1+strings.Count(row[j], "\n"))
		}
		for line := range height {
			b.Reset()
			for k, j := range cols {
				text := ""
				if parts := strings.Split(row[j], "\n"); line < len(parts) {
					text = parts[line]
				}
				pad := strings.Repeat(" ", width[k]-textWidth(text))
				text = paint(text, style(j), color)
				if g.right[j] {
					text = pad + text
				} else {
					text += pad
				}
				b.WriteString(text)
				b.WriteString(strings.Repeat(" ", columnGap))
			}
			b.WriteByte('\n')
			if _, err := io.WriteString(w, b.String()); err != nil {
				return err
			}
		}
		return nil
	})
}

// wrap narrows text columns so that the table fits in limit character cells.
// When even the narrowest form does not fit, text keeps its width as far as it
// fits beside the keys, since the table will be cut in blocks.
func (g *grid) wrap(t *Table, width []int, keys, limit int) {
	narrow := append([]int(nil), width...)
	fits := false
	for {
		total, widest := -columnGap, -1
		for j, n := range narrow {
			total += n + columnGap
			if t.Columns[j].Kind == Text && n > minTextWrap && (widest < 0 || n > narrow[widest]) {
				widest = j
			}
		}
		if fits = total <= limit; fits || widest < 0 {
			break
		}
		narrow[widest] = max(minTextWrap, narrow[widest]-(total-limit))
	}
	if !fits {
		lead := 0
		for j := range min(keys, len(width)) {
			lead += width[j] + columnGap
		}
		for j := range narrow {
			if narrow[j] = width[j]; t.Columns[j].Kind == Text {
				room := limit - lead
				if j < keys {
					room = limit / 2
				}
				narrow[j] = min(width[j], max(minTextWrap, room))
			}
		}
	}
	wrapped := make([]bool, len(width))
	for j := range width {
		wrapped[j] = narrow[j] < width[j]
		width[j] = narrow[j]
	}
	for j := range wrapped {
		if !wrapped[j] {
			continue
		}
		fold := func(row []string) {
			if row != nil && textWidth(row[j]) > width[j] {
				row[j] = strings.Join(wrapWords(row[j], width[j]), "\n")
			}
		}
		fold(g.head)
		for _, r := range g.rows {
			fold(r)
		}
		fold(g.total)
	}
}

// blocks distributes columns over blocks of at most limit character cells; the
// first keys columns stand in each.
func blocks(width []int, keys, limit int) [][]int {
	keys = min(keys, len(width))
	lead, used := []int{}, -columnGap
	for j := range keys {
		lead = append(lead, j)
		used += width[j] + columnGap
	}
	if keys == len(width) {
		return [][]int{lead}
	}
	var out [][]int
	cur, at := append([]int(nil), lead...), used
	for j := keys; j < len(width); j++ {
		if limit > 0 && at+columnGap+width[j] > limit && len(cur) > keys {
			out = append(out, cur)
			cur, at = append([]int(nil), lead...), used
		}
		cur = append(cur, j)
		at += columnGap + width[j]
	}
	return append(out, cur)
}

// wrapWords breaks s into lines of at most width character cells, at spaces
// where it can.
func wrapWords(s string, width int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		n := textWidth(word)
		if used > 0 && used+1+n <= width {
			line, used = line+" "+word, used+1+n
			continue
		}
		if used > 0 {
			lines = append(lines, line)
		}
		for n > width {
			head, rest := splitWidth(word, width)
			lines = append(lines, head)
			word, n = rest, textWidth(rest)
		}
		line, used = word, n
	}
	if used > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// splitWidth cuts s after at most width character cells, at least one rune.
func splitWidth(s string, width int) (head, rest string) {
	used := 0
	for i, r := range s {
		n := textWidth(string(r))
		if i > 0 && used+n > width {
			return s[:i], s[i:]
		}
		used += n
	}
	return s, ""
}

// The terminal styles, as parameters of the SGR control sequence.
const (
	styleHead  = "1"
	styleTitle = "1"
	styleDim   = "2"
)

func toneStyle(t Tone) string {
	switch t {
	case Good:
		return "32"
	case Warn:
		return "33"
	case Bad:
		return "31"
	case Dim:
		return styleDim
	}
	return ""
}

// paint puts a style around every line of s.
func paint(s, style string, color bool) string {
	if !color || style == "" || s == "" {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = "\x1b[" + style + "m" + l + "\x1b[0m"
	}
	return strings.Join(lines, "\n")
}

// lineTrimmer drops the spaces at the end of each line.
type lineTrimmer struct {
	w   io.Writer
	buf bytes.Buffer
	err error
}

func (l *lineTrimmer) Write(p []byte) (int, error) {
	n := len(p)
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			l.buf.Write(p)
			return n, l.err
		}
		l.buf.Write(p[:i])
		if err := l.end(); err != nil {
			return 0, err
		}
		p = p[i+1:]
	}
}

func (l *lineTrimmer) end() error {
	line := append(bytes.TrimRight(l.buf.Bytes(), " "), '\n')
	if l.err == nil {
		_, l.err = l.w.Write(line)
	}
	l.buf.Reset()
	return l.err
}

func (l *lineTrimmer) line(s string) {
	l.buf.WriteString(s)
	_ = l.end() // kept in l.err
}

func (l *lineTrimmer) flush() error {
	if l.buf.Len() > 0 {
		return l.end()
	}
	return l.err
}
