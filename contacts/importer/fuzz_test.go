package importer

import (
	"archive/zip"
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func FuzzStamp(f *testing.F) {
	for _, s := range []string{"3/27/26 8:00 AM", "27-03-2026", "2026-03-27T08:00:00.123+01:00", "vr 27 mrt 2026 8:15 uur", "08:00 - 08:15", "Mar 27, 2026", "20260327"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		st, ok := scanStamp(s)
		if !ok {
			return
		}
		for _, o := range []dateOrder{orderYMD, orderDMY, orderMDY} {
			if y, m, d, ok := st.civil(o); ok && (m < 1 || m > 12 || d < 1 || d > daysIn(y, m)) {
				t.Errorf("scanStamp(%q).civil(%v) = %d-%d-%d", s, o, y, m, d)
			}
		}
	})
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"1.234,5", "1 234", "12", "-3", "1e5", "4m 12s", "PT4M"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		form := formOf(s)
		for _, mark := range []byte{'.', ','} {
			if _, ok := parseNumber(s, mark); ok && form == notNumber {
				t.Errorf("parseNumber(%q, %q) reads what formOf does not", s, mark)
			}
		}
		parseUnits(s)
		headerKey(s).candidates()
	})
}

func FuzzDuration(f *testing.F) {
	for _, s := range []string{"0:03:20", " 00:14:33.768", "135:40:34.625", "3:20", "200", "12,5", "4m 12s", "PT4M12S", "0.0023148148", "u:mm", "-1:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := &layout{at: map[Field]int{fTalk: 0}, columns: []*column{newColumn("Gesprekstijd", false)}, mark: map[Field]byte{fTalk: ','}, unit: map[Field]float64{fTalk: 1}}
		r := newReader(l, &Options{})
		v, err := r.seconds([]string{s}, fTalk)
		if err == nil && (v < 0 || math.IsInf(v, 0)) {
			t.Errorf("seconds(%q) = %g", s, v)
		}
		l.columns[0].add(s)
	})
}

// FuzzWorkbook reads a workbook whose parts are anything at all.
func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(bookSheet), []byte(bookStrings), []byte(bookStyles), []byte(bookParts))
	f.Fuzz(func(t *testing.T, sheet, shared, styles, parts []byte) {
		path := filepath.Join(t.TempDir(), "f.xlsx")
		if err := os.WriteFile(path, bookOf(t, sheet, shared, styles, parts), 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := Expand([]string{path}, nil)
		if err != nil {
			return
		}
		defer in.Close()
		for _, file := range in.Files {
			ps, err := Understand(context.Background(), file, Options{})
			if err != nil {
				if strings.Contains(err.Error(), "runtime error") {
					t.Fatal(err)
				}
				continue
			}
			for _, p := range ps {
				if err := p.Rows(context.Background(), func(*Row) error { return nil }, func(*Reject) {}); err != nil && strings.Contains(err.Error(), "runtime error") {
					t.Fatal(err)
				}
			}
		}
	})
}

// Parts of a small workbook: interval statistics with a serial, a clock time and
// a text.
const (
	bookSheet = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>` +
		`<row r="2"><c r="A2" s="1"><v>46108</v></c><c r="B2" s="2"><v>0.3333333333</v></c><c r="C2"><v>12</v></c></row>` +
		`<row r="3"><c r="A3" s="1"><v>46108</v></c><c r="B3" s="2"><v>0.34375</v></c><c r="C3"><v>7</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A5:C5"/></mergeCells></worksheet>`
	bookStrings = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="3" uniqueCount="3"><si><t>Datum</t></si><si><t>Tijd</t></si><si><r><t>Aange</t></r><r><t>boden</t></r></si></sst>`
	bookStyles  = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd-mm-yyyy"/></numFmts>` +
		`<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs></styleSheet>`
	bookParts = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>`
)

// bookOf makes a workbook of its parts, without compression.
func bookOf(t testing.TB, sheet, shared, styles, parts []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range []struct {
		name string
		text []byte
	}{
		{"[Content_Types].xml", []byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`)},
		{"xl/workbook.xml", parts},
		{"xl/_rels/workbook.xml.rels", []byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>` +
			`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`)},
		{"xl/worksheets/sheet1.xml", sheet},
		{"xl/sharedStrings.xml", shared},
		{"xl/styles.xml", styles},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(p.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBookOf makes sure that the workbook which is fuzzed can be read.
func TestBookOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.xlsx")
	if err := os.WriteFile(path, bookOf(t, []byte(bookSheet), []byte(bookStrings), []byte(bookStyles), []byte(bookParts)), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := scanFiles(t, Options{}, path)
	if sum.Total.Imported != 2 {
		t.Errorf("%+v, want two rows", sum.Files)
	}
}

func scanFiles(t testing.TB, opt Options, paths ...string) *Summary {
	t.Helper()
	in, err := Expand(paths, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	sum, err := Scan(context.Background(), in.Files, opt, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// fuzzFile reads data as a file of its own accord, or of one kind.
func fuzzFile(f *testing.F, opt Options) {
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := Expand([]string{path}, nil)
		if err != nil {
			return
		}
		defer in.Close()
		for _, file := range in.Files {
			ps, err := Understand(context.Background(), file, opt)
			if err != nil {
				continue
			}
			for _, p := range ps {
				n := 0
				if err := p.Rows(context.Background(), func(*Row) error { n++; return nil }, func(*Reject) {}); err != nil {
					continue
				}
				if n != p.Counts.Imported && p.Kind != Intervals {
					t.Errorf("%d rows, %d counted", n, p.Counts.Imported)
				}
			}
		}
	})
}

func FuzzFile(f *testing.F) {
	f.Add([]byte("Datum;Tijd;Aangeboden\n27-03-2026;08:00;1.204\nTotaal;;1.204\n"))
	f.Add([]byte("id,start,wait_s,talk_s\n1,2026-03-27 08:00,5,60\n1,2026-03-27 08:00,5,60\n"))
	f.Add([]byte("agent,start,end,state\nx,2026-03-27 08:00,09:00,break\n"))
	f.Add([]byte("id,created_at,status,closed_at\n1,2026-03-27 08:00,open,\n"))
	fuzzFile(f, Options{})
}

func FuzzQueueLog(f *testing.F) {
	f.Add([]byte("1774595007|1.1|afval|NONE|ENTERQUEUE||3|1\n1774595141|1.1|afval|SIP/205|CONNECT|134|1.2|3\n1774595540|1.1|afval|SIP/205|COMPLETEAGENT|134|399|1\n"))
	fuzzFile(f, Options{Kind: QueueLog})
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"ContactId":"x","InitiationTimestamp":"2026-03-27T07:00:00Z","Queue":{"Name":"KCC","Duration":9}}`))
	f.Add([]byte(`[{"id":1,"start":"2026-03-27 08:00","talk":3}]`))
	fuzzFile(f, Options{})
}
