package centre

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/output"
)

func TestTablesHaveEveryPart(t *testing.T) {
	c := template0(t)
	for _, lang := range []output.Lang{output.English, output.Dutch} {
		tables := c.Tables(lang)
		for i, part := range Parts() {
			if tables[i].Name != part {
				t.Errorf("table %d = %s, want %s", i, tables[i].Name, part)
			}
		}
		if n := len(tables[1].Rows); n != len(c.Channels) {
			t.Errorf("%d channels shown, want %d", n, len(c.Channels))
		}
		var b bytes.Buffer
		if err := output.Write(&b, output.JSON, output.Options{Lang: lang}, tables...); err != nil {
			t.Error(err)
		}
	}
	if got := c.Tables(output.Dutch)[1].Columns[0].Title; got != "Kanaal" {
		t.Errorf("Dutch label = %q", got)
	}
}

func TestDiff(t *testing.T) {
	parse := func(s string) *Centre {
		c, err := Parse("c.toml", []byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	a := parse("name = \"a\"\n[channels.phone]\nhours = \"mo-fr 08:00-17:00\"\nmin_presence = 2\n[[closed]]\ndate = \"2026-12-28\"")
	b := parse("name = \"a\"\n[channels.phone]\nhours = \"mo-fr 08:00-18:00\"\naht = \"4m\"\n[[closed]]\ndate = \"2026-12-29\"")
	want := []Change{
		{"channels.phone.hours", "mo-fr 08:00-17:00", "mo-fr 08:00-18:00"},
		{"channels.phone.aht", "", "4m"},
		{"closed[1].date", "2026-12-28", "2026-12-29"},
		{"channels.phone.min_presence", "2", ""},
	}
	if d := cmp.Diff(want, Diff(a, b)); d != "" {
		t.Errorf("Diff (-want +got):\n%s", d)
	}
	if d := Diff(b, b); len(d) != 0 {
		t.Errorf("Diff of the same = %v", d)
	}
	if d := Diff(nil, b); len(d) < 10 {
		t.Errorf("Diff with nothing = %v", d)
	}
}
