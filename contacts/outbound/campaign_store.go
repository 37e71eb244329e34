package outbound

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/internal/calendar"
)

const campaignColumns = `id, name, kind, state, priority, channel, skill, subject, hours, max_attempts, spacing_s, consent,
	COALESCE(first_day, 0), COALESCE(last_day, 0), talk_s, dial_s`

func scanCampaign(row interface{ Scan(...any) error }) (Campaign, error) {
	var c Campaign
	var spacing, first, last, talk, dial int64
	err := row.Scan(&c.ID, &c.Name, &c.Kind, &c.State, &c.Priority, &c.Channel, &c.Skill, &c.Subject, &c.Hours, &c.MaxAttempts, &spacing, &c.Consent,
		&first, &last, &talk, &dial)
	c.Spacing, c.Talk, c.Dial = seconds(spacing), seconds(talk), seconds(dial)
	c.First, c.Last = calendar.Date(first), calendar.Date(last)
	return c, err
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

// AddCampaign makes a campaign; what is zero gets the default of its kind.
func (d *Desk) AddCampaign(ctx context.Context, c Campaign) (Campaign, error) {
	if err := c.fill(); err != nil {
		return c, err
	}
	err := d.write(ctx, func(tx *sql.Tx) error {
		var have int
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM outbound_campaign WHERE name = ?", c.Name).Scan(&have); err != nil {
			return err
		}
		if have > 0 {
			return fmt.Errorf("campaign %s: %w", c.Name, ErrExists)
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO outbound_campaign
			(name, kind, state, priority, channel, skill, subject, hours, max_attempts, spacing_s, consent, first_day, last_day, talk_s, dial_s, created)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, append(c.values(), d.now().Unix())...)
		if err != nil {
			return err
		}
		c.ID, err = res.LastInsertId()
		return err
	})
	return c, err
}

// values are the columns of a campaign from name to dial_s.
func (c *Campaign) values() []any {
	return []any{
		c.Name, c.Kind, c.State, c.Priority, c.Channel, c.Skill, c.Subject, c.Hours, c.MaxAttempts, int64(c.Spacing / time.Second), c.Consent,
		dayOrNil(c.First), dayOrNil(c.Last), int64(c.Talk / time.Second), int64(c.Dial / time.Second),
	}
}

func dayOrNil(d calendar.Date) any {
	if d == 0 {
		return nil
	}
	return int64(d)
}

// SetCampaign stores a campaign that change altered. A closed one lets go of its
// open records; one that is opened again does not take them back.
func (d *Desk) SetCampaign(ctx context.Context, name string, change func(*Campaign) error) (Campaign, error) {
	var c Campaign
	err := d.write(ctx, func(tx *sql.Tx) error {
		var err error
		if c, err = campaign(ctx, tx, name); err != nil {
			return err
		}
		if err := change(&c); err != nil {
			return err
		}
		if err := c.fill(); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE outbound_campaign SET name = ?, kind = ?, state = ?, priority = ?, channel = ?, skill = ?, subject = ?, hours = ?,
			max_attempts = ?, spacing_s = ?, consent = ?, first_day = ?, last_day = ?, talk_s = ?, dial_s = ? WHERE id = ?`, append(c.values(), c.ID)...)
		if err != nil || c.State != Closed {
			return err
		}
		return d.finish(ctx, tx, resultStopped, "campaign_id = ? AND status <> 'done'", c.ID)
	})
	return c, err
}

// campaign loads a campaign by its name.
func campaign(ctx context.Context, q querier, name string) (Campaign, error) {
	c, err := scanCampaign(q.QueryRowContext(ctx, "SELECT "+campaignColumns+" FROM outbound_campaign WHERE name = ?", name))
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("campaign %s: %w", name, ErrNotFound)
	}
	return c, err
}

// Campaign returns a campaign by its name.
func (d *Desk) Campaign(ctx context.Context, name string) (Campaign, error) {
	return campaign(ctx, d.db(), name)
}

// Campaigns returns all campaigns, those that go first at the front.
func (d *Desk) Campaigns(ctx context.Context) ([]Campaign, error) {
	return campaigns(ctx, d.db(), "")
}

func campaigns(ctx context.Context, q querier, where string, args ...any) ([]Campaign, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+campaignColumns+" FROM outbound_campaign "+where+" ORDER BY priority DESC, id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Campaign
	for rows.Next() {
		c, err := scanCampaign(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
