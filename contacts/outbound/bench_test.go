package outbound

import (
	"context"
	"testing"
)

// million fills a desk with a campaign of a million records, half of them called
// once and waiting.
func million(b *testing.B) *Desk {
	b.Helper()
	ctx := context.Background()
	d := newDesk(b, &clock{at("2026-11-24 10:00")})
	c, err := d.AddCampaign(ctx, Campaign{Name: "million", Kind: Arrears})
	if err != nil {
		b.Fatal(err)
	}
	key, body, err := d.Register.Secrets.Seal(phone(1))
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
		 INSERT INTO outbound_record (id, campaign_id, key, party_ref, priority, due, attempts, next_at, created)
		 SELECT i, ?1, 'r' || i, 'k:' || i, i % 5, 1795600000 + i % 4000000, i % 2, CASE i % 2 WHEN 1 THEN 1800000000 ELSE 1790000000 END, 0 FROM n`,
		`INSERT INTO sealed_detail (outbound_id, key_id, body) SELECT id, ?2, ?3 FROM outbound_record WHERE ?1 AND id % 1000 < 20`,
		`INSERT INTO outbound_tally SELECT ?1, 20000 + i % 60, 1 + i % 3, 9 + i % 8, CASE WHEN i % 3 = 0 THEN 'reached' ELSE 'no_answer' END, 1000, 90000, 1000, 20000, 1000
		 FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i FROM n) WHERE true
		 ON CONFLICT DO UPDATE SET n = n + 1000`,
	} {
		if _, err := d.db().Exec(q, c.ID, key, body); err != nil {
			b.Fatal(err)
		}
	}
	return d
}

// BenchmarkMillion measures the choice of the next record and the report on a
// campaign of a million records.
func BenchmarkMillion(b *testing.B) {
	d := million(b)
	ctx := context.Background()
	b.Run("next", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.Next(ctx, NextOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("report", func(b *testing.B) {
		for b.Loop() {
			list, err := d.Stands(ctx, "", 0, 0)
			if err != nil {
				b.Fatal(err)
			}
			if o := list[0].Outlook(); list[0].Records < 1000000 || o.Calls == 0 {
				b.Fatal("the report is empty")
			}
		}
	})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if _, err := d.List(ctx, Filter{Campaign: "million", Status: "open", Limit: 100}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
