package staffing

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"

	"kcc/internal/output"
	"kcc/internal/tabular"
)

// Sink takes the rows of the result: the header once, then each row. The first
// passed columns are those of the input; their cells are the text of the input
// whatever the kind of the column says.
type Sink interface {
	Header(cols []output.Column, passed int) error
	Row(row []any) error
}

// prefix keeps an appended column apart from an input column of its name.
const prefix = "kcc_"

// chunkRows is the number of rows that one worker takes at a time.
const chunkRows = 2048

// chunk holds rows of the input in one string, since a million small strings
// would cost more than the work on them.
type chunk struct {
	text  string
	ends  []uint32 // end of each cell in text
	cells int      // cells per row
	lines []int    // line of each row
	first int      // number of rows before this chunk
}

func (c *chunk) rows() int { return len(c.lines) }

// row fills dst with the cells of row i.
func (c *chunk) row(i int, dst []string) []string {
	dst = dst[:0]
	from := uint32(0)
	if i > 0 {
		from = c.ends[i*c.cells-1]
	}
	for _, end := range c.ends[i*c.cells : (i+1)*c.cells] {
		dst = append(dst, c.text[from:end])
		from = end
	}
	return dst
}

// readChunks reads all rows of r and passes them on in chunks. Rows are cut or
// filled to the width of the header.
func readChunks(ctx context.Context, r *tabular.Reader, yield func(*chunk) error) error {
	width := len(r.Header())
	first := 0
	var text strings.Builder
	for done := false; !done; {
		c := &chunk{cells: width, first: first, ends: make([]uint32, 0, chunkRows*width), lines: make([]int, 0, chunkRows)}
		text.Reset()
		for len(c.lines) < chunkRows {
			row, err := r.Next()
			if errors.Is(err, io.EOF) {
				done = true
				break
			}
			if err != nil {
				return err
			}
			for j := range width {
				if j < len(row) {
					text.WriteString(strings.TrimSpace(row[j]))
				}
				c.ends = append(c.ends, uint32(text.Len()))
			}
			c.lines = append(c.lines, r.Line())
		}
		if len(c.lines) == 0 {
			break
		}
		c.text = text.String()
		first += len(c.lines)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := yield(c); err != nil {
			return err
		}
	}
	return nil
}

// answer is what a worker makes of a chunk.
type answer struct {
	rows [][]any
	err  error
}

// inOrder lets workers turn chunks into rows and writes them in order. feed
// yields the chunks.
func inOrder(ctx context.Context, feed func(yield func(*chunk) error) error, work func(*chunk) ([][]any, error), sink Sink) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan chan answer, runtime.GOMAXPROCS(0))
	var feedErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(queue)
		feedErr = feed(func(c *chunk) error {
			slot := make(chan answer, 1)
			select {
			case queue <- slot:
			case <-ctx.Done():
				return ctx.Err()
			}
			wg.Go(func() {
				rows, err := work(c)
				slot <- answer{rows, err}
			})
			return nil
		})
	})
	var err error
	for slot := range queue {
		a := <-slot
		if err == nil {
			err = a.err
		}
		for _, row := range a.rows {
			if err != nil {
				break
			}
			err = sink.Row(row)
		}
		if err != nil {
			cancel()
		}
	}
	wg.Wait()
	if err != nil {
		return err
	}
	return feedErr
}

// columns finds the known columns of a header.
type columns struct {
	file   string
	header []string
	index  map[string]int
}

func columnsOf(r *tabular.Reader) columns {
	c := columns{file: r.Name(), header: r.Header(), index: map[string]int{}}
	for i, h := range c.header {
		if s := tabular.Snake(h); s != "" {
			if _, ok := c.index[s]; !ok {
				c.index[s] = i
			}
		}
	}
	return c
}

// at returns the place of the first of the names that exists, -1 for none.
func (c columns) at(names ...string) int {
	for _, n := range names {
		if i, ok := c.index[n]; ok {
			return i
		}
	}
	return -1
}

// passed returns the columns of the input as they are passed on; kinds tells
// those that are known not to be text.
func (c columns) passed(kinds map[string]output.Column) []output.Column {
	out := make([]output.Column, len(c.header))
	for i, h := range c.header {
		out[i] = output.Column{Name: h}
		if k, ok := kinds[tabular.Snake(h)]; ok {
			out[i].Kind, out[i].Digits = k.Kind, k.Digits
		}
	}
	return out
}

// appended returns add with names that clash with the input prefixed.
func (c columns) appended(add []output.Column) []output.Column {
	out := slices.Clone(add)
	for i := range out {
		for slices.Contains(c.header, out[i].Name) {
			out[i].Name = prefix + out[i].Name
		}
	}
	return out
}
