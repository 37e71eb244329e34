package kpi

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/output"
)

// listTable shows the figures of one frame below each other, with what they
// stand beside and a line of small bars over time.
func listTable(figs []Figure, f, before *Frame, trend []*Sums, v *View) output.Table {
	l := v.Lang
	t := output.Table{
		Name: "figures", Sheet: l.Pick("Figures", "Kengetallen"), Title: f.Query.Period.Span(l), Keys: 1,
		Columns: []output.Column{{Name: "figure", Title: l.Pick("Figure", "Kengetal")}, {Name: "value", Title: l.Pick("Value", "Waarde")}},
	}
	if v.Compare != NoCompare {
		t.Columns = append(t.Columns, output.Column{Name: "against", Title: compareTitle(v, f.Query.Period)}, output.Column{Name: "change", Title: l.Pick("Change", "Verschil"), Rules: []output.Rule{
			{Op: output.Is, Text: "", Tone: output.Plain},
		}})
	}
	t.Columns = append(t.Columns, output.Column{Name: "bounds", Title: l.Pick("95% interval", "95%-interval")},
		output.Column{Name: "n", Title: l.Pick("Over", "Over"), Kind: output.Integer})
	if len(trend) > 1 {
		t.Columns = append(t.Columns, output.Column{Name: "trend", Title: l.Pick("Over time", "Verloop")})
	}
	for i := range figs {
		g := &figs[i]
		x := g.Value(&f.Total)
		if math.IsNaN(x) {
			continue
		}
		row := []any{g.Name(l), g.Text(x, l)}
		if v.Compare != NoCompare {
			y := math.NaN()
			if v.Compare == VsPlan {
				if p, ok := v.plan("", "", nil, g.Key); ok {
					y = p
				}
			} else if before != nil {
				y = g.Value(&before.Total)
			}
			row = append(row, g.Text(y, l), g.change(x, y, l))
		}
		bounds := ""
		if g.Bounds != nil {
			if lo, hi := g.Bounds(&f.Total); !math.IsNaN(lo) {
				bounds = g.Text(lo, l) + " - " + g.Text(hi, l)
			}
		}
		var n any
		if g.N != nil {
			n = math.Round(g.N(&f.Total))
		}
		row = append(row, bounds, n)
		if len(trend) > 1 {
			vals := make([]float64, len(trend))
			for k, s := range trend {
				vals[k] = g.Value(s)
			}
			row = append(row, spark(vals, sparkWidth))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// sparkWidth is the most bars of a line of small bars.
const sparkWidth = 31

// Text writes a value of the figure for people.
func (f *Figure) Text(x float64, l output.Lang) string {
	switch {
	case math.IsNaN(x):
		return ""
	case f.Kind == output.Percent:
		return l.Number(100*x, f.Digits) + "%"
	case f.Kind == output.Seconds:
		return secondsText(x, l)
	case f.Kind == output.Integer:
		return l.Int(int64(math.Round(x)))
	}
	return l.Number(x, f.Digits)
}

// secondsText writes a time with its unit: 67.5 s, 4:20.
func secondsText(x float64, l output.Lang) string {
	const minutes = 100
	if math.Abs(x) < minutes {
		return l.Number(x, 1) + " s"
	}
	return output.Elapsed(x)
}

// change writes the difference between two values: in points for shares, in
// percent for counts, in the unit of the figure for the rest.
func (f *Figure) change(x, y float64, l output.Lang) string {
	if math.IsNaN(x) || math.IsNaN(y) {
		return ""
	}
	d := x - y
	switch f.Kind {
	case output.Percent:
		return l.Signed(100*d, 1) + " pt"
	case output.Integer:
		if y == 0 {
			return ""
		}
		return l.Signed(100*d/y, 1) + "%"
	case output.Seconds:
		return output.WithSign(d, secondsText(math.Abs(d), l))
	}
	return l.Signed(d, f.Digits)
}

func compareTitle(v *View, p Period) string {
	switch v.Compare {
	case VsPrevious:
		return p.Previous().Span(v.Lang)
	case VsYear:
		return p.YearAgo().Span(v.Lang)
	}
	return v.Lang.Pick("Plan", "Plan")
}

// against returns the period that a comparison is with.
func (c Compare) against(p Period) (Period, bool) {
	switch c {
	case VsPrevious:
		return p.Previous(), true
	case VsYear:
		return p.YearAgo(), true
	}
	return Period{}, false
}

// line is a row of a grouped table: a group, or a subtotal over one level.
type line struct {
	group *Group
	level int // number of keys that are set; less than all: a subtotal
	vals  []string
	sums  Sums
	prev  *Sums
}

// groupTable shows a row per group, with subtotals when there are several keys.
func groupTable(name string, figs []Figure, f, before *Frame, v *View, people bool) output.Table {
	l := v.Lang
	q := &f.Query
	t := output.Table{Name: name, Title: q.Period.Span(l), Keys: len(q.By)}
	if q.Every != Whole {
		t.Keys++
		title := l.Pick(everyTitles[q.Every][0], everyTitles[q.Every][1])
		switch {
		case people:
			t.Columns = append(t.Columns, output.Column{Name: "start", Title: title})
		case q.Every.belowDay():
			t.Columns = append(t.Columns, output.Column{Name: "start", Title: title, Kind: output.DateTime})
		default:
			t.Columns = append(t.Columns, output.Column{Name: "start", Title: title, Kind: output.Date})
		}
	}
	for _, k := range q.By {
		t.Columns = append(t.Columns, output.Column{Name: string(k), Title: l.Pick(keyTitles[k][0], keyTitles[k][1])})
	}
	volume := volumeOf(f)
	withShare := people && len(q.By) == 1 && q.Every == Whole
	keep := make([]Figure, 0, len(figs))
	for i := range figs {
		if people && math.IsNaN(figs[i].Value(&f.Total)) {
			continue // nothing to show in any row
		}
		keep = append(keep, figs[i])
	}
	beside := before != nil || v.Compare == VsPlan
	for i := range keep {
		c := keep[i].column(l)
		if people {
			c.Rules = keep[i].rules(v)
		}
		t.Columns = append(t.Columns, c)
		if i == 0 && withShare {
			t.Columns = append(t.Columns, output.Column{Name: "share", Title: l.Pick("Share", "Aandeel"), Kind: output.Percent, Digits: 1})
		}
		if beside && compared(keep[i].Key, v.Compare, people) {
			c.Name += "_" + string(v.Compare)
			c.Title += " " + compareWord(v)
			c.Rules = nil
			t.Columns = append(t.Columns, c)
		}
	}
	row := func(ln *line) []any {
		var out []any
		if q.Every != Whole {
			switch {
			case ln.group == nil:
				out = append(out, "")
			case people:
				out = append(out, q.Every.bucketName(ln.group.Start, l))
			default:
				out = append(out, ln.group.Start)
			}
		}
		for i, k := range q.By {
			switch {
			case i < ln.level && people:
				out = append(out, v.title(k, ln.vals[i]))
			case i < ln.level:
				out = append(out, ln.vals[i])
			case i == ln.level:
				out = append(out, l.Pick("Total", "Totaal"))
			default:
				out = append(out, "")
			}
		}
		for i := range keep {
			g := &keep[i]
			out = append(out, g.cell(g.Value(&ln.sums)))
			if i == 0 && withShare {
				out = append(out, nanNil(ratio(volume(&ln.sums), volume(&f.Total))))
			}
			if beside && compared(g.Key, v.Compare, people) {
				y := math.NaN()
				if ln.prev != nil {
					y = g.Value(ln.prev)
				} else if v.Compare == VsPlan && len(q.By) == 1 && ln.level > 0 {
					if p, ok := v.plan(q.By[0], ln.vals[0], ln.group, g.Key); ok {
						y = p
					}
				}
				if v.Compare == VsPlan && (len(q.By) == 0 || ln.level == 0) {
					if p, ok := v.plan("", "", ln.group, g.Key); ok {
						y = p
					}
				}
				if g.Whole {
					y = math.Round(y)
				}
				out = append(out, g.cell(y))
			}
		}
		return out
	}
	for _, ln := range f.lines(before, v, people) {
		t.Rows = append(t.Rows, row(&ln))
	}
	if people && len(f.Groups) > 1 && len(t.Columns) > len(keep) {
		total := line{sums: f.Total}
		if before != nil {
			total.prev = &before.Total
		}
		t.Total = row(&total)
		t.Total[0] = l.Pick("Total", "Totaal")
	}
	return t
}

// plan returns what was planned for a group.
func (v *View) plan(k Key, val string, g *Group, figure string) (float64, bool) {
	if v.Plan == nil {
		return 0, false
	}
	if g == nil {
		return v.Plan(k, val, time.Time{}, time.Time{}, figure)
	}
	return v.Plan(k, val, g.Start, g.End, figure)
}

func nanNil(x float64) any {
	if math.IsNaN(x) {
		return nil
	}
	return x
}

// compared says of which figures a comparison is shown: of all to programs, of
// the main ones to people, and a plan of what is planned.
func compared(key string, c Compare, people bool) bool {
	if c == VsPlan {
		return slices.Contains([]string{"offered", "service_level", "aht_s"}, key)
	}
	if !people {
		return true
	}
	return slices.Contains([]string{"offered", "contacts", "service_level", "aht_s", "fcr", "csat", "on_time", "cost_per_contact"}, key)
}

func compareWord(v *View) string {
	switch v.Compare {
	case VsPrevious:
		return v.Lang.Pick("before", "vorige")
	case VsYear:
		return v.Lang.Pick("year ago", "jaar eerder")
	}
	return v.Lang.Pick("plan", "plan")
}

// volumeOf returns what groups are sized by.
func volumeOf(f *Frame) func(*Sums) float64 {
	if f.Total[Offered] > 0 {
		return get(Offered)
	}
	if f.Total[Contacts] > 0 {
		return get(Contacts)
	}
	return get(Received)
}

// lines puts groups in reading order: by bucket, then the largest first (but
// channels in the order of the centre), each level closed by its subtotal.
func (f *Frame) lines(before *Frame, v *View, people bool) []line {
	q := &f.Query
	groups := f.Groups
	volume := volumeOf(f)
	prev := map[string]*Sums{}
	if before != nil {
		for i := range before.Groups {
			prev[before.groupName(&before.Groups[i])] = &before.Groups[i].Sums
		}
	}
	sizes := map[string]float64{} // per prefix of values
	for i := range groups {
		for n := 1; n <= len(q.By); n++ {
			sizes[prefix(groups[i].Values[:n])] += volume(&groups[i].Sums)
		}
	}
	order := make([]int, len(groups))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &groups[a], &groups[b]
		if c := x.Start.Compare(y.Start); c != 0 {
			return c
		}
		for n := range q.By {
			if x.Values[n] == y.Values[n] {
				continue
			}
			if (x.Values[n] == "") != (y.Values[n] == "") {
				return cmp.Compare(y.Values[n], x.Values[n])
			}
			if q.By[n] != ByChannel {
				if c := cmp.Compare(sizes[prefix(y.Values[:n+1])], sizes[prefix(x.Values[:n+1])]); c != 0 {
					return c
				}
			}
			return cmp.Compare(a, b) // the order of the frame
		}
		return 0
	})
	var out []line
	open := make([]line, len(q.By)) // subtotals being added up, per number of set keys
	count := make([]int, len(q.By))
	closeTo := func(level int) {
		for n := len(q.By) - 1; n > level; n-- {
			if people && n > 0 && count[n] > 1 {
				out = append(out, open[n])
			}
			open[n], count[n] = line{}, 0
		}
	}
	var last *Group
	for _, i := range order {
		g := &groups[i]
		if last != nil {
			same := 0
			for same < len(q.By) && g.Start.Equal(last.Start) && g.Values[same] == last.Values[same] {
				same++
			}
			closeTo(same)
		}
		last = g
		ln := line{group: g, level: len(q.By), vals: g.Values, sums: g.Sums}
		if before != nil {
			ln.prev = prev[f.groupName(g)]
		}
		out = append(out, ln)
		for n := 1; n < len(q.By); n++ {
			s := &open[n]
			s.group, s.level, s.vals = g, n, g.Values
			s.sums.Add(&g.Sums)
			if ln.prev != nil {
				if s.prev == nil {
					s.prev = &Sums{}
				}
				s.prev.Add(ln.prev)
			}
			count[n]++
		}
	}
	closeTo(0)
	return out
}

// groupName names a group by how far its bucket lies in the period and its
// values, so that it is found in a frame of another period.
func (f *Frame) groupName(g *Group) string {
	at := 0
	if !g.Start.IsZero() {
		d := f.Query.From.Start(g.Start.Location())
		switch f.Query.Every {
		case Month, Quarter, Year:
			at = (g.Start.Year()-d.Year())*12 + int(g.Start.Month()-d.Month())
		default:
			at = int(g.Start.Sub(d).Round(time.Minute) / time.Minute)
		}
	}
	return fmt.Sprint(at) + "\x00" + prefix(g.Values)
}

func prefix(vals []string) string {
	s := ""
	for _, v := range vals {
		s += v + "\x00"
	}
	return s
}

// rules colours the values of a figure that has a goal.
func (f *Figure) rules(v *View) []output.Rule {
	switch f.Key {
	case "abandon_rate":
		return []output.Rule{{Op: output.Above, Limit: 0.10, Tone: output.Bad}, {Op: output.Above, Limit: 0.05, Tone: output.Warn}}
	case "service_level", "on_time":
		return []output.Rule{{Op: output.Below, Limit: 0.70, Tone: output.Bad}, {Op: output.Below, Limit: 0.80, Tone: output.Warn}}
	}
	return nil
}

// hide puts groups with fewer than n contacts together under one name, per
// bucket and leading values, so that no small number is shown and none can be
// worked out from the total: what is put together holds at least n, too, with
// the next smallest group in it where need be.
func (f *Frame) hide(n int, l output.Lang) {
	if n <= 1 || len(f.Query.By) == 0 {
		return
	}
	volume := volumeOf(f)
	last := len(f.Query.By) - 1
	byParent := map[string][]int{}
	var parents []string
	for i := range f.Groups {
		p := fmt.Sprint(f.Groups[i].Start.Unix()) + prefix(f.Groups[i].Values[:last])
		if byParent[p] == nil {
			parents = append(parents, p)
		}
		byParent[p] = append(byParent[p], i)
	}
	var out []Group
	for _, p := range parents {
		list := byParent[p]
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(volume(&f.Groups[a].Sums), volume(&f.Groups[b].Sums)) })
		small, held := 0, 0.0
		for small < len(list) && (volume(&f.Groups[list[small]].Sums) < float64(n) || small > 0 && held < float64(n)) {
			held += volume(&f.Groups[list[small]].Sums)
			small++
		}
		if small == 1 && len(list) > 1 {
			small++
		}
		if small > 0 {
			g := f.Groups[list[0]]
			g.Values = slices.Clone(g.Values)
			g.Values[last] = fmt.Sprintf(l.Pick("(groups under %d)", "(groepen onder %d)"), n)
			g.Sums = Sums{}
			for _, i := range list[:small] {
				g.Sums.Add(&f.Groups[i].Sums)
			}
			if volume(&g.Sums) < float64(n) {
				g.Sums = Sums{} // nothing to put it with: it is not shown
			}
			out = append(out, g)
		}
		for _, i := range list[small:] {
			out = append(out, f.Groups[i])
		}
	}
	f.Groups = out
}
