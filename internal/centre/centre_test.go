package centre

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

// sameZone compares zones by name: they hold unexported tables.
var sameZone = cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() })

func template0(t *testing.T) *Centre {
	t.Helper()
	c, err := Parse("template.toml", Template())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTemplate(t *testing.T) {
	c := template0(t)
	phone, ok := c.Channel("phone")
	if !ok || phone.Target != (Target{Level: 0.80, Within: 30 * time.Second, Period: "interval"}) || phone.Patience != 150*time.Second {
		t.Errorf("phone = %+v", phone)
	}
	email, _ := c.Channel("email")
	if email.Promise != (calendar.Term{Unit: calendar.WorkingDays, N: 2}) || email.BlendInto != "phone" {
		t.Errorf("email = %+v", email)
	}
	var names []string
	for _, ch := range c.Channels {
		names = append(names, ch.Name)
	}
	if got, want := strings.Join(names, " "), "phone chat counter email webform post social bot"; got != want {
		t.Errorf("channels in order %q, want %q", got, want)
	}
	if d := c.DepartmentOf("tax_objection"); d != "taxes" {
		t.Errorf("DepartmentOf(tax_objection) = %q, want that of the subject above", d)
	}
	if p, ok := c.PromiseOf("tax_objection", ""); !ok || p.String() != "6w" {
		t.Errorf("PromiseOf(tax_objection) = %v", p)
	}
	if p, ok := c.PromiseOf("documents", "civil_affairs"); !ok || p.String() != "2wd" {
		t.Errorf("PromiseOf(documents) = %v, want that of the department", p)
	}
}

func TestHours(t *testing.T) {
	c, err := Parse("c.toml", []byte(`
[holidays]
good_friday = "10:00-14:00"
liberation_day = "lustrum"
[[closed]]
from = 2026-12-28
to = 2026-12-30
[[special]]
date = "2026-12-29"
hours = "09:00-12:00"
channel = "phone"
[[special]]
date = "2026-12-24"
hours = "08:30-15:00"
[channels.phone]
queues = ["KCC_Phone", "KCC_Tax"]
hours = "mo-fr 08:00-17:00"
[channels.bot]
kind = "bot"
hours = "mo-su 00:00-24:00"
open_on_holidays = true
[channels.email]
kind = "deferrable"
hours = "mo-fr 09:00-17:00"
promise = "2wd"
[departments.tax]
hours = "mo-th 09:00-12:00"
`))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ channel, day, want string }{
		{"phone", "2026-11-23", "08:00-17:00"},
		{"KCC_Tax", "2026-11-23", "08:00-17:00"}, // by a queue's name
		{"phone", "2026-11-22", "closed"},        // Sunday
		{"phone", "2026-04-03", "10:00-14:00"},   // Good Friday, short
		{"phone", "2026-05-05", "08:00-17:00"},   // no lustrum
		{"phone", "2025-05-05", "closed"},        // lustrum
		{"phone", "2026-12-24", "08:30-15:00"},   // special for all
		{"phone", "2026-12-25", "closed"},        // Christmas
		{"phone", "2026-12-28", "closed"},        // own closed day
		{"phone", "2026-12-29", "09:00-12:00"},   // own special inside the closed span
		{"email", "2026-12-29", "closed"},
		{"bot", "2026-12-25", "00:00-24:00"},
	}
	for _, tt := range tests {
		d, err := calendar.ParseDate(tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.FormatSpans(c.Hours(tt.channel).On(d)); got != tt.want {
			t.Errorf("Hours(%s) on %s = %s, want %s", tt.channel, tt.day, got, tt.want)
		}
	}
	if c.Hours("fax") != nil {
		t.Error("a channel that is not there has hours")
	}
	sunday := time.Date(2026, 11, 22, 3, 0, 0, 0, c.Zone)
	if !c.Arrivals("email").Open(sunday) || c.Arrivals("phone").Open(sunday) {
		t.Error("e-mail arrives around the clock, phone calls only when it is open")
	}
	if got := calendar.FormatWeek(c.OfficeHours("tax").Week); got != "mo-th 09:00-12:00" {
		t.Errorf("OfficeHours(tax) = %s", got)
	}
	if got := calendar.FormatWeek(c.OfficeHours("").Week); got != DefaultOffice {
		t.Errorf("OfficeHours = %s, want %s", got, DefaultOffice)
	}
}

func TestMistakesNameKeyValueAndWant(t *testing.T) {
	const phone = "[channels.phone]\nhours = \"mo-fr 08:00-17:00\"\n"
	tests := []struct{ name, text, want string }{
		{"unknown key", "nmae = \"x\"", "c.toml: nmae: there is no such key; want one of channels, closed, costs"},
		{"unknown key below", phone + "patiens = \"2m\"", "c.toml: channels.phone.patiens: there is no such key; want one of aht"},
		{"unknown table", "[chanels.phone]\nhours = \"\"", "c.toml: chanels: there is no such key"},
		{"ratio as percent", phone + "target = { level = 80, within = \"20s\" }", "c.toml: channels.phone.target.level: value 80: want a ratio from 0 to 1, such as 0.80"},
		{"level of one", phone + "target = { level = 1, within = \"20s\" }", "channels.phone.target.level: value 1: want less than 1"},
		{"not a number", phone + "max_occupancy = nan", "channels.phone.max_occupancy: value NaN"},
		{"no unit", phone + "patience = \"120\"", "channels.phone.patience: value \"120\": want a time with its unit"},
		{"bare number", phone + "patience = 120", "channels.phone.patience: value 120: want a time with its unit"},
		{"bad hours", "[channels.phone]\nhours = \"mo-xx 08:00-17:00\"", "channels.phone.hours: value \"mo-xx 08:00-17:00\": want opening hours"},
		{"no hours", "[channels.phone]\ntitle = \"P\"", "channels.phone.hours: want when the channel is worked"},
		{"bad kind", phone + "kind = \"voice\"", "channels.phone.kind: value \"voice\": want one of realtime, chat, deferrable, bot"},
		{"no promise", phone + "kind = \"deferrable\"", "channels.phone.promise: want the lead time"},
		{"promise where customers wait", phone + "promise = \"2wd\"", "channels.phone.promise: value 2wd: want a promise on deferrable channels only"},
		{"concurrency on the phone", phone + "concurrency = 2", "channels.phone.concurrency: value 2: want 1 unless"},
		{"half an agent", phone + "min_presence = 0.5", "channels.phone.min_presence: value 0.5: want a whole number"},
		{"zone", "zone = \"Amsterdam\"", "c.toml: zone: value \"Amsterdam\": want a name such as Europe/Amsterdam"},
		{"interval", "interval = \"7m\"", "c.toml: interval: value 7m: want whole minutes that divide an hour"},
		{"holiday", "[holidays]\nchristmas = \"maybe\"", "holidays.christmas: value \"maybe\": want open, closed or hours"},
		{"holiday name", "[holidays]\nxmas = \"open\"", "holidays.xmas: there is no such key"},
		{"date", "[[closed]]\ndate = \"31/12/2026\"", "closed[1].date: value \"31/12/2026\": want a date such as 2026-12-31"},
		{"span backwards", "[[closed]]\nfrom = \"2026-12-31\"\nto = \"2026-12-01\"", "closed[1].date: want either date, or from and to in order"},
		{"span of ages", "[[closed]]\nfrom = \"1926-12-31\"\nto = \"2026-12-01\"", "closed[1].to: value \"2026-12-01\": want a day within ten years of from"},
		{"special without hours", "[[special]]\ndate = \"2026-12-31\"", "special[1].hours: want hours such as"},
		{"special channel", "[[special]]\ndate = \"2026-12-31\"\nhours = \"closed\"\nchannel = \"fax\"", "special[1].channel: value fax: want the name of a channel"},
		{"department", "[subjects.a]\ndepartment = \"none\"", "subjects.a.department: value none: want the name of a department"},
		{"specialist alone", "[subjects.a]\nlevel = \"specialist\"", "subjects.a.department: a specialist subject needs a department"},
		{"loop", "[subjects.a]\nparent = \"b\"\n[subjects.b]\nparent = \"a\"", "subjects.a.parent: value b: want a subject that does not lie below"},
		{"blending", phone + "blend_into = \"phone\"", "channels.phone.blend_into: value phone: want another channel where customers wait"},
		{"queue twice", phone + "queues = [\"q\"]\n[channels.tax]\nhours = \"mo 08:00-17:00\"\nqueues = [\"q\"]", "channels.tax.queues: value q: want a queue of one channel only"},
		{"syntax", "name = \n[x", "c.toml: line 1:"},
		{"shrinkage", "[shrinkage]\nunplanned = 1.0", "shrinkage.unplanned: value 1: want less than 1"},
		{"table for text", "name = 5", "c.toml: name: value 5: want text in quotes"},
		{"text for table", "channels = \"phone\"", "c.toml: channels: value \"phone\": want a table: [channels]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("c.toml", []byte(tt.text))
			var inv *Invalid
			if !errors.As(err, &inv) {
				t.Fatalf("Parse = %v, want *Invalid", err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q\nwant %q in it", err, tt.want)
			}
		})
	}
	_, err := Parse("c.toml", []byte("zone = \"x\"\ninterval = \"x\"\nnmae = 1"))
	var inv *Invalid
	if !errors.As(err, &inv) || len(inv.Problems) != 3 {
		t.Errorf("three mistakes give %v", err)
	}
}

func TestRoundTripOfTheTemplate(t *testing.T) {
	c := template0(t)
	checkRoundTrip(t, c)
}

// checkRoundTrip writes and reads both forms.
func checkRoundTrip(t interface {
	Helper()
	Fatalf(string, ...any)
	Errorf(string, ...any)
}, c *Centre,
) {
	t.Helper()
	var text, book bytes.Buffer
	if err := c.WriteTOML(&text); err != nil {
		t.Fatalf("WriteTOML: %v", err)
	}
	back, err := Parse("c.toml", text.Bytes())
	if err != nil {
		t.Fatalf("Parse of WriteTOML: %v\n%s", err, text.String())
	}
	if d := cmp.Diff(c, back, sameZone); d != "" {
		t.Errorf("TOML changes the centre (-was +is):\n%s\n%s", d, text.String())
	}
	if err := c.WriteXLSX(&book); err != nil {
		t.Fatalf("WriteXLSX: %v", err)
	}
	back, err = Parse("c.xlsx", book.Bytes())
	if err != nil {
		t.Fatalf("Parse of WriteXLSX: %v", err)
	}
	if d := cmp.Diff(c, back, sameZone); d != "" {
		t.Errorf("a workbook changes the centre (-was +is):\n%s", d)
	}
}

func TestRoundTripOfAnyCentre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkRoundTrip(t, anyCentre(t)) })
}

