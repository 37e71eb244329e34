package flow

import (
	"context"
	"database/sql"
	"time"

	"kcc/contacts/kpi"
	"kcc/contacts/register"
)

// WatchedQueues returns the channels with a promise on waiting and how they did
// today, as the reports count it.
func WatchedQueues(ctx context.Context, db *sql.DB, set *kpi.Settings, now time.Time) ([]register.Queue, error) {
	levels, err := kpi.LevelsToday(ctx, db, set, now)
	if err != nil {
		return nil, err
	}
	var out []register.Queue
	for i := range levels {
		if v := &levels[i]; v.Target.Level > 0 {
			out = append(out, register.Queue{
				Channel: v.Channel, Target: v.Target.Level, Within: v.Within, Offered: v.Offered, Of: v.Of, Level: v.Share(),
			})
		}
	}
	return out, nil
}
