package tabular

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// cellFormat is what a number format makes of a number.
type cellFormat int

const (
	plainNumber cellFormat = iota
	dateFormat
	dateTimeFormat
	timeFormat // a clock time or an elapsed time
)

// builtinFormat classifies the number formats that have no code in the file.
func builtinFormat(id int) cellFormat {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return dateFormat
	case id == 22:
		return dateTimeFormat
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return timeFormat
	}
	return plainNumber
}

// formatOf classifies a format code such as dd-mm-jjjj or [h]:mm:ss.
func formatOf(code string) cellFormat {
	code, _, _ = strings.Cut(code, ";") // positive numbers
	var date, clock, month bool
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			j := strings.IndexByte(code[i+1:], '"')
			if j < 0 {
				return plainNumber
			}
			i += j + 1
		case '\\', '_', '*':
			i++
		case '[':
			j := strings.IndexByte(code[i:], ']')
			if j < 0 {
				return plainNumber
			}
			if in := strings.ToLower(code[i+1 : i+j]); in != "" && strings.Trim(in, "hmsu") == "" {
				clock = true
			}
			i += j
		case 'y', 'Y', 'd', 'D', 'j', 'J':
			date = true
		case 'h', 'H', 's', 'S', 'u', 'U':
			clock = true
		case 'm', 'M':
			month = true
		case 'G', 'g':
			if strings.HasPrefix(strings.ToLower(code[i:]), "general") {
				return plainNumber
			}
		case '0', '#', '?', '%':
			if !clock && !date {
				return plainNumber
			}
		}
	}
	switch {
	case date && clock:
		return dateTimeFormat
	case date, month && !clock:
		return dateFormat
	case clock:
		return timeFormat
	}
	return plainNumber
}

// longElapsed is the number of days above which a cell shown as a time is a
// moment rather than an elapsed time: 20 years.
const longElapsed = 20 * 366

// formatNumber writes the stored number v in the form of its format.
func formatNumber(v string, f cellFormat, date1904 bool) string {
	v = strings.TrimSpace(v)
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return v
	}
	if f == timeFormat && x > longElapsed {
		f = dateTimeFormat
	}
	switch f {
	case timeFormat:
		if x >= 0 {
			return clockText(x)
		}
	case dateFormat, dateTimeFormat:
		if t, ok := FromSerial(x, date1904); ok {
			switch {
			case f == dateFormat && t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 && t.Nanosecond() == 0:
				return t.Format(time.DateOnly)
			case t.Nanosecond() != 0:
				return t.Format("2006-01-02 15:04:05.000")
			}
			return t.Format(time.DateTime)
		}
	}
	if strings.ContainsAny(v, ".eE") {
		// Stored with 17 digits; 15 are what Excel itself shows.
		if s := strconv.FormatFloat(x, 'g', 15, 64); !strings.ContainsAny(s, "e") {
			return s
		}
		short, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	return v
}

// clockText writes a fraction of a day as h:mm:ss, with milliseconds when there
// are any; 1.5 days are 36:00:00.
func clockText(days float64) string {
	ms := int64(math.Round(days * 24 * 3600 * 1000))
	s := fmt.Sprintf("%d:%02d:%02d", ms/3600000, ms/60000%60, ms/1000%60)
	if ms%1000 != 0 {
		s += fmt.Sprintf(".%03d", ms%1000)
	}
	return s
}

// FromSerial returns the wall-clock time (in UTC) of an Excel serial number,
// to the millisecond. The system of 1900 has a 29 February 1900 that never was;
// serials up to it are shifted as Excel shows them. ok is false outside
// 1900-9999.
func FromSerial(x float64, date1904 bool) (t time.Time, ok bool) {
	if x < 0 || x >= 2958466 {
		return time.Time{}, false
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case x < 60:
		base = base.AddDate(0, 0, 1)
	}
	day := math.Floor(x)
	ms := math.Round((x - day) * 24 * 3600 * 1000)
	return base.AddDate(0, 0, int(day)).Add(time.Duration(ms) * time.Millisecond), true
}
