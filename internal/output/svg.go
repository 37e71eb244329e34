package output

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// Measures of an SVG chart, in its own units; the page scales the picture.
const (
	svgWidth   = 860
	svgHeight  = 300
	svgLeft    = 56
	svgRight   = 12
	svgTop     = 24
	svgBottom  = 30
	svgChar    = 7.5 // width of a character of the axis font: of digits in a wide font
	svgColors  = 8   // colours in page.css
	svgHover   = 400 // up to so many points have a text on hovering
	heatRow    = 22
	heatLabels = 110
)

// svgChart is a chart being drawn.
type svgChart struct {
	strings.Builder
	c        *Chart
	lang     Lang
	from, to float64 // range of y
	x0, x1   float64
	y0, y1   float64 // y0 is the bottom
}

// SVG renders c for a page: a figure with the picture, its legend and note. It
// takes its colours from the page, so that it follows light and dark.
func (c *Chart) SVG(lang Lang) (template.HTML, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	s := &svgChart{c: c, lang: lang, x0: svgLeft, x1: svgWidth - svgRight, y0: svgHeight - svgBottom, y1: svgTop}
	s.WriteString(`<figure class="chart">`)
	if c.Title != "" {
		s.WriteString("<figcaption>" + template.HTMLEscapeString(c.Title) + "</figcaption>")
	}
	switch {
	case len(c.X) == 0:
		empty := "no data"
		if lang == Dutch {
			empty = "geen gegevens"
		}
		s.WriteString(`<p class="notes">` + empty + `</p>`)
	case c.Kind == HeatMap:
		s.heatMap()
	case c.Kind == Pareto:
		s.pareto()
	default:
		s.axes()
		if c.Kind == BarChart {
			s.bars()
			s.marks()
		} else {
			s.lines()
		}
		s.WriteString("</svg></div>\n")
		s.legend()
	}
	if c.Note != "" {
		s.WriteString(`<p class="notes">` + template.HTMLEscapeString(c.Note) + "</p>")
	}
	s.WriteString("</figure>\n")
	return template.HTML(s.String()), nil
}

func (s *svgChart) open(height float64) {
	fmt.Fprintf(s, `<div class="scroll plain" role="region" aria-label="%[3]s" tabindex="0"><svg viewBox="0 0 %[1]d %[2]s" role="img" aria-label="%[3]s" xmlns="http://www.w3.org/2000/svg">`,
		svgWidth, num(height), template.HTMLEscapeString(s.c.Title))
	s.WriteByte('\n')
}

// num formats a coordinate with at most one decimal.
func num(x float64) string {
	return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64)
}

// value formats a value of the chart for people.
func (s *svgChart) value(x float64) string {
	if s.c.Percent {
		return s.lang.Number(100*x, s.c.Digits) + "%"
	}
	return s.lang.Number(x, s.c.Digits)
}

func (s *svgChart) px(i int) float64 {
	n := len(s.c.X)
	if s.c.Kind == BarChart || s.c.Kind == Pareto {
		return s.x0 + (float64(i)+0.5)*(s.x1-s.x0)/float64(n)
	}
	if n == 1 {
		return (s.x0 + s.x1) / 2
	}
	return s.x0 + float64(i)*(s.x1-s.x0)/float64(n-1)
}

func (s *svgChart) py(v float64) float64 {
	return s.y0 - (v-s.from)/(s.to-s.from)*(s.y0-s.y1)
}

func (s *svgChart) text(x, y float64, anchor, class, t string) {
	fmt.Fprintf(s, `<text x="%s" y="%s" text-anchor="%s"%s>%s</text>`, num(x), num(y), anchor, class, template.HTMLEscapeString(t))
}

