package importer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kcc/contacts"
)

// fieldsOf lists what the rows of a kind can hold.
func fieldsOf(k Kind) []Field {
	switch k {
	case Intervals:
		return []Field{
			fStart, fDate, fTime, fEnd, fEndTime, fStep, fOffered, fAnswered, fAbandoned, fShort, fWithin, fTarget, fLevel,
			fWait, fTalk, fHold, fACW, fAHT, fMoved, fQueue, fChannel, fSubject, fAgent, fZone,
		}
	case Calls:
		return []Field{
			fID, fUpdated, fStart, fDate, fTime, fEnd, fEndTime, fAnswerAt, fChannel, fDirection, fQueue, fAgent, fWait, fTalk, fHold,
			fACW, fAHT, fOutcome, fAnswered, fAbandoned, fMoved, fResolved, fSubject, fKind, fSegment, fCause, fParty, fBSN, fCSAT,
			fEffort, fNPS, fWithin, fTarget, fDept, fArticle, fNote, fZone,
		}
	case Tickets:
		return []Field{fID, fUpdated, fReceived, fKind, fSubject, fChannel, fHandedTo, fHandedAt, fDue, fClosed, fStatus, fPriority, fAgent, fParty, fBSN}
	case States:
		return []Field{fAgent, fState, fStart, fDate, fTime, fEnd, fEndDate, fEndTime, fAHT}
	}
	return nil
}

// assign decides on the kind of the table and gives each field its column.
func (l *layout) assign(opt *Options) error {
	if l.special(opt) {
		return nil
	}
	type attempt struct {
		kind   Kind
		at     map[Field]int
		const_ map[Field]string
		score  float64
	}
	var best *attempt
	var firstErr error
	for _, k := range []Kind{Intervals, Calls, Tickets, States} {
		if opt.Kind != "" && opt.Kind != k {
			continue
		}
		at, constant, err := l.fit(k, opt)
		if err != nil {
			if firstErr == nil {
				firstErr = err
			}
			continue
		}
		if ok, score := l.suits(k, at, constant); ok || opt.Kind == k {
			if best == nil || score > best.score {
				best = &attempt{k, at, constant, score}
			}
		}
	}
	if best == nil {
		if firstErr != nil {
			return firstErr
		}
		return &UnknownError{File: l.file, Header: l.header, Why: l.lacks(opt), Empty: l.rows == 0}
	}
	l.Kind, l.at, l.constant = best.kind, best.at, best.const_
	if i, ok := l.at[fID]; ok {
		l.idColumn = i
	} else if l.Kind == Intervals {
		l.idColumn = -1
	}
	return nil
}

// lacks says what is missing for any kind of row.
func (l *layout) lacks(opt *Options) string {
	if l.rows == 0 {
		return "there are no rows below the header"
	}
	at, _, err := l.fit(Calls, opt)
	if err == nil && !hasTime(at) {
		return "no column with the time of a row was recognised"
	}
	return "no usable columns were recognised (a time with a count, a call, a ticket or an agent state)"
}

func hasTime(at map[Field]int) bool {
	_, s := at[fStart]
	_, d := at[fDate]
	return s || d
}

// placed reports whether rows have a moment: a time, or a time of the day under a
// title with the date.
func (l *layout) placed(at map[Field]int) bool {
	_, clock := at[fTime]
	return hasTime(at) || clock && l.titleDay != ""
}

