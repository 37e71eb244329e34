package importer

import (
	"math"
	"strings"

	"kcc/contacts"
	"kcc/internal/tabular"
)

func cell(cells []string, i int) string {
	if i < len(cells) {
		return trimmed(cells[i])
	}
	return ""
}

// trimmed returns a text without blanks around it, which most have none.
func trimmed(s string) string {
	const first, all = '!', '~' - '!' // of the visible characters of ASCII
	if n := len(s); n > 0 && s[0]-first <= all && s[n-1]-first <= all {
		return s
	}
	return strings.TrimSpace(s)
}

func (r *reader) text(cells []string, f Field) string {
	if i, ok := r.l.at[f]; ok {
		return cell(cells, i)
	}
	return r.l.constant[f]
}

// bad words the error of one cell.
func (r *reader) bad(f Field, value, want string) error {
	name := string(f)
	if i, ok := r.l.at[f]; ok {
		name = r.l.columns[i].header
	}
	return &RowError{r.l.file, r.row.Line, name, value, want}
}

// count reads a count; NaN when empty.
func (r *reader) count(cells []string, f Field) (float64, error) {
	s := r.text(cells, f)
	if s == "" {
		if r.l.blankZero[f] && r.anyCount(cells) {
			return 0, nil
		}
		return math.NaN(), nil
	}
	v, ok := parseNumber(s, r.l.mark[f])
	if !ok {
		if isMissing(s) {
			return math.NaN(), nil
		}
		return math.NaN(), r.bad(f, s, "a number")
	}
	if v < 0 {
		return math.NaN(), r.bad(f, s, "a number of 0 or more")
	}
	return v, nil
}

// anyCount reports whether a row has a count at all. Where a file has several
// count columns and never writes a zero, its blank rows are intervals without
// contacts; the blanks of a single column are unknown.
func (r *reader) anyCount(cells []string) bool {
	columns, zeros := 0, 0
	for _, f := range []Field{fOffered, fAnswered, fAbandoned} {
		i, ok := r.l.at[f]
		if !ok {
			continue
		}
		if cell(cells, i) != "" {
			return true
		}
		columns++
		zeros += r.l.columns[i].zeros
	}
	return columns > 1 && zeros == 0
}

// isMissing recognises the ways in which programs write "nothing".
func isMissing(s string) bool {
	switch strings.ToLower(s) {
	case "-", "--", "n/a", "na", "nan", "null", "none", "#n/a", "nvt", "n.v.t.", ".", "(null)", "infinity", "inf", "#div/0!", "#deel/0!", "#value!", "#waarde!", "?", "undefined", "\\n", "[none]", "(none)":
		return true
	}
	return false
}

// seconds reads a duration; NaN when empty.
func (r *reader) seconds(cells []string, f Field) (float64, error) {
	s := r.text(cells, f)
	if s == "" || isMissing(s) {
		return math.NaN(), nil
	}
	v, ok := r.duration(s, f)
	if !ok {
		return math.NaN(), r.bad(f, s, "a duration such as 0:03:20 or 200")
	}
	if v < 0 {
		return math.NaN(), r.bad(f, s, "a duration of 0 or more")
	}
	return v, nil
}

func (r *reader) duration(s string, f Field) (float64, bool) {
	if strings.IndexByte(s, ':') >= 0 {
		v, err := tabular.ParseClockSeconds(s)
		if err != nil {
			return 0, false
		}
		if r.l.hhmm[f] && strings.Count(s, ":") == 1 {
			v *= 60
		}
		return math.Round(v*1e6) / 1e6, true // no 273.76800000000003
	}
	unit := r.l.unit[f]
	if unit == 0 {
		unit = 1
	}
	mark := r.l.mark[f]
	if mark == 0 {
		mark = '.'
	}
	if v, ok := parseNumber(s, mark); ok {
		v *= unit
		if unit == 86400 {
			v = math.Round(v*1000) / 1000
		}
		return v, true
	}
	return parseUnits(s)
}

func (r *reader) flag(cells []string, f Field) contacts.Flag {
	yes, ok := parseFlag(r.text(cells, f))
	switch {
	case !ok:
		return contacts.Unknown
	case yes:
		return contacts.Yes
	}
	return contacts.No
}
