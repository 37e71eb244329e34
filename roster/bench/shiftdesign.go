package bench

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"kcc/roster"
)

// ShiftDesign is a public problem of minimum shift design: people per interval of
// a cyclic horizon, and types of shift by start and length in intervals.
type ShiftDesign struct {
	Interval             int // minutes
	Days                 int
	Demand               []int
	MinStart, MaxStart   []int
	MinLength, MaxLength []int
	UnderCover           float64 // weight of a person-minute
	OverCover            float64
	PerShift             float64 // weight of each different shift
}

var dznForm = regexp.MustCompile(`(?s)(\w+)\s*=\s*(\[[^\]]*\]|[-0-9.]+)\s*;`)

// ParseShiftDesign reads an instance in MiniZinc data form.
func ParseShiftDesign(r io.Reader) (*ShiftDesign, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	p := &ShiftDesign{}
	values := map[string][]float64{}
	for _, m := range dznForm.FindAllStringSubmatch(string(text), -1) {
		for _, f := range strings.FieldsFunc(strings.Trim(m[2], "[]"), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
			v, err := strconv.ParseFloat(f, 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %q: want numbers", m[1], f)
			}
			values[m[1]] = append(values[m[1]], v)
		}
	}
	ints := func(name string) (out []int) {
		for _, v := range values[name] {
			out = append(out, int(v))
		}
		return out
	}
	one := func(name string) float64 {
		if len(values[name]) == 0 {
			return 0
		}
		return values[name][0]
	}
	p.Interval, p.Days, p.Demand = int(one("interval")), int(one("days")), ints("demand")
	p.MinStart, p.MaxStart, p.MinLength, p.MaxLength = ints("minStart"), ints("maxStart"), ints("minLength"), ints("maxLength")
	p.UnderCover, p.OverCover, p.PerShift = one("weightUnderCover"), one("weightOverCover"), one("weightShiftInstances")
	n := len(p.MinStart)
	switch {
	case p.Interval <= 0 || p.Days <= 0:
		return nil, fmt.Errorf("want interval and days above 0")
	case len(p.Demand) == 0 || len(p.Demand)%p.Days != 0:
		return nil, fmt.Errorf("demand has %d values: want the same number for each of %d days", len(p.Demand), p.Days)
	case n == 0 || len(p.MaxStart) != n || len(p.MinLength) != n || len(p.MaxLength) != n:
		return nil, fmt.Errorf("want minStart, maxStart, minLength and maxLength of the same length")
	}
	for i := range n {
		if p.MinStart[i] < 0 || p.MaxStart[i] < p.MinStart[i] || p.MinLength[i] < 1 || p.MaxLength[i] < p.MinLength[i] || p.MaxLength[i] > len(p.Demand) {
			return nil, fmt.Errorf("shift type %d: want starts and lengths in order, no longer than the horizon", i+1)
		}
	}
	return p, nil
}

// Mix returns the problem for roster.SolveMix. Its cost is weighted minutes of
// people too few and too many plus the weight of each different shift.
func (p *ShiftDesign) Mix() *roster.Mix {
	m := &roster.Mix{Cyclic: true, Under: p.UnderCover * float64(p.Interval), Over: p.OverCover * float64(p.Interval), PerKind: p.PerShift}
	for _, d := range p.Demand {
		m.Need = append(m.Need, float64(d))
	}
	perDay := len(p.Demand) / p.Days
	for d := range p.Days {
		m.Days = append(m.Days, d*perDay)
	}
	seen := map[[2]int]bool{}
	for i := range p.MinStart {
		for s := p.MinStart[i]; s <= p.MaxStart[i]; s++ {
			for l := p.MinLength[i]; l <= p.MaxLength[i]; l++ {
				if seen[[2]int{s, l}] {
					continue
				}
				seen[[2]int{s, l}] = true
				presence := make([]float64, l)
				for k := range presence {
					presence[k] = 1
				}
				m.Kinds = append(m.Kinds, roster.MixKind{Name: p.name(s, l), Start: s, Presence: presence})
			}
		}
	}
	return m
}

// name writes a shift as 08:00-16:30.
func (p *ShiftDesign) name(start, length int) string {
	clock := func(n int) string {
		m := n * p.Interval % (24 * 60)
		return fmt.Sprintf("%02d:%02d", m/60, m%60)
	}
	return clock(start) + "-" + clock(start+length)
}