// fit gives every field of a kind its best column.
func (l *layout) fit(k Kind, opt *Options) (map[Field]int, map[Field]string, error) {
	at, constant := map[Field]int{}, map[Field]string{}
	taken := make([]bool, len(l.columns))
	allowed := fieldsOf(k)
	for f, h := range opt.Map {
		field := Field(f)
		if v, ok := strings.CutPrefix(h, "="); ok {
			constant[field] = v
			continue
		}
		i := slices.IndexFunc(l.columns, func(c *column) bool { return strings.EqualFold(c.header, h) })
		if i < 0 {
			i = slices.IndexFunc(l.columns, func(c *column) bool { return c.info.key == headerKey(h).key })
		}
		if i < 0 {
			return nil, nil, &UnknownError{File: l.file, Header: l.header, Why: fmt.Sprintf("there is no column %q for field %s", h, f)}
		}
		taken[i] = true
		if field != fIgnore && slices.Contains(allowed, field) {
			at[field] = i
		}
	}
	type option struct {
		col  int
		cand candidate
	}
	var options []option
	for i, c := range l.columns {
		if taken[i] {
			continue
		}
		for _, cand := range c.cands {
			if cand.field == fStart && c.class() == clockClass { // a clock beside a date
				cand.field, cand.rank = fTime, cand.rank+clockRank
			}
			if !slices.Contains(allowed, cand.field) {
				continue
			}
			if p, ok := c.holds(cand, k); ok {
				cand.rank += p
				options = append(options, option{i, cand})
			}
		}
	}
	slices.SortStableFunc(options, func(a, b option) int {
		return cmp.Or(cmp.Compare(a.cand.rank, b.cand.rank), cmp.Compare(a.col, b.col))
	})
	for _, o := range options {
		if _, done := at[o.cand.field]; done || taken[o.col] {
			continue
		}
		at[o.cand.field] = o.col
		taken[o.col] = true
	}
	l.repairTimes(at)
	return at, constant, nil
}

// plainRank is the penalty on plain numbers as an elapsed time where nothing
// says that they are one.
const plainRank = 60

// clockRank is the penalty on a column known as a start that holds times of the
// day only.
const clockRank = 50

// repairTimes moves columns between start, date and time by what they hold.
func (l *layout) repairTimes(at map[Field]int) {
	if i, ok := at[fDate]; ok {
		if _, has := at[fStart]; !has && l.columns[i].class() == momentClass {
			delete(at, fDate)
			at[fStart] = i
		}
	}
	_, date := at[fDate]
	_, clock := at[fTime]
	if i, ok := at[fStep]; ok && date && !clock && l.columns[i].class() == clockClass && len(l.columns[i].distinct.list) > 1 {
		// A column "interval" that runs through the day tells the time.
		delete(at, fStep)
		at[fTime] = i
		clock = true
	}
	if i, ok := at[fStart]; ok && clock && !date && l.columns[i].class() == dateClass {
		delete(at, fStart)
		at[fDate] = i
	}
	if i, ok := at[fTime]; ok && !hasTime(at) && l.columns[i].class() == momentClass {
		delete(at, fTime)
		at[fStart] = i
	}
	if i, ok := at[fStart]; ok && l.columns[i].class() == dateClass && !clock {
		// A day without time: still the start of a row, of a whole day.
		delete(at, fStart)
		at[fDate] = i
	}
}

// holds reports whether the cells of a column fit a field of a kind, and how
// much worse than a perfect fit.
func (c *column) holds(cand candidate, k Kind) (penalty int, ok bool) {
	if c.n == 0 {
		// An empty column fits nothing that rows depend on.
		switch cand.typ {
		case textField, durationField:
			return 500, true
		case countField:
			return 500, cand.field != fOffered && cand.field != fAnswered
		}
		return 500, cand.field != fStart && cand.field != fDate && cand.field != fTime
	}
	numeric := c.mostly(c.numbers())
	switch cand.typ {
	case timeField:
		cl := c.class()
		switch cand.field {
		case fTime, fEndTime:
			if cl == clockClass {
				return 0, true
			}
			return 100, cl == momentClass
		case fDate, fEndDate:
			return 0, cl == dateClass || cl == momentClass
		case fStart:
			return 0, cl == momentClass || cl == dateClass
		case fEnd:
			return 0, cl != noStamp
		}
		return 0, cl == momentClass || cl == dateClass
	case countField:
		if cand.field == fMoved && k == Calls || (cand.field == fAnswered || cand.field == fAbandoned) && k == Calls {
			return 0, c.mostly(c.flags) || numeric
		}
		if c.info.pct || c.percent*2 > c.n || c.clock3+c.clock2 > 0 {
			return 0, false
		}
		return 0, numeric
	case ratioField:
		return 0, numeric && c.clock2+c.clock3 == 0
	case flagField:
		return 0, c.mostly(c.flags)
	case durationField:
		if c.info.pct || c.percent > 0 || !numeric {
			return 0, false
		}
		if c.info.agg == 't' {
			penalty = 50
		}
		if k == Intervals && c.info.agg == 0 && c.info.unit == 0 && c.clock2+c.clock3 == 0 {
			penalty += plainRank // beside 0:00:20 a bare 3 counts contacts, as in "Hold"
		}
		return penalty, true
	}
	if cand.field == fDirection && c.info.key == "calltype" && !c.hasDirections() {
		return 0, false // "Type" of a call tells its direction in some systems only
	}
	// A text: a queue or channel that is all dates is none.
	if (cand.field == fQueue || cand.field == fChannel || cand.field == fAgent) && c.wants&wantStamp != 0 && c.class() != noStamp {
		return 0, false
	}
	return 0, true
}

