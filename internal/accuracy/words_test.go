package accuracy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

// TestEveryWordInDutch: what forecasts say in words, found in their source, has
// a Dutch form.
func TestEveryWordInDutch(t *testing.T) {
	said := regexp.MustCompile(`(?:Reason(?::| =) |Reason: fmt\.Sprintf\(|Reason = fmt\.Sprintf\(|c\.reason = fmt\.Sprintf\(|evenWeights\(|day\.add\(|Factor\{|Notes, fmt\.Sprintf\(|out, fmt\.Sprintf\(|f\.add\(d, )"([^"]+)"( ?\+)?`)
	verb := regexp.MustCompile(`%[^ a-z%]*[a-z](?:%%)?`)
	files, err := filepath.Glob("../../forecast/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(src), -1) {
			s := verb.ReplaceAllString(m[1], "7")
			if m[2] != "" { // goes on with a name or a number
				s += "7"
			}
			switch s {
			case "level", "trend", "event 7": // never shown
				continue
			case "business day 7":
				s = "business day 7 of the month"
			}
			found++
			if Word(output.Dutch, s) == s {
				t.Errorf("%s: %q stays English", filepath.Base(path), s)
			}
			if Word(output.English, s) != s {
				t.Errorf("%q changes in English", s)
			}
		}
	}
	if want := 25; found < want {
		t.Errorf("found %d words in the source, want at least %d", found, want)
	}
	for _, key := range calendar.HolidayKeys() {
		if got := Word(output.Dutch, "holiday "+key); !strings.HasPrefix(got, "feestdag ") || strings.HasSuffix(got, key) {
			t.Errorf("%s is %q", key, got)
		}
	}
}

// TestFactorsInDutch: the table of why, as a planner in Dutch reads it.
func TestFactorsInDutch(t *testing.T) {
	f := &forecast.Forecast{Channel: "phone", Why: []forecast.DayFactor{{
		Date: calendar.NewDate(2026, 12, 4), Base: 100, Total: 90,
		Factors: []forecast.Factor{{Name: "Friday", Value: 0.8}, {Name: "holiday kings_day", Value: 0.5}, {Name: "mailing of taxes", Value: 2}},
	}}}
	var got []string
	for _, row := range FactorTable([]*forecast.Forecast{f}, 0, output.Dutch).Rows {
		got = append(got, row[3].(string))
	}
	if want := "gewone dag,vrijdag,feestdag Koningsdag,mailing of taxes,prognose"; strings.Join(got, ",") != want {
		t.Errorf("factors %q, want %q", got, want)
	}
	if got, want := Say(output.Dutch, "on 12 past days the error of the rest of the day fell from 8.1% to 6.0%"), "op 12 eerdere dagen daalde de fout van de rest van de dag van 8.1% naar 6.0%"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
