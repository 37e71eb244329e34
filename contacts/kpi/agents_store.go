package kpi

import (
	"context"
	"database/sql"
	"time"

	"kcc/internal/store"
)

// readStates reads the states of agents in a span of time, cut to it. A state
// without an end lasts until the next one of the agent, at most until now.
func readStates(ctx context.Context, db *sql.DB, set *Settings, from, end, now time.Time) ([]AgentState, error) {
	const longest = 24 * 60 * 60 // of one state, so that one that began before the span is found
	rows, err := db.QueryContext(ctx, `
SELECT agent, start, COALESCE(end, (SELECT MIN(n.start) FROM agent_state n WHERE n.agent = s.agent AND n.start > s.start), ?3), state
FROM agent_state s WHERE start >= ?1 AND start < ?2 ORDER BY agent, start, id`, from.Unix()-longest, end.Unix(), now.Unix())
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	loc := set.zone()
	var out []AgentState
	for rows.Next() {
		var s AgentState
		var a, b int64
		if err := rows.Scan(&s.Agent, &a, &b, &s.State); err != nil {
			return nil, err
		}
		a, b = max(a, from.Unix()), min(b, end.Unix(), now.Unix())
		if b <= a {
			continue
		}
		s.From, s.To = time.Unix(a, 0).In(loc), time.Unix(b, 0).In(loc)
		out = append(out, s)
	}
	return out, store.Explain(rows.Err())
}
