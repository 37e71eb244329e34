package tabular

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestSnake(t *testing.T) {
	for in, want := range map[string]string{
		"Start Time": "start_time", "AvgTalkDuration": "avg_talk_duration", "AVG TALK": "avg_talk",
		"Gem. wachttijd": "gem_wachttijd", "% In Serv Levl": "in_serv_levl", "Privé": "prive", "offered": "offered",
		"contract_hours": "contract_hours", "  ": "",
	} {
		if got := Snake(in); got != want {
			t.Errorf("Snake(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestColumns(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	data := "Start;Calls;AHT;n\n2026-11-22 08:15;12,5;3m30s;4\n2026-11-22 08:30;;0:04:00;x\n"
	r, err := Open("h.csv", strings.NewReader(data), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := NewColumns(r, "start", "offered|calls")
	if err != nil {
		t.Fatal(err)
	}
	c.Alias("offered", "contacts", "calls")
	if !c.Next() {
		t.Fatal(c.Err())
	}
	d, _ := c.Seconds("aht")
	if n, ok := c.Int("n"); c.Float("offered") != 12.5 || d != 210*time.Second || n != 4 || !ok || c.RowErr() != nil {
		t.Errorf("row 1: offered %v aht %v n %v err %v", c.Float("offered"), d, n, c.RowErr())
	}
	if got := c.Time("start", loc).UTC().Format(time.RFC3339); got != "2026-11-22T07:15:00Z" {
		t.Errorf("start = %s", got)
	}
	c.Next()
	if !math.IsNaN(c.Float("offered")) {
		t.Error("an empty cell must be NaN")
	}
	c.Int("n")
	if got, want := c.RowErr().Error(), `h.csv: line 3: column "n": value "x": want a number`; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	r2, _ := Open("h.csv", strings.NewReader(data), Options{})
	if _, err := NewColumns(r2, "start", "skill"); err == nil || !strings.Contains(err.Error(), "skill") {
		t.Errorf("missing column: %v", err)
	}
}

func TestParseClockSeconds(t *testing.T) {
	for in, want := range map[string]float64{
		"0:01:13": 73, "00:14:33.768": 873.768, "135:40:34.625": 488434.625, "04:12": 252, "1.02:03:04": 93784, "0:04,5": 4.5,
	} {
		if got, err := ParseClockSeconds(in); err != nil || math.Abs(got-want) > 1e-9 {
			t.Errorf("ParseClockSeconds(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "12", "1:60", "a:b", "1:2:3:4", "1:-2", "1.5:20"} {
		if got, err := ParseClockSeconds(in); err == nil {
			t.Errorf("ParseClockSeconds(%q) = %v, want an error", in, got)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	f.Add("1.234,5")
	f.Add("0:01:13")
	f.Fuzz(func(t *testing.T, s string) {
		if v, err := ParseNumber(s); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			t.Errorf("ParseNumber(%q) = %v", s, v)
		}
		_, _ = ParseClockSeconds(s)
		_ = Snake(s)
	})
}