// suits reports whether the fields found make rows of a kind; a higher score
// fits better.
func (l *layout) suits(k Kind, at map[Field]int, constant map[Field]string) (ok bool, score float64) {
	has := func(f ...Field) bool {
		return slices.ContainsFunc(f, func(f Field) bool {
			_, a := at[f]
			_, c := constant[f]
			return a || c
		})
	}
	counts := func(f Field) bool {
		i, ok := at[f]
		return ok && l.columns[i].n > 0 && !l.columns[i].isFlag()
	}
	switch k {
	case Intervals:
		if !l.placed(at) || !(counts(fOffered) || counts(fAnswered) || counts(fAbandoned)) {
			return false, 0
		}
		score = 10 + float64(len(at))
		if l.uniqueID() {
			score -= 12
		}
		if !counts(fOffered) {
			score--
		}
	case Calls:
		if !l.placed(at) {
			return false, 0
		}
		if !has(fID, fWait, fTalk, fAHT, fOutcome, fQueue, fChannel, fAgent, fParty, fSubject, fAnswerAt, fEnd) {
			return false, 0
		}
		score = float64(len(at))
		if l.uniqueID() {
			score += 4
		}
		if has(fWait, fTalk, fAHT) {
			score += 2
		}
	case Tickets:
		if !has(fReceived) || !has(fID) || !has(fClosed, fDue, fStatus, fHandedTo, fHandedAt) {
			return false, 0
		}
		score = 3 + float64(len(at))
		if has(fClosed, fDue, fHandedAt) {
			score += 3
		}
		for _, f := range []Field{fWait, fTalk, fHold, fACW} {
			if l.names(f) {
				score -= 6
			}
		}
	case States:
		if !has(fAgent) || !has(fState) || !hasTime(at) || !has(fEnd, fEndTime, fAHT) && !l.exact(fState, "state", "agentstate", "toestand") {
			return false, 0
		}
		score = 8 + float64(len(at))
		for _, f := range []Field{fWait, fTalk, fQueue, fOffered, fParty} {
			if l.names(f) {
				score -= 8
			}
		}
		if !l.exact(fState, "state", "agentstate", "toestand", "staat", "activiteit", "activity", "auxstate", "statename") {
			score -= 4
			if i, ok := at[fState]; ok && l.columns[i].hasOutcomes() {
				return false, 0
			}
		}
	}
	return true, score
}

// hasOutcomes reports whether a column holds words for how a contact ends.
func (c *column) hasOutcomes() bool {
	for _, s := range c.distinct.list {
		switch contacts.OutcomeName(s) {
		case contacts.Answered, contacts.Abandoned, contacts.ShortAbandon, contacts.Transferred:
			return true
		}
	}
	return false
}

