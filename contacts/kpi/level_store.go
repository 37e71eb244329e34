package kpi

import (
	"context"
	"database/sql"
	"math"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Level is the service level of a channel today, by its formula and target.
type Level struct {
	Channel string
	Target
	Offered float64 // came in, short abandons included
	In, Of  float64 // the service level is In / Of
	Unknown bool    // the data do not tell what the formula counts
}

// Share returns the service level, NaN where there is none.
func (l *Level) Share() float64 {
	if l.Unknown {
		return math.NaN()
	}
	return ratio(l.In, l.Of)
}

// LevelsToday returns the service level so far of the channels with a target, in
// the order of the centre: that of the dashboard. It makes the figures of today
// anew, keeps nothing and waits for no writer.
func LevelsToday(ctx context.Context, db *sql.DB, set *Settings, now time.Time) ([]Level, error) {
	today := calendar.DateOf(now, set.zone())
	l, err := newLoader(ctx, db, set, Query{Period: Period{today, today}, By: []Key{ByChannel}, Until: now})
	if err != nil {
		return nil, err
	}
	l.cube.fresh = true
	if err := l.queues(ctx, span{today, today}, true); err != nil {
		return nil, err
	}
	l.finish()
	byChannel := map[string]*Sums{}
	for i := range l.frame.Groups {
		byChannel[l.frame.Groups[i].Values[0]] = &l.frame.Groups[i].Sums
	}
	var out []Level
	for _, ch := range set.channels() {
		v := Level{Channel: ch, Target: set.Targets[ch]}
		if s := byChannel[ch]; s != nil {
			v.Offered, v.In, v.Of, v.Unknown = s[Offered], s[SLHit], s[SLBase], s[SLBlank] > 0
		}
		out = append(out, v)
	}
	return out, nil
}

// LevelText is the definition of the service level.
func LevelText(l output.Lang, set *Settings) string {
	f := serviceLevel(set)
	return f.Definition(l, set)
}
