package tabular

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

func readAll(t *testing.T, data []byte, opt Options) (*Reader, [][]string) {
	t.Helper()
	r, err := Open("f", bytes.NewReader(data), opt)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r, rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, append([]string(nil), row...))
	}
}

func TestOpenText(t *testing.T) {
	const sample = "naam;aantal\nprivé – A;1,5\nb;2\n"
	enc := func(s string, e interface{ Bytes([]byte) ([]byte, error) }) []byte {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	want := [][]string{{"privé – A", "1,5"}, {"b", "2"}}
	for _, c := range []struct {
		name, encoding string
		data           []byte
	}{
		{"utf-8", UTF8, []byte(sample)},
		{"utf-8 with mark", UTF8BOM, []byte("\xef\xbb\xbf" + sample)},
		{"windows-1252", Windows1252, enc(sample, charmap.Windows1252.NewEncoder())},
		{"utf-16 little", UTF16LE, enc(sample, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder())},
		{"utf-16 big", UTF16BE, enc(sample, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder())},
		{"utf-16 little, no mark", UTF16LE, enc(sample, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder())},
		{"windows line ends", UTF8, []byte(strings.ReplaceAll(sample, "\n", "\r\n"))},
		{"old Mac line ends", UTF8, []byte(strings.ReplaceAll(sample, "\n", "\r"))},
		{"sep line", UTF8, []byte("sep=;\r\n" + sample)},
	} {
		r, rows := readAll(t, c.data, Options{})
		if d := cmp.Diff(want, rows); d != "" {
			t.Errorf("%s: rows differ (-want +got):\n%s", c.name, d)
		}
		if r.Encoding() != c.encoding || r.Delimiter() != ";" {
			t.Errorf("%s: encoding %s, delimiter %q; want %s, \";\"", c.name, r.Encoding(), r.Delimiter(), c.encoding)
		}
	}
}

func TestLateAccent(t *testing.T) {
	// The first byte above 127 lies far beyond what is looked at in advance.
	ascii := "a,b\n" + strings.Repeat("x,y\n", 100000)
	for _, c := range []struct{ last, want, enc string }{
		{"caf\xe9,1\n", "café", Windows1252},
		{"café,1\n", "café", UTF8},
	} {
		r, rows := readAll(t, []byte(ascii+c.last), Options{})
		if got := rows[len(rows)-1][0]; got != c.want || r.Encoding() != c.enc {
			t.Errorf("last cell %q in %s, want %q in %s", got, r.Encoding(), c.want, c.enc)
		}
	}
}

func TestDelimiter(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"comma", "a,b,c\n1,2,3\n", ","},
		{"tab", "a\tb\n1\t2\n", "\t"},
		{"pipe", "a|b\n1|2\n", "|"},
		{"semicolon with decimal commas", "a;b\n1,5;2,5\n2,5;3,5\n", ";"},
		{"comma with lists in a cell", "id,contract_hours,skills\na1,36,phone;chat\na2,24,phone;mail\n", ","},
		{"title with a comma above", "Rapport: x, y\n\nDatum;Tijd;Aantal\n01-02-2026;08:00;1,5\n01-02-2026;08:15;2,5\n", ";"},
		{"title with a semicolon", "Report; all queues\nDate,Time,Calls\n2026-01-01,08:00,3\n2026-01-01,08:15,4\n", ","},
		{"commas inside quotes", "name;note\n\"a\";\"x, y, z\"\n\"b\";\"p, q, r\"\n", ";"},
		{"one column", "calls\n1\n2\n", ","},
		{"header only", "start;channel;offered\n", ";"},
	} {
		r, err := Open("f", strings.NewReader(c.data), Options{Raw: true})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Delimiter(); got != c.want {
			t.Errorf("%s: delimiter %q, want %q", c.name, got, c.want)
		}
	}
}

func TestQuotes(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       [][]string
	}{
		{"line break and doubled quote", "a,b\n\"x\ny\",\"say \"\"hi\"\"\"\nlast,1\n", [][]string{{"x\ny", `say "hi"`}, {"last", "1"}}},
		{"blank before quote", "a,b\nx, \"p,q\"\n", [][]string{{"x", "p,q"}}},
		{"quote in the middle", "a,b\n5\" pipe,2\n", [][]string{{`5" pipe`, "2"}}},
		{"never closed", "a,b\n\"x,1\ny,2\n", [][]string{{`"x`, "1"}, {"y", "2"}}},
		{"windows ends", "a,b\r\n\"x\r\ny\",2\r\n", [][]string{{"x\r\ny", "2"}}},
		{"no end of line", "a,b\n\"x\",\"\"", [][]string{{"x", ""}}},
		{"blank lines", "a,b\n\n1,2\n,\n", [][]string{{"1", "2"}}},
	} {
		_, rows := readAll(t, []byte(c.data), Options{})
		if d := cmp.Diff(c.want, rows); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
	r, _ := Open("f", strings.NewReader("a,b\n\"x\ny\",2\nz,3\n"), Options{})
	r.Next()
	if r.Line() != 2 {
		t.Errorf("line of a record with a line break = %d, want 2", r.Line())
	}
	if r.Next(); r.Line() != 4 {
		t.Errorf("line after it = %d, want 4", r.Line())
	}
}

