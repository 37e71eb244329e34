package importer

import (
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"kcc/contacts"
)

// queueEvent reports whether s is one of the events of an Asterisk queue_log.
func queueEvent(s string) bool {
	switch s {
	case "QUEUESTART", "ENTERQUEUE", "CONNECT", "COMPLETECALLER", "COMPLETEAGENT", "ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY",
		"TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "RINGNOANSWER", "RINGCANCELED", "ADDMEMBER", "REMOVEMEMBER", "PAUSE", "UNPAUSE", "PAUSEALL", "UNPAUSEALL",
		"AGENTLOGIN", "AGENTLOGOFF", "AGENTCALLBACKLOGIN", "AGENTCALLBACKLOGOFF", "AGENTDUMP", "CONFIGRELOAD", "SYSCOMPAT", "DID", "PENALTY",
		"MEMBERPENALTY", "QUEUEPAUSED", "TRANSFERAGENT":
		return true
	}
	return false
}

// isQueueLog recognises the log by its first lines: an epoch first, an event
// fifth.
func isQueueLog(head string) bool {
	lines, good := 0, 0
	for line := range strings.Lines(head) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "|")
		if len(f) == 1 && strings.TrimSpace(f[0]) == "" {
			continue
		}
		if lines++; lines > 20 {
			break
		}
		if len(f) >= 5 && queueEvent(f[4]) {
			if v, err := strconv.ParseFloat(f[0], 64); err == nil && v >= minEpoch && v <= maxEpoch {
				good++
			}
		}
	}
	return good > 0 && good*2 > lines
}

// openCall is a call whose end has not been seen.
type openCall struct {
	id, queue, caller string
	line              int
	entered           time.Time
	connected         time.Time
	wait              float64
	agent             string
	done              bool
}

// maxOpenCalls bounds the calls in progress; a log that loses ends would else
// grow without bound.
const maxOpenCalls = 100_000

// queueLog builds call records from the events of a log. A call that enters
// several queues is one record per queue it waited in. Calls come in the order
// in which they began, as soon as all earlier ones have ended.
func (p *Parsed) queueLog(ctx context.Context, fn func(*Row) error, reject func(*Reject)) error {
	t, err := p.file.table(p.l.dialect, &p.opt)
	if err != nil {
		return err
	}
	defer t.Close()
	b := &logBuilder{p: p, fn: fn, open: map[string]*openCall{}}
	b.row.held = map[Field]bool{fID: true, fQueue: true, fOutcome: true, fWait: true, fTalk: true, fAgent: true}
	for n := 0; ; n++ {
		f, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if isBlank(f) {
			continue
		}
		p.Counts.Read++
		bad := func(col, value, want string) {
			p.Counts.Rejected++
			reject(&Reject{RowError{p.Name, t.Line(), col, value, want}, []string{"time", "callid", "queue", "agent", "event", "data1", "data2", "data3", "data4", "data5"}, f})
		}
		if len(f) < 5 {
			bad("", strings.Join(f, "|"), "want at least five fields: time|call|queue|agent|event")
			continue
		}
		sec, err := strconv.ParseFloat(f[0], 64)
		if err != nil || sec < minEpoch || sec > maxEpoch {
			bad("time", f[0], "seconds since 1970")
			continue
		}
		if !queueEvent(f[4]) {
			bad("event", f[4], "an event of queue_log")
			continue
		}
		whole, frac := math.Modf(sec)
		at := time.Unix(int64(whole), int64(math.Round(frac*1e6))*1000).UTC()
		if err := b.event(at, t.Line(), f); err != nil {
			return err
		}
	}
	return b.flush(true)
}

type logBuilder struct {
	p     *Parsed
	fn    func(*Row) error
	open  map[string]*openCall // by call id
	order []*openCall          // in order of entering, done or not
	ended map[*openCall]contacts.Contact
	row   Row
}

// num returns a numeric data field of an event, NaN when absent.
func num(f []string, i int) float64 {
	if i >= len(f) {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(f[i]), 64)
	if err != nil || v < 0 {
		return math.NaN()
	}
	return v
}

