package kpi

import "math"

// inPart is a part as a loader reads it: what depends on a text alone is found
// once per text, not once per row.
type inPart struct {
	*part
	l     *loader
	ids   [][]uint32 // per key of the query and text of the part: the loader's number of the value, plus one; 0 until asked for
	rates []rate     // per text, for channels; made when first asked for
	forms []*formula // the same
	cols  []sumColumn
}

// sumColumn are the values of a sum that has any.
type sumColumn struct {
	sum    Sum
	values []float64
}

// inPart readies a part of which the sums from first until end count.
func (l *loader) inPart(p *part, first, end int) *inPart {
	in := &inPart{part: p, l: l, ids: make([][]uint32, len(l.q.By))}
	for s := first; s < end; s++ {
		if len(p.sums[s]) > 0 {
			in.cols = append(in.cols, sumColumn{Sum(s), p.sums[s]})
		}
	}
	for i, k := range l.q.By {
		if k != ByDepartment { // which follows from department and subject
			in.ids[i] = make([]uint32, len(p.texts))
		}
	}
	return in
}

// id returns the number of the value of a key in a row.
func (in *inPart) id(key, row int) uint32 {
	k := in.l.q.By[key]
	memo := in.ids[key]
	if memo == nil {
		return in.l.id(in.l.value(k, in.part, row))
	}
	text := uint32(0)
	if col := in.dims[k.dim()]; len(col) > 0 {
		text = col[row]
	}
	if memo[text] == 0 {
		memo[text] = in.l.id(in.l.value(k, in.part, row)) + 1
	}
	return memo[text] - 1
}

// addTo adds the sums of a row.
func (in *inPart) addTo(s *Sums, row int) {
	for i := range in.cols {
		c := &in.cols[i]
		s[c.sum] += c.values[row]
	}
}

// level adds what the service level is the ratio of, by the formula of the
// channel of a row.
func (in *inPart) level(s *Sums, row int) {
	offered := in.sum(SLOffered, row)
	if offered == 0 {
		return
	}
	if in.forms == nil {
		in.forms = make([]*formula, len(in.texts))
	}
	text := uint32(0)
	if col := in.dims[Channel]; len(col) > 0 {
		text = col[row]
	}
	if in.forms[text] == nil {
		d := in.l.set.definition()
		if own, ok := in.l.set.Formulas[in.texts[text]]; ok {
			d = own
		}
		f := formulaOf(d)
		in.forms[text] = &f
	}
	var one Sums
	for _, k := range [...]Sum{SLOffered, SLAnswered, SLShort, Within, SLGone, GoneIn} {
		one[k] = in.sum(k, row)
	}
	a, b := in.forms[text].a(&one), in.forms[text].b(&one)
	if math.IsNaN(a) || math.IsNaN(b) {
		s[SLBlank] += offered
		return
	}
	s[SLHit] += a
	s[SLBase] += b
}

// cost adds what the contacts of a row cost: the wages of the known handle time,
// and what each contact handled costs besides. It goes by row without looking at
// others, so that parts add up to the whole.
func (in *inPart) cost(s *Sums, row int) {
	c := &in.l.set.Costs
	if c.Wage <= 0 {
		return
	}
	if in.rates == nil {
		in.rates = make([]rate, len(in.texts))
	}
	text := uint32(0)
	if col := in.dims[Channel]; len(col) > 0 {
		text = col[row]
	}
	r := &in.rates[text]
	if r.known == nil {
		channel := in.texts[text]
		if r.known = in.l.frame.Priced[channel]; r.known == nil {
			r.known = &priced{}
			in.l.frame.Priced[channel] = r.known
		}
		r.each = c.Channel[channel]
	}
	n := in.sum(Answered, row)
	if n == 0 && in.sum(Judged, row) == 0 {
		n = in.sum(Offered, row)
	}
	r.known.handled += n
	r.known.timed += in.sum(HandleN, row)
	s[CostN] += n
	s[Cost] += in.sum(Handle, row)/hour*c.Wage/(1-c.Shrinkage) + n*r.each
}

// rate is what a contact of a channel costs besides agents.
type rate struct {
	each  float64
	known *priced
}

// priced is how many contacts of a channel were handled and of how many of them
// the handle time is known.
type priced struct{ handled, timed float64 }

// sum returns a sum of a row.
func (p *part) sum(s Sum, row int) float64 {
	if len(p.sums[s]) == 0 {
		return 0
	}
	return p.sums[s][row]
}
