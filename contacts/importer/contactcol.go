package importer

import (
	"math"

	"kcc/contacts"
	"kcc/internal/store/sqlpages"
)

// contactCol is a column of contact: the fields of which a file must hold one for
// it to be written (none: always), and its value, which one of the functions gives.
type contactCol struct {
	name   string
	need   []Field
	text   func(c *keptContact) string
	known  func(c *keptContact) string        // "" is NULL
	number func(c *keptContact) (int64, bool) // false is NULL
	real   func(c *keptContact) float64       // NaN is NULL
}

// value returns the value as a statement takes it.
func (col *contactCol) value(c *keptContact) any {
	switch {
	case col.text != nil:
		return col.text(c)
	case col.known != nil:
		return nullText(col.known(c))
	case col.real != nil:
		return nullFloat(col.real(c))
	}
	if v, ok := col.number(c); ok {
		return whole(v)
	}
	return nil
}

// writer returns what adds the value to a record.
func (col *contactCol) writer() writeColumn {
	switch {
	case col.text != nil:
		return func(r *sqlpages.Record, c *keptContact, _ *record) { r.Text(col.text(c)) }
	case col.known != nil:
		return func(r *sqlpages.Record, c *keptContact, _ *record) {
			if s := col.known(c); s != "" {
				r.Text(s)
			} else {
				r.Null()
			}
		}
	case col.real != nil:
		return func(r *sqlpages.Record, c *keptContact, _ *record) { r.Real(col.real(c)) }
	}
	return func(r *sqlpages.Record, c *keptContact, _ *record) {
		if v, ok := col.number(c); ok {
			r.Int(v)
		} else {
			r.Null()
		}
	}
}

// contactCols lists the columns of a contact that a file can fill; only those
// that it holds are written.
func contactCols() []contactCol {
	text := func(name string, of func(c *keptContact) string, need ...Field) contactCol {
		return contactCol{name: name, need: need, text: of}
	}
	known := func(name string, of func(c *keptContact) string, need ...Field) contactCol {
		return contactCol{name: name, need: need, known: of}
	}
	number := func(name string, of func(c *keptContact) int64) contactCol {
		return contactCol{name: name, number: func(c *keptContact) (int64, bool) { return of(c), true }}
	}
	real := func(name string, of func(c *keptContact) float64, need ...Field) contactCol {
		return contactCol{name: name, need: need, real: of}
	}
	flag := func(name string, of func(c *keptContact) contacts.Flag, need ...Field) contactCol {
		return contactCol{name: name, need: need, number: func(c *keptContact) (int64, bool) {
			f := of(c)
			return int64(f - contacts.No), f != contacts.Unknown
		}}
	}
	return []contactCol{
		known("external_id", func(c *keptContact) string { return c.ExternalID }, fID),
		{name: "updated", need: []Field{fUpdated}, number: func(c *keptContact) (int64, bool) { return c.Updated.Unix(), !c.Updated.IsZero() }},
		number("start", func(c *keptContact) int64 { return c.Start.Unix() }),
		number("day", func(c *keptContact) int64 { return c.day }),
		number("slot", func(c *keptContact) int64 { return c.slot }),
		text("channel", func(c *keptContact) string { return c.Channel }),
		number("queue_id", func(c *keptContact) int64 { return c.queue }),
		text("direction", func(c *keptContact) string { return c.Direction }, fDirection),
		text("outcome", func(c *keptContact) string { return c.Outcome }),
		text("subject", func(c *keptContact) string { return c.Subject }),
		text("kind", func(c *keptContact) string { return c.Kind }, fKind),
		text("segment", func(c *keptContact) string { return c.Segment }, fSegment),
		text("cause", func(c *keptContact) string { return c.Cause }, fCause),
		text("department", func(c *keptContact) string { return c.Department }, fDept),
		text("article", func(c *keptContact) string { return c.Article }, fArticle),
		real("wait_s", func(c *keptContact) float64 { return c.Wait }, fWait, fAnswerAt),
		real("talk_s", func(c *keptContact) float64 { return c.Talk }, fTalk, fAnswerAt),
		real("hold_s", func(c *keptContact) float64 { return c.Hold }, fHold),
		real("acw_s", func(c *keptContact) float64 { return c.ACW }, fACW),
		real("handle_s", func(c *keptContact) float64 {
			if !c.IsAnswered() {
				return math.NaN()
			}
			return c.HandleTime()
		}, fAHT, fTalk, fHold, fACW, fAnswerAt),
		known("agent", func(c *keptContact) string { return c.Agent }, fAgent),
		known("party_ref", func(c *keptContact) string { return c.PartyRef }, fParty, fBSN),
		{name: "judgeable", need: []Field{fParty, fBSN}, number: func(c *keptContact) (int64, bool) {
			if c.PartyRef == "" {
				return 0, true
			}
			return 1, true
		}},
		flag("resolved", func(c *keptContact) contacts.Flag { return c.Resolved }, fResolved),
		real("csat", func(c *keptContact) float64 { return c.CSAT }, fCSAT),
		real("effort", func(c *keptContact) float64 { return c.Effort }, fEffort),
		real("nps", func(c *keptContact) float64 { return c.NPS }, fNPS),
		flag("in_time", func(c *keptContact) contacts.Flag { return c.InTime }),
		flag("transferred", func(c *keptContact) contacts.Flag { return c.Moved }, fMoved),
		known("note", func(c *keptContact) string { return c.Note }, fNote),
	}
}