// hasDirections reports whether a column tells calls in from calls out.
func (c *column) hasDirections() bool {
	for _, s := range c.distinct.list {
		switch strings.ToLower(s) {
		case "inbound", "incoming", "inkomend", "in":
			return true
		}
		if contacts.DirectionName(s) == contacts.Outbound {
			return true
		}
	}
	return false
}

// names reports whether any header means a field.
func (l *layout) names(f Field) bool {
	for _, c := range l.columns {
		for _, k := range c.cands {
			if k.field == f && k.rank < coreRank && c.n > 0 {
				if _, ok := c.holds(k, Calls); ok {
					return true
				}
			}
		}
	}
	return false
}

// exact reports whether a header is one of the given keys.
func (l *layout) exact(_ Field, keys ...string) bool {
	return slices.ContainsFunc(l.columns, func(c *column) bool { return slices.Contains(keys, c.info.key) })
}

// isFlag reports whether a column holds nothing but yes and no, written as
// words or as 0 and 1 in about every row.
func (c *column) isFlag() bool {
	if c.flags < c.n {
		return false
	}
	for _, s := range c.distinct.list {
		if isDigit(s[0]) {
			// 0 and 1 are counts too; only words make a flag for sure.
			return false
		}
	}
	return true
}

// uniqueID reports whether there is an id that is different in nearly every row.
func (l *layout) uniqueID() bool {
	if l.idColumn < 0 {
		return false
	}
	c := l.columns[l.idColumn]
	if c.info.key == "queueid" || c.n < l.rows*9/10 {
		return false
	}
	seen := len(c.distinct.list)
	return seen >= maxDistinct && c.distinctShare() || seen*10 >= c.n*9 || c.long*2 > c.n
}

// distinctShare reports whether the first different cells came about once each.
func (c *column) distinctShare() bool {
	sum := 0
	for _, n := range c.distinct.vals {
		sum += n
	}
	return sum <= 4*len(c.distinct.list)
}

// special recognises the tables that come with a ticket export, by their own
// column names.
func (l *layout) special(opt *Options) bool {
	find := func(names ...string) int {
		return slices.IndexFunc(l.columns, func(c *column) bool { return slices.Contains(names, c.info.key) })
	}
	set := func(k Kind, cols map[Field]int) bool {
		if opt.Kind != "" && opt.Kind != k {
			return false
		}
		for _, i := range cols {
			if i < 0 {
				return false
			}
		}
		l.Kind, l.at, l.idColumn = k, cols, -1
		return true
	}
	optional := func(f Field, names ...string) {
		if i := find(names...); i >= 0 {
			l.at[f] = i
		}
	}
	ticket := find("ticketid", "ticket", "caseid")
	switch {
	case set(TicketEvents, map[Field]int{fTicket: ticket, fFieldName: find("fieldname", "field", "veld"), fStart: find("updated", "updatedat", "at", "changedat", "createdat"), fValue: find("value", "newvalue", "waarde")}):
	case find("zone", "timezone") >= 0 && set(Schedules, map[Field]int{fSchedule: find("id", "scheduleid", "schedule"), fFromMin: find("starttime"), fToMin: find("endtime"), fZone: find("timezone", "zone")}):
		optional(fNote, "name")
	case set(Holidays, map[Field]int{fSchedule: find("scheduleid", "schedule"), fDate: find("startdate"), fEndDate: find("enddate")}):
		optional(fNote, "name")
	case set(ScheduleLinks, map[Field]int{fTicket: ticket, fSchedule: find("scheduleid", "schedule"), fStart: find("createdat", "at")}):
	case find("slapolicyid") >= 0 && (find("target") >= 0 || find("policyappliedat") >= 0):
		l.Kind, l.at, l.idColumn = Other, map[Field]int{}, -1
	default:
		return false
	}
	for f, i := range l.at {
		c := l.columns[i]
		if synonyms().typ[f] == timeField && c.wants&wantStamp == 0 {
			l.order[f] = orderYMD // a column whose header alone is no time field
		}
	}
	return true
}
