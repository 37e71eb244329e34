package line

// stepScalar is step for models without units and weekends, whose planes have one
// entry each: the calls over planes would cost more than what they do.
func (s *Solver) stepScalar(d int) {
	m := s.m
	k, modes := d-s.from, s.modes()
	cur := s.f[s.base[k] : s.base[k]+modes]
	next := s.f[s.base[k+1] : s.base[k+1]+modes]
	for i := range next {
		next[i] = inf
	}
	open := false
	for _, c := range s.gc {
		open = open || c < Never/2
	}
	weekday := (d - m.sat + 7) % 7
	extra := int32(0)
	if weekday == 0 {
		extra = s.weekendPrice()
	}
	if len(s.hub) < len(m.sets) {
		s.hub = make([]int32, 2*len(m.sets))
	}
	hub, classes := s.hub[:len(m.sets)], m.classes
	for run := 1; run <= m.maxRun && classes > 0; run++ {
		ends := run >= m.minRun || run == d
		if !ends && (run == m.maxRun || !open) {
			continue
		}
		at := m.minOff + (run-1)*classes
		here := cur[at : at+classes]
		for i := range hub {
			v := inf
			if b := m.setBase[i]; b >= 0 {
				v = hub[b]
			}
			for _, c := range m.setRest[i] {
				v = min(v, here[c])
			}
			hub[i] = v
		}
		if ends {
			next[0] = min(next[0], hub[m.all])
		}
		if run == m.maxRun || !open {
			continue
		}
		to := next[at+classes : at+2*classes]
		for i := range s.groups {
			if g := &s.groups[i]; s.gc[i] < Never/2 && len(m.sets[g.set]) > 0 {
				to[g.class] = min(to[g.class], hub[g.set]+s.gc[i]+extra)
			}
		}
	}
	if weekday <= 1 {
		extra = s.weekendPrice()
	}
	to := next[m.minOff:]
	for n := 1; n <= m.minOff; n++ {
		v := cur[n-1]
		at := s.offMode(n + 1)
		next[at] = min(next[at], v)
		if n != m.minOff && n != d || !open {
			continue
		}
		for i := range s.groups {
			if s.gc[i] < Never/2 {
				c := s.groups[i].class
				to[c] = min(to[c], v+s.gc[i]+extra)
			}
		}
	}
	s.Steps += int64(m.maxRun*(len(m.sets)+len(s.groups))) * scalarSteps
}

// scalarSteps is what one move of a scalar step costs in elementary steps.
const scalarSteps = 8
