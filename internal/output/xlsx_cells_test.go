package output

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestCellsAsExcelize holds that every sheet of a roster workbook reads as a
// general library reads it, awkward texts included.
func TestCellsAsExcelize(t *testing.T) {
	book, opt := smallRoster(t, Dutch, 12)
	f := rosterFile(t, book, opt)
	rich := []excelize.RichTextRun{{Text: "vet "}, {Text: "en <schuin> & \"meer\"", Font: &excelize.Font{Bold: true}}}
	for i, err := range []error{
		f.SetCellStr("Week 49", "O5", "a\r\nb _x0041_ <&> ü € 𝄞"), f.SetCellRichText("Week 49", "O6", rich), f.SetCellFormula("Week 49", "O7", "1+1"),
		f.SetCellStr("Week 49", "ZZ9", "  spaces  "), f.SetCellBool("Week 49", "O8", true), f.SetCellFloat("Week 49", "O9", 0.1, -1, 64),
	} {
		if err != nil {
			t.Fatal(i, err)
		}
	}
	buf, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	cells, err := openCells(bytes.NewReader(buf.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	again, err := excelize.OpenReader(bytes.NewReader(buf.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, sheet := range again.GetSheetList() {
		want, err := again.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := cells.rows(strings.ToUpper(sheet))
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range want {
			for len(got) > 0 && got[0].n < i+1 {
				got = got[1:]
			}
			for j, w := range row {
				g := ""
				if len(got) > 0 && got[0].n == i+1 {
					g = got[0].at(j + 1)
				}
				if compared++; g != w {
					t.Fatalf("%s, row %d, column %d: %q, want %q", sheet, i+1, j+1, g, w)
				}
			}
		}
	}
	if compared < 10000 {
		t.Errorf("%d cells compared", compared)
	}
}

// archive makes a workbook of one sheet from its parts.
func archive(t testing.TB, sheet, texts string) *bytes.Buffer {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, text := range map[string]string{
		"xl/workbook.xml": `<?xml version="1.0"?><!-- c --><x:workbook xmlns:x='u'><x:sheets><x:sheet name='A &amp; B' r:id="q"/></x:sheets></x:workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="q" Type="http://x/worksheet" Target="/xl/one.xml"/>` +
			`<Relationship Id="t" Type="http://x/sharedStrings" Target="t.xml"/></Relationships>`,
		"xl/one.xml": sheet, "xl/t.xml": texts,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &buf
}

func TestCellsByHand(t *testing.T) {
	b, err := openCells(archive(t, `<x:sheetData><x:row><x:c t="s"><x:v>1</x:v></x:c><x:c/><x:c r="D1"><f>1&gt;2</f><v><![CDATA[a<&]]></v></x:c></x:row>`+
		`<row r='7'><c r="B7" t="inlineStr"><is><r><t>&#65;&#x42;</t></r><rPh><t>no</t></rPh><t xml:space="preserve"> c</t></is></c></row></x:sheetData>`,
		`<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r><rPh sb="0"><t>x</t></rPh></si></sst>`))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := b.rows("a & b")
	if err != nil || len(rows) != 2 || rows[0].n != 1 || rows[1].n != 7 {
		t.Fatalf("%v, %v", rows, err)
	}
	if got := []string{rows[0].at(1), rows[0].at(2), rows[0].at(4), rows[1].at(2)}; got[0] != "one" || got[1] != "" || got[2] != "a<&" || got[3] != "AB c" {
		t.Errorf("%q", got)
	}
	for _, wrong := range []string{
		`<row r="0"/>`, `<row r="2"/><row r="2"/>`, `<row r="99999999"/>`, `<row><c r="B1"/><c r="A1"/></row>`, `<row><c r="ZZZZ1"/></row>`,
		`<row><c t="s"><v>9</v></c></row>`, `<row`, `<row a="`, `<!-- `, `<![CDATA[`, `<!DOCTYPE x>`,
	} {
		b, err := openCells(archive(t, wrong, `<sst/>`))
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := b.rows("A & B"); err == nil {
			t.Errorf("%s: %v, want an error", wrong, rows)
		}
	}
}

// BenchmarkReadRosterBook reads the roster of 60 agents and four weeks back.
func BenchmarkReadRosterBook(b *testing.B) {
	book, opt := smallRoster(b, English, 60)
	var buf bytes.Buffer
	if err := WriteRosterBook(&buf, book, opt); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ReadRosterBook(bytes.NewReader(buf.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
