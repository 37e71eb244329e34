package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"kcc/contacts/promise"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// SetPlace makes a place, or changes what it offers. Appointments that were
// booked stay as they are.
func (d *Desk) SetPlace(ctx context.Context, p Place) error {
	if err := p.check(); err != nil {
		return err
	}
	return d.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO appointment_place (name, channel, hours, length_s, capacity) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, hours = excluded.hours, length_s = excluded.length_s, capacity = excluded.capacity`,
			p.Name, p.Channel, p.Hours, int64(p.Length/time.Second), p.Capacity)
		return err
	})
}

// Places returns all places in order of name.
func (d *Desk) Places(ctx context.Context) ([]Place, error) {
	rows, err := d.DB.QueryContext(ctx, "SELECT name, channel, hours, length_s, capacity FROM appointment_place ORDER BY name")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Place
	for rows.Next() {
		p, err := scanPlace(rows.Scan)
		if err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, p)
	}
	return out, store.Explain(rows.Err())
}

func scanPlace(scan func(...any) error) (Place, error) {
	var p Place
	var length int64
	err := scan(&p.Name, &p.Channel, &p.Hours, &length, &p.Capacity)
	p.Length = time.Duration(length) * time.Second
	return p, err
}

func loadPlace(ctx context.Context, db promise.Queryer, name string) (Place, error) {
	p, err := scanPlace(db.QueryRowContext(ctx, "SELECT name, channel, hours, length_s, capacity FROM appointment_place WHERE name = ?", name).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fmt.Errorf("place %q: %w", name, ErrNotFound)
	}
	return p, err
}

// Slots returns the slots of a place (of all with "") that start from from on and
// before to, with what is free; only those with something free when asked.
func (d *Desk) Slots(ctx context.Context, place string, from, to time.Time, onlyFree bool) ([]Slot, error) {
	office, err := d.Calendar("")
	if err != nil {
		return nil, err
	}
	places, err := d.Places(ctx)
	if err != nil {
		return nil, err
	}
	var out []Slot
	found := place == ""
	for _, p := range places {
		if place != "" && p.Name != place {
			continue
		}
		found = true
		taken, err := d.Appointments(ctx, AppointmentFilter{Place: p.Name, From: from.Add(-24 * time.Hour), To: to, Active: true})
		if err != nil {
			return nil, err
		}
		for day := calendar.DateOf(from, d.zone()); !day.Start(d.zone()).After(to); day++ {
			starts, err := p.slots(day, office.Work.Hours())
			if err != nil {
				return nil, err
			}
			for _, t := range starts {
				if t.Before(from) || !t.Before(to) {
					continue
				}
				s := Slot{Place: p.Name, Start: t, Length: p.Length}
				for _, a := range taken {
					if a.Start.Before(t.Add(p.Length)) && t.Before(a.Start.Add(a.Length)) {
						s.Booked++
					}
				}
				s.Free = max(p.Capacity-s.Booked, 0)
				if s.Free > 0 || !onlyFree {
					out = append(out, s)
				}
			}
		}
	}
	if !found {
		return nil, fmt.Errorf("place %q: %w", place, ErrNotFound)
	}
	return out, nil
}

// Book makes an appointment. Of several desks that book the last free slot at
// once, one gets it.
func (d *Desk) Book(ctx context.Context, b Booking) (int64, error) {
	if err := check("subject", b.Subject, d.Centre.subjectNames()); err != nil {
		return 0, err
	}
	var party any
	if b.Party != "" {
		ref, err := d.ref(b.Party)
		if err != nil {
			return 0, err
		}
		party = ref
	}
	b.Note = d.mask(b.Note)
	var id int64
	err := d.write(ctx, func(tx *sql.Tx) error {
		if b.Contact != 0 {
			if err := exists(ctx, tx, b.Contact); err != nil {
				return err
			}
		}
		p, err := loadPlace(ctx, tx, b.Place)
		if err != nil {
			return err
		}
		length := b.Length
		if length == 0 {
			length = p.Length
		}
		if !b.Force {
			if err := d.fits(ctx, tx, &p, b.Start, length, 0); err != nil {
				return err
			}
		}
		res, err := tx.ExecContext(ctx, `
INSERT INTO appointment (contact_id, place, start, length_s, subject, party_ref, status, made, note) VALUES (?, ?, ?, ?, ?, ?, 'booked', ?, ?)`,
			idOrNil(b.Contact), b.Place, b.Start.Unix(), int64(length/time.Second), b.Subject, party, d.now().Unix(), b.Note)
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil || b.Reach == "" {
			return err
		}
		return d.seal(ctx, tx, "appointment_id", id, b.Reach)
	})
	return id, err
}

// fits reports whether an appointment can start at a time: on a slot of the
// place, with something free for its whole length. except is left out of count.
func (d *Desk) fits(ctx context.Context, tx *sql.Tx, p *Place, start time.Time, length time.Duration, except int64) error {
	office, err := d.Calendar("")
	if err != nil {
		return err
	}
	starts, err := p.slots(calendar.DateOf(start, d.zone()), office.Work.Hours())
	if err != nil {
		return err
	}
	on, end := false, start.Add(length)
	for _, t := range starts {
		on = on || t.Equal(start)
	}
	when := start.In(d.zone()).Format("Mon 2006-01-02 15:04")
	if !on {
		return fmt.Errorf("%s, %s: %w", p.Name, when, ErrNoSlot)
	}
	// The most that run at once anywhere in the appointment: it changes only where
	// another one starts.
	var most int
	err = tx.QueryRowContext(ctx, `
SELECT COALESCE(MAX(n), 0) FROM (
	SELECT (SELECT COUNT(*) FROM appointment b WHERE b.place = ?1 AND b.status <> 'cancelled' AND b.id <> ?4
		AND b.start <= t.at AND b.start + b.length_s > t.at) AS n
	FROM (SELECT ?2 AS at UNION SELECT start FROM appointment a WHERE a.place = ?1 AND a.status <> 'cancelled' AND a.start > ?2 AND a.start < ?3) t
)`, p.Name, start.Unix(), end.Unix(), except).Scan(&most)
	if err != nil {
		return err
	}
	if most >= p.Capacity {
		return fmt.Errorf("%s, %s: %w", p.Name, when, ErrFull)
	}
	return nil
}

// Move gives an appointment another time, and another place when one is named.
// The customer is reminded anew.
func (d *Desk) Move(ctx context.Context, id int64, to time.Time, place string, force bool) error {
	return d.write(ctx, func(tx *sql.Tx) error {
		a, err := d.appointment(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.Status != Booked {
			return fmt.Errorf("appointment %d: it is %s", id, strings.ReplaceAll(a.Status, "_", "-"))
		}
		p, err := loadPlace(ctx, tx, or(place, a.Place))
		if err != nil {
			return err
		}
		if !force {
			if err := d.fits(ctx, tx, &p, to, a.Length, id); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, "UPDATE appointment SET start = ?, place = ?, moved = moved + 1, reminded = NULL WHERE id = ?", to.Unix(), p.Name, id)
		return err
	})
}

// Finish says what became of an appointment: Attended, NoShow, Cancelled, or
// Booked again after a mistake.
func (d *Desk) Finish(ctx context.Context, id int64, status string) error {
	return d.write(ctx, func(tx *sql.Tx) error {
		a, err := d.appointment(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.Status == status {
			return fmt.Errorf("appointment %d is %s already", id, strings.ReplaceAll(status, "_", "-"))
		}
		if (status == NoShow || status == Attended) && d.now().Before(a.Start) {
			return fmt.Errorf("appointment %d has not begun yet: it is on %s", id, a.Start.Format("Mon 2006-01-02 15:04"))
		}
		if _, err := tx.ExecContext(ctx, "UPDATE appointment SET status = ? WHERE id = ?", status, id); err != nil {
			return err
		}
		erase := unixOr(d.now().Add(DetailsKept), status != Booked)
		_, err = tx.ExecContext(ctx, "UPDATE sealed_detail SET erase_at = ? WHERE appointment_id = ?", erase, id)
		return err
	})
}

// Remind returns the booked appointments that start within ahead and whose
// customers were not reminded, with how to reach them, and keeps that they were.
func (d *Desk) Remind(ctx context.Context, ahead time.Duration) ([]Appointment, error) {
	var out []Appointment
	err := d.write(ctx, func(tx *sql.Tx) error {
		var err error
		now := d.now()
		out, err = d.appointments(ctx, tx, AppointmentFilter{From: now, To: now.Add(ahead), Status: Booked, unreminded: true})
		if err != nil {
			return err
		}
		for i := range out {
			if out[i].Details, err = d.reach(ctx, tx, out[i].ID); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE appointment SET reminded = ? WHERE id = ?", now.Unix(), out[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (d *Desk) reach(ctx context.Context, tx *sql.Tx, id int64) (string, error) {
	var key string
	var body []byte
	err := tx.QueryRowContext(ctx, "SELECT key_id, body FROM sealed_detail WHERE appointment_id = ? ORDER BY id DESC LIMIT 1", id).Scan(&key, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if d.Secrets == nil {
		return "", errors.New("there is no key file to open the details with")
	}
	return d.Secrets.Open(key, body)
}

// AppointmentFilter chooses appointments; empty fields choose all.
type AppointmentFilter struct {
	From, To   time.Time
	Place      string
	Status     string
	Party      string
	Active     bool // all but cancelled
	unreminded bool
}

// Appointments returns appointments in order of time; ErrNotFound when there is no such place.
func (d *Desk) Appointments(ctx context.Context, f AppointmentFilter) ([]Appointment, error) {
	out, err := d.appointments(ctx, d.DB, f)
	return out, store.Explain(err)
}

const appointmentColumns = `a.id, COALESCE(a.contact_id, 0), a.place, p.channel, a.start, a.length_s, a.subject, COALESCE(a.party_ref, ''), a.status,
	a.made, a.moved, a.reminded, a.note`

func (d *Desk) appointments(ctx context.Context, db promise.Queryer, f AppointmentFilter) ([]Appointment, error) {
	where, args := []string{"1 = 1"}, []any{}
	and := func(cond string, v ...any) { where, args = append(where, cond), append(args, v...) }
	if !f.From.IsZero() {
		and("a.start >= ?", f.From.Unix())
	}
	if !f.To.IsZero() {
		and("a.start < ?", f.To.Unix())
	}
	if f.Place != "" {
		if _, err := loadPlace(ctx, db, f.Place); err != nil {
			return nil, err
		}
		and("a.place = ?", f.Place)
	}
	if f.Status != "" {
		and("a.status = ?", f.Status)
	}
	if f.Active {
		and("a.status <> 'cancelled'")
	}
	if f.unreminded {
		and("a.reminded IS NULL")
	}
	if f.Party != "" {
		refs, err := d.refs(f.Party)
		if err != nil {
			return nil, err
		}
		vals := make([]any, len(refs))
		for i, r := range refs {
			vals[i] = r
		}
		and("a.party_ref IN (?"+strings.Repeat(", ?", len(vals)-1)+")", vals...)
	}
	rows, err := db.QueryContext(ctx, "SELECT "+appointmentColumns+` FROM appointment a JOIN appointment_place p ON p.name = a.place
WHERE `+strings.Join(where, " AND ")+" ORDER BY a.start, a.place, a.id", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Appointment
	for rows.Next() {
		a, err := d.scanAppointment(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

func (d *Desk) appointment(ctx context.Context, tx *sql.Tx, id int64) (Appointment, error) {
	a, err := d.scanAppointment(tx.QueryRowContext(ctx, "SELECT "+appointmentColumns+" FROM appointment a JOIN appointment_place p ON p.name = a.place WHERE a.id = ?", id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fmt.Errorf("appointment %d: %w", id, ErrNotFound)
	}
	return a, err
}

func (d *Desk) scanAppointment(scan func(...any) error) (Appointment, error) {
	var a Appointment
	var start, length, made int64
	var reminded sql.NullInt64
	err := scan(&a.ID, &a.Contact, &a.Place, &a.Channel, &start, &length, &a.Subject, &a.Party, &a.Status, &made, &a.Moved, &reminded, &a.Note)
	a.Start, a.Made = time.Unix(start, 0).In(d.zone()), time.Unix(made, 0).In(d.zone())
	a.Length, a.Reminded = time.Duration(length)*time.Second, d.timeOf(reminded)
	return a, err
}

func idOrNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
