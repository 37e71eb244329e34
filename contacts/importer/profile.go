package importer

import (
	"math"
	"math/bits"
	"strings"

	"kcc/internal/tabular"
)

// column is what a whole column looks like: counts of the forms its cells have.
type column struct {
	header string
	info   headerInfo
	cands  []candidate
	wants  wants

	n, empty int // cells with and without text

	// Numbers.
	forms      [8]int // by numberForm
	percent    int
	zeros      int
	negative   int
	fraction   int // with a decimal part
	dayFrac    int // below 1 and a whole number of seconds as a fraction of a day
	small      int // 0 to 1
	clock2     int // mm:ss
	clock3     int // h:mm:ss
	clockZeros int // 0:00:00
	units      int // 4m 12s
	min, max   float64
	buckets    [64]int // by power of two, for the median

	// Dates and times.
	stamps, dated, timed int
	midnight             int // dated and at 00:00:00
	epochDay             int // year 1899-1900 or 1904: a clock time stored as a date
	yFirst, named        int
	aOver12, bOver12     int
	differ               int    // a and b differ, neither order is named
	example              string // a date that both orders fit
	offsets, ranges      int
	twoDigitFirst        int
	compact8, compact14  int
	compactYMD           int
	compactDMY           int
	compactMDY           int
	epochS, epochMS      int
	serial, below1       int
	hhmm, hourOnly       int
	dotClock             int // 8.15

	// Texts.
	flags    int   // yes or no
	distinct tally // the first maxDistinct different cells
	numeric  int   // cells of a text column that are numbers or times
	long     int   // cells of more than maxDimension bytes

	iso isoTimes

	// The cells past the first ones are only counted as long as there are few
	// different ones, each taken into account once in the end.
	seen tally
	many bool
}

// wants tells what is looked for in a column.
type wants uint8

const (
	wantNumber wants = 1 << iota
	wantStamp
	wantText
)

const (
	maxDistinct  = 64
	maxDimension = 48
)

func newColumn(header string, path bool) *column {
	c := &column{header: header, min: math.Inf(1), max: math.Inf(-1), distinct: tally{limit: maxDistinct}, seen: tally{limit: maxSeen}}
	c.cands, c.info = candidatesOf(header, path)
	for _, k := range c.cands {
		switch k.typ {
		case timeField:
			c.wants |= wantStamp
		case textField:
			c.wants |= wantText
		default:
			c.wants |= wantNumber | wantText
		}
	}
	if c.cands == nil {
		c.wants = wantText
	}
	return c
}

// maxSeen is how many different cells of a column are counted.
const maxSeen = 2048

// add takes one cell into account, some only with settle; s has no blanks around it.
func (c *column) add(s string) {
	if s == "" {
		c.empty++
		return
	}
	if c.many || c.n < profileVotes || c.wants&wantStamp != 0 {
		c.addTimes(s, 1)
		return
	}
	if !c.seen.add(s, 1) {
		c.settle()
		c.many = true
		c.addTimes(s, 1)
	}
}

// settle takes into account what was only counted.
func (c *column) settle() {
	for i, n := range c.seen.vals {
		c.addTimes(c.seen.list[i], n)
	}
	c.seen = tally{}
}

// addTimes takes n equal cells into account.
func (c *column) addTimes(s string, n int) {
	c.n += n
	if c.wants&wantText != 0 {
		c.addText(s, n)
	}
	if c.wants&wantNumber != 0 {
		c.addNumber(s, n)
	}
	if c.wants&wantStamp != 0 {
		c.addStamp(s)
	}
}

func (c *column) addText(s string, n int) {
	if len(s) > maxDimension {
		c.long += n
	} else {
		c.distinct.add(s, n)
	}
	if len(s) <= 5 {
		if _, ok := parseFlag(s); ok {
			c.flags += n
		}
	}
	if c.cands == nil && (isDigit(s[0]) || s[0] == '-') {
		c.numeric += n
		if c.n <= profileVotes {
			if f := formOf(strings.TrimSuffix(s, "%")); f != notNumber {
				c.forms[f]++
			}
		}
	}
}

// profileVotes is how many cells of a column without a field take part in the
// vote on the decimal mark of the file.
const profileVotes = 2000

