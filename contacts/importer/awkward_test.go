package importer

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// understand returns the rows of a file as understood, and its report.
func understand(t *testing.T, path string) ([]string, FileReport) {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	in, err := Expand([]string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var buf bytes.Buffer
	w := NewRowWriter(&buf, loc)
	sum, err := Scan(t.Context(), in.Files, Options{Zone: loc}, w, func(r *Reject) { t.Errorf("rejected: %v", &r.RowError) })
	if err != nil || len(sum.Errors) > 0 {
		t.Fatalf("%v %v", err, sum.Errors)
	}
	w.Flush()
	return strings.Split(strings.TrimSpace(buf.String()), "\n"), sum.Files[0]
}

// TestExports reads exports as systems write them, cut down to the rows that
// matter; what is expected was worked out by hand.
func TestExports(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string // each within the row
		totals     int      // of the footer that agree with the rows
	}{
		{
			"Cisco UCCX with a grand total", `"Contact Service Queue Activity Report (by Interval)"
"Report Start Time: 10/12/26 12:00:00 AM  Report End Time: 10/25/26 11:59:59 PM"

"CSQ Name","Interval Start Time","Interval End Time","Calls Presented","Max Queue Time","Calls Handled","Avg Speed of Answer","Avg Handle Time","Calls Abandoned","Avg Time to Abandon"
"Burgerzaken","10/12/26 8:00:00 AM","10/12/26 8:30:00 AM","1,204","00:09:12","1,187","00:00:39","00:04:12","17","00:01:10"
"Belastingen","10/25/26 12:30:00 PM","10/25/26 1:00:00 PM","40","00:05:00","36","00:00:55","00:06:02","4","00:02:00"
"Grand Total","","","1,244","00:09:12","1,223","00:00:40","00:04:16","21","00:01:12"
`,
			[]string{
				`"start_utc": "2026-10-12T06:00:00Z", "minutes": 30, "queue": "Burgerzaken", "offered": 1204, "answered": 1187, "abandoned": 17, "asa_s": 39, "aht_s": 252`,
				`"start_utc": "2026-10-25T11:30:00Z", "minutes": 30, "queue": "Belastingen", "offered": 40, "answered": 36, "abandoned": 4, "asa_s": 55, "aht_s": 362`,
			},
			3,
		},
		{
			"Avaya CMS with the day and the skill in the title, and seconds as :12",
			"Split/Skill Interval Report\nDate:\t24/11/2026\nSplit/Skill:\tAlgemeen\n\nTime\tAvg Speed Ans\tACD Calls\tAban Calls\tAvg Talk Time\tTotal After Call\n" +
				"8:00AM- 8:30AM\t:12\t41\t2\t3:05\t8:12\n12:30PM- 1:00PM\t1:05\t20\t0\t3:40\t5:00\n\nTotals\t:30\t61\t2\t3:17\t13:12\n",
			[]string{
				`"start_utc": "2026-11-24T07:00:00Z", "minutes": 30, "queue": "Algemeen", "offered": 43, "answered": 41, "abandoned": 2, "asa_s": 12, "talk_s": 185, "acw_s": 12`,
				`"start_utc": "2026-11-24T11:30:00Z", "minutes": 30, "queue": "Algemeen", "offered": 20, "answered": 20, "abandoned": 0, "asa_s": 65, "talk_s": 220, "acw_s": 15`,
			},
			2,
		},
		{
			"Dutch workbook export with a total and a mean below", "Gemeente - KCC\nPeriode: 01-03-2026 t/m 31-03-2026\n\nDatum;Kwartier;Wachtrij;Aangeboden;Beantwoord;Opgehangen;Gem. wachttijd (sec)\n" +
				"2-3-2026;08:00;Balie;12;11;1;23,5\n13-3-2026;08:15;Balie;1.012;1.000;12;8\nTotaal;;;1.024;1.011;13;\nGemiddeld;;;512;505,5;6,5;\nAfgedrukt op 1-4-2026\n",
			[]string{
				`"start_utc": "2026-03-02T07:00:00Z", "minutes": 15, "queue": "Balie", "offered": 12, "answered": 11, "abandoned": 1, "asa_s": 23.5`,
				`"offered": 1012, "answered": 1000, "abandoned": 12, "asa_s": 8`,
			},
			3,
		},
		{
			"Five9 call log, calls out by their type", `"CALL ID","TIMESTAMP","CAMPAIGN","CALL TYPE","AGENT NAME","DISPOSITION","ANI","TALK TIME","HOLD TIME","QUEUE WAIT TIME","AFTER CALL WORK TIME"
"1","Tue, 24 Mar 2026 08:05:05","Service","Inbound","[None]","Abandon","31612345679","00:00:00","00:00:00","00:00:25","00:00:00"
"2","Wed, 25 Mar 2026 13:05:05","Service","Outbound","Agent One","Answered","31612345679","00:01:25","00:00:02","00:00:00","00:00:05"
`,
			[]string{
				`"start_utc": "2026-03-24T07:05:05Z", "start_local": "2026-03-24T08:05:05", "queue": "Service", "direction": "inbound", "outcome": "abandoned", "wait_s": 25, "talk_s": 0, "hold_s": 0, "acw_s": 0}`,
				`"direction": "outbound", "outcome": "answered", "wait_s": 0, "talk_s": 85, "hold_s": 2, "acw_s": 5, "agent": "Agent One"`,
			},
			0,
		},
		{
			"3CX call log with totals", "Call Time,Caller ID,Destination,Status,Ringing,Talking,Totals\n2026-11-02T08:01:05,0612345678,Queue (800),Answered,00:00:12,00:03:10,00:03:22\n" +
				"2026-11-02T08:03:05,0612345679,Queue (800),Unanswered,00:00:45,,00:00:45\n,,,Totals,,00:03:10,00:04:07\n",
			[]string{`"outcome": "answered", "wait_s": 12, "talk_s": 190`, `"outcome": "abandoned", "wait_s": 45`},
			0,
		},
		{
			"the type of an endpoint is no kind of contact", `{"ContactId":"c-1","Channel":"VOICE","InitiationTimestamp":"2026-05-01T08:00:01Z","Queue":{"Name":"A","Duration":5},"CustomerEndpoint":{"Address":"+31612345671","Type":"TELEPHONE_NUMBER"},"Agent":{"Username":"a","AgentInteractionDuration":60}}` + "\n" +
				`{"ContactId":"c-2","Channel":"VOICE","InitiationTimestamp":"2026-05-01T08:10:01Z","Queue":{"Name":"A","Duration":9},"CustomerEndpoint":{"Address":"+31612345672","Type":"TELEPHONE_NUMBER"},"Agent":null}` + "\n",
			[]string{`"outcome": "answered", "wait_s": 5, "talk_s": 60, "agent": "a"}`, `"outcome": "abandoned", "wait_s": 9}`},
			0,
		},
		{
			"a row whose telling cells are all blank says nothing of its outcome",
			"Datum/tijd;Kanaal;Wachtrij;Wachttijd;Gesprekstijd;Beantwoord\n14-3-2026 9:05;Telefoon;A;12;130;J\n14-3-2026 9:06;Telefoon;A;45;;N\n14-3-2026 9:07;WhatsApp;B;;;\n",
			[]string{`"outcome": "answered"`, `"outcome": "abandoned", "wait_s": 45}`, `"channel": "whatsapp", "queue": "B"}`},
			0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, report := understand(t, write(t, "export.txt", c.text))
			if len(rows) != len(c.want) {
				t.Fatalf("%d rows, want %d: %v", len(rows), len(c.want), rows)
			}
			for i := range rows {
				if !strings.Contains(rows[i], c.want[i]) {
					t.Errorf("row %d is %s\nwant in it %s\nfound %q", i, rows[i], c.want[i], report.Found)
				}
			}
			if len(report.Totals) != c.totals || len(report.Warnings) > 0 {
				t.Errorf("totals %+v, warnings %q", report.Totals, report.Warnings)
			}
		})
	}
}

