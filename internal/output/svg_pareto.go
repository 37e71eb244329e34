package output

import (
	"fmt"
	"html/template"
	"strconv"
)

// Measures of a Pareto chart.
const (
	paretoRight  = 44 // room for the axis of the running share
	paretoLabels = 92 // room for slanted labels
	paretoLeft   = 84
	slantWidth   = 84 // narrower slots have slanted labels
	slantLetters = 18 // longer labels are cut; the whole text shows on hovering
)

// pareto draws bars with the line of their running share, on an axis of its own.
func (s *svgChart) pareto() {
	s.x1 = svgWidth - paretoRight
	bottom := float64(svgBottom)
	slot := (s.x1 - s.x0) / float64(len(s.c.X))
	slanted := slot < slantWidth
	if slanted { // the first label leans to the left of the axis
		bottom, s.x0 = paretoLabels, paretoLeft
		slot = (s.x1 - s.x0) / float64(len(s.c.X))
	}
	height := svgHeight - svgBottom + bottom
	s.y0 = height - bottom
	share := s.c.running()
	lo, hi := s.c.bounds()
	const steps = 5
	var step float64
	s.from, s.to, step = niceScale(lo, hi, steps)
	s.open(height)
	s.WriteString(`<g class="axis">`)
	for k := 0; k <= int((s.to-s.from)/step+0.5); k++ {
		v := s.from + float64(k)*step
		y := s.py(v)
		fmt.Fprintf(s, `<line x1="%s" y1="%s" x2="%s" y2="%s"/>`, num(s.x0), num(y), num(s.x1), num(y))
		s.text(s.x0-6, y+4, "end", "", s.value(v))
	}
	y := func(share float64) float64 { return s.y0 - share*(s.y0-s.y1) }
	for pct := 0; pct <= 100; pct += 20 {
		s.text(s.x1+6, y(float64(pct)/100)+4, "start", "", strconv.Itoa(pct)+"%")
	}
	if s.c.YLabel != "" {
		s.text(0, s.y1-10, "start", "", s.c.YLabel)
	}
	for i, t := range s.c.ticks() {
		t = shorten(t, slantLetters)
		x := s.px(i)
		if slanted {
			fmt.Fprintf(s, `<text x="%s" y="%s" text-anchor="end" transform="rotate(-38 %s %s)">%s</text>`,
				num(x+4), num(s.y0+14), num(x+4), num(s.y0+14), template.HTMLEscapeString(t))
			continue
		}
		s.text(x, s.y0+16, "middle", "", t)
	}
	s.WriteString("</g>\n")
	const fill = 0.78
	for i, v := range s.c.Series[0].Values {
		if !finite(v) {
			continue
		}
		top := s.py(v)
		fmt.Fprintf(s, `<rect style="fill:%s" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`,
			color(0), num(s.px(i)-slot*fill/2), num(top), num(slot*fill), num(s.y0-top),
			template.HTMLEscapeString(s.c.X[i]+"\n"+s.c.Series[0].Name+": "+s.value(v)+" ("+s.lang.Number(100*share[i], 0)+"%)"))
	}
	s.WriteString(`<path class="line" style="stroke:` + color(1) + `" d="`)
	op := "M"
	for i, v := range share {
		if finite(v) {
			s.WriteString(op + num(s.px(i)) + " " + num(y(v)))
			op = "L"
		}
	}
	s.WriteString("\"/>\n</svg></div>\n")
	names := "running share"
	if s.lang == Dutch {
		names = "opgeteld aandeel"
	}
	fmt.Fprintf(s, `<p class="legend"><span><i class="key" style="color:%s"></i>%s</span> <span><i class="key" style="color:%s"></i>%s</span></p>`,
		color(0), template.HTMLEscapeString(s.c.Series[0].Name), color(1), names)
	s.WriteByte('\n')
}

// shorten cuts a text to n runes, the last a dot that tells so.
func shorten(t string, n int) string {
	if r := []rune(t); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return t
}

// marks draws the upright lines of a bar chart with their labels.
func (s *svgChart) marks() {
	slot := (s.x1 - s.x0) / float64(len(s.c.X))
	for i, m := range s.c.Marks {
		x := s.x0 + m.At*slot
		if x < s.x0 || x > s.x1 {
			continue
		}
		fmt.Fprintf(s, `<path class="mark" d="M%s %sV%s"/>`, num(x), num(s.y1), num(s.y0))
		anchor, at := "start", x+4
		if x > (s.x0+s.x1)/2+200 {
			anchor, at = "end", x-4
		}
		const row = 14
		s.WriteString(`<g class="axis">`)
		s.text(at, s.y1+10+float64(i)*row, anchor, "", m.Label)
		s.WriteString("</g>\n")
	}
}
