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
	devInst    = flag.String("inst", "", "")
	devSec     = flag.Float64("sec", 10, "")
	devHot     = flag.Float64("hot", 0.3, "")
	devCold    = flag.Float64("cold", 0.01, "")
	devHeat    = flag.Float64("heat", 0.3, "")
	devPick    = flag.String("pick", "0.4,0.4,0.2,0", "")
	devShort   = flag.Int("short", 7, "")
	devLong    = flag.Int("long", 28, "")
	devBatch   = flag.Int("batch", 4, "")
	devW       = flag.Int("w", 1, "")
	devChain   = flag.Float64("chain", 0.5, "")
	devReplies = flag.Int("replies", 6, "")
	devDist    = flag.Float64("dist", 0.3, "")
	devF       = flag.Float64("f", 0.3, "")
	devL       = flag.Float64("l", 0.002, "")
	devA       = flag.Float64("a", 0.3, "")
	devSeed    = flag.Uint64("seed", 1, "")
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
		p, err := newHard(inst, 16)
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
		tune := tuning{hot: *devHot, cold: *devCold, heat: *devHeat, short: *devShort, long: *devLong, batch: *devBatch, goal: -1, chain: *devChain, replies: *devReplies, disturb: *devDist}
		fmt.Sscanf(*devPick, "%f,%f,%f,%f", &tune.pick[0], &tune.pick[1], &tune.pick[2], &tune.pick[3])
		best := p.newState(s.roster())
		first := best.cost / int64(p.scale)
		clk := &clock{elapsed: cpuTime(), limit: time.Duration(*devSec * float64(time.Second))}
		c.anneal(context.Background(), s, best, tune, clk, 0, 1, rand.New(rand.NewPCG(*devSeed, 1)), func(int64) {})
		broken, cost := Check(inst, best.roster())
		if len(broken) > 0 {
			t.Error(broken)
		}
		fmt.Printf("inst %s: construct %d (%.2fs) best %d = %d end %d %+v Msteps %d\n", name, first, t1.Seconds(), best.cost/int64(p.scale), cost.Total(), s.cost/int64(p.scale), cost, clk.done/1e6)
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
		p, err := newHard(inst, costScale)
		if err != nil {
			t.Fatal(err)
		}
		d := newDual(p, []*worker{newWorker(p)})
		clk := &clock{elapsed: cpuTime(), limit: time.Duration(*devSec * float64(time.Second))}
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
	p, _ := newHard(inst, costScale)
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

func TestDevNurse(t *testing.T) {
	for _, c := range []struct {
		name string
		h    int
		w    []int
		best int
	}{
		{"n005w4", 1, []int{6, 2, 9, 1}, 1520}, {"n030w4", 1, []int{6, 2, 9, 1}, 1675}, {"n040w4", 0, []int{2, 0, 6, 1}, 1565}, {"n012w8", 1, []int{2, 7, 0, 9, 3, 6, 0, 6}, 2060}, {"n120w4", 1, []int{4, 6, 2, 6}, 2020}, {"n080w8", 1, []int{4, 4, 9, 9, 3, 6, 0, 5}, 3970}} {
		if !strings.Contains(*devInst, c.name) {
			continue
		}
		n := readNurses(t, c.name, c.h, c.w...)
		p, err := newNurseProblem(n)
		if err != nil {
			t.Fatal(err)
		}
		cr := &crew{p: p, workers: []*worker{newWorker(p)}}
		clk := &clock{elapsed: cpuTime(), limit: time.Duration(*devSec * float64(time.Second))}
		s, err := p.construct(context.Background(), cr.workers[0])
		if err != nil {
			t.Fatal(err)
		}
		first := s.cost / int64(p.scale)
		tune := tuning{hot: *devHot, cold: *devCold, heat: *devHeat, short: *devShort, long: *devLong, batch: *devBatch, goal: -1, chain: *devChain, replies: *devReplies, disturb: *devDist}
		fmt.Sscanf(*devPick, "%f,%f,%f,%f", &tune.pick[0], &tune.pick[1], &tune.pick[2], &tune.pick[3])
		best := p.newState(s.roster())
		t1 := clk.elapsed()
		defer func() {
			var du Duties
			for _, l := range best.lines {
				line := make([]Duty, n.Days())
				for d, t := range l {
					if line[d] = (Duty{Off, Off}); t != Off {
						line[d] = Duty{t / int16(len(n.Skills)), t % int16(len(n.Skills))}
					}
				}
				du = append(du, line)
			}
			b, c := CheckNurses(n, du)
			fmt.Printf("%v %+v\n", len(b), c)
		}()
		cr.anneal(context.Background(), s, best, tune, clk, clk.part(), 1, rand.New(rand.NewPCG(*devSeed, 1)), func(int64) {})
		fmt.Printf("inst %s: construct %d (%.2fs) best %d = %.2f%% Msteps %d\n", c.name, first, t1.Seconds(), best.cost/int64(p.scale), 100*(float64(best.cost)/float64(p.scale)/float64(c.best)-1), clk.done/1e6)
	}
}
