package flow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/contacts/importer"
	"kcc/forecast"
)

// HistoryOptions says how to read a history file.
type HistoryOptions struct {
	Zone     *time.Location
	Value    string   // the column with the volume; empty: found by its name
	Channels []string // only these; empty: all
	Subjects bool     // a series per channel and subject, beside those per channel
	Teams    bool     // a series per channel and team too, by the column team
	Gaps     forecast.GapRule
}

// unknownSubject collects the contacts without a subject, so that subjects add
// up to their channel.
const unknownSubject = "unknown"

// ReadHistory reads the series of a file in any form that the importer knows; "-" is
// stdin. Channels keep the names that the file has. Rows that cannot be read go
// to reject and are left out; when none can be read the first is the error.
func ReadHistory(ctx context.Context, path string, stdin io.Reader, opt HistoryOptions, reject func(error)) ([]forecast.Series, error) {
	how := importer.Options{Zone: opt.Zone, KeepChannels: true}
	if opt.Value != "" {
		how.Map = map[string]string{"offered": opt.Value}
	}
	var again io.Reader
	if path == "-" && opt.Teams {
		all, err := io.ReadAll(stdin) // read twice
		if err != nil {
			return nil, err
		}
		stdin, again = bytes.NewReader(all), bytes.NewReader(all)
	}
	out, err := readHistory(ctx, path, stdin, how, opt, reject)
	if err != nil || !opt.Teams {
		return out, err
	}
	teams, err := readTeams(ctx, path, again, how, opt)
	return append(out, teams...), err
}

// teamColumn is the column that divides a channel over teams.
const teamColumn = "team"

// readTeams reads the history once more with the team in the place of the subject.
func readTeams(ctx context.Context, path string, stdin io.Reader, how importer.Options, opt HistoryOptions) ([]forecast.Series, error) {
	m := map[string]string{"subject": teamColumn}
	for k, v := range how.Map {
		m[k] = v
	}
	how.Map = m
	opt.Subjects = true
	list, err := readHistory(ctx, path, stdin, how, opt, func(error) {})
	if err != nil {
		return nil, err
	}
	var out []forecast.Series
	for _, s := range list {
		if s.Subject != "" {
			s.Team, s.Subject = s.Subject, ""
			out = append(out, s)
		}
	}
	return out, nil
}

func readHistory(ctx context.Context, path string, stdin io.Reader, how importer.Options, opt HistoryOptions, reject func(error)) ([]forecast.Series, error) {
	var first error
	h, err := importer.ReadHistory(ctx, []string{path}, stdin, how, contacts.Filter{BySubject: opt.Subjects, Channels: opt.Channels, Zone: opt.Zone},
		func(r *importer.Reject) {
			if first == nil {
				first = r
			}
			reject(r)
		})
	switch {
	case errors.Is(err, importer.ErrNoHistory) && first != nil:
		return nil, fmt.Errorf("%s: no row could be read: %w", path, first)
	case errors.Is(err, importer.ErrNoHistory) && len(opt.Channels) > 0:
		return nil, fmt.Errorf("%s: %w for channel %s", path, forecast.ErrNoHistory, strings.Join(opt.Channels, ", "))
	case errors.Is(err, importer.ErrNoHistory):
		return nil, fmt.Errorf("%s: there is no row with a time and a volume: %w", path, forecast.ErrNoHistory)
	case err != nil:
		return nil, err
	}
	list := h.Series
	if opt.Subjects {
		list = append(list, restOf(list)...)
	}
	out := make([]forecast.Series, len(list))
	for i := range list {
		out[i] = seriesOf(list[i], opt.Gaps)
	}
	return out, nil
}

// seriesOf turns the volumes of one channel or subject into a series with hours
// that are inferred. A source that says so makes absent intervals missing,
// unless gaps says otherwise.
func seriesOf(h contacts.Series, gaps forecast.GapRule) forecast.Series {
	if gaps == forecast.GapsAuto && h.GapsMissing {
		gaps = forecast.GapsMissing
	}
	s := forecast.Series{
		Channel: h.Channel, Subject: h.Subject, Zone: h.Zone, Step: h.Step,
		First: h.First, Last: h.Last, Gaps: gaps, Obs: make([]forecast.Observation, len(h.Obs)),
	}
	for i, o := range h.Obs {
		s.Obs[i] = forecast.Observation{Start: o.Start, Offered: o.Offered, Handled: o.Handled, AHT: o.AHT}
	}
	return s
}

// restOf returns per channel with subjects a series of the contacts that have
// none, where there are any.
func restOf(list []contacts.Series) []contacts.Series {
	type sum struct{ offered, work, handled float64 }
	subjects := map[string]map[int64]sum{}
	for _, s := range list {
		if s.Subject == "" {
			continue
		}
		m := subjects[s.Channel]
		if m == nil {
			m = map[int64]sum{}
			subjects[s.Channel] = m
		}
		for _, o := range s.Obs {
			t := m[o.Start.Unix()]
			n := known(o.Handled, o.Offered)
			m[o.Start.Unix()] = sum{t.offered + known(o.Offered, 0), t.work + n*known(o.AHT, 0), t.handled + n}
		}
	}
	var out []contacts.Series
	for _, s := range list {
		m := subjects[s.Channel]
		if s.Subject != "" || m == nil {
			continue
		}
		rest := s
		rest.Subject, rest.Obs = unknownSubject, nil
		for _, o := range s.Obs {
			t := m[o.Start.Unix()]
			left := o.Offered - t.offered
			if !(left > leastRest) {
				continue
			}
			n := known(o.Handled, o.Offered)
			handled := math.Max(0, n-t.handled)
			v := contacts.Volume{Start: o.Start, Offered: left, Handled: handled, AHT: math.NaN(), Abandoned: math.NaN(), Wait: math.NaN()}
			if handled > 0 && !math.IsNaN(o.AHT) {
				v.AHT = math.Max(0, n*o.AHT-t.work) / handled
			}
			rest.Obs = append(rest.Obs, v)
		}
		if len(rest.Obs) > 0 {
			out = append(out, rest)
		}
	}
	return out
}

// leastRest is the least difference between a channel and its subjects that is
// not rounding.
const leastRest = 1e-6

func known(x, otherwise float64) float64 {
	if math.IsNaN(x) {
		return otherwise
	}
	return x
}
