package bench

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	devInst  = flag.String("inst", "", "")
	devSec   = flag.Float64("sec", 10, "")
	devHot   = flag.Float64("hot", 0.3, "")
	devCold  = flag.Float64("cold", 0.01, "")
	devHeat  = flag.Float64("heat", 0.3, "")
	devPick  = flag.String("pick", "0.4,0.4,0.2,0", "")
	devShort = flag.Int("short", 7, "")
	devLong  = flag.Int("long", 28, "")
	devBatch = flag.Int("batch", 4, "")
	devW     = flag.Int("w", 1, "")
	devF     = flag.Float64("f", 0.3, "")
	devL     = flag.Float64("l", 0.002, "")
	devA     = flag.Float64("a", 0.3, "")
	devSeed  = flag.Uint64("seed", 1, "")
)

func TestDev(t *testing.T) {
	if *devInst == "" {
		t.Skip()
	}
	for _, name := range strings.Split(*devInst, ",") {
		f, _ := os.Open("/work/shared/data/roster/curtois/Instance" + name + ".txt")
		inst, err := Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newProblem(inst, 16)
		if err != nil {
			t.Fatal(err)
		}
		c := &crew{p: p}
		for range *devW {
			c.workers = append(c.workers, newWorker(p))
		}
		start := time.Now()
		s, err := p.construct(context.Background(), c.workers[0])
		if err != nil {
			t.Fatal(err)
		}
		t1 := time.Since(start)
		tune := tuning{hot: *devHot, cold: *devCold, heat: *devHeat, short: *devShort, long: *devLong, batch: *devBatch}
		fmt.Sscanf(*devPick, "%f,%f,%f,%f", &tune.pick[0], &tune.pick[1], &tune.pick[2], &tune.pick[3])
		best := p.newState(s.roster())
		first := best.cost / int64(p.scale)
		clk := &clock{elapsed: cpuTime(), limit: time.Duration(*devSec * float64(time.Second))}
		c.anneal(context.Background(), s, best, tune, clk, 0, 1, rand.New(rand.NewPCG(*devSeed, 1)), func(int64) {})
		broken, cost := Check(inst, best.roster())
		if len(broken) > 0 {
			t.Error(broken)
		}
		fmt.Printf("inst %s: construct %d (%.2fs) best %d = %d end %d  Msteps %d\n", name, first, t1.Seconds(), best.cost/int64(p.scale), cost.Total(), s.cost/int64(p.scale), clk.done/1e6)
	}
}

// cpuTime counts the CPU seconds of the process.
func cpuTime() func() time.Duration {
	get := func() time.Duration {
		var u syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	s := get()
	return func() time.Duration { return get() - s }
}

func TestDevBound(t *testing.T) {
	if *devInst == "" {
		t.Skip()
	}
	for _, name := range strings.Split(*devInst, ",") {
		f, _ := os.Open("/work/shared/data/roster/curtois/Instance" + name + ".txt")
		inst, err := Parse(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newProblem(inst, costScale)
		if err != nil {
			t.Fatal(err)
		}
		d := newDual(p, []*worker{newWorker(p)})
		clk := &clock{elapsed: cpuTime(), limit: time.Duration(*devSec * float64(time.Second))}
		devFirst, devLast, averaging = *devF, *devL, *devA
		d.ascend(context.Background(), clk, 1, rand.New(rand.NewPCG(*devSeed, 1)))
		fmt.Printf("inst %s: bound %d sweeps %d %.1fs\n", name, d.bound(), d.sweeps, clk.elapsed().Seconds())
	}
}

func TestDevRoll(t *testing.T) {
	if *devInst == "" {
		t.Skip()
	}
	f, _ := os.Open("/work/shared/data/roster/curtois/Instance" + *devInst + ".txt")
	inst, _ := Parse(f)
	p, _ := newProblem(inst, costScale)
	w := newWorker(p)
	for e := range p.staff {
		out := make([]int16, p.days)
		cost := make([]int32, p.cells())
		rng := rand.New(rand.NewPCG(1, uint64(e)))
		for i := range cost {
			cost[i] = int32(rng.IntN(6400) - 3200)
		}
		if !w.solver.First(p.models[e], cost, out) {
			fmt.Println("fail", e, inst.Staff[e].ID)
		}
	}
}
