package line

// Keeps reports whether a whole line keeps all rules.
func (m *Model) Keeps(line []int16) bool {
	r := &m.rules
	units, weekends, run := 0, 0, 0
	counts := false
	for d, t := range line {
		works := t != Off
		if d > 0 && works == (line[d-1] != Off) {
			run++
		} else {
			// The run that ends here began on day d-run and touches the edge if that is day 0.
			if d > 0 && run < d && (works && run < m.minOff || !works && run < m.minRun) {
				return false
			}
			run = 1
		}
		if !works {
			continue
		}
		if m.class[t] < 0 || run > m.maxRun || r.DayOff != nil && r.DayOff[d] {
			return false
		}
		if d > 0 && line[d-1] != Off && r.Forbidden[line[d-1]][t] {
			return false
		}
		units += m.units[t]
		counts = counts || r.MaxCount[t] < m.days
		switch (d - m.sat + 7) % 7 {
		case 0:
			weekends++
		case 1:
			if d == 0 || line[d-1] == Off {
				weekends++
			}
		}
	}
	if units < m.lo || units > m.hi || weekends > r.MaxWeekends {
		return false
	}
	if counts {
		for _, t := range m.types {
			if r.MaxCount[t] >= m.days {
				continue
			}
			n := 0
			for _, s := range line {
				if int(s) == t {
					n++
				}
			}
			if n > r.MaxCount[t] {
				return false
			}
		}
	}
	return true
}