// anyCentre draws a valid centre.
func anyCentre(t *rapid.T) *Centre {
	name := rapid.StringMatching(`[a-z][a-z0-9_.-]{0,8}`)
	title := rapid.StringMatching(`[=+A-Z][a-zéü" \\'#;0-9]{0,12}[a-z]`)
	ratio := rapid.Map(rapid.IntRange(0, 98), func(n int) float64 { return float64(n) / 100 })
	money := rapid.Map(rapid.IntRange(0, 10000), func(n int) float64 { return float64(n) / 100 })
	seconds := rapid.Map(rapid.IntRange(0, 100000), func(n int) time.Duration { return time.Duration(n) * time.Second })
	week := rapid.Custom(func(t *rapid.T) Week {
		var w Week
		for d := range w {
			if rapid.Bool().Draw(t, "open") {
				a := calendar.Clock(rapid.IntRange(0, 20).Draw(t, "from") * 60)
				w[d] = []calendar.Span{{From: a, To: a + 90}}
				if rapid.Bool().Draw(t, "split") {
					w[d] = append(w[d], calendar.Span{From: a + 90, To: a + 120})
				}
			}
		}
		w[1] = []calendar.Span{{From: 480, To: 1440}}
		return w
	})
	term := rapid.SampledFrom([]string{"4bh", "90bm", "2wd", "3d", "6w", "20m"})
	date := rapid.Map(rapid.IntRange(18000, 23000), func(n int) calendar.Date { return calendar.Date(n) })
	c := &Centre{
		Name: title.Draw(t, "name"), Zone: zone(rapid.SampledFrom([]string{"Europe/Amsterdam", "UTC", "Europe/Lisbon"}).Draw(t, "zone")),
		Currency: "EUR", Interval: rapid.SampledFrom([]time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour}).Draw(t, "interval"),
		Office:       week.Draw(t, "office"),
		ServiceLevel: ServiceLevel{rapid.SampledFrom(definitions).Draw(t, "definition"), seconds.Draw(t, "short")},
		Shrinkage:    Shrinkage{ratio.Draw(t, "planned"), ratio.Draw(t, "unplanned")},
		Costs:        Costs{money.Draw(t, "wage")},
		Roster:       Roster{Rules: "atw", Shifts: rapid.SampledFrom([]string{"", "shifts.csv"}).Draw(t, "shifts"), Weeks: rapid.IntRange(1, 52).Draw(t, "weeks")},
		Holidays:     Holidays{Calendar: rapid.SampledFrom([]string{"nl", "none"}).Draw(t, "calendar")},
	}
	if rapid.Bool().Draw(t, "holidays") {
		c.Holidays.Set = map[string]string{"christmas": "10:00-14:00", "liberation_day": "never"}
		c.Holidays.Equated = []calendar.Date{date.Draw(t, "equated")}
	}
	for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID[string]).Draw(t, "departments") {
		d := Department{Name: n, Title: title.Draw(t, "title")}
		d.Promise, d.HasPromise = mustTerm(term.Draw(t, "promise")), true
		if rapid.Bool().Draw(t, "hours") {
			d.Hours = week.Draw(t, "hours of")
		}
		c.Departments = append(c.Departments, d)
	}
	for _, n := range rapid.SliceOfNDistinct(name, 0, 4, rapid.ID[string]).Draw(t, "subjects") {
		s := Subject{Name: n, Title: title.Draw(t, "title"), Level: "generic"}
		if len(c.Subjects) > 0 {
			s.Parent = c.Subjects[0].Name
		}
		if len(c.Departments) > 0 {
			s.Level, s.Department = "specialist", c.Departments[0].Name
		}
		c.Subjects = append(c.Subjects, s)
	}
	for _, n := range rapid.SliceOfNDistinct(name, 1, 4, rapid.ID[string]).Draw(t, "channels") {
		ch := Channel{
			Name: n, Title: title.Draw(t, "title"), Kind: Kind(rapid.SampledFrom(kinds).Draw(t, "kind")), Skill: "x",
			Hours: week.Draw(t, "week"), PromiseLevel: 1, Concurrency: 1, Patience: seconds.Draw(t, "patience"), AHT: seconds.Draw(t, "aht"),
			MaxOccupancy: ratio.Draw(t, "occupancy"), MaxAbandon: ratio.Draw(t, "abandon"), MinPresence: rapid.IntRange(0, 9).Draw(t, "presence"),
			OpenOnHolidays: rapid.Bool().Draw(t, "holidays"), CostByContact: money.Draw(t, "cost"),
			Target: Target{Period: rapid.SampledFrom(periods).Draw(t, "period")},
			Queues: rapid.SampledFrom([][]string{nil, {"Q 1 of " + n, "q2 of " + n}}).Draw(t, "queues"),
		}
		switch ch.Kind {
		case Deferrable:
			ch.Promise, ch.HasPromise, ch.PromiseLevel = mustTerm(term.Draw(t, "promise")), true, 0.95
			ch.Target = Target{Period: "interval"}
		case Chat:
			ch.Concurrency = rapid.IntRange(1, 5).Draw(t, "concurrency")
			ch.Target.Level, ch.Target.Within = ratio.Draw(t, "level"), seconds.Draw(t, "within")
		}
		c.Channels = append(c.Channels, ch)
	}
	if rapid.Bool().Draw(t, "days") {
		d := date.Draw(t, "day")
		c.Closed = []Day{{From: d, To: d, Name: "x"}, {From: d, To: d + 9, Channel: c.Channels[0].Name}}
		c.Special = []Day{{From: d, To: d, Spans: []calendar.Span{{From: 600, To: 720}}}, {From: d + 1, To: d + 3}}
	}
	return c
}

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func mustTerm(s string) calendar.Term {
	t, err := calendar.ParseTerm(s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestWorkbookMistakes(t *testing.T) {
	c := template0(t)
	c.Channels[0].Target.Level = 80 // as a percentage
	var book bytes.Buffer
	if err := c.WriteXLSX(&book); err != nil {
		t.Fatal(err)
	}
	_, err := Parse("c.xlsx", book.Bytes())
	if err == nil || !strings.Contains(err.Error(), `c.xlsx: channels.phone.target.level: value "80": want a ratio`) {
		t.Errorf("Parse = %v", err)
	}
}

func TestReadFile(t *testing.T) {
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none.toml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("ReadFile of nothing = %v", err)
	}
	path := filepath.Join(t.TempDir(), "c.toml")
	if err := os.WriteFile(path, append([]byte("\xef\xbb\xbf"), Template()...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err != nil {
		t.Errorf("a file with a byte-order mark: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(Template()))
	f.Add("[channels.a]\nhours = 5\n[[closed]]\n[holidays]\nx.y = 1979-05-27")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse("c.toml", []byte(text))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := c.WriteTOML(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := Parse("again.toml", b.Bytes()); err != nil {
			t.Fatalf("what was read cannot be read again: %v\n%s", err, b.String())
		}
	})
}

func Example() {
	c, err := Parse("centre.toml", []byte("[channels.phone]\nhours = \"mo-fr 08:30-17:00\"\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Hours("phone").Open(time.Date(2026, 11, 23, 9, 0, 0, 0, c.Zone)))
	// Output: true
}

func TestDocsListEveryKey(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, l := range lists() {
		for _, k := range l.columns {
			_, last, dotted := strings.Cut(k, ".")
			if dotted {
				k = last
			}
			keys = append(keys, k)
		}
	}
	c := template0(t)
	c.Roster.Shifts = "shifts.csv"
	c.Holidays.Equated = []calendar.Date{1}
	for _, e := range flatten("", encode(c)) {
		first, rest, _ := strings.Cut(e.key, ".")
		if isList(first) || (first == "holidays" && rest != "calendar" && rest != "equated_days") {
			continue
		}
		keys = append(keys, e.key)
	}
	for _, k := range keys {
		if !strings.Contains(string(text), "`"+k+"`") {
			t.Errorf("docs/formats.md does not tell of the key %s", k)
		}
	}
	for _, k := range calendar.HolidayKeys() {
		if !strings.Contains(string(text), k) {
			t.Errorf("docs/formats.md does not tell of the holiday %s", k)
		}
	}
}
