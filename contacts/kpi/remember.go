package kpi

import (
	"slices"
	"sync"
	"time"
)

// remembered keeps the work that reports read, for runs that make several
// reports on one state of the store.
type remembered struct {
	mu   sync.Mutex
	work map[workSpan]*readOnce
}

// workSpan is what readWork is asked for.
type workSpan struct {
	from, end int64
	named     bool
}

// readOnce is one reading, which others wait for.
type readOnce struct {
	once  sync.Once
	items []workItem
	err   error
}

// Remember makes reports with these settings read the same work once. It is for
// runs in which the store does not change, such as a pack.
func (s *Settings) Remember() { s.memory = &remembered{work: map[workSpan]*readOnce{}} }

// recall returns what read gives for a span, from memory when it is there. The
// items are the caller's own.
func (s *Settings) recall(from, end time.Time, named bool, read func() ([]workItem, error)) ([]workItem, error) {
	if s.memory == nil {
		return read()
	}
	key := workSpan{from.Unix(), end.Unix(), named}
	s.memory.mu.Lock()
	r := s.memory.work[key]
	if r == nil {
		r = &readOnce{}
		s.memory.work[key] = r
	}
	s.memory.mu.Unlock()
	r.once.Do(func() { r.items, r.err = read() })
	return slices.Clone(r.items), r.err
}
