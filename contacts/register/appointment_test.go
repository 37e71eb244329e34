package register

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLastSlotIsBookedOnce(t *testing.T) {
	ctx := context.Background()
	clock := when(t, "2026-11-20 15:00")
	path := filepath.Join(t.TempDir(), "kcc.db")
	d := testDesk(t, path, &clock)
	if err := d.SetPlace(ctx, Place{Name: "counter", Channel: "counter", Hours: "mo-fr 09:00-10:00", Length: 15 * time.Minute, Capacity: 3}); err != nil {
		t.Fatal(err)
	}
	at := when(t, "2026-11-23 09:15")
	var booked, full atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			other := Desk{DB: d.DB, Now: d.Now, Centre: d.Centre}
			_, err := other.Book(ctx, Booking{Place: "counter", Start: at})
			switch {
			case err == nil:
				booked.Add(1)
			case errors.Is(err, ErrFull):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if booked.Load() != 3 || full.Load() != 5 {
		t.Errorf("%d booked and %d refused, want 3 and 5", booked.Load(), full.Load())
	}
}

func TestLongAppointments(t *testing.T) {
	ctx := context.Background()
	clock := when(t, "2026-11-20 15:00")
	d := testDesk(t, filepath.Join(t.TempDir(), "kcc.db"), &clock)
	if err := d.SetPlace(ctx, Place{Name: "phone", Channel: "phone", Hours: "mo-fr 09:00-10:00", Length: 15 * time.Minute, Capacity: 1}); err != nil {
		t.Fatal(err)
	}
	book := func(at string, length time.Duration) error {
		_, err := d.Book(ctx, Booking{Place: "phone", Start: when(t, at), Length: length})
		return err
	}
	if err := book("2026-11-23 09:30", 15*time.Minute); err != nil {
		t.Fatal(err)
	}
	// Half an hour from 09:15 runs into the one at 09:30.
	if err := book("2026-11-23 09:15", 30*time.Minute); !errors.Is(err, ErrFull) {
		t.Errorf("an overlap is booked: %v", err)
	}
	if err := book("2026-11-23 09:00", 30*time.Minute); err != nil {
		t.Error(err)
	}
	ss, err := d.Slots(ctx, "phone", when(t, "2026-11-23 00:00"), when(t, "2026-11-24 00:00"), true)
	if err != nil || len(ss) != 1 || !ss[0].Start.Equal(when(t, "2026-11-23 09:45")) {
		t.Errorf("free: %+v (%v), want 09:45", ss, err)
	}
	load := LoadTable(mustAppointments(t, d), 30*time.Minute, d.Centre.Zone)
	if len(load.Rows) != 2 || load.Rows[0][5] != 1.0 || load.Rows[1][5] != 0.5 {
		t.Errorf("load %v, want 1 and 0.5 agents", load.Rows)
	}
	if err := d.Move(ctx, 2, when(t, "2026-11-23 09:15"), "", false); !errors.Is(err, ErrFull) {
		t.Errorf("moved onto another one: %v", err)
	}
	if err := d.Finish(ctx, 1, Cancelled); err != nil {
		t.Fatal(err)
	}
	if err := d.Move(ctx, 2, when(t, "2026-11-23 09:15"), "", false); err != nil {
		t.Errorf("moved over its own time: %v", err)
	}
}

func mustAppointments(t *testing.T, d *Desk) []Appointment {
	t.Helper()
	as, err := d.Appointments(context.Background(), AppointmentFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return as
}
