package importer

import (
	"context"
	"os"
	"path/filepath"
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
