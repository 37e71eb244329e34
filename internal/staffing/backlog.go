package staffing

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/tabular"
)

// ReadBacklog reads the deferrable work that waits when the plan begins: channel
// (empty: the only one), received, and optionally count (1) and aht_s (that of the
// channel). It goes into the settings of the channels.
func (o *Options) ReadBacklog(r *tabular.Reader) error {
	c := columnsOf(r)
	channel, received := c.at("channel", "skill"), c.at("received", "received_utc", "start", "at")
	count, aht := c.at("count", "contacts", "offered"), c.at("aht_s")
	if received < 0 {
		return &tabular.MissingError{File: c.file, Missing: []string{"received"}, Header: c.header}
	}
	loc := o.Zone
	if loc == nil {
		loc = time.UTC
	}
	work := map[string][]erlang.Arrival{}
	cell := cells{file: c.file}
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		for len(row) < len(c.header) {
			row = append(row, "")
		}
		cell.row, cell.line, cell.err = row, r.Line(), nil
		at, err := calendar.ParseTime(cell.text(received), loc)
		if err != nil {
			cell.fail(c.header[received], cell.text(received), "a time such as 2006-01-02 15:04")
		}
		a := erlang.Arrival{At: at, Count: known(cell.ranged(count, "count", 0, math.Inf(1)), 1), AHT: known(cell.ranged(aht, "aht_s", 0, math.Inf(1)), 0)}
		if cell.err != nil {
			return cell.err
		}
		name := cell.text(channel)
		work[name] = append(work[name], a)
	}
	channels := maps.Clone(o.Channels)
	if channels == nil {
		channels = map[string]erlang.Settings{}
	}
	for name, arrivals := range work {
		set := o.settings(name)
		if set.Formula() != erlang.ModelDeadline {
			return fmt.Errorf("%s: channel %q has no lead time, and only work with one can wait: give its target, for example --target %s=95/1wd", c.file, name, name)
		}
		set.Backlog = arrivals
		channels[name] = set
	}
	o.Channels = channels
	return nil
}
