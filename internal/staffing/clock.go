package staffing

import (
	"slices"
	"strings"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
)

// timeParser reads times and remembers the form of the last one.
type timeParser struct {
	loc    *time.Location
	zone   *time.Location // the fixed offset of the last RFC 3339 time
	offset string
}

// parse reads what calendar.ParseTime reads; the common RFC 3339 form with
// whole seconds is read without trying layouts.
func (p *timeParser) parse(s string) (time.Time, error) {
	if len(s) == len("2006-01-02T15:04:05+01:00") && s[10] == 'T' && s[22] == ':' {
		y, ok1 := digits(s[0:4])
		mo, ok2 := digits(s[5:7])
		d, ok3 := digits(s[8:10])
		h, ok4 := digits(s[11:13])
		mi, ok5 := digits(s[14:16])
		sec, ok6 := digits(s[17:19])
		if ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && s[4] == '-' && s[7] == '-' && s[13] == ':' && s[16] == ':' &&
			mo >= 1 && mo <= 12 && d >= 1 && d <= 28 && h < 24 && mi < 60 && sec < 60 {
			if s[19:] != p.offset {
				oh, ok7 := digits(s[20:22])
				om, ok8 := digits(s[23:25])
				if !ok7 || !ok8 || (s[19] != '+' && s[19] != '-') {
					return calendar.ParseTime(s, p.loc)
				}
				off := oh*3600 + om*60
				if s[19] == '-' {
					off = -off
				}
				p.offset, p.zone = strings.Clone(s[19:]), time.FixedZone("", off)
			}
			return time.Date(y, time.Month(mo), d, h, mi, sec, 0, p.zone).In(p.loc), nil
		}
	}
	return calendar.ParseTime(s, p.loc)
}

func digits(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		c := s[i]
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// sortedKeys returns the keys of m in order.
func sortedKeys(m map[time.Time]erlang.Requirement) []time.Time {
	keys := make([]time.Time, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, time.Time.Compare)
	return keys
}
