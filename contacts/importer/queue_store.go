package importer

import (
	"strings"

	"kcc/contacts"
)

// namedQueue is a queue with the channel that a file gives it.
type namedQueue struct {
	own   string
	queue *queueInfo
}

// queueInfo is a queue in the store.
type queueInfo struct {
	id      int64
	channel string  // that counts: of a rule, else of the file
	key     string  // channel that is part of the keys of its rows
	target  float64 // seconds within which its channel wants to help, 0 for none
}

// queue returns a queue of this source, making it when it is new. own is the
// channel the file names, channel the one that counts. One queue that some files
// name with its channel and others without stays one queue.
func (w *writer) queue(name, own, channel string) (*queueInfo, error) {
	same, _ := w.queues.get(name)
	for _, k := range same {
		if k.own == own {
			return k.queue, nil
		}
	}
	q, err := w.findQueue(name, own, channel)
	if err != nil {
		return nil, err
	}
	if q == nil {
		if q, err = w.newQueue(name, own, channel); err != nil {
			return nil, err
		}
	}
	w.queues.put(name, append(same, &namedQueue{strings.Clone(own), q}))
	w.channels[q.id] = q.channel
	q.target = w.opt.Targets[q.channel].Seconds()
	return q, nil
}

// findQueue looks for a queue in the store; nil when it is new.
func (w *writer) findQueue(name, own, channel string) (*queueInfo, error) {
	rows, err := w.tx.QueryContext(w.ctx, "SELECT id, channel, file_channel, COALESCE(key_channel, file_channel), known FROM queue WHERE source_id = ? AND name = ?", w.source, name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type stored struct {
		queueInfo
		file  string
		known bool
	}
	var all []stored
	for rows.Next() {
		var s stored
		if err := rows.Scan(&s.id, &s.channel, &s.file, &s.key, &s.known); err != nil {
			return nil, err
		}
		if s.file == own {
			return &s.queueInfo, rows.Err()
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	if name == "" || len(all) != 1 {
		return nil, nil
	}
	one := all[0]
	switch {
	case own == "" && (channel == "" || channel == one.channel):
		return &one.queueInfo, nil
	case own != "" && one.file == "" && (!one.known || one.channel == channel):
		return &one.queueInfo, w.nameChannel(&one.queueInfo, own, channel)
	}
	return nil, nil
}

// nameChannel notes the channel of a queue that earlier files left open.
func (w *writer) nameChannel(q *queueInfo, own, channel string) error {
	q.channel = channel
	for _, s := range []struct {
		query string
		args  []any
	}{
		{"UPDATE queue SET key_channel = COALESCE(key_channel, file_channel), file_channel = ?, channel = ?, known = 1 WHERE id = ?", []any{own, channel, q.id}},
		{"UPDATE contact SET channel = ? WHERE queue_id = ?", []any{channel, q.id}},
		{"UPDATE coverage SET channel = ? WHERE queue_id = ?", []any{channel, q.id}},
	} {
		if _, err := w.tx.ExecContext(w.ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) newQueue(name, own, channel string) (*queueInfo, error) {
	q := &queueInfo{channel: channel, key: strings.Clone(own)}
	known := own != "" || channel != ""
	if q.channel == "" {
		q.channel = contacts.Phone
	}
	res, err := w.tx.ExecContext(w.ctx, "INSERT INTO queue (source_id, name, file_channel, key_channel, channel, known) VALUES (?, ?, ?, ?, ?, ?)",
		w.source, name, own, own, q.channel, known)
	if err != nil {
		return nil, err
	}
	if !known && name != "" {
		w.unknown = append(w.unknown, UnknownQueue{w.sname, strings.Clone(name), q.channel, true})
	}
	q.id, err = res.LastInsertId()
	return q, err
}
