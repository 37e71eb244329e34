package importer

import (
	"context"
	"database/sql"
)

// writer puts the rows of one file into the store, inside one transaction.
type writer struct {
	ctx    context.Context
	tx     *sql.Tx
	conn   *sql.Conn // of tx
	opt    *StoreOptions
	source int64
	sname  string
	file   int64

	queues    memo[[]*namedQueue]
	channels  map[int64]string
	roll      *rollups
	days      daySlot
	batches   map[string]*batch
	loader    *loader // of a first big file, nil otherwise
	counts    *Counts
	replaced  int
	masked    int
	unknown   []UnknownQueue // queues that this file brings in and nothing explains
	parties   partySet       // customers of this file
	seen      bool           // the temporary table of rows seen again exists
	agents    memo[string]   // references by name
	cols      []contactCol   // of contacts that the file holds
	vals      []any
	contacts  [batchRows]keptContact  // pending
	intervals [batchRows]keptInterval // pending
	spans     map[int64]*[2]int64     // per queue, of rows without id
}

// mask63 keeps a hash inside what SQLite stores as a positive integer.
const mask63 = 1<<63 - 1

// Write puts one row into the store.
func (w *writer) Write(r *Row) error {
	switch r.Kind {
	case Calls, QueueLog:
		return w.contact(r)
	case Intervals:
		return w.interval(r)
	case Tickets:
		return w.ticket(r)
	case States:
		return w.state(r)
	}
	return w.ticketPart(r)
}

// spill writes the roll-ups out when they have grown.
func (w *writer) spill() error {
	if !w.roll.full() {
		return nil
	}
	return w.roll.flush(w)
}

// loadChannel makes sure that the channel of a queue is known here.
func (w *writer) loadChannel(queue int64) error {
	if _, ok := w.channels[queue]; ok {
		return nil
	}
	var ch string
	if err := w.tx.QueryRowContext(w.ctx, "SELECT channel FROM queue WHERE id = ?", queue).Scan(&ch); err != nil {
		return err
	}
	w.channels[queue] = ch
	return nil
}

// finish writes what is left, drops what a corrected file replaces and brings
// the roll-ups up to date.
func (w *writer) finish(supplement bool) error {
	for _, b := range w.batches {
		if err := b.flush(); err != nil {
			return err
		}
	}
	if w.loader != nil {
		return w.roll.flushCover(w) // the rest is written as pages
	}
	if !supplement && len(w.spans) > 0 {
		if err := w.replace(); err != nil {
			return err
		}
	}
	return w.roll.flush(w)
}

// close releases the prepared statements.
func (w *writer) close() {
	for _, b := range w.batches {
		b.close()
	}
}
