package importer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"kcc/contacts"
)

// lines writes rows as JSON lines, one string each.
func lines(t testing.TB, rows []Row) []string {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	w := NewRowWriter(&buf, loc)
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	out := strings.Split(strings.TrimSpace(buf.String()), "\n")
	for _, l := range out {
		if l != "" && !json.Valid([]byte(l)) {
			t.Errorf("not JSON: %s", l)
		}
	}
	return out
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name, text string
		opt        Options
		kind       Kind
		want       []string // substrings of the rows as understood, in order
		rejects    int
	}{
		{
			"totals become means over answered", "Date,Time,Split/Skill,ACD Calls,Aban Calls,Total ACD Time,Total After Call,Avg Speed Ans\n" +
				"3/27/2026,8:00 AM,Sales,10,2,2000,500,12\n3/27/2026,8:30 AM,Sales,0,1,0,0,0\n",
			Options{},
			Intervals,
			[]string{`"minutes": 30, "queue": "Sales", "offered": 12, "answered": 10, "abandoned": 2, "asa_s": 12, "talk_s": 200, "acw_s": 50`, `"offered": 1, "answered": 0`},
			0,
		},
		{
			"header over two rows", "Report\n,Calls,Calls,Avg Speed\nInterval Start,Offered,Answered,Answer\n2026-03-27 08:00,5,4,10\n2026-03-27 08:15,6,6,11\n",
			Options{},
			Intervals,
			[]string{`"offered": 5, "answered": 4, "asa_s": 10`, `"offered": 6`},
			0,
		},
		{
			"one day in the title", "Split/Skill Interval Report\nDate:\t3/27/2026\nSplit/Skill:\tSales\n\nTime\tACD Calls\tAvg Speed Ans\tAban Calls\tAvg ACD Time\n" +
				"8:00 AM-8:30 AM\t12\t0:13\t1\t3:20\n8:30 AM-9:00 AM\t8\t0:09\t0\t4:10\nTOTAL\t20\t0:11\t1\t3:40\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00", "start_utc": "2026-03-27T07:00:00Z", "minutes": 30, "queue": "Sales", "offered": 13, "answered": 12, "abandoned": 1, "asa_s": 13, "talk_s": 200`, `T08:30`},
			0,
		},
		{
			"times with a dot", "Datum;Tijd;Aangeboden;Gem. gesprekstijd (min)\n27-3-2026;8.00;5;3,5\n27-3-2026;8.15;7;4,25\n27-3-2026;08.30;7;4,25\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00", "start_utc": "2026-03-27T07:00:00Z", "minutes": 15, "offered": 5, "talk_s": 210`, `T08:15`, `T08:30`},
			0,
		},
		{
			"a clock called interval, a count called hold, agents who did not work", "Datum;Interval;Agent;Aangenomen;Avg Hold;Hold\n27-3-2026;08:00;A;5;0:00:20;3\n27-3-2026;08:00;B;;;\n27-3-2026;08:30;A;6;0:00:10;1\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00", "start_utc": "2026-03-27T07:00:00Z", "minutes": 30, "agent": "A", "answered": 5, "hold_s": 20`, `T08:30`},
			0,
		},
		{
			"ranges of time", "Datum;Interval;Aangeboden;Beantwoord\n27-03-2026;08:00-08:15;5;4\n27-03-2026;08:15-08:30;6;5\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00", "start_utc": "2026-03-27T07:00:00Z", "minutes": 15`, `T08:15`},
			0,
		},
		{
			"months in words", "Datum;Tijd;Aantal oproepen\nvr 27 mrt 2026;8:00;5\nma 30 maart 2026;8:15 uur;1.204\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00"`, `"start_local": "2026-03-30T08:15", "start_utc": "2026-03-30T06:15:00Z", "minutes": 15, "offered": 1204`},
			0,
		},
		{
			"total row of every interval is left out", "start,queue,offered\n2026-03-27 08:00,A,5\n2026-03-27 08:00,B,6\n2026-03-27 08:00,Total,11\n2026-03-27 08:15,A,1\n2026-03-27 08:15,B,2\n2026-03-27 08:15,Total,3\n",
			Options{},
			Intervals,
			[]string{`"queue": "A"`, `"queue": "B"`, `"queue": "A"`, `"queue": "B"`},
			0,
		},
		{
			"epochs in milliseconds and durations in milliseconds", "conversationId,conversationStart,mediaType,queueName,tAnswered,tTalk,tAcw\n" +
				"a,1774594800000,voice,Q,12000,240000,30000\nb,1774594860000,callback,Q,9000,180000,45000\nc,1774594920000,email,Q,60000,300000,90000\n",
			Options{},
			Calls,
			[]string{`"start_utc": "2026-03-27T07:00:00Z"`, `"channel": "callback"`, `"channel": "email", "queue": "Q", "outcome": "answered", "wait_s": 60, "talk_s": 300, "acw_s": 90`},
			0,
		},
		{
			"times of answer and end give wait and talk", "Call ID;Start time;Answer time;End time;Agent\n1;2026-03-27 08:00:00;2026-03-27 08:00:12;2026-03-27 08:03:12;x\n2;2026-03-27 08:05:00;;2026-03-27 08:05:40;\n",
			Options{},
			Calls,
			[]string{`"outcome": "answered", "wait_s": 12, "talk_s": 180`, `"outcome": "abandoned", "wait_s": 40`},
			0,
		},
		{
			"flags and units in Dutch", "Gespreksnummer;Begintijd;Beantwoord (J/N);Wachttijd (sec);Gesprekstijd (min);Onderwerp;Klanttevredenheid\n1;27-3-2026 8:00:05;J;12;2,5;Paspoort;8\n2;27-3-2026 8:01:05;N;40;;Paspoort;\n",
			Options{},
			Calls,
			[]string{`"outcome": "answered", "wait_s": 12, "talk_s": 150, "subject": "Paspoort"`, `"outcome": "abandoned", "wait_s": 40`},
			0,
		},
		{
			"day fractions", "start,offered,answered,avg talk\n2026-03-27 08:00,5,4,0.00231481481481481\n2026-03-27 08:15,5,4,0.00115740740740741\n",
			Options{},
			Intervals,
			[]string{`"talk_s": 200`, `"talk_s": 100`},
			0,
		},
		{
			"excel serials as text", "Datum,Tijd,Aantal\n46108,0.333333333333333,5\n46108,0.34375,6\n46111,0.333333333333333,7\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00"`, `"start_local": "2026-03-27T08:15"`, `"start_local": "2026-03-30T08:00"`},
			0,
		},
		{
			"compact dates of NICE IEX", "date|period|tz|queue|offered|handled|aht\n03272026|0800|CET|101|5|4|200\n03272026|0815|CET|101|6|5|210\n03302026|0800|CET|101|6|5|210\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T08:00", "start_utc": "2026-03-27T07:00:00Z", "minutes": 15, "queue": "101", "offered": 5, "answered": 4, "aht_s": 200`, `T08:15`, `2026-03-30`},
			0,
		},
		{
			"agent states", "agent,start,end,state\nx,2026-03-27 08:00,2026-03-27 09:30,available\nx,2026-03-27 09:30,2026-03-27 09:45,break\n",
			Options{},
			States,
			[]string{`{"agent": "x", "state": "available", "start_local": "2026-03-27T08:00:00", "start_utc": "2026-03-27T07:00:00Z", "end_utc": "2026-03-27T08:30:00Z"}`, `"state": "break"`},
			0,
		},
		{
			"agent states in Dutch with a duration", "Medewerker;Datum;Begintijd;Duur;Status\nx;27-3-2026;8:00:00;1:30:00;Beschikbaar\nx;27-3-2026;9:30:00;0:15:00;Pauze\n",
			Options{},
			States,
			[]string{`"end_utc": "2026-03-27T08:30:00Z"`, `"state": "Pauze"`},
			0,
		},
		{
			"tickets", "Zaaknummer;Soort;Onderwerp;Kanaal;Ontvangen op;Doorgezet naar;Streefdatum;Afgehandeld op\nZ-1;vraag;WOZ;Telefoon;27-3-2026 10:00;Belastingen;10-4-2026;2-4-2026 12:00\nZ-2;klacht;Afval;E-mail;28-3-2026 11:00;Beheer;11-4-2026;\n",
			Options{},
			Tickets,
			[]string{`{"id": "Z-1", "kind": "vraag", "subject": "WOZ", "channel": "phone", "received_utc": "2026-03-27T09:00:00Z", "handed_off_to": "Belastingen", "due_date": "2026-04-10", "closed_utc": "2026-04-02T10:00:00Z"`, `"id": "Z-2"`},
			0,
		},
		{
			"bad cells", "start,queue,offered,answered\n2026-03-27 08:00,A,5,4\n2026-02-30 08:15,A,5,4\n2026-03-27 08:30,A,vijf,4\n2026-03-29 02:30,A,1,1\n2026-03-29 03:30,A,1,-1\n",
			Options{},
			Intervals,
			[]string{`"offered": 5`},
			4,
		},
		{
			"constants and columns by hand", "when;how many\n2026-03-27 08:00;5\n2026-03-27 08:15;7\n",
			Options{Map: map[string]string{"start": "when", "offered": "how many", "channel": "=chat"}},
			Intervals,
			[]string{`"channel": "chat", "offered": 5`, `"offered": 7`},
			0,
		},
		{
			"UTC in the header", "Start Time (UTC),Offered\n2026-03-27 08:00,5\n2026-03-27 08:15,7\n",
			Options{},
			Intervals,
			[]string{`"start_local": "2026-03-27T09:00", "start_utc": "2026-03-27T08:00:00Z"`, `08:15:00Z`},
			0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			ps, rows, rejects := parse(t, write(t, "f.txt", c.text), c.opt)
			if ps[0].Kind != c.kind {
				t.Fatalf("kind %s, want %s; found %q", ps[0].Kind, c.kind, ps[0].Found)
			}
			if len(rejects) != c.rejects {
				t.Errorf("%d rejects, want %d: %v", len(rejects), c.rejects, rejects)
			}
			got := lines(t, rows)
			if len(got) != len(c.want) {
				t.Fatalf("%d rows, want %d: %q", len(got), len(c.want), got)
			}
			for i, w := range c.want {
				if !strings.Contains(got[i], w) {
					t.Errorf("row %d is %s\nwant in it %s\nfound %q", i, got[i], w, ps[0].Found)
				}
			}
		})
	}
}

func TestClockChanges(t *testing.T) {
	const head = "Datum;Tijd;Wachtrij;Aangeboden\n"
	autumn := ""
	for _, h := range []string{"01:30", "02:00", "02:30", "02:00", "02:30", "03:00"} {
		for _, q := range []string{"A", "B"} {
			autumn += "25-10-2026;" + h + ";" + q + ";5\n"
		}
	}
	utc := func(rows []Row, queue string) (out []string) {
		for i := range rows {
			if rows[i].Interval.Queue == queue {
				out = append(out, rows[i].Interval.Start.UTC().Format("02 15:04"))
			}
		}
		return out
	}
	_, rows, _ := parse(t, write(t, "a.csv", head+autumn), Options{})
	want := []string{"24 23:30", "25 00:00", "25 00:30", "25 01:00", "25 01:30", "25 02:00"}
	for _, q := range []string{"A", "B"} {
		if d := cmp.Diff(want, utc(rows, q)); d != "" {
			t.Errorf("queue %s by order (-want +got):\n%s", q, d)
		}
	}
	// Backwards, and ordered by queue.
	var back []string
	for _, q := range []string{"A", "B"} {
		for _, h := range []string{"03:00", "02:30", "02:00", "02:30", "02:00", "01:30"} {
			back = append(back, "25-10-2026;"+h+";"+q+";5\n")
		}
	}
	_, rows, _ = parse(t, write(t, "b.csv", head+strings.Join(back, "")), Options{})
	got := utc(rows, "A")
	for i, j := 0, len(got)-1; i < j; i, j = i+1, j-1 {
		got[i], got[j] = got[j], got[i]
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("backwards (-want +got):\n%s", d)
	}
	_, rows, _ = parse(t, write(t, "c.csv", head+"25-10-2026;01:30;A;5\n25-10-2026;02:00;A;5\n25-10-2026;02:30;A;5\n25-10-2026;03:00;A;5\n"), Options{DST: "second"})
	if d := cmp.Diff([]string{"24 23:30", "25 01:00", "25 01:30", "25 02:00"}, utc(rows, "A")); d != "" {
		t.Errorf("second (-want +got):\n%s", d)
	}
	_, _, rejects := parse(t, write(t, "d.csv", head+"29-03-2026;01:30;A;5\n29-03-2026;02:00;A;5\n29-03-2026;03:00;A;5\n"), Options{})
	if len(rejects) != 1 || !strings.Contains(rejects[0].Want, "exists") {
		t.Errorf("a time that does not exist: rejects %v", rejects)
	}
}

func TestAmbiguousDates(t *testing.T) {
	text := "Datum;Tijd;Aangeboden\n03-04-2026;08:00;5\n04-04-2026;08:15;5\n"
	in, err := Expand([]string{write(t, "a.csv", text)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var amb *AmbiguousError
	if _, err := Understand(context.Background(), in.Files[0], Options{}); !errors.As(err, &amb) || amb.Column != "Datum" {
		t.Fatalf("error %v, want one about the column Datum", err)
	}
	for order, want := range map[string]string{"dmy": "2026-04-03", "mdy": "2026-03-04"} {
		_, rows, _ := parse(t, write(t, "a.csv", text), Options{DateOrder: order})
		if got := rows[0].Interval.Start.Format(time.DateOnly); got != want {
			t.Errorf("%s: %s, want %s", order, got, want)
		}
	}
	// Equal numbers leave nothing to choose; another column may settle it.
	for _, text := range []string{"Datum;Aangeboden\n03-03-2026;5\n04-04-2026;6\n", "Start;Einde;Aangeboden\n03-04-2026 08:00;03-04-2026 08:15;5\n12-04-2026 23:45;13-04-2026 00:00;5\n"} {
		if _, rows, _ := parse(t, write(t, "b.csv", text), Options{}); len(rows) != 2 {
			t.Errorf("%q: %d rows", text, len(rows))
		}
	}
}

func TestJSONRecords(t *testing.T) {
	record := func(id, update string, talk int) string {
		return fmt.Sprintf(`{"ContactId":%q,"Channel":"VOICE","InitiationMethod":"INBOUND","InitiationTimestamp":"2026-03-27T07:00:00Z","DisconnectTimestamp":"2026-03-27T07:05:00Z","LastUpdateTimestamp":%q,"Queue":{"Name":"KCC","Duration":12,"EnqueueTimestamp":"2026-03-27T07:00:01Z"},"Agent":{"Username":"jan","AgentInteractionDuration":%d,"CustomerHoldDuration":5,"AfterContactWorkDuration":30,"ConnectedToAgentTimestamp":"2026-03-27T07:00:13Z"},"CustomerEndpoint":{"Type":"TELEPHONE_NUMBER","Address":"+31612345678"}}`, id, update, talk)
	}
	a, b, late := record("a", "2026-03-27T07:06:00Z", 200), record("b", "2026-03-27T07:06:00Z", 100), record("a", "2026-03-27T08:06:00Z", 240)
	want := []string{`"id": "b"`, `"id": "a"`}
	for name, text := range map[string]string{
		"lines": late + "\n" + b + "\n" + a + "\n", "array": "[" + late + ",\n" + b + "," + a + "]", "wrapped": `{"count":3,"results":[` + late + "," + b + "," + a + `]}`,
	} {
		ps, rows, rejects := parse(t, write(t, "c.json", text), Options{})
		if ps[0].Kind != Calls || len(rejects) > 0 || len(rows) != 2 || ps[0].Counts.Duplicate != 1 {
			t.Errorf("%s: kind %s, %d rows, rejects %v, counts %+v", name, ps[0].Kind, len(rows), rejects, ps[0].Counts)
			continue
		}
		got := strings.Join(lines(t, rows), "\n")
		for _, w := range append(want, `"channel": "phone", "queue": "KCC", "direction": "inbound", "outcome": "answered", "wait_s": 12, "talk_s": 240, "hold_s": 5, "acw_s": 30`) {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s is missing in\n%s", name, w, got)
			}
		}
	}
}

func TestQueueLogBranches(t *testing.T) {
	log := "1774594800|x|NONE|NONE|QUEUESTART|\n" +
		"1774594800|1|a|NONE|ENTERQUEUE||0612345678|1\n1774594810|1|a|SIP/1|CONNECT|10|1.1|3\n1774594830|1|a|SIP/1|BLINDTRANSFER|205|default|10|20|1\n" +
		"1774594900|2|a|NONE|ENTERQUEUE||0612345679|1\n1774594960|2|a|NONE|EXITWITHTIMEOUT|1|1|60\n1774594960|2|b|NONE|ENTERQUEUE||0612345679|1\n1774594965|2|b|SIP/2|CONNECT|5|2.1|3\n1774595065|2|b|SIP/2|COMPLETECALLER|5|100|1\n" +
		"1774595100|3|a|NONE|ENTERQUEUE||x|1\n" + // still waiting at the end
		"nonsense|4|a\n1774595200|5|a|SIP/1|RINGNOANSWER|1000\n"
	ps, rows, rejects := parse(t, write(t, "queue_log", log), Options{})
	got := lines(t, rows)
	for i, w := range []string{`"queue": "a", "outcome": "transferred", "wait_s": 10, "talk_s": 20`, `"queue": "a", "outcome": "overflow", "wait_s": 60`, `"queue": "b", "outcome": "answered", "wait_s": 5, "talk_s": 100`} {
		if i >= len(got) || !strings.Contains(got[i], w) {
			t.Errorf("row %d: %q, want %s", i, got, w)
		}
	}
	if len(rejects) != 1 || ps[0].Counts.Read != 12 {
		t.Errorf("counts %+v, rejects %v", ps[0].Counts, rejects)
	}
}

// Whatever the dialect: what is written is read back.
func TestEveryDialectReadsBack(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		dialect := rapid.SampledFrom([]string{"csv", "semicolon", "tab", "pipe", "cp1252", "utf16", "xlsx", "us"}).Draw(rt, "dialect")
		type fact struct {
			start                       time.Time
			queue                       string
			offered, answered, wait, tk int
		}
		n := rapid.IntRange(2, 40).Draw(rt, "rows")
		step := rapid.SampledFrom([]int{15, 30, 60}).Draw(rt, "minutes")
		first := time.Date(2026, 11, 13, 8, 0, 0, 0, loc) // the 13th: no doubt about day and month
		var facts []fact
		for i := range n {
			o := rapid.IntRange(0, 2500).Draw(rt, "offered")
			facts = append(facts, fact{
				first.Add(time.Duration(i*step) * time.Minute), rapid.SampledFrom([]string{"Burgerzaken", "Afval – privé", "Café & Co"}).Draw(rt, "queue"),
				o, rapid.IntRange(0, o).Draw(rt, "answered"), rapid.IntRange(0, 600).Draw(rt, "wait"), rapid.IntRange(1, 4000).Draw(rt, "talk"),
			})
		}
		clock := func(s int) string { return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60) }
		head := []string{"Datum", "Tijd", "Wachtrij", "Aangeboden", "Beantwoord", "Gem. wachttijd", "Gem. gesprekstijd"}
		comma := map[string]string{"csv": ",", "us": ",", "semicolon": ";", "cp1252": ";", "utf16": "\t", "tab": "\t", "pipe": "|"}[dialect]
		path := filepath.Join(dir, "f")
		if dialect == "xlsx" {
			f := excelize.NewFile()
			defer f.Close()
			f.SetSheetRow("Sheet1", "A1", &head)
			date, tm, dur := "dd-mm-yyyy", "hh:mm", "[h]:mm:ss"
			s1, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &date})
			s2, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &tm})
			s3, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &dur})
			for i, x := range facts {
				day := math.Floor(float64(time.Date(x.start.Year(), x.start.Month(), x.start.Day(), 0, 0, 0, 0, time.UTC).Unix())/86400) + 25569
				row := fmt.Sprint(i + 2)
				f.SetSheetRow("Sheet1", "A"+row, &[]any{day, float64(x.start.Hour()*60+x.start.Minute()) / 1440, x.queue, x.offered, x.answered, float64(x.wait) / 86400, float64(x.tk) / 86400})
				f.SetCellStyle("Sheet1", "A"+row, "A"+row, s1)
				f.SetCellStyle("Sheet1", "B"+row, "B"+row, s2)
				f.SetCellStyle("Sheet1", "F"+row, "G"+row, s3)
			}
			if err := f.SaveAs(path + ".xlsx"); err != nil {
				rt.Fatal(err)
			}
			path += ".xlsx"
		} else {
			var b strings.Builder
			fmt.Fprintln(&b, strings.Join(head, comma))
			for _, x := range facts {
				d, tm := x.start.Format("02-01-2006"), x.start.Format("15:04")
				if dialect == "us" {
					d, tm = x.start.Format("1/2/06"), x.start.Format("3:04 PM")
				}
				fmt.Fprintln(&b, strings.Join([]string{d, tm, `"` + x.queue + `"`, fmt.Sprint(x.offered), fmt.Sprint(x.answered), clock(x.wait), clock(x.tk)}, comma))
			}
			out := []byte(b.String())
			switch dialect {
			case "cp1252":
				out, err = charmap.Windows1252.NewEncoder().Bytes(out)
			case "utf16":
				out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(out)
			}
			if err == nil {
				err = os.WriteFile(path, out, 0o600)
			}
			if err != nil {
				rt.Fatal(err)
			}
		}
		in, err := Expand([]string{path}, nil)
		if err != nil {
			rt.Fatal(err)
		}
		ps, err := Understand(context.Background(), in.Files[0], Options{})
		if err != nil {
			rt.Fatalf("%s: %v", dialect, err)
		}
		i := 0
		err = ps[0].Rows(context.Background(), func(r *Row) error {
			x, iv := facts[i], &r.Interval
			if !iv.Start.Equal(x.start) || iv.Queue != x.queue || iv.Offered != float64(x.offered) || iv.Answered != float64(x.answered) ||
				iv.Wait != float64(x.wait) || iv.Talk != float64(x.tk) || iv.Step != time.Duration(step)*time.Minute {
				rt.Fatalf("%s, row %d: %+v, want %+v", dialect, i, *iv, x)
			}
			i++
			return nil
		}, func(r *Reject) { rt.Fatalf("%s: %v", dialect, r.Error()) })
		if err != nil || i != n {
			rt.Fatalf("%s: %d rows of %d, %v", dialect, i, n, err)
		}
	})
}

func TestTemplateReadsBack(t *testing.T) {
	for _, dutch := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "t.xlsx")
		var buf bytes.Buffer
		if err := Template(&buf, dutch); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&buf)
		if err != nil {
			t.Fatal(err)
		}
		sheet := f.GetSheetList()[0]
		f.SetSheetRow(sheet, "A2", &[]any{46111, 0.34375, "balie", "Q", "paspoort", 5, 4, 1, 0.001, 0.002})
		f.SetSheetRow(sheet, "A3", &[]any{46111, 0.354166666666667, "balie", "Q", "paspoort", 6, 6, 0, 0.001, 0.002})
		if err := f.SaveAs(path); err != nil {
			t.Fatal(err)
		}
		f.Close()
		_, rows, rejects := parse(t, path, Options{})
		if len(rows) != 2 || len(rejects) > 0 {
			t.Fatalf("dutch %v: %d rows, rejects %v", dutch, len(rows), rejects)
		}
		if iv := rows[0].Interval; iv.Channel != contacts.Counter || iv.Offered != 5 || iv.AHT < 172 || iv.AHT > 173 || iv.Start.Format("2006-01-02 15:04") != "2026-03-30 06:15" {
			t.Errorf("dutch %v: %+v", dutch, iv)
		}
	}
}
