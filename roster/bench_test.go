package roster

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"
)

// BenchmarkMake reports cost, bound and gap of generated problems at default effort.
func BenchmarkMake(b *testing.B) {
	for _, size := range []struct{ agents, skills int }{{60, 2}, {500, 5}} {
		for _, preset := range []Preset{Standard, Slack, Short} {
			b.Run(fmt.Sprintf("%dx4_%s", size.agents, preset), func(b *testing.B) {
				p := Generate(GenerateOptions{Agents: size.agents, Skills: size.skills, Preset: preset, Seed: 1})
				for b.Loop() {
					runBench(b, p)
				}
			})
		}
	}
}

func runBench(b *testing.B, p *Problem) {
	effort, _ := strconv.Atoi(os.Getenv("ROSTER_EFFORT"))
	start := time.Now()
	first := time.Duration(0)
	res, err := Make(context.Background(), p, Options{Seed: 1, Effort: effort, Progress: func(x Progress) {
		if first == 0 && x.Best == x.Best && x.Phase != "construct" {
			first = time.Since(start)
		}
		if os.Getenv("ROSTER_TRACE") != "" && (x.Phase == "bound" || int(x.Done*1000)%50 < 2) {
			b.Logf("%6.1fs %-9s %5.3f best %.0f bound %.0f", time.Since(start).Seconds(), x.Phase, x.Done, x.Best, x.Bound)
		}
	}})
	if err != nil || len(res.Violations) > 0 {
		b.Fatal(err, res.Violations)
	}
	b.ReportMetric(first.Seconds(), "first_s")
	b.ReportMetric(res.Cost.Total, "cost")
	b.ReportMetric(res.Bound, "bound")
	b.ReportMetric(100*res.Gap, "gap_%")
	b.ReportMetric(res.UnmetHours, "unmet_h")
	b.ReportMetric(100*(res.Cost.Total-res.Bound)/res.Cost.Total, "plain_%")
	b.Logf("%+v demand %.0f worked %.0f effort %d rounds %d", res.Cost, res.DemandHours, res.WorkedHours, res.Effort, res.Iterations)
}

// BenchmarkCancel measures how long Make goes on when its context ends, at
// several points of its way.
func BenchmarkCancel(b *testing.B) {
	p := Generate(GenerateOptions{Agents: 500, Skills: 5, Seed: 1})
	for _, after := range []time.Duration{time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second} {
		b.Run(after.String(), func(b *testing.B) {
			for b.Loop() {
				ctx, cancel := context.WithCancel(context.Background())
				end := make(chan time.Time, 1)
				time.AfterFunc(after, func() { end <- time.Now(); cancel() })
				res, err := Make(ctx, p, Options{Seed: 1, Workers: 2})
				if err != nil {
					b.Fatal(err)
				}
				if res.Stopped {
					b.ReportMetric(float64(time.Since(<-end).Milliseconds()), "ms_to_stop")
				}
				cancel()
			}
		})
	}
}
