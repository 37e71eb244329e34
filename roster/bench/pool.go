package bench

import (
	"slices"
)

// pool keeps the last lines of work, per employee, that kept all rules or those that
// the master does not keep.
type pool struct {
	lines [][][]int16
	next  []int
}

// poolSize is the number of lines kept per employee.
const poolSize = 40

func newPool(p *problem) *pool {
	return &pool{lines: make([][][]int16, p.staff), next: make([]int, p.staff)}
}

// put adds a line of e if it keeps the rules and is not there yet.
func (q *pool) put(p *problem, e int, line []int16) {
	have := q.lines[e]
	for i := range have {
		if slices.Equal(have[i], line) {
			return
		}
	}
	if p.soft == nil && p.light[e] == nil && !p.models[e].Keeps(line) {
		return
	}
	if len(have) < poolSize {
		q.lines[e] = append(have, slices.Clone(line))
		return
	}
	copy(have[q.next[e]], line)
	q.next[e] = (q.next[e] + 1) % poolSize
}
