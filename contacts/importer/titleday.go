package importer

import (
	"slices"
	"strings"
)

// titleDay returns the one date that the lines above a header name, as reports of
// a single day have it ("Date: 3/27/2026"); "" when there is none or more than
// one, as in a period. The day on which a report was printed is not its day.
func titleDay(titles [][]string) string {
	var found []string
	for _, row := range titles {
		line := strings.ToLower(strings.Join(row, " "))
		if slices.ContainsFunc(printedWords, func(w string) bool { return strings.Contains(line, w) }) {
			continue
		}
		for _, c := range row {
			for _, s := range append([]string{c}, strings.FieldsFunc(c, func(r rune) bool { return r == ' ' || r == '\t' || r == ':' || r == ';' || r == ',' })...) {
				s = strings.TrimSpace(s)
				if st, ok := scanStamp(s); ok && st.hasDate && !slices.Contains(found, s) {
					found = append(found, s)
					break
				}
			}
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// printedWords begin the line that tells when a report was made.
var printedWords = []string{"print", "generated", "created", "run date", "run on", "afgedrukt", "gegenereerd", "aangemaakt", "gemaakt op", "exported", "export", "geëxporteerd"}

// settleTitleDay takes the day of rows that have only a time of the day from the
// lines above the header.
func (l *layout) settleTitleDay(opt *Options) error {
	if _, clock := l.at[fTime]; !clock || hasTime(l.at) || l.titleDay == "" {
		return nil
	}
	c := newColumn("date", false)
	c.addStamp(l.titleDay)
	o, ambiguous := c.order()
	switch {
	case opt.DateOrder != "":
		o = map[string]dateOrder{"dmy": orderDMY, "mdy": orderMDY, "ymd": orderYMD}[opt.DateOrder]
	case ambiguous:
		return &AmbiguousError{l.file, "the line above the header", l.titleDay}
	}
	l.order[fDate] = o
	return nil
}
