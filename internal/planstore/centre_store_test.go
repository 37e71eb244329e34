package planstore

import (
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/store/storetest"
)

// newStore makes an empty store.
func newStore(t testing.TB) *sql.DB {
	t.Helper()
	db := storetest.Open(t, filepath.Join(t.TempDir(), "kcc.db"))
	return db
}

func TestCentreVersions(t *testing.T) {
	db := newStore(t)
	ctx := t.Context()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	parse := func(text string) *centre.Centre {
		c, err := centre.Parse("test", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	one, two := parse("name = \"one\""), parse("name = \"two\"")
	day := calendar.NewDate(2026, 11, 1)
	if _, _, err := LoadCentre(ctx, db, day); !errors.Is(err, ErrNoCentre) {
		t.Fatalf("LoadCentre of an empty store = %v", err)
	}
	save := func(c *centre.Centre, from calendar.Date, want bool) {
		t.Helper()
		if _, isNew, err := SaveCentre(ctx, db, c, from, "centre.toml", now); err != nil || isNew != want {
			t.Fatalf("SaveCentre = new %v, %v; want %v", isNew, err, want)
		}
	}
	save(one, day, true)
	save(one, day, false)
	save(one, day+5, false) // it is valid then already
	save(two, day+10, true)
	save(one, day+20, true) // and back again
	for d, want := range map[calendar.Date]string{day: "one", day + 9: "one", day + 10: "two", day + 19: "two", day + 400: "one"} {
		c, _, err := LoadCentre(ctx, db, d)
		if err != nil || c.Name != want {
			t.Errorf("centre on %s = %v, %v; want %s", d, c, err, want)
		}
	}
	if c, _, err := LoadCentre(ctx, db, day-1); err != nil || c.Name != "one" {
		t.Errorf("before the first version: %v, %v; want the first", c, err)
	}
	all, err := CentreVersions(ctx, db)
	if err != nil || len(all) != 3 || all[0].Source != "centre.toml" || !all[0].Loaded.Equal(now) {
		t.Errorf("versions = %+v, %v", all, err)
	}
	// The template comes back as it was.
	tpl, err := centre.Parse("template", centre.Template())
	if err != nil {
		t.Fatal(err)
	}
	save(tpl, day+30, true)
	back, _, err := LoadCentre(ctx, db, day+30)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(tpl, back, cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })); d != "" {
		t.Errorf("the store changes the centre (-was +is):\n%s", d)
	}
}
