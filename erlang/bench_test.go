package erlang

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// yearOfLoads returns the loads of ten queues with peaks of 2 to 200 erlangs in
// the 35,040 quarters of a year, as a two-humped day.
func yearOfLoads() []float64 {
	peaks := []float64{2, 5, 10, 15, 25, 40, 60, 100, 150, 200}
	out := make([]float64, 0, 350400)
	for _, p := range peaks {
		for i := range 35040 {
			h := float64(i%96) / 4
			day := math.Exp(-(h-10.5)*(h-10.5)/6) + 0.8*math.Exp(-(h-15)*(h-15)/8)
			week := 1 + 0.2*math.Sin(float64(i/96)*0.9)
			out = append(out, p*(0.02+0.8*day)*week)
		}
	}
	return out
}

var agentsSink int

func BenchmarkSizeC350400(b *testing.B) {
	loads := yearOfLoads()
	target := Target{Ratio: 0.80, Within: 20 * time.Second, MaxOccupancy: 0.85}
	for b.Loop() {
		for _, a := range loads {
			n, _ := Agents(Load{Erlangs: a, AHT: 300}, target)
			agentsSink += n
		}
	}
}

func BenchmarkSizeA350400(b *testing.B) {
	loads := yearOfLoads()
	target := Target{Ratio: 0.80, Within: 20 * time.Second, MaxAbandon: 0.05}
	for b.Loop() {
		for _, a := range loads {
			n, _ := Agents(Load{Erlangs: a, AHT: 300, Patience: 180}, target)
			agentsSink += n
		}
	}
}

func BenchmarkSizeC(b *testing.B) {
	for _, a := range []float64{10, 1000, 100000} {
		b.Run(fmt.Sprintf("%gE", a), func(b *testing.B) {
			for b.Loop() {
				n, _ := Agents(Load{Erlangs: a, AHT: 300}, Target{Ratio: 0.80, Within: 20 * time.Second})
				agentsSink += n
			}
		})
	}
}

func BenchmarkSizeCWithFraction(b *testing.B) {
	for _, a := range []float64{10, 100, 1000, 100000} {
		b.Run(fmt.Sprintf("%gE", a), func(b *testing.B) {
			for b.Loop() {
				agentsSink += Size(Load{Erlangs: a, AHT: 300}, Target{Ratio: 0.80, Within: 20 * time.Second}).Agents
			}
		})
	}
}
