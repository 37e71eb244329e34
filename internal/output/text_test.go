package output

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestGolden(t *testing.T) {
	ams := amsterdam(t)
	for _, c := range []struct {
		name string
		f    Format
		opt  Options
	}{
		{"sample_en.txt", Screen, Options{Zone: ams}},
		{"sample_nl_80.txt", Screen, Options{Zone: ams, Lang: Dutch, Width: 80}},
		{"sample_color_60.txt", Screen, Options{Zone: ams, Width: 60, Color: true}},
		{"sample.csv", CSV, Options{Zone: ams, Lang: Dutch}},
		{"sample_excel_nl.csv", CSV, Options{Zone: ams, ExcelNL: true}},
		{"sample.json", JSON, Options{Zone: ams}},
		{"sample.md", Markdown, Options{Zone: ams}},
		{"sample.html", HTML, Options{Zone: ams, Lang: Dutch}},
	} {
		var b bytes.Buffer
		if err := Write(&b, c.f, c.opt, sample()); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		golden(t, c.name, b.Bytes())
	}
}

func TestSeveralTables(t *testing.T) {
	a, b := sample(), Table{Name: "empty", Columns: []Column{{Name: "x"}}}
	var out bytes.Buffer
	if err := Write(&out, CSV, Options{}, a, b); err == nil {
		t.Error("CSV of two tables: want an error")
	}
	if err := Write(&out, JSON, Options{}, a, b); err != nil {
		t.Fatal(err)
	}
	var got map[string][]map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got["staffing"]) != 4 || got["empty"] == nil || len(got["empty"]) != 0 {
		t.Errorf("JSON of two tables holds %d and %v rows", len(got["staffing"]), got["empty"])
	}
	if v := got["staffing"][1]["asa_s"]; v != nil {
		t.Errorf("infinite asa_s in JSON = %v, want null", v)
	}
}

func TestWrongValue(t *testing.T) {
	for name, tb := range map[string]Table{
		"type":   {Name: "x", Columns: []Column{{Name: "n", Kind: Integer}}, Rows: [][]any{{"five"}}},
		"whole":  {Name: "x", Columns: []Column{{Name: "n", Kind: Integer}}, Rows: [][]any{{1.5}}},
		"length": {Name: "x", Columns: []Column{{Name: "n", Kind: Integer}}, Rows: [][]any{{1, 2}}},
		"total":  {Name: "x", Columns: []Column{{Name: "n", Kind: Integer}}, Total: []any{1, 2}},
	} {
		for _, f := range []Format{Screen, CSV, JSON, Markdown, XLSX, HTML} {
			if err := Write(io.Discard, f, Options{}, tb); err == nil {
				t.Errorf("%s, format %d: want an error", name, f)
			}
		}
	}
}

// TestCSVRoundTrip reads back what was written: every text (but for the mark
// before formulas) and every number to the last bit.
func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cols := []Column{{Name: "a"}, {Name: "b", Kind: Number}, {Name: "c", Kind: DateTime}}
		var rows [][]any
		for range rapid.IntRange(0, 5).Draw(rt, "n") {
			s := strings.ReplaceAll(rapid.String().Draw(rt, "s"), "\r", "")
			sec := rapid.Int64Range(0, 4e9).Draw(rt, "t")
			rows = append(rows, []any{s, rapid.Float64().Draw(rt, "x"), time.Unix(sec, 0)})
		}
		nl := rapid.Bool().Draw(rt, "nl")
		var b bytes.Buffer
		if err := Write(&b, CSV, Options{Zone: amsterdam(t), ExcelNL: nl}, Table{Columns: cols, Rows: rows}); err != nil {
			rt.Fatal(err)
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b.Bytes(), []byte("\ufeff"))))
		if nl {
			r.Comma = ';'
		}
		got, err := r.ReadAll()
		if err != nil {
			rt.Fatalf("%v in %q", err, b.String())
		}
		if len(got) != len(rows)+1 {
			rt.Fatalf("%d lines, want %d", len(got), len(rows)+1)
		}
		for i, row := range rows {
			rec := got[i+1]
			s := row[0].(string)
			if rec[0] != s && rec[0] != "'"+s {
				rt.Fatalf("text %q came back as %q", s, rec[0])
			}
			if len(rec[0]) > 1 && strings.ContainsRune("=+@", rune(rec[0][0])) {
				rt.Fatalf("text %q is not protected", rec[0])
			}
			num := rec[1]
			if nl {
				num = strings.Replace(num, ",", ".", 1)
			}
			if x, err := strconv.ParseFloat(num, 64); err != nil || x != row[1].(float64) {
				rt.Fatalf("number %v came back as %q", row[1], rec[1])
			}
			if at, err := time.Parse(time.RFC3339, rec[2]); err != nil || !at.Equal(row[2].(time.Time)) {
				rt.Fatalf("time %v came back as %q", row[2], rec[2])
			}
		}
	})
}