func (s *svgChart) axes() {
	lo, hi := s.c.bounds()
	const steps = 5
	var step float64
	s.from, s.to, step = niceScale(lo, hi, steps)
	if s.c.Percent && hi <= 1 && s.to > 1 {
		s.to = 1
	}
	digits := 0
	scale := step
	if s.c.Percent {
		scale *= 100
	}
	for unit := scale; digits < 9 && math.Abs(unit-math.Round(unit)) > 1e-6*unit; unit *= 10 {
		digits++
	}
	s.open(svgHeight)
	s.WriteString(`<g class="axis">`)
	for k := 0; ; k++ {
		v := s.from + float64(k)*step
		if v > s.to+step*1e-6 {
			break
		}
		y := s.py(v)
		class := ""
		if math.Abs(v) < step*1e-6 {
			class = ` class="zero"`
		}
		fmt.Fprintf(s, `<line x1="%s" y1="%s" x2="%s" y2="%s"%s/>`, num(s.x0), num(y), num(s.x1), num(y), class)
		label := s.lang.Number(v, digits)
		if s.c.Percent {
			label = s.lang.Number(100*v, digits) + "%"
		}
		s.text(s.x0-6, y+4, "end", "", label)
	}
	s.xTicks(s.y0 + 18)
	if s.c.YLabel != "" {
		s.text(s.x0, s.y1-10, "start", "", s.c.YLabel)
	}
	s.WriteString("</g>\n")
}

// xTicks writes the labels of the axis, leaving out those that would overlap.
func (s *svgChart) xTicks(y float64) {
	right := -math.MaxFloat64
	for i, t := range s.c.ticks() {
		if t == "" {
			continue
		}
		x, half := s.px(i), float64(textWidth(t))*svgChar/2
		anchor := "middle"
		left := x - half
		switch {
		case x+half > svgWidth:
			anchor, left = "end", x-2*half
		case left < 0:
			anchor, left = "start", x
		}
		if left < right+8 {
			continue
		}
		right = left + 2*half
		fmt.Fprintf(s, `<line x1="%s" y1="%s" x2="%s" y2="%s"/>`, num(x), num(s.y0), num(x), num(s.y0+4))
		s.text(x, y, anchor, "", t)
	}
}

func color(k int) string { return "var(--s" + strconv.Itoa(k%svgColors+1) + ")" }

func (s *svgChart) lines() {
	for k, line := range s.c.Series {
		if line.Low == nil {
			continue
		}
		for _, run := range runs(line.Low, line.High) {
			s.WriteString(`<path class="band" style="fill:` + color(k) + `" d="`)
			s.path(line.High, run[0], run[1], "M")
			for i := run[1] - 1; i >= run[0]; i-- {
				s.WriteString("L" + num(s.px(i)) + " " + num(s.py(line.Low[i])))
			}
			s.WriteString("Z\"/>\n")
		}
	}
	for k, line := range s.c.Series {
		dash := ""
		if line.Dashed {
			dash = ` stroke-dasharray="6 4"`
		}
		thin := ""
		if len(s.c.X) > svgHover {
			thin = ";stroke-width:1.2"
		}
		s.WriteString(`<path class="line" style="stroke:` + color(k) + thin + `"` + dash + ` d="`)
		for _, run := range runs(line.Values, line.Values) {
			s.path(line.Values, run[0], run[1], "M")
			if run[1]-run[0] == 1 {
				s.WriteString("h.1") // a lone point shows as a dot
			}
		}
		s.WriteString("\"/>\n")
	}
	if len(s.c.X) > svgHover {
		return
	}
	s.WriteString(`<g class="hover">`)
	w := (s.x1 - s.x0) / float64(max(len(s.c.X)-1, 1))
	for i, x := range s.c.X {
		lines := []string{x}
		for _, line := range s.c.Series {
			if !finite(line.Values[i]) {
				continue
			}
			t := line.Name + ": " + s.value(line.Values[i])
			if line.Low != nil && finite(line.Low[i]) && finite(line.High[i]) {
				t += " (" + s.value(line.Low[i]) + " - " + s.value(line.High[i]) + ")"
			}
			lines = append(lines, t)
		}
		fmt.Fprintf(s, `<rect x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
			num(s.px(i)-w/2), num(s.y1), num(w), num(s.y0-s.y1), template.HTMLEscapeString(strings.Join(lines, "\n")))
	}
	s.WriteString("</g>\n")
}

// runs returns the stretches in which a and b are both finite.
func runs(a, b []float64) [][2]int {
	var out [][2]int
	from := -1
	for i := range len(a) + 1 {
		ok := i < len(a) && finite(a[i]) && finite(b[i])
		if ok && from < 0 {
			from = i
		}
		if !ok && from >= 0 {
			out = append(out, [2]int{from, i})
			from = -1
		}
	}
	return out
}

func (s *svgChart) path(v []float64, from, to int, start string) {
	for i := from; i < to; i++ {
		op := "L"
		if i == from {
			op = start
		}
		s.WriteString(op + num(s.px(i)) + " " + num(s.py(v[i])))
	}
}

func (s *svgChart) bars() {
	slot := (s.x1 - s.x0) / float64(len(s.c.X))
	const fill = 0.78 // of the slot that its bars take
	groups := len(s.c.Series)
	if s.c.Stacked {
		groups = 1
	}
	width := slot * fill / float64(max(groups, 1))
	for i := range s.c.X {
		up, down := 0.0, 0.0
		for k, line := range s.c.Series {
			v := line.Values[i]
			if !finite(v) {
				continue
			}
			base, x := 0.0, s.px(i)-slot*fill/2+float64(k)*width
			if s.c.Stacked {
				x = s.px(i) - slot*fill/2
				if base = up; v < 0 {
					base = down
				}
				up, down = up+max(v, 0), down+min(v, 0)
			}
			top, bottom := s.py(max(base, base+v)), s.py(min(base, base+v))
			fmt.Fprintf(s, `<rect style="fill:%s" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
				color(k), num(x), num(top), num(math.Max(width-1, 0.5)), num(bottom-top),
				template.HTMLEscapeString(s.c.X[i]+"\n"+line.Name+": "+s.value(v)))
		}
	}
	s.WriteByte('\n')
}

