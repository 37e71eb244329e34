// Package history reads interval history for the forecaster straight from a
// file, with no store: start or date and time, a volume, and what else is there.
package history

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/tabular"
)

// Options says how to read a history file.
type Options struct {
	Zone     *time.Location
	Value    string   // the column with the volume; empty: found by its name
	Channels []string // only these; empty: all
	Subjects bool     // a series per channel and subject, beside those per channel
	Gaps     forecast.GapRule
}

// The names under which columns are known, the best first.
var (
	startNames   = []string{"start", "timestamp", "datetime", "interval_start", "start_local", "start_utc", "tijdstip", "begin"}
	dateNames    = []string{"date", "datum", "day", "dag"}
	timeNames    = []string{"time", "tijd", "interval", "hour", "uur", "tijdvak"}
	volumeNames  = []string{"offered", "calls", "volume", "contacts", "aangeboden", "aantal", "gesprekken", "count", "value", "incoming", "total"}
	channelNames = []string{"channel", "kanaal", "queue", "wachtrij"}
	subjectNames = []string{"subject", "onderwerp"}
	ahtNames     = []string{"aht_s", "aht", "handle_time_s", "avg_handle_time", "gemiddelde_afhandeltijd"}
	handledNames = []string{"answered", "handled", "beantwoord", "afgehandeld"}
	lengthNames  = []string{"interval_s", "interval_length_s"}
)

// Read reads the series of a file in the order in which they first appear;
// "-" is stdin.
func Read(path string, stdin io.Reader, opt Options) ([]forecast.Series, error) {
	r, err := tabular.OpenFile(path, stdin, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r)
	if err != nil {
		return nil, err
	}
	c.Alias("start", startNames...)
	c.Alias("date", dateNames...)
	c.Alias("time", timeNames...)
	c.Alias("offered", volumeNames...)
	c.Alias("channel", channelNames...)
	c.Alias("subject", subjectNames...)
	c.Alias("aht_s", ahtNames...)
	c.Alias("answered", handledNames...)
	c.Alias("interval_s", lengthNames...)
	value := "offered"
	if opt.Value != "" {
		value = tabular.Snake(opt.Value)
	}
	if !c.Has("start") && !c.Has("date") {
		return nil, &tabular.MissingError{File: r.Name(), Missing: []string{"start or date"}, Header: r.Header()}
	}
	if !c.Has(value) {
		return nil, &tabular.MissingError{File: r.Name(), Missing: []string{value}, Header: r.Header()}
	}
	rd := reader{c: c, opt: opt, value: value, index: map[string]int{}, days: map[string]calendar.Date{}}
	for c.Next() {
		if err := rd.row(); err != nil {
			return nil, err
		}
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	if len(rd.out) == 0 {
		if len(opt.Channels) > 0 && rd.rows > 0 {
			return nil, fmt.Errorf("%s: %w for channel %s", r.Name(), forecast.ErrNoHistory, strings.Join(opt.Channels, ", "))
		}
		return nil, fmt.Errorf("%s: there is no row with a time and a volume: %w", r.Name(), forecast.ErrNoHistory)
	}
	for i := range rd.out {
		s := &rd.out[i]
		if s.Step == 0 {
			s.Step = forecast.InferStep(s.Obs)
		}
	}
	return rd.out, nil
}

type reader struct {
	c     *tabular.Columns
	opt   Options
	value string
	out   []forecast.Series
	index map[string]int
	days  map[string]calendar.Date
	rows  int
	last  []int64 // latest start seen per series
}

func (r *reader) row() error {
	c := r.c
	r.rows++
	channel := c.Text("channel")
	if len(r.opt.Channels) > 0 && c.Has("channel") && !slices.Contains(r.opt.Channels, channel) {
		return nil
	}
	start, local, err := r.start()
	if err != nil {
		return err
	}
	if start.IsZero() {
		return nil
	}
	o := forecast.Observation{
		Start: start, Offered: c.Float(r.value), Handled: math.NaN(), AHT: math.NaN(),
	}
	if c.Has("answered") {
		o.Handled = c.Float("answered")
	}
	if c.Has("aht_s") {
		if d, ok := c.Seconds("aht_s"); ok {
			o.AHT = d.Seconds()
		}
	}
	if err := c.RowErr(); err != nil {
		return err
	}
	r.add(channel, "", o, local)
	if r.opt.Subjects && c.Text("subject") != "" {
		r.add(channel, c.Text("subject"), o, local)
	}
	return nil
}

// add appends an observation to its series. A local time that comes again after
// a later one is the second pass of the doubled hour.
func (r *reader) add(channel, subject string, o forecast.Observation, local bool) {
	key := channel + "\x00" + subject
	i, ok := r.index[key]
	if !ok {
		i = len(r.out)
		r.index[key] = i
		s := forecast.Series{Channel: channel, Subject: subject, Zone: r.opt.Zone, Gaps: r.opt.Gaps}
		if d, ok := r.c.Seconds("interval_s"); ok {
			s.Step = d
		}
		r.out = append(r.out, s)
		r.last = append(r.last, math.MinInt64)
	}
	if at := o.Start.Unix(); local {
		if at < r.last[i] {
			if again := o.Start.Add(time.Hour); again.Unix() >= r.last[i] && again.Hour() == o.Start.Hour() {
				o.Start = again
			}
		}
		r.last[i] = max(r.last[i], o.Start.Unix())
	}
	r.out[i].Obs = append(r.out[i].Obs, o)
}

// start reads the time of a row; local tells that it carries no offset.
func (r *reader) start() (t time.Time, local bool, err error) {
	c := r.c
	if c.Has("start") {
		s := c.Text("start")
		if s == "" {
			return time.Time{}, false, nil
		}
		if len(s) >= 16 && (s[10] == ' ' || s[10] == 'T') && (len(s) == 16 || (len(s) == 19 && strings.HasSuffix(s, ":00"))) {
			if t, ok := r.at(s[:10], s[11:16]); ok {
				return t, true, nil
			}
		}
		t = c.Time("start", r.opt.Zone)
		return t, len(s) <= 19, c.RowErr()
	}
	s := c.Text("date")
	if s == "" {
		return time.Time{}, false, nil
	}
	clock := "00:00"
	if c.Has("time") {
		clock, _, _ = strings.Cut(c.Text("time"), "-") // 08:00-08:15
		clock = strings.TrimSpace(clock)
	}
	if t, ok := r.at(s, clock); ok {
		return t, true, nil
	}
	if _, err := calendar.ParseDate(s); err != nil {
		return time.Time{}, false, c.Fail("date", "a date such as 2006-01-02")
	}
	return time.Time{}, false, c.Fail("time", "a time such as 08:30 that exists on this day")
}

// at joins a date and a clock; ok is false when either cannot be read or the
// time does not exist.
func (r *reader) at(date, clock string) (time.Time, bool) {
	d, ok := r.days[date]
	if !ok {
		var err error
		if d, err = calendar.ParseDate(date); err != nil {
			return time.Time{}, false
		}
		r.days[date] = d
	}
	k, err := calendar.ParseClock(clock)
	if err != nil {
		var h int
		if n, _ := fmt.Sscanf(clock, "%d", &h); n != 1 || h < 0 || h > 23 || len(clock) > 2 {
			return time.Time{}, false
		}
		k = calendar.Clock(60 * h)
	}
	t := d.At(k, r.opt.Zone)
	return t, calendar.ClockOf(t, r.opt.Zone) == k || k == calendar.Midnight
}