func TestProtected(t *testing.T) {
	for s, want := range map[string]bool{
		"=1+1": true, "@SUM(A1)": true, "+31 20": true, "-2+3": true, "-cmd|' /C calc'!A0": true, "\t=1": true, "＝1": true,
		"-": false, "+": false, "-5": false, "-1,5": false, "a=b": false, "": false, "08:30-17:00": false,
	} {
		if protected(s) != want {
			t.Errorf("protected(%q) = %v, want %v", s, !want, want)
		}
	}
}

// TestOffsets formats every quarter around both clock changes and in zones with
// odd offsets as the standard library does.
func TestOffsets(t *testing.T) {
	for _, name := range []string{"Europe/Amsterdam", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Caracas", "Africa/Monrovia"} {
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		l := localTime{loc: loc}
		for _, from := range []int64{1774746000 - 7200, 1792886400 - 7200, 63000000, 1197181800 - 7200, 1791043200} {
			for s := from; s < from+6*3600; s += 300 {
				at := time.Unix(s, 0)
				got := string(l.append(nil, at))
				if want := at.In(loc).Format("2006-01-02T15:04:05-07:00"); got != want {
					t.Fatalf("%s: %s, want %s", name, got, want)
				}
			}
		}
	}
}

// TestTerminalText holds that imported text cannot steer the terminal.
func TestTerminalText(t *testing.T) {
	for s, want := range map[string]string{
		"a\x1b[31mb": "a [31mb", "a\nb\tc": "a b c", "\u009b1A": "1A", "x\a\b\x7f": "x", "één": "één",
	} {
		if got := oneLine(s); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		x      float64
		digits int
		en, nl string
	}{
		{0, 0, "0", "0"},
		{-0.4, 0, "0", "0"},
		{1234567.891, 2, "1,234,567.89", "1.234.567,89"},
		{0.285, 2, "0.29", "0,29"},
		{1.005, 2, "1.01", "1,01"},
		{-999.5, 0, "-1,000", "-1.000"},
		{0.49999, 0, "0", "0"},
		{1e17, 1, "100,000,000,000,000,000.0", "100.000.000.000.000.000,0"},
		{math.Inf(-1), 1, "-inf", "-inf"},
		{math.NaN(), 1, "", ""},
	} {
		if got := English.Number(c.x, c.digits); got != c.en {
			t.Errorf("English.Number(%v, %d) = %q, want %q", c.x, c.digits, got, c.en)
		}
		if got := Dutch.Number(c.x, c.digits); got != c.nl {
			t.Errorf("Dutch.Number(%v, %d) = %q, want %q", c.x, c.digits, got, c.nl)
		}
	}
	for sec, want := range map[float64]string{0: "0:00", 59.6: "1:00", 240: "4:00", 3599.5: "1:00:00", -75: "-1:15", 36000: "10:00:00"} {
		if got := Elapsed(sec); got != want {
			t.Errorf("Elapsed(%v) = %q, want %q", sec, got, want)
		}
	}
}

// TestScreenWidth holds that no line is wider than the terminal as long as
// every column fits beside the keys, and that every word is still there.
func TestScreenWidth(t *testing.T) {
	word := rapid.StringMatching(`[a-zé]{1,9}`)
	rapid.Check(t, func(rt *rapid.T) {
		tb := Table{Name: "x", Columns: []Column{{Name: "id"}, {Name: "n", Kind: Integer}, {Name: "text"}, {Name: "pct", Kind: Percent}, {Name: "more"}}}
		var words []string
		for range rapid.IntRange(1, 4).Draw(rt, "rows") {
			a := rapid.SliceOfN(word, 1, 12).Draw(rt, "a")
			b := rapid.SliceOfN(word, 1, 12).Draw(rt, "b")
			words = append(append(words, a...), b...)
			tb.Rows = append(tb.Rows, []any{"k1", 1234, strings.Join(a, " "), 0.5, strings.Join(b, " ")})
		}
		width := rapid.IntRange(30, 120).Draw(rt, "width")
		var out bytes.Buffer
		if err := Write(&out, Screen, Options{Width: width}, tb); err != nil {
			rt.Fatal(err)
		}
		for _, line := range strings.Split(out.String(), "\n") {
			if textWidth(line) > width {
				rt.Fatalf("line of %d cells in a terminal of %d: %q\n%s", textWidth(line), width, line, out.String())
			}
			if strings.HasSuffix(line, " ") {
				rt.Fatalf("space at the end of %q", line)
			}
		}
		for _, w := range words {
			if !strings.Contains(out.String(), w) {
				rt.Fatalf("word %q is lost", w)
			}
		}
	})
}