func (c *column) addNumber(s string, n int) {
	if v, ok := smallWhole(s); ok { // most cells
		c.forms[wholeForm] += n
		c.min, c.max = min(c.min, float64(v)), max(c.max, float64(v))
		if v > 0 {
			c.buckets[bits.Len(uint(v))+15] += n
		} else {
			c.zeros += n
		}
		if v <= 1 {
			c.small += n
		}
		return
	}
	if strings.HasSuffix(s, "%") {
		c.percent += n
		s = strings.TrimSpace(s[:len(s)-1])
	}
	f := formOf(s)
	if f == notNumber {
		colons := strings.Count(s, ":")
		if colons > 0 && strings.LastIndexByte(s, '-') > 0 {
			return // a date with a time
		}
		switch colons {
		case 1:
			if v, err := tabular.ParseClockSeconds(s); err == nil {
				c.clock2 += n
				c.clock(v, n)
			}
		case 2:
			if v, err := tabular.ParseClockSeconds(s); err == nil {
				c.clock3 += n
				c.clock(v, n)
			}
		default:
			if _, ok := parseUnits(s); ok {
				c.units += n
			}
		}
		return
	}
	c.forms[f] += n
	mark := byte('.')
	if f == decimalComma || f == eitherComma || f == thousandDot {
		mark = ','
	}
	v, ok := parseNumber(s, mark)
	if !ok {
		return
	}
	c.value(v, n)
	if v == 0 {
		c.zeros += n
	}
	if v < 0 {
		c.negative += n
	}
	if v != math.Trunc(v) {
		c.fraction += n
		if sec := v * 86400; v > 0 && v < 2 && math.Abs(sec-math.Round(sec)) < dayFracSlack {
			c.dayFrac += n
		}
	}
	if v >= 0 && v <= 1 {
		c.small += n
	}
}

// dayFracSlack is how far from a whole second a fraction of a day may be to
// count as one; nine digits of a day are 0.0001 s.
const dayFracSlack = 0.002

func (c *column) clock(v float64, n int) {
	if v == 0 {
		c.clockZeros += n
	}
	c.value(v, n)
}

func (c *column) value(v float64, n int) {
	c.min, c.max = math.Min(c.min, v), math.Max(c.max, v)
	if v > 0 {
		b := int(math.Log2(v)) + 16
		c.buckets[min(max(b, 0), len(c.buckets)-1)] += n
	}
}

// median returns the middle of the positive values, to a factor of two.
func (c *column) median() float64 {
	total := 0
	for _, n := range c.buckets {
		total += n
	}
	seen := 0
	for b, n := range c.buckets {
		if seen += n; 2*seen >= total && n > 0 {
			return math.Exp2(float64(b-16) + 0.5)
		}
	}
	return 0
}

func (c *column) addStamp(s string) {
	if wall, isUTC, ok := c.iso.read(s); ok {
		c.stamps++
		c.timed++
		c.dated++
		c.yFirst++
		if isUTC {
			c.offsets++
		}
		if wall%86400 == 0 {
			c.midnight++
		}
		return
	}
	if isPlainNumber(s) {
		c.addNumericStamp(s)
		return
	}
	st, ok := scanStamp(s)
	if !ok {
		return
	}
	c.stamps++
	if st.to >= 0 {
		c.ranges++
	}
	if st.hasOffset {
		c.offsets++
	}
	if st.hasTime {
		c.timed++
	}
	if !st.hasDate {
		return
	}
	c.dated++
	if st.clock() == 0 {
		c.midnight++
	}
	switch {
	case st.month > 0:
		c.named++
	case st.lenA == 4:
		c.yFirst++
		if st.a <= 1904 {
			c.epochDay++
		}
	default:
		if st.c <= 1904 && st.lenC == 4 {
			c.epochDay++
			return
		}
		if st.a > 31 {
			c.twoDigitFirst++
			return
		}
		if st.a > 12 {
			c.aOver12++
		}
		if st.b > 12 {
			c.bOver12++
		}
		if st.a != st.b {
			if c.differ == 0 {
				c.example = s
			}
			c.differ++
		}
	}
}

// isPlainNumber reports whether s is digits with at most one dot or comma.
func isPlainNumber(s string) bool {
	marks := 0
	for i := 0; i < len(s); i++ {
		switch {
		case isDigit(s[i]):
		case (s[i] == '.' || s[i] == ',') && i > 0:
			marks++
		default:
			return false
		}
	}
	return marks <= 1
}

// Ranges of numbers that can be times.
const (
	minEpoch  = 500_000_000   // 1985, in seconds
	maxEpoch  = 5_000_000_000 // 2128
	minSerial = 20_000        // 1954 as an Excel serial
	maxSerial = 80_000        // 2119
	maxHHMM   = 2400
)