func (s *svgChart) legend() {
	if len(s.c.Series) == 1 && s.c.Series[0].Name == "" {
		return
	}
	s.WriteString(`<p class="legend">`)
	for k, line := range s.c.Series {
		class := "key"
		if line.Dashed {
			class = "key dashed"
		}
		fmt.Fprintf(s, `<span><i class="%s" style="color:%s"></i>%s</span> `, class, color(k), template.HTMLEscapeString(line.Name))
		if line.Low != nil && line.BandName != "" {
			fmt.Fprintf(s, `<span><i class="key bandkey" style="color:%s"></i>%s</span> `, color(k), template.HTMLEscapeString(line.BandName))
		}
	}
	s.WriteString("</p>\n")
}

// heatMap draws a cell per row and point; a negative value has another colour.
func (s *svgChart) heatMap() {
	s.x0 = heatLabels
	n := len(s.c.X)
	w := (s.x1 - s.x0) / float64(n)
	s.y1, s.y0 = 4, 4+heatRow*float64(len(s.c.Rows))
	lo, hi := s.c.bounds()
	span := math.Max(hi, -lo)
	if span == 0 {
		span = 1
	}
	s.open(s.y0 + svgBottom)
	const cellText = 38 // narrowest cell that still holds its number
	for r, row := range s.c.Values {
		y := s.y1 + heatRow*float64(r)
		s.WriteString(`<g class="axis">`)
		s.text(s.x0-6, y+heatRow-7, "end", "", s.c.Rows[r])
		s.WriteString("</g>")
		for i, v := range row {
			if !finite(v) {
				continue
			}
			fill, strength := "var(--s1)", v/span
			if v < 0 {
				fill, strength = "var(--s2)", -v/span
			}
			const faintest = 0.06
			opacity := strconv.FormatFloat(faintest+(1-faintest)*strength, 'f', 2, 64)
			fmt.Fprintf(s, `<rect style="fill:%s;fill-opacity:%s" x="%s" y="%s" width="%s" height="%d"><title>%s</title></rect>`,
				fill, opacity, num(s.x0+float64(i)*w), num(y), num(math.Max(w-1, 0.5)), heatRow-1,
				template.HTMLEscapeString(s.c.Rows[r]+", "+s.c.X[i]+": "+s.value(v)))
			if w >= cellText {
				class := ` class="onlight"`
				if strength > 0.55 {
					class = ` class="ondark"`
				}
				s.text(s.x0+(float64(i)+0.5)*w, y+heatRow-7, "middle", class, s.value(v))
			}
		}
		s.WriteByte('\n')
	}
	s.WriteString(`<g class="axis">`)
	s.heatTicks(w)
	s.WriteString("</g></svg></div>\n")
}

func (s *svgChart) heatTicks(w float64) {
	right := -math.MaxFloat64
	for i, t := range s.c.ticks() {
		half := float64(textWidth(t)) * svgChar / 2
		x := s.x0 + (float64(i)+0.5)*w
		if t == "" || x-half < right+8 {
			continue
		}
		right = x + half
		s.text(x, s.y0+16, "middle", "", t)
	}
}