// TestLongBlock holds that long tables look as the table library draws short ones.
func TestLongBlock(t *testing.T) {
	text := rapid.SampledFrom([]string{"", "a", "é€", "long text of several words", "two\nlines", "日本"})
	rapid.Check(t, func(rt *rapid.T) {
		g := &grid{head: []string{"Name", "n", "Remark é"}, right: []bool{false, true, false}}
		for range rapid.IntRange(0, 6).Draw(rt, "rows") {
			g.rows = append(g.rows, []string{text.Draw(rt, "a"), text.Draw(rt, "n"), text.Draw(rt, "b")})
		}
		if rapid.Bool().Draw(rt, "total") {
			g.total = []string{"Total", "1", ""}
		}
		var short, long bytes.Buffer
		for w, draw := range map[*bytes.Buffer]func(io.Writer, *grid, []int, bool) error{&short: screenBlock, &long: longBlock} {
			lw := &lineTrimmer{w: w}
			if err := draw(lw, g, []int{0, 1, 2}, false); err != nil {
				rt.Fatal(err)
			}
		}
		if diff := cmp.Diff(short.String(), long.String()); diff != "" {
			rt.Fatalf("library and long form differ (-library +long):\n%s", diff)
		}
	})
}

func FuzzJSONText(f *testing.F) {
	for _, s := range []string{"", "a\"b", "\x00", "é<>&", "\xff", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var b bytes.Buffer
		if err := Write(&b, JSON, Options{}, Table{Name: s, Columns: []Column{{Name: "a"}}, Rows: [][]any{{s}}}); err != nil {
			t.Fatal(err)
		}
		var got []map[string]string
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%v in %q", err, b.String())
		}
		if want := strings.ToValidUTF8(s, "\ufffd"); strings.ReplaceAll(got[0]["a"], "\ufffd", "") != strings.ReplaceAll(want, "\ufffd", "") {
			t.Fatalf("text %q came back as %q", s, got[0]["a"])
		}
	})
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	write := func(s string, fail error) error {
		return WriteFile(path, func(w io.Writer) error {
			if _, err := io.WriteString(w, s); err != nil {
				return err
			}
			return fail
		})
	}
	if err := write("old", nil); err != nil {
		t.Fatal(err)
	}
	if err := write("half", errors.New("stop")); err == nil {
		t.Fatal("want an error")
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "old" {
		t.Errorf("after a failed write the file holds %q (%v), want the old text", got, err)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("%d files are left behind, want 1", len(left))
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o644 {
		t.Errorf("mode %v, want 0644", info.Mode().Perm())
	}
}

// TestWriteFilePlaces writes to places that are no plain file.
func TestWriteFilePlaces(t *testing.T) {
	dir := t.TempDir()
	hello := func(w io.Writer) error {
		_, err := io.WriteString(w, "hello")
		return err
	}
	target, link := filepath.Join(dir, "real.txt"), filepath.Join(dir, "link.txt")
	if err := os.WriteFile(target, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err == nil {
		if err := WriteFile(link, hello); err != nil {
			t.Fatal(err)
		}
		got, _ := os.ReadFile(target)
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 || string(got) != "hello" {
			t.Errorf("the link is gone or its file holds %q", got)
		}
	}
	if err := WriteFile(os.DevNull, hello); err != nil {
		t.Errorf("the null device: %v", err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatal("the null device has become a file")
	}
	err := WriteFile(filepath.Join(dir, "no", "such", "a.csv"), hello)
	if err == nil || strings.Contains(err.Error(), ".tmp") || !strings.Contains(err.Error(), "a.csv") {
		t.Errorf("a folder that is not there: %v", err)
	}
	if err := WriteFile(dir, hello); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("writing over a folder: %v", err)
	}
}

func TestFormatOf(t *testing.T) {
	got := map[string]Format{}
	for _, p := range []string{"a.CSV", "b.json", "c.md", "d.xlsx", "e.htm", "f.ics", "g.txt"} {
		f, err := FormatOf(p)
		if err != nil {
			t.Fatal(err)
		}
		got[p] = f
	}
	want := map[string]Format{"a.CSV": CSV, "b.json": JSON, "c.md": Markdown, "d.xlsx": XLSX, "e.htm": HTML, "f.ics": ICS, "g.txt": Screen}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := FormatOf("x.doc"); err == nil {
		t.Error("x.doc: want an error")
	}
}

func BenchmarkCSV350400(b *testing.B) {
	cols := []Column{{Name: "start", Kind: DateTime}, {Name: "channel"}, {Name: "offered", Kind: Integer}, {Name: "aht_s", Kind: Seconds}}
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for b.Loop() {
		cw := NewCSVWriter(io.Discard, cols, Options{Zone: amsterdam(b)})
		for i := range 350400 {
			if err := cw.Write(from.Add(time.Duration(i)*15*time.Minute), "phone", i, 240.25); err != nil {
				b.Fatal(err)
			}
		}
		if err := cw.Flush(); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSigned: a difference that shows as zero has no sign.
func TestSigned(t *testing.T) {
	for _, c := range []struct {
		x      float64
		digits int
		want   string
	}{{1.25, 1, "+1,3"}, {-1.25, 1, "-1,3"}, {-0.04, 1, "0,0"}, {0.04, 1, "0,0"}, {0, 0, "0"}, {-1234, 0, "-1.234"}, {math.NaN(), 1, ""}} {
		if got := Dutch.Signed(c.x, c.digits); got != c.want {
			t.Errorf("Signed(%g, %d) = %q, want %q", c.x, c.digits, got, c.want)
		}
	}
}
