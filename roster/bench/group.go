package bench

import "slices"

// group is a set of employees who share no shift type with others: a problem of its own.
type group struct {
	staff []int
	types int // the shift types that they can work
}

// groups returns the employees in groups, the one with the fewest first. Only problems with soft rules
// fall apart, by skills.
func (p *problem) groups() []group {
	if p.soft == nil {
		g := group{types: p.types}
		for e := range p.staff {
			g.staff = append(g.staff, e)
		}
		return []group{g}
	}
	root := make([]int, p.types) // types that one employee can work have the same root
	for t := range root {
		root[t] = t
	}
	of := make([]int, p.staff)
	for e := range p.inst.Staff {
		of[e] = -1
		for t, n := range p.inst.Staff[e].MaxShifts {
			switch {
			case n == 0:
			case of[e] < 0:
				of[e] = t
			default:
				a, b := root[of[e]], root[t]
				for i := range root {
					if root[i] == b {
						root[i] = a
					}
				}
			}
		}
	}
	var all []group
	for t := range root {
		g := group{}
		for u := range root {
			if root[u] == t {
				g.types++
			}
		}
		for e, first := range of {
			if first >= 0 && root[first] == t || first < 0 && t == 0 {
				g.staff = append(g.staff, e)
			}
		}
		if len(g.staff) > 0 {
			all = append(all, g)
		}
	}
	slices.SortStableFunc(all, func(a, b group) int { return len(a.staff) - len(b.staff) })
	return all
}

// rows returns the rows of the master for the group and that many days.
func (g *group) rows(days int) float64 { return float64(len(g.staff) + g.types*days) }
