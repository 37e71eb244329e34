package roster

import (
	"context"
	"math"
	"slices"
)

// menu is what the agents of a group who have the same choice can do on a day. Its
// cells hold what is worked, one for every form.
//
// The form of a day says what the other days have to know of it: the paid time and
// what may come before and after. Shifts of one form can stand in for each other in
// every plan, so that they are weighted for all agents of a menu together.
type menu struct {
	agent       int // one of those who have it
	group, day  int
	first, last int       // slots that its shifts fill
	forms       []int     // per option group: the form
	cells       []int32   // per form
	subs        []int32   // cells in which one option is held
	best        []float64 // per option group: the cheapest option at the prices last asked at
	pick        []int32
	gain        float64 // at the last visit
}

// cell holds the weighted shifts of one form of a menu.
type cell struct {
	menu   int32
	form   int
	units  int   // of paid time
	only   int32 // the option that is held, noOption when all of the form may be worked
	root   int   // with only: the cell of the form
	mass   float64
	pieces []*piece
	weight []float64

	low, high    float64 // price of the cheapest piece, and of the dearest with weight
	enter, leave int     // these pieces, -1 = none
}

// piece is a shift with its breaks on a day.
type piece struct {
	opt   int32
	brks  []placed
	cost  float64 // of wishes
	runs  []run   // presence
	shift []int32 // rows of shift demands
}

var emptyPiece = &piece{}

// find returns the entry of a piece, -1 when it is not there.
func (c *cell) find(opt int32, brks []placed) int {
	return slices.IndexFunc(c.pieces, func(p *piece) bool { return p.opt == opt && slices.Equal(p.brks, brks) })
}

// add adds a piece unless it is there and returns its entry.
func (c *cell) add(p *piece) int {
	if i := c.find(p.opt, p.brks); i >= 0 {
		return i
	}
	c.pieces = append(c.pieces, p)
	c.weight = append(c.weight, 0)
	return len(c.pieces) - 1
}

// forget drops pieces without weight.
func (c *cell) forget() {
	n := 0
	for j := range c.pieces {
		if c.weight[j] > 0 {
			c.pieces[n], c.weight[n] = c.pieces[j], c.weight[j]
			n++
		}
	}
	clear(c.pieces[n:])
	c.pieces, c.weight = c.pieces[:n], c.weight[:n]
	c.enter, c.leave = -1, -1
}

// buildMenus finds who has the same choice.
func (x *master) buildMenus() {
	type key struct {
		group, day int
		book       *book
		choice     uint64
	}
	m := x.m
	known := map[key][]int32{}
	forms := map[*book][]dayForms{}
	x.menuAt = make([][]int32, len(m.agents))
	for a := range m.agents {
		ma := &m.agents[a]
		x.menuAt[a] = make([]int32, m.p.Days)
		f := forms[ma.book]
		if f == nil {
			f = formsOf(ma.book)
			forms[ma.book] = f
		}
		for d := range x.menuAt[a] {
			md := &ma.days[d]
			x.menuAt[a][d] = -1
			if ma.group < 0 || len(md.private) == 0 && !md.all && len(md.allow) == 0 {
				continue
			}
			if len(md.private) > 0 {
				x.menuAt[a][d] = x.newMenu(a, d, &dayForms{of: []int{0}, units: []int{md.link.units}})
				continue
			}
			n := len(ma.book.days[d])
			k := key{ma.group, d, ma.book, md.choice(n)}
			at := slices.IndexFunc(known[k], func(i int32) bool { return m.agents[x.menus[i].agent].days[d].sameChoice(md, n) })
			if at < 0 {
				at = len(known[k])
				known[k] = append(known[k], x.newMenu(a, d, &f[d]))
			}
			x.menuAt[a][d] = known[k][at]
		}
	}
}

// allowed returns the options of a day, nil for all n of the book.
func (md *mDay) allowed(n int) []int32 {
	if md.all || len(md.allow) == n {
		return nil
	}
	return md.allow
}

// choice is a hash of what can be done on a day and what it costs; n is the number of
// options that the book has.
func (md *mDay) choice(n int) uint64 {
	const prime = 1099511628211
	h := uint64(14695981039346656037)
	mix := func(v uint64) { h = (h ^ v) * prime }
	for _, i := range md.allowed(n) {
		mix(uint64(i))
	}
	for _, c := range md.extra {
		mix(math.Float64bits(c))
	}
	return h
}

func (md *mDay) sameChoice(o *mDay, n int) bool {
	return slices.Equal(md.allowed(n), o.allowed(n)) && slices.Equal(md.extra, o.extra)
}

func (x *master) newMenu(agent, day int, f *dayForms) int32 {
	m, ma := x.m, &x.m.agents[agent]
	at := int32(len(x.menus))
	n := menu{agent: agent, group: ma.group, day: day, forms: f.of, best: make([]float64, len(f.of)), pick: make([]int32, len(f.of)), first: m.slots}
	span := func(o *option) {
		n.first, n.last = min(n.first, max(0, o.start)), max(n.last, min(o.start+o.n, m.slots))
	}
	if md := &ma.days[day]; len(md.private) > 0 {
		span(&md.private[0])
	} else {
		for i := range ma.book.days[day] {
			span(&ma.book.days[day][i])
		}
	}
	n.first = min(n.first, n.last)
	for k, units := range f.units {
		n.cells = append(n.cells, int32(len(x.cells)))
		x.cells = append(x.cells, cell{menu: at, form: k, units: units, only: noOption, enter: -1, leave: -1, low: math.Inf(1)})
	}
	x.menus = append(x.menus, n)
	return at
}

