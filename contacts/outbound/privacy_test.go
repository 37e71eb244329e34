package outbound

import (
	"context"
	"testing"
	"time"

	"kcc/contacts/privacy"
)

// TestForgotten holds that a customer can see and take away what outbound work
// has of them, and that their wish not to be called outlives it.
func TestForgotten(t *testing.T) {
	ctx := context.Background()
	c := &clock{at("2026-11-24 10:00")}
	d := newDesk(t, c)
	if _, err := d.AddCampaign(ctx, Campaign{Name: "a", Kind: Arrears, Spacing: -1}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load(ctx, "a", []Record{{Key: "1", Number: phone(1), Task: "offer a plan", Reference: "Z-1"}, {Key: "2", Number: phone(2)}}); err != nil {
		t.Fatal(err)
	}
	r, err := d.Next(ctx, NextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Log(ctx, Attempt{Record: r.ID, Outcome: NoAnswer, Talk: -1, Dial: -1, Note: "a note"}); err != nil {
		t.Fatal(err)
	}
	refs, err := d.Register.Secrets.Refs(phone(1))
	if err != nil {
		t.Fatal(err)
	}
	records, err := privacy.Export(ctx, d.db(), refs, d.Register.Secrets.Open)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]int{}
	for _, r := range records {
		tables[r.Table]++
	}
	for _, want := range []string{"outbound_record", "outbound_attempt", "sealed_detail"} {
		if tables[want] != 1 {
			t.Errorf("the export has %d rows of %s, want 1 (%v)", tables[want], want, tables)
		}
	}
	if _, err := d.Bar(ctx, phone(1), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := privacy.Erase(ctx, d.db(), refs, "anna", c.t, false); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := d.db().QueryRow(`SELECT (SELECT COUNT(*) FROM outbound_record WHERE key = '1' AND (party_ref IS NOT NULL OR task <> '' OR reference <> ''))
		+ (SELECT COUNT(*) FROM outbound_attempt WHERE note <> '') + (SELECT COUNT(*) FROM sealed_detail WHERE outbound_id = ?)`, r.ID).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d values are left (%v)", left, err)
	}
	if res, err := d.Load(ctx, "a", []Record{{Key: "3", Number: phone(1)}}); err != nil || res.Barred != 1 {
		t.Errorf("after being forgotten the customer is called again: %+v, %v", res, err)
	}
	// What is done loses its number after a week, and its reference after a year.
	c.t = c.t.Add(400 * 24 * time.Hour)
	if _, err := privacy.Prune(ctx, d.db(), privacy.Retention{}, "anna", c.t); err != nil {
		t.Fatal(err)
	}
}
