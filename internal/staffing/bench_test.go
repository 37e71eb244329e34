package staffing

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// yearOfRows writes ten queues with peaks of 2 to 200 erlangs in the quarters of
// a year, as a plan (with start) or as cases.
func yearOfRows(plan bool) []byte {
	var b bytes.Buffer
	if plan {
		b.WriteString("channel,subject,start,interval_s,offered,lo80,hi80,aht_s,model\n")
	} else {
		b.WriteString("calls,interval_s,aht_s,target_pct,target_s,max_occupancy,shrinkage\n")
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600))
	for q, p := range []float64{2, 5, 10, 15, 25, 40, 60, 100, 150, 200} {
		for i := range 35040 {
			h := float64(i%96) / 4
			day := math.Exp(-(h-10.5)*(h-10.5)/6) + 0.8*math.Exp(-(h-15)*(h-15)/8)
			calls := 3 * p * (0.02 + 0.8*day) * (1 + 0.2*math.Sin(float64(i/96)*0.9))
			if plan {
				fmt.Fprintf(&b, "q%d,,%s,900,%.4f,%.4f,%.4f,300,blend\n", q, start.Add(time.Duration(i)*15*time.Minute).Format(time.RFC3339), calls, 0.8*calls, 1.2*calls)
			} else {
				fmt.Fprintf(&b, "%.3f,900,300,80,20,0.85,0.1\n", calls)
			}
		}
	}
	return b.Bytes()
}

func BenchmarkStaff350400(b *testing.B) {
	for _, c := range []struct {
		name     string
		plan     bool
		patience float64
	}{{"cases", false, 0}, {"plan", true, 0}, {"planA", true, 180}} {
		data := yearOfRows(c.plan)
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := tabular.Open("bench", bytes.NewReader(data), tabular.Options{})
				if err != nil {
					b.Fatal(err)
				}
				opt := Options{Default: erlang.Settings{Patience: c.patience, Target: erlang.Target{Ratio: 0.8, Within: 20 * time.Second}}}
				sink := &CSVSink{W: io.Discard, Opt: output.Options{}}
				if _, err := Staff(context.Background(), r, opt, sink); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
