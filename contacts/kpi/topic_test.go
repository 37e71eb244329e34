package kpi

import "testing"

// TestTopics changes what contacts are about in every way and looks whether their
// work follows.
func TestTopics(t *testing.T) {
	d := newDesk(t)
	d.exec("INSERT INTO queue (id, source_id, name, channel) VALUES (50, 1, 'q', 'phone')")
	for i := range 4 {
		d.exec("INSERT INTO contact (id, key, source_id, start, day, slot, channel, queue_id, subject, kind) VALUES (?, ?, 1, 0, 0, 0, 'phone', 50, ?, 'question')", i+1, i+1, []string{"waste", "taxes"}[i%2])
	}
	wrong := func(after string) {
		t.Helper()
		var n int
		if err := d.db.QueryRow(`SELECT COUNT(*) FROM handoff h JOIN contact c ON c.id = h.contact_id LEFT JOIN work_topic t ON t.id = h.topic
			WHERE (c.channel, c.kind, c.subject, c.segment, c.direction) IS NOT (t.channel, t.kind, t.subject, t.segment, t.direction)`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n != 0 {
			t.Errorf("after %s %d pieces of work are about something else than their contacts", after, n)
		}
	}
	for i := range 3 {
		d.handOff(int64(i+1), "dep", "2026-03-02 10:00", "2026-03-09 10:00", "", "")
	}
	d.handOff(1, "other", "2026-03-02 10:00", "2026-03-09 10:00", "", "")
	wrong("handing off")
	d.exec("UPDATE contact SET subject = 'parking', segment = 'business' WHERE id = 1")
	wrong("a correction")
	d.exec("UPDATE contact SET channel = 'chat' WHERE queue_id = 50")
	wrong("a new rule for a queue")
	d.exec("UPDATE contact SET kind = 'complaint', direction = 'outbound'")
	wrong("changes of all")
	d.exec("UPDATE OR REPLACE contact SET subject = 'waste'")
	wrong("a replacement")
	d.exec("DELETE FROM contact WHERE id = 2")
	wrong("a contact goes")
	var topics int
	if err := d.db.QueryRow("SELECT COUNT(*) - COUNT(DISTINCT channel || '|' || kind || '|' || subject || '|' || segment || '|' || direction) FROM work_topic").Scan(&topics); err != nil || topics != 0 {
		t.Errorf("%d topics are there twice: %v", topics, err)
	}
}
