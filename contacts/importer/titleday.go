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
			parts := []string{c}
			if st, ok := scanStamp(strings.TrimSpace(c)); !ok || !st.hasDate {
				parts = strings.FieldsFunc(c, func(r rune) bool { return r == ' ' || r == '\t' || r == ':' || r == ';' || r == ',' })
			}
			for _, s := range parts { // both ends of a period
				s = strings.TrimSpace(s)
				if st, ok := scanStamp(s); ok && st.hasDate && !slices.Contains(found, s) {
					found = append(found, s)
				}
			}
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

// titleQueue returns the one queue that the lines above a header name, as reports
// of a single queue have it ("Split/Skill: General"); "" when there is none or
// more than one.
func titleQueue(titles [][]string) string {
	found := ""
	for _, row := range titles {
		for i, c := range row {
			name, value, ok := strings.Cut(c, ":")
			if !slices.Contains(queueTitles, headerKey(name).key) {
				continue
			}
			for j := i + 1; strings.TrimSpace(value) == "" && j < len(row); j++ {
				value, ok = row[j], true
			}
			if value = strings.TrimSpace(value); !ok || value == "" || totalWord(value) || value == found {
				continue
			}
			if found != "" {
				return ""
			}
			found = value
		}
	}
	return found
}

// queueTitles are the words before a queue in the lines above a header.
var queueTitles = []string{"queue", "queuename", "csq", "csqname", "split", "skill", "splitskill", "vdn", "huntgroup", "wachtrij", "wachtrijnaam", "skillgroep", "servicequeue"}

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