// TestAwkwardWorkbook reads a workbook with a merged title, serial dates, times
// and waits as fractions of a day, a total, a sheet of prose and a sheet of texts.
func TestAwkwardWorkbook(t *testing.T) {
	f := excelize.NewFile()
	set := func(sheet string, rows ...[]any) {
		for i, row := range rows {
			if err := f.SetSheetRow(sheet, "A"+string(rune('1'+i)), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.SetSheetName("Sheet1", "Telefonie")
	set("Telefonie", []any{"Gemeente - wachtrijen"}, []any{"Periode", "2 t/m 8 maart 2026"}, []any{},
		[]any{"Datum", "Tijd", "Wachtrij", "Aangeboden", "Beantwoord", "Afgehaakt", "Gem. wachttijd", "Nawerktijd"},
		[]any{46083, 32.0 / 96, "Burgerzaken", 42, 41, 1, 20.0 / 86400, "00:00:45"},
		[]any{46083, 33.0 / 96, "Burgerzaken", 43, 42, 1, 30.0 / 86400, "00:00:45"},
		[]any{"Totaal", nil, nil, 85, 83, 2})
	if err := f.MergeCell("Telefonie", "A1", "F1"); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Toelichting", "Tekst"} {
		if _, err := f.NewSheet(s); err != nil {
			t.Fatal(err)
		}
	}
	set("Toelichting", []any{"Dit rapport is gemaakt door de afdeling"})
	set("Tekst", []any{"Datum", "Tijd", "Aangeboden"}, []any{"13-03-2026", "08:15", "1.100"}, []any{"13-03-2026", "09:15", "1.101"})
	path := filepath.Join(t.TempDir(), "boek.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	rows, report := understand(t, path)
	want := []string{
		`{"start_local": "2026-03-02T08:00", "start_utc": "2026-03-02T07:00:00Z", "minutes": 15, "queue": "Burgerzaken", "offered": 42, "answered": 41, "abandoned": 1, "asa_s": 20, "acw_s": 45}`,
		`{"start_local": "2026-03-02T08:15", "start_utc": "2026-03-02T07:15:00Z", "minutes": 15, "queue": "Burgerzaken", "offered": 43, "answered": 42, "abandoned": 1, "asa_s": 30, "acw_s": 45}`,
		`{"start_local": "2026-03-13T08:15", "start_utc": "2026-03-13T07:15:00Z", "minutes": 60, "offered": 1100}`,
		`{"start_local": "2026-03-13T09:15", "start_utc": "2026-03-13T08:15:00Z", "minutes": 60, "offered": 1101}`,
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	if len(report.Totals) != 3 || len(report.Warnings) > 0 {
		t.Errorf("totals %+v, warnings %q", report.Totals, report.Warnings)
	}
}
