package importer

import (
	"context"
	"strings"
	"testing"
)

// TestUndoKeepsTheWindow links contacts ten days apart by a window of 14 days,
// adds one in between by another run, and takes that back: the link is as before.
func TestUndoKeepsTheWindow(t *testing.T) {
	db, so := testStore(t)
	so.RepeatDays = 14
	const head = "id,start,channel,wait_s,talk_s,phone,subject\n"
	load(t, db, so, Options{}, write(t, "a.csv", head+"a,2026-03-01 09:00,phone,1,60,0611111111,tax\nb,2026-03-11 09:00,phone,1,60,0611111111,tax\n"))
	linked := "SELECT COUNT(*) FROM contact b JOIN contact a ON a.id = b.repeat_of WHERE b.external_id = 'b' AND a.external_id = 'a'"
	if one(t, db, linked) != 1 {
		t.Fatal("contacts ten days apart are not linked")
	}
	so.RepeatDays = 0
	second := load(t, db, so, Options{}, write(t, "b.csv", head+"c,2026-03-05 09:00,phone,1,60,0611111111,tax\n"))
	if one(t, db, linked) != 0 {
		t.Fatal("the contact in between changes nothing")
	}
	if _, _, err := Undo(context.Background(), db, second.Run, so.Now); err != nil {
		t.Fatal(err)
	}
	if one(t, db, linked) != 1 {
		t.Error("after undo the contacts ten days apart are no longer linked")
	}
	checkRolls(t, db)
}

// TestQueueWithoutFigures tells of a queue of which no row has a figure, and of
// none that has some.
func TestQueueWithoutFigures(t *testing.T) {
	db, so := testStore(t)
	sum := load(t, db, so, Options{}, write(t, "a.csv", "start,queue,offered,answered\n2026-03-02 09:00,Phone,4,3\n2026-03-02 09:00,Forms,,\n"+
		"2026-03-02 09:15,Phone,0,0\n2026-03-02 09:15,Forms,,\n2026-03-02 09:30,Phone,,\n2026-03-02 09:30,Forms,,\n"))
	text := strings.Join(sum.Files[0].Warnings, "\n")
	if !strings.Contains(text, `"Forms" is left out: none of its 3 rows has a figure`) || strings.Contains(text, "Phone") {
		t.Errorf("warnings = %q", text)
	}
	if c := sum.Files[0].Counts; c.Imported != 2 || c.Skipped != 4 {
		t.Errorf("counts = %+v", c)
	}
}