// TestSplit cuts lines of awkward bytes and lengths as strings.Split does, and
// looks whether cells kept from earlier lines stay what they were.
func TestSplit(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	rows := newTextRows(strings.NewReader(""), ';', true)
	bytes := []byte{';', ';' - 1, ';' + 1, ';' | 0x80, 0, 1, 0x7f, 0x80, 0xff, 'a'}
	var cells, want []string
	for range 3000 {
		line := make([]byte, rnd.IntN(40))
		if rnd.IntN(100) == 0 {
			line = make([]byte, rnd.IntN(3*sharedText))
		}
		for i := range line {
			line[i] = bytes[rnd.IntN(len(bytes))]
		}
		rows.split(line)
		cells = append(cells, rows.fields...)
		want = append(want, strings.Split(string(line), ";")...)
		clear(line)
	}
	if d := cmp.Diff(want, cells); d != "" {
		t.Errorf("cells (-want +got):\n%s", d)
	}
}

func TestCompressed(t *testing.T) {
	var gz bytes.Buffer
	w := gzip.NewWriter(&gz)
	io.WriteString(w, "a,b\n1,2\n")
	w.Close()
	var z bytes.Buffer
	zw := zip.NewWriter(&z)
	f, _ := zw.Create("x/data.csv")
	io.WriteString(f, "a,b\n1,2\n")
	zw.Close()
	for name, data := range map[string][]byte{"gzip": gz.Bytes(), "zip": z.Bytes()} {
		if _, rows := readAll(t, data, Options{}); len(rows) != 1 || rows[0][1] != "2" {
			t.Errorf("%s: rows %v", name, rows)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"empty":    {"", ErrEmpty},
		"blank":    {"\n \n", ErrEmpty},
		"old xls":  {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", ErrOldXLS},
		"pdf":      {"%PDF-1.7 ...", ErrBinary},
		"zero":     {"a,b\x00\x00\x01\n", ErrBinary},
		"only BOM": {"\xef\xbb\xbf", ErrEmpty},
	} {
		if _, err := Open("f", strings.NewReader(c.data), Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", name, err, c.want)
		}
	}
}

// book writes a workbook with the usual kinds of cell.
func book(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	f.SetSheetName("Sheet1", "Voorblad")
	f.NewSheet("Data")
	style := func(code string) int {
		id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	f.MergeCell("Data", "A1", "F1")
	f.SetCellValue("Data", "A1", "Rapport & <titel>")
	f.SetSheetRow("Data", "A3", &[]any{"Datum", "Moment", "Duur", "Aantal", "Deel", "Naam"})
	f.SetSheetRow("Data", "A4", &[]any{46103, 46103.34375, 0.0016550925925925926, 1234.5, 0.1 + 0.2, "é–"})
	f.SetCellStyle("Data", "A4", "A4", style("dd-mm-yyyy"))
	f.SetCellStyle("Data", "B4", "B4", style("d/m/yy h:mm"))
	f.SetCellStyle("Data", "C4", "C4", style("[h]:mm:ss"))
	f.SetCellStyle("Data", "E4", "E4", style("0.0%"))
	f.SetCellValue("Data", "F6", "only here")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWorkbook(t *testing.T) {
	r, rows := readAll(t, book(t), Options{Raw: true})
	var kept [][]string
	for _, row := range rows {
		if !blank(row) {
			kept = append(kept, row)
		}
	}
	want := [][]string{
		{"Rapport & <titel>"},
		{"Datum", "Moment", "Duur", "Aantal", "Deel", "Naam"},
		{"2026-03-22", "2026-03-22 08:15:00", "0:02:23", "1234.5", "0.3", "é–"},
		{"", "", "", "", "", "only here"},
	}
	for i := range kept {
		for len(kept[i]) > 0 && kept[i][len(kept[i])-1] == "" {
			kept[i] = kept[i][:len(kept[i])-1]
		}
	}
	if d := cmp.Diff(want, kept); d != "" {
		t.Errorf("rows differ (-want +got):\n%s", d)
	}
	if r.Sheet() != "Data" || r.Kind() != Workbook {
		t.Errorf("sheet %q kind %q, want Data xlsx", r.Sheet(), r.Kind())
	}
	if _, err := Open("f", bytes.NewReader(book(t)), Options{Sheet: "Nope"}); err == nil || !strings.Contains(err.Error(), "Voorblad") {
		t.Errorf("unknown sheet: error %v, want one that lists the sheets", err)
	}
}

func TestFormatOf(t *testing.T) {
	for code, want := range map[string]cellFormat{
		"General": plainNumber, "0.00": plainNumber, "#,##0": plainNumber, "0%": plainNumber, "@": plainNumber,
		"dd-mm-yyyy": dateFormat, "d mmm": dateFormat, "dd-mm-jjjj": dateFormat, "mmm-yy": dateFormat,
		"yyyy\\-mm\\-dd hh:mm": dateTimeFormat, "[$-413]d mmmm yyyy;@": dateFormat,
		"h:mm": timeFormat, "[h]:mm:ss": timeFormat, "mm:ss.0": timeFormat, "[mm]:ss": timeFormat, "uu:mm": timeFormat,
		"[Red]0.00": plainNumber, `0" dagen"`: plainNumber,
	} {
		if got := formatOf(code); got != want {
			t.Errorf("formatOf(%q) = %d, want %d", code, got, want)
		}
	}
}

func TestFromSerial(t *testing.T) {
	for _, c := range []struct {
		x    float64
		d04  bool
		want string
	}{
		{1, false, "1900-01-01"},
		{59, false, "1900-02-28"},
		{61, false, "1900-03-01"},
		{36526, false, "2000-01-01"},
		{46103, false, "2026-03-22"},
		{44641, true, "2026-03-22"},
	} {
		got, ok := FromSerial(c.x, c.d04)
		if s := got.Format("2006-01-02"); !ok || s != c.want {
			t.Errorf("FromSerial(%v, %v) = %s, want %s", c.x, c.d04, s, c.want)
		}
	}
}

// A damaged workbook gives an error or fewer rows, never a crash.
func TestDamagedWorkbook(t *testing.T) {
	whole := book(t)
	zr, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		var out bytes.Buffer
		zw := zip.NewWriter(&out)
		victim := rapid.IntRange(0, len(zr.File)-1).Draw(rt, "part")
		for i, f := range zr.File {
			rc, _ := f.Open()
			data, _ := io.ReadAll(rc)
			if i == victim && len(data) > 0 {
				for range rapid.IntRange(1, 5).Draw(rt, "edits") {
					at := rapid.IntRange(0, len(data)-1).Draw(rt, "at")
					switch rapid.IntRange(0, 2).Draw(rt, "edit") {
					case 0:
						data[at] = rapid.Byte().Draw(rt, "byte")
					case 1:
						data = data[:at+1]
					case 2:
						data = append(data[:at], append([]byte("<c r='ZZZZZ9'><v>1e999<"), data[at:]...)...)
					}
				}
			}
			w, _ := zw.Create(f.Name)
			w.Write(data)
		}
		zw.Close()
		r, err := Open("f", bytes.NewReader(out.Bytes()), Options{Raw: true})
		if err != nil {
			return
		}
		for range 1000 {
			if _, err := r.Next(); err != nil {
				return
			}
		}
	})
}

// Whatever text and dialect: what is written is read back.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		comma := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(rt, "delimiter")
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(rt, "line end")
		cell := rapid.StringMatching(`[ -~éë€–]{0,12}`)
		width := rapid.IntRange(2, 6).Draw(rt, "columns")
		want := rapid.SliceOfN(rapid.SliceOfN(cell, width, width), 1, 20).Draw(rt, "rows")
		var b strings.Builder
		for i := range width {
			if i > 0 {
				b.WriteString(comma)
			}
			fmt.Fprintf(&b, "col%c", 'a'+i)
		}
		b.WriteString(eol)
		for _, row := range want {
			for i, c := range row {
				if i > 0 {
					b.WriteString(comma)
				}
				b.WriteString(`"` + strings.ReplaceAll(c, `"`, `""`) + `"`)
			}
			b.WriteString(eol)
		}
		r, err := Open("f", strings.NewReader(b.String()), Options{Raw: true, Delimiter: rune(comma[0])})
		if err != nil {
			rt.Fatal(err)
		}
		r.Next()
		for i := range want {
			got, err := r.Next()
			if err != nil {
				rt.Fatal(err)
			}
			if d := cmp.Diff(want[i], got); d != "" {
				rt.Fatalf("row %d (-want +got):\n%s", i, d)
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a;b\n1,5;\"x\ny\"\n"))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x00"))
	f.Add([]byte("sep=|\na|b\n"))
	f.Add([]byte("caf\xe9,1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Open("f", bytes.NewReader(data), Options{Raw: true})
		if err != nil {
			return
		}
		for {
			if _, err := r.Next(); err != nil {
				return
			}
		}
	})
}

func FuzzSheet(f *testing.F) {
	f.Add([]byte(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>`))
	f.Add([]byte(`<x:row><x:c r="XFD1" t="inlineStr"><is><t><![CDATA[a]]></t></is></x:c></x:row>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &sheetRows{book: &Book{shared: []string{"a"}}, rc: io.NopCloser(nil), tok: newTokens(bytes.NewReader(data))}
		for range 10000 {
			if _, err := s.next(); err != nil {
				return
			}
		}
	})
}

func BenchmarkRead350k(b *testing.B) {
	var buf bytes.Buffer
	buf.WriteString("start,channel,offered,answered,abandoned,within_target,target_s,wait_s,aht_s,subject\n")
	for i := range 350400 {
		fmt.Fprintf(&buf, "2026-01-01T08:15:00+01:00,phone,%d,12,1,9,20,14.25,240.5,paspoort\n", i%50)
	}
	b.SetBytes(int64(buf.Len()))
	for b.Loop() {
		r, err := Open("f", bytes.NewReader(buf.Bytes()), Options{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := r.Next(); err != nil {
				break
			}
		}
	}
}