func (c *column) addNumericStamp(s string) {
	v, ok := parseNumber(strings.Replace(s, ",", ".", 1), '.')
	if !ok {
		return
	}
	c.stamps++
	whole := v == math.Trunc(v)
	n := int(math.Min(v, 1e15))
	if isDotClock(s) {
		c.dotClock++
	}
	switch {
	case v >= minEpoch && v <= maxEpoch:
		c.epochS++
	case v >= minEpoch*1000 && v <= maxEpoch*1000:
		c.epochMS++
	case (len(s) == 14 || len(s) == 12) && whole:
		c.compact14++
	case v >= minSerial && v <= maxSerial:
		c.serial++
		if !whole {
			c.timed++
		}
	case v < 1 && strings.ContainsAny(s, ".,") || s == "0":
		c.below1++
	case (len(s) == 8 || len(s) == 7) && whole:
		c.compact8++
		if y, m, d := n/10000, n/100%100, n%100; y >= 1970 && y < 2100 && m >= 1 && m <= 12 && d >= 1 && d <= 31 {
			c.compactYMD++
		}
		if a, b, y := n/1000000, n/10000%100, n%10000; y >= 1970 && y < 2100 {
			if a >= 1 && a <= 31 && b >= 1 && b <= 12 {
				c.compactDMY++
			}
			if b >= 1 && b <= 31 && a >= 1 && a <= 12 {
				c.compactMDY++
				c.example = s
			}
		}
	case whole && n < maxHHMM && n%100 < 60:
		c.hhmm++
		if n <= 24 {
			c.hourOnly++
		}
	case isDotClock(s):
	default:
		c.stamps--
	}
	if c.value(v, 1); v != math.Trunc(v) {
		c.fraction++
	}
}

// isDotClock recognises a time of the day written with a dot, 8.15 or 08.15.
func isDotClock(s string) bool {
	n := len(s)
	if n < 4 || n > 5 || s[n-3] != '.' || s[n-2] > '5' {
		return false
	}
	h, ok := smallWhole(s[:n-3])
	_, ok2 := smallWhole(s[n-2:])
	return ok && ok2 && h < 24
}

// dotClocks reports whether the column holds times of the day with a dot: all of
// them look so, and not all can be fractions of a day.
func (c *column) dotClocks() bool {
	return c.dotClock > 0 && c.dotClock == c.n && c.max >= 1
}

// numbers returns how many cells are numbers or elapsed times.
func (c *column) numbers() int {
	sum := c.clock2 + c.clock3 + c.units
	for f := wholeForm; f <= eitherComma; f++ {
		sum += c.forms[f]
	}
	return sum
}

// mostly reports whether n is the bulk of the cells with text.
func (c *column) mostly(n int) bool { return c.n > 0 && 10*n >= 6*c.n }

// stampClass is what a column of dates and times holds.
type stampClass int

const (
	noStamp stampClass = iota
	dateClass
	clockClass
	momentClass // date and time
)

// class tells what the stamps of the column are.
func (c *column) class() stampClass {
	if !c.mostly(c.stamps) {
		return noStamp
	}
	dated := c.dated - c.epochDay + c.serial + c.epochS + c.epochMS + c.compact14 + c.compact8
	switch {
	case c.epochS+c.epochMS+c.compact14 > 0 && c.mostly(dated):
		return momentClass
	case !c.mostly(dated):
		if c.below1+c.hhmm > 0 || c.dotClocks() || c.timed > 0 || c.epochDay > 0 {
			return clockClass
		}
		return noStamp
	case c.timed*10 >= dated && c.midnight < c.dated || (c.timed > 0 && c.serial > 0):
		return momentClass
	}
	return dateClass
}

// order returns the order of day and month; ambiguous is true when both fit and
// it matters.
func (c *column) order() (o dateOrder, ambiguous bool) {
	switch {
	case c.compact8 > 0 && c.mostly(c.compact8):
		switch best := max(c.compactYMD, c.compactDMY, c.compactMDY); best {
		case c.compactYMD:
			return orderYMD, false
		case c.compactDMY:
			return orderDMY, c.compactMDY == best
		default:
			return orderMDY, false
		}
	case c.twoDigitFirst > 0:
		return orderYMD, false
	case c.aOver12 > c.bOver12:
		return orderDMY, false
	case c.bOver12 > c.aOver12:
		return orderMDY, false
	case c.differ > 0:
		return orderUnknown, true
	}
	return orderDMY, false // nothing to tell apart
}