// event applies one line. Data fields begin at index 5.
func (b *logBuilder) event(at time.Time, line int, f []string) error {
	id, queue, agent := f[1], f[2], f[3]
	switch f[4] {
	case "ENTERQUEUE":
		if c := b.open[id]; c != nil {
			// The call moves on to another queue without an end in the first.
			b.end(c, at, "", math.NaN(), math.NaN(), agent)
		}
		c := &openCall{id: id, queue: queue, line: line, entered: at, wait: math.NaN()}
		if len(f) > 6 {
			c.caller = f[6]
		}
		b.open[id] = c
		b.order = append(b.order, c)
	case "CONNECT":
		if c := b.call(id); c != nil {
			c.connected, c.agent, c.wait = at, agent, num(f, 5)
		}
	case "COMPLETECALLER", "COMPLETEAGENT":
		if c := b.call(id); c != nil {
			b.end(c, at, contacts.Answered, num(f, 5), num(f, 6), agent)
		}
	case "ABANDON":
		if c := b.call(id); c != nil {
			b.end(c, at, contacts.Abandoned, num(f, 7), 0, "")
		}
	case "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY":
		if c := b.call(id); c != nil {
			b.end(c, at, contacts.Overflow, num(f, 7), 0, "")
		}
	case "TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER":
		if c := b.call(id); c != nil {
			// extension|context|hold|call in both old and blind transfers; attended
			// ones name method and peer first.
			i := 7
			if f[4] == "ATTENDEDTRANSFER" && math.IsNaN(num(f, 7)) {
				i = 8
			}
			b.end(c, at, contacts.Transferred, num(f, i), num(f, i+1), agent)
		}
	default:
		b.p.Counts.Skipped++ // says nothing about a call
	}
	if len(b.order) > maxOpenCalls {
		return b.flush(true)
	}
	return b.flush(false)
}

// call finds the open call of an event; one that entered before the log began
// is left out, as its start is in the log before.
func (b *logBuilder) call(id string) *openCall {
	if c := b.open[id]; c != nil {
		return c
	}
	b.p.Counts.Skipped++
	return nil
}

// end closes a call.
func (b *logBuilder) end(c *openCall, at time.Time, outcome string, wait, talk float64, agent string) {
	delete(b.open, c.id)
	if math.IsNaN(wait) {
		if wait = c.wait; math.IsNaN(wait) {
			until := at
			if !c.connected.IsZero() {
				until = c.connected
			}
			wait = until.Sub(c.entered).Seconds()
		}
	}
	if math.IsNaN(talk) {
		talk = 0
		if !c.connected.IsZero() {
			talk = at.Sub(c.connected).Seconds()
		}
	}
	if outcome == "" { // moved on to another queue
		outcome = contacts.Transferred
		if c.connected.IsZero() {
			outcome = contacts.Overflow
		}
	}
	if agent == "NONE" || agent == "" {
		agent = c.agent
	}
	if c.connected.IsZero() && outcome != contacts.Answered && outcome != contacts.Transferred {
		agent = ""
	}
	c.done = true
	if b.ended == nil {
		b.ended = map[*openCall]contacts.Contact{}
	}
	b.ended[c] = contacts.Contact{
		NPS:        math.NaN(),
		ExternalID: c.id, Start: c.entered, Queue: c.queue, Direction: contacts.Inbound, Outcome: outcome, Wait: wait, Talk: talk,
		Hold: math.NaN(), ACW: math.NaN(), Handle: math.NaN(), CSAT: math.NaN(), Effort: math.NaN(), Agent: agent,
	}
}

// flush gives out the calls at the head of the order that have ended; all of
// them at the end of the log, where calls in progress are left out: the next log
// holds their end.
func (b *logBuilder) flush(all bool) error {
	n := 0
	for _, c := range b.order {
		if !c.done && !all {
			break
		}
		n++
		if !c.done {
			delete(b.open, c.id)
			b.p.Counts.Skipped++
			continue
		}
		b.row.Kind, b.row.Line, b.row.Contact = QueueLog, c.line, b.ended[c]
		b.row.party = c.caller
		delete(b.ended, c)
		ct := &b.row.Contact
		ct.Channel = channelOf(&b.p.opt, "", ct.Queue, &ct.Subject)
		if err := b.fn(&b.row); err != nil {
			return err
		}
	}
	b.order = append(b.order[:0], b.order[n:]...)
	return nil
}
