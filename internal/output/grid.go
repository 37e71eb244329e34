package output

import "github.com/olekukonko/tablewriter/pkg/twwidth"

// grid is a table as text: what the screen, Markdown and HTML writers share.
type grid struct {
	head  []string
	rows  [][]string
	tones [][]Tone
	total []string
	right []bool
}

// newGrid formats every cell of t for people; clean is applied to every text.
func newGrid(t *Table, opt Options, clean func(string) string) (*grid, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	n := len(t.Columns)
	g := &grid{head: make([]string, n), right: make([]bool, n)}
	for j, c := range t.Columns {
		g.head[j] = clean(c.heading(opt.Lang))
		g.right[j] = c.Kind.numeric()
	}
	toned := false
	for _, c := range t.Columns {
		toned = toned || len(c.Rules) > 0
	}
	g.rows = make([][]string, 0, len(t.Rows))
	err := t.cells(func(_ int, row []cell) error {
		g.rows = append(g.rows, g.format(t, row, opt, clean))
		if toned {
			tones := make([]Tone, n)
			for j, c := range row {
				tones[j] = t.Columns[j].tone(c)
			}
			g.tones = append(g.tones, tones)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	total, err := t.total()
	if err != nil {
		return nil, err
	}
	if total != nil {
		g.total = g.format(t, total, opt, clean)
	}
	return g, nil
}

func (g *grid) format(t *Table, row []cell, opt Options, clean func(string) string) []string {
	out := make([]string, len(row))
	for j, c := range row {
		out[j] = clean(c.display(&t.Columns[j], &opt))
	}
	return out
}

func (g *grid) tone(i, j int) Tone {
	if g.tones == nil {
		return Plain
	}
	return g.tones[i][j]
}

// widths returns the widest text of each column in character cells; marks is
// what emphasis adds to the cells of the total row.
func (g *grid) widths(marks int) []int {
	w := make([]int, len(g.head))
	look := func(row []string, extra int) {
		for j, s := range row {
			if s != "" {
				w[j] = max(w[j], textWidth(s)+extra)
			}
		}
	}
	look(g.head, 0)
	for _, r := range g.rows {
		look(r, 0)
	}
	look(g.total, marks)
	return w
}

// textWidth returns how many character cells s takes on a terminal.
func textWidth(s string) int {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] < 0x20 {
			return twwidth.WidthNoCache(s)
		}
	}
	return len(s)
}