// dayForms gives the option groups of a day their forms, and the forms their paid
// time in units of the book.
type dayForms struct {
	of    []int
	units []int
}

// formsOf takes the option groups of the days of a book as forms. Where no end of a shift keeps
// any other from being worked the day after or two days after, the end does not
// matter but for a sixth day in a row, and option groups of one paid time are one
// form.
func formsOf(b *book) []dayForms {
	all := uint64(1)<<len(b.classes) - 1
	free := true
	for _, groups := range b.groups {
		for _, g := range groups {
			free = free && g.after&all == all && g.two&all == all && g.loose&all == all
		}
	}
	out := make([]dayForms, len(b.groups))
	for d, groups := range b.groups {
		f := &out[d]
		for _, g := range groups {
			at := -1
			if free {
				at = slices.Index(f.units, g.units)
			}
			if at < 0 {
				at = len(f.units)
				f.units = append(f.units, g.units)
			}
			f.of = append(f.of, at)
		}
	}
	return out
}

// piece makes a piece of an option of a menu.
func (x *master) piece(n *menu, opt int32, brks []placed) *piece {
	m, ma := x.m, &x.m.agents[n.agent]
	o := ma.option(n.day, opt)
	p := &piece{opt: opt, brks: brks}
	if opt >= 0 && ma.days[n.day].extra != nil {
		p.cost = ma.days[n.day].extra[opt]
	}
	m.present(o, brks, func(t int) {
		if k := len(p.runs); k > 0 && int(p.runs[k-1].to) == t {
			p.runs[k-1].to++
		} else {
			p.runs = append(p.runs, run{int32(t), int32(t + 1)})
		}
	})
	base := m.slots * len(m.kinds)
	for _, s := range m.byDay[n.day] {
		if sd := &m.shiftD[s]; sd.shift == o.shift && m.countsFor(ma, sd) {
			p.shift = append(p.shift, int32(base+s))
		}
	}
	return p
}

// pricer finds what is cheapest on a menu.
type pricer struct {
	prog  programme
	v     []float64
	shift []float64
}

// fill makes the prefix sums of what presence costs over the slots of a menu.
func (w *pricer) fill(x *master, n *menu, mu []float64) {
	m := x.m
	if w.v == nil {
		w.v = make([]float64, m.slots)
		if len(m.shiftD) > 0 {
			w.shift = make([]float64, m.p.Days*len(m.p.Shifts))
		}
	}
	kinds := len(m.kinds)
	list := x.kinds[n.group]
	v := w.v[n.first:n.last]
	switch len(list) {
	case 0:
		clear(v)
	case 1:
		u := -x.unit[n.group*kinds+list[0]]
		at := n.first*kinds + list[0]
		for t := range v {
			v[t] = mu[at] * u
			at += kinds
		}
	default:
		units := x.unit[n.group*kinds : (n.group+1)*kinds]
		at := n.first * kinds
		for t := range v {
			row := mu[at : at+kinds]
			best := row[list[0]] * units[list[0]]
			for _, kind := range list[1:] {
				if y := row[kind] * units[kind]; y > best {
					best = y
				}
			}
			v[t] = -best
			at += kinds
		}
	}
	w.prog.sums(m, w.v, n.first, n.last)
}

// price fills and finds the best option per option group, into prog.best and
// prog.pick.
func (w *pricer) price(x *master, n *menu, mu []float64) {
	m := x.m
	w.fill(x, n, mu)
	ma := &m.agents[n.agent]
	if w.shift != nil {
		day := w.shift[n.day*len(m.p.Shifts):][:len(m.p.Shifts)]
		clear(day)
		base := m.slots * len(m.kinds)
		for _, s := range m.byDay[n.day] {
			if sd := &m.shiftD[s]; m.countsFor(ma, sd) {
				day[sd.shift] -= mu[base+s]
			}
		}
	}
	w.prog.evaluateDays(m, ma, w.v, w.shift, n.day, n.day, nil)
}

// at returns what a piece costs at the prices of the last fill.
func (w *pricer) at(p *piece, mu []float64) float64 {
	c := p.cost
	for _, r := range p.runs {
		c += w.prog.prefix[r.to] - w.prog.prefix[r.from]
	}
	for _, r := range p.shift {
		c -= mu[r]
	}
	return c
}

// priceMenus finds the best option of every option group of every menu.
func (x *master) priceMenus(ctx context.Context, mu []float64) {
	x.side(len(x.menus), func(w *boundWorker, from, to int) {
		for i := from; i < to && ctx.Err() == nil; i++ {
			n := &x.menus[i]
			w.pricer.price(x, n, mu)
			copy(n.best, w.pricer.prog.best)
			copy(n.pick, w.pricer.prog.pick[n.day])
		}
	})
}
