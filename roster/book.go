package roster

import (
	"fmt"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// A book lists every shift, with start and length, that agents of one rule set
// and one choice of shift kinds can work, day by day. Agents share books.
type book struct {
	days    [][]option
	groups  [][]optionGroup // per day; option.group points here
	cases   [][]breakCase   // per day; option.brk points here
	breaks  [][]tbreak      // break lists; breakCase.list points here
	classes []endClass
	unit    int // minutes of paid time: every option is a multiple
	longest int // paid minutes of the longest option
	rules   *Rules
	maxRow  int  // calendar days of work between two weekly rests that are always safe
	sixth   bool // one more day is allowed when it ends in class 0
	offMin  int  // days off in a row, once off
}

// option is one way to work on a day.
type option struct {
	shift      int // index of the shift kind, -1 when drawn by hand
	start, n   int // slots
	from, to   int // minutes from the start of the horizon
	paid       int // minutes
	brk        int // index of the break case, -1 without breaks
	group      int
	class      int
	night      bool
	fixedBreak []placed // of locked cells: breaks that are where they are
}

// placed is a break in a shift: slots from the start of the horizon.
type placed struct {
	start, n int
	paid     bool
}

// optionGroup holds what the agent programme needs to know of options that are
// interchangeable for it.
type optionGroup struct {
	units int
	class int
	after uint64 // classes of the day before that leave enough rest
	reset uint64 // classes of two days before after which the weekly rest is had
	two   uint64 // classes of two days before that leave enough rest
	loose uint64 // as after, with the earliest end of each class: for the bound
}

// endClass stands for ends of shifts up to end (minutes after the start of the
// day of the shift). The programme treats each shift as if it ended there, which
// keeps rosters legal; low is the earliest end of the class, for the bound.
type endClass struct {
	end, low int
	night    bool
}

// tbreak is a break to be placed: its length and window in slots from the start
// of the shift.
type tbreak struct {
	n, lo, hi int
	paid      bool
}

// breakCase is a break list at a start slot: options of different length share it.
type breakCase struct{ list, start int }

// classGrain is the width of an end class in minutes: the rest after a shift is
// taken up to this much too long by the search.
const classGrain = 30

// maxClasses is the number of bits in a mask of classes.
const maxClasses = 64

func (m *model) bookFor(books map[string]*book, ma *mAgent) *book {
	var kinds []int
	for i := range m.p.Shifts {
		sh := &m.p.Shifts[i]
		if len(sh.Teams) > 0 && !slices.Contains(sh.Teams, ma.a.Team) {
			continue
		}
		if len(sh.Skills) > 0 && !slices.ContainsFunc(sh.Skills, func(s string) bool { return ma.a.Efficiency(s) > 0 }) {
			continue
		}
		kinds = append(kinds, i)
	}
	name := ma.a.RuleSet
	if name == "" {
		name = DefaultRuleSet
	}
	key := name + fmt.Sprint(kinds)
	if b, ok := books[key]; ok {
		return b
	}
	b := m.newBook(kinds, ma.rules)
	books[key] = b
	return b
}

func (m *model) newBook(kinds []int, r *Rules) *book {
	b := &book{rules: r, days: make([][]option, m.p.Days), groups: make([][]optionGroup, m.p.Days), cases: make([][]breakCase, m.p.Days)}
	lists := map[string]int{}
	for d := range b.days {
		cases := map[breakCase]int{}
		date := m.p.First.Add(d)
		for _, k := range kinds {
			sh := &m.p.Shifts[k]
			if sh.Weekdays != [7]bool{} && !sh.Weekdays[date.Weekday()] {
				continue
			}
			every := sh.Every
			if every <= 0 {
				every = m.p.Step
			}
			for length := sh.MinLength; length <= sh.MaxLength; length += every {
				list, paid, ok := m.breakList(sh, length, r)
				if !ok {
					if d == 0 {
						m.noteRefused(sh, length, r)
					}
					continue
				}
				li := -1
				if len(list) > 0 {
					lk := fmt.Sprint(list)
					if _, seen := lists[lk]; !seen {
						lists[lk] = len(b.breaks)
						b.breaks = append(b.breaks, list)
					}
					li = lists[lk]
				}
				for c := sh.EarliestStart; c <= sh.LatestStart; c += calendar.Clock(every / time.Minute) {
					o, ok := m.newOption(date, c, length, k, paid, r)
					if !ok {
						continue
					}
					o.brk = -1
					if li >= 0 {
						bc := breakCase{li, o.start}
						if _, seen := cases[bc]; !seen {
							cases[bc] = len(b.cases[d])
							b.cases[d] = append(b.cases[d], bc)
						}
						o.brk = cases[bc]
					}
					b.days[d] = append(b.days[d], o)
				}
			}
		}
	}
	b.unit = 0
	for _, day := range b.days {
		for i := range day {
			b.unit = gcd(b.unit, day[i].paid)
			b.longest = max(b.longest, day[i].paid)
		}
	}
	b.unit = max(b.unit, 1)
	m.linkBook(b)
	return b
}

// newOption builds the option of a shift kind at a clock time; false when the
// grid or the rules do not allow it.
func (m *model) newOption(date calendar.Date, c calendar.Clock, length time.Duration, kind, paid int, r *Rules) (option, bool) {
	start := clockAt(date, c, m.p.Zone)
	if c >= calendar.Midnight {
		return option{}, false // that is a shift of the next day
	}
	if calendar.ClockOf(start, m.p.Zone) != c%calendar.Midnight {
		return option{}, false // does not exist on the day the clock goes forward
	}
	from := m.minuteOf(start)
	if from%m.minutes != 0 || int(length/time.Minute)%m.minutes != 0 {
		return option{}, false
	}
	o := option{shift: kind, start: from / m.minutes, n: int(length/time.Minute) / m.minutes, from: from, to: from + int(length/time.Minute), paid: paid}
	if night := r.Night; night.MinWork > 0 {
		o.night = nightMinutes(start, start.Add(length), m.p.Zone) > int(night.MinWork/time.Minute)
		if o.night && night.MaxShift > 0 && paid > int(night.MaxShift/time.Minute) {
			return option{}, false
		}
	}
	return o, true
}

// breakList returns the breaks of a shift of some length in slots, and the paid
// minutes. It is false when they cannot be placed or the rules want more breaks
// or less work.
func (m *model) breakList(sh *Shift, length time.Duration, r *Rules) (list []tbreak, paid int, ok bool) {
	n := int(length / m.p.Step)
	paid = int(length / time.Minute)
	for _, t := range sh.Breaks {
		if t.Earliest+t.Length >= length || length <= t.Over {
			continue
		}
		b := tbreak{n: int((t.Length + m.p.Step - 1) / m.p.Step), lo: int((t.Earliest + m.p.Step - 1) / m.p.Step), hi: int(t.Latest / m.p.Step), paid: t.Paid}
		b.hi = min(b.hi, n-b.n-1)
		if b.hi < b.lo || t.Length%m.p.Step != 0 {
			return nil, 0, false
		}
		list = append(list, b)
		if !t.Paid {
			paid -= int(t.Length / time.Minute)
		}
	}
	slices.SortStableFunc(list, func(x, y tbreak) int { return x.lo + x.hi - y.lo - y.hi })
	at := 0
	for _, b := range list { // the earliest places must exist
		at = max(at, b.lo)
		if at > b.hi {
			return nil, 0, false
		}
		at += b.n
	}
	if r.MaxShift > 0 && paid > int(r.MaxShift/time.Minute) {
		return nil, 0, false
	}
	for _, rule := range r.Breaks {
		if paid <= int(rule.Over/time.Minute) {
			continue
		}
		sum := 0
		for _, b := range list {
			if b.n*m.minutes >= int(rule.Piece/time.Minute) {
				sum += b.n * m.minutes
			}
		}
		if sum < int(rule.Total/time.Minute) {
			return nil, 0, false
		}
	}
	return list, paid, true
}

func (m *model) noteRefused(sh *Shift, length time.Duration, r *Rules) {
	if m.refused[sh.Name] {
		return
	}
	if m.refused == nil {
		m.refused = map[string]bool{}
	}
	m.refused[sh.Name] = true
	m.notes = append(m.notes, say("shift %s of %s is not used: its breaks do not fit or are fewer than rule set %s wants, or it is too long", sh.Name, calendar.FormatDuration(length), r.Name))
}

// linkBook finds the end classes and what may follow on what.
func (m *model) linkBook(b *book) {
	r := b.rules
	type end struct {
		at    int
		night bool
	}
	first := 24 * 60
	ends := map[end]bool{}
	for d, day := range b.days {
		for i := range day {
			first = min(first, day[i].from-m.day0[d])
			ends[end{day[i].to - m.day0[d], day[i].night}] = true
		}
	}
	daily, weekly := int(r.DailyRest/time.Minute), int(r.WeeklyRest/time.Minute)
	// Ends up to here restrict nothing: not the next day, not the day after a day
	// off. An hour is kept for the clock change.
	free := first - 60 + min(24*60-daily, 48*60-weekly)
	if r.NoEarlyAfter {
		free = min(free, int(r.LateEnd/time.Minute)-1)
	}
	latest := free
	anyNight := false
	for e := range ends {
		latest = max(latest, e.at)
		anyNight = anyNight || e.night
	}
	grain := classGrain
	kinds := 1
	if anyNight {
		kinds = 2
	}
	for ((latest-free+grain-1)/grain+1)*kinds > maxClasses {
		grain *= 2
	}
	steps := (latest-free+grain-1)/grain + 1
	classOf := make([]int, kinds*steps) // class by night and step, -1 = unused
	for i := range classOf {
		classOf[i] = -1
	}
	use := func(at int, night bool) int {
		s := 0
		if at > free {
			s = (at - free + grain - 1) / grain
		}
		s = min(s, steps-1)
		if night && kinds == 2 {
			s += steps
		}
		return s
	}
	classOf[0] = 0
	b.classes = []endClass{{end: free, low: 0}}
	for d, day := range b.days {
		for i := range day {
			o := &day[i]
			at := o.to - m.day0[d]
			s := use(at, o.night)
			if classOf[s] < 0 {
				classOf[s] = len(b.classes)
				b.classes = append(b.classes, endClass{end: free + s%steps*grain, low: free + (s%steps-1)*grain + 1, night: o.night})
			}
			o.class = classOf[s]
		}
	}
	b.maxRow, b.sixth = maxInt, false
	if r.WeeklyRest > 0 && r.WeeklyWithin > 0 {
		// Work from the first start to the last end of a stretch without weekly rest
		// may span WeeklyWithin - WeeklyRest: of 132 hours five days always fit, and a
		// sixth when it ends no later than 12 hours after the earliest start.
		span := int((r.WeeklyWithin - r.WeeklyRest) / time.Minute)
		longestEnd := 0
		for e := range ends {
			longestEnd = max(longestEnd, e.at)
		}
		b.maxRow = max(1, (span-60-(longestEnd-first))/(24*60)+1)
		b.sixth = b.maxRow*24*60+free-first+60 <= span
	}
	if r.MaxDaysInRow > 0 && r.MaxDaysInRow <= b.maxRow {
		b.maxRow, b.sixth = r.MaxDaysInRow, false
	}
	if anyNight && r.Night.MaxRun > 0 && r.Night.MaxRun < b.maxRow {
		b.maxRow, b.sixth = r.Night.MaxRun, false
	}
	b.offMin = max(1, r.MinDaysOff)
	for d := range b.days {
		m.groupOptions(b, d)
	}
}

const maxInt = int(^uint(0) >> 1)

// groupOptions gives the options of a day their groups.
func (m *model) groupOptions(b *book, d int) {
	seen := map[optionGroup]int{}
	for i := range b.days[d] {
		o := &b.days[d][i]
		g := m.linksOf(b, d, o)
		if _, ok := seen[g]; !ok {
			seen[g] = len(b.groups[d])
			b.groups[d] = append(b.groups[d], g)
		}
		o.group = seen[g]
	}
}

// linksOf returns what may come before the option on day d.
func (m *model) linksOf(b *book, d int, o *option) optionGroup {
	g := optionGroup{units: o.paid / b.unit, class: o.class}
	r := b.rules
	for c, e := range b.classes {
		if o.from-(m.begin(d-1)+e.end) >= m.restAfter(r, e, o, 1) && !m.lateEarly(r, e, o, d) {
			g.after |= 1 << c
		}
		if c == 0 || o.from-(m.begin(d-1)+e.low) >= int(r.DailyRest/time.Minute) {
			g.loose |= 1 << c
		}
		rest := o.from - (m.begin(d-2) + e.end)
		if rest >= m.restAfter(r, e, o, 2) {
			g.two |= 1 << c
			if rest >= int(r.WeeklyRest/time.Minute) {
				g.reset |= 1 << c
			}
		}
	}
	return g
}

// begin returns the minute at which day d begins; d may lie before the horizon.
func (m *model) begin(d int) int {
	if d >= 0 && d < len(m.day0) {
		return m.day0[d]
	}
	return m.minuteOf(m.p.First.Add(d).Start(m.p.Zone))
}

// restAfter returns the minutes of rest between a shift of class e and option o
// that starts gap days later. After night work the rest after a whole series is
// asked for as soon as the next shift is no night shift.
func (m *model) restAfter(r *Rules, e endClass, o *option, gap int) int {
	rest := r.DailyRest
	if e.night {
		rest = max(rest, r.Night.RestAfter)
		if !o.night || gap > 1 {
			rest = max(rest, r.Night.RunRest)
		}
	}
	return int(rest / time.Minute)
}

func (m *model) lateEarly(r *Rules, e endClass, o *option, d int) bool {
	return r.NoEarlyAfter && e.end >= int(r.LateEnd/time.Minute) && o.from-m.day0[d] < int(r.EarlyStart/time.Minute)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// classFor returns the class of an end (minutes after the start of its day),
// rounded up; the last class when none is late enough.
func (b *book) classFor(at int, night bool) int {
	best := -1
	for c, e := range b.classes {
		if e.night == night && e.end >= at && (best < 0 || e.end < b.classes[best].end) {
			best = c
		}
	}
	if best >= 0 {
		return best
	}
	best = 0
	for c, e := range b.classes {
		if e.end > b.classes[best].end {
			best = c
		}
	}
	return best
}
