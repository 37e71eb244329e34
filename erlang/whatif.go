package erlang

// WhatIf asks questions about one queue: how many agents it needs, and what any
// number of them does.
type WhatIf struct {
	Load     float64 // erlangs of contacts alone with their agent
	AHT      float64 // s
	Settings Settings
}

// With returns what n agents do.
func (w WhatIf) With(n float64) Result { return newStation(w.Load, w.AHT, w.Settings).at(n, 1) }

// Size returns the agents needed for the target of the settings.
func (w WhatIf) Size() Sizing {
	st := newStation(w.Load, w.AHT, w.Settings)
	n, frac, status := st.size()
	s := Sizing{Agents: n, Fractional: frac, Status: status}
	if status == OK {
		s.Result = st.at(float64(n), 1)
	}
	return s
}
