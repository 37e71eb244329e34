package erlang_test

import (
	"context"
	"fmt"
	"time"

	"kcc/erlang"
)

func ExampleSize() {
	load := erlang.LoadOf(100, 30*time.Minute, 180, 0) // 100 calls of 180 s in half an hour
	s := erlang.Size(load, erlang.Target{Ratio: 0.80, Within: 20 * time.Second})
	fmt.Printf("%d agents (%.2f), %.1f %% in 20 s, occupancy %.1f %%\n",
		s.Agents, s.Fractional, 100*s.Result.ServiceLevel, 100*s.Result.Occupancy)
	// Output: 14 agents (13.04), 88.8 % in 20 s, occupancy 71.4 %
}

func ExampleA() {
	r := erlang.A(48, 50, 60, 120, 20, 20) // 48 erlangs, 50 agents, AHT 60 s, patience 120 s
	fmt.Printf("%.1f %% leave, mean wait %.1f s\n", 100*r.PAbandon, r.MeanWait)
	// Output: 3.1 % leave, mean wait 3.7 s
}

func ExamplePlan() {
	open := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	var day []erlang.Interval
	for i := range 4 {
		day = append(day, erlang.Interval{
			Start: open.Add(time.Duration(i) * 15 * time.Minute), Step: 15 * time.Minute,
			Channel: "phone", Offered: 30, AHT: 300,
		})
	}
	reqs, err := erlang.Plan(context.Background(), day, erlang.PlanOptions{Default: erlang.Settings{
		Target: erlang.Target{Ratio: 0.80, Within: 20 * time.Second}, Patience: 180, Unplanned: 0.08,
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range reqs {
		fmt.Printf("%s %.1f erlangs: %d agents, %d to roster\n", r.Start.Format("15:04"), r.Erlangs, r.Agents, r.Rostered)
	}
	// Output:
	// 08:00 7.6 erlangs: 10 agents, 11 to roster
	// 08:15 9.8 erlangs: 12 agents, 14 to roster
	// 08:30 10.0 erlangs: 13 agents, 15 to roster
	// 08:45 10.0 erlangs: 13 agents, 15 to roster
}

func ExampleB() {
	n, _ := erlang.Lines(45, 0.01)
	fmt.Printf("%d lines lose %.2f %%\n", n, 100*erlang.B(45, float64(n)))
	// Output: 58 lines lose 0.96 %
}
