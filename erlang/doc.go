// Package erlang turns an expected volume of contacts into the agents that are
// needed to keep a promise on waiting, and tells what a given number of agents
// will do. It holds
//
//   - the exact queueing formulas Erlang B, C and A from 0.001 to 100,000
//     erlangs ([B], [C], [A]) and their inverses ([Lines], [Size]);
//   - a load-dependent birth-death model of chat ([Chat]);
//   - deferrable work (e-mail, post, web forms, back office) with deadlines in
//     business time ([Deadline]);
//   - plans over many intervals with the modified offered load, forecast
//     uncertainty, shrinkage, minimum presence and blending ([Plan]);
//   - an event-driven simulation that plays requirements and rosters
//     ([Simulate]).
//
// # Units and conventions
//
// Loads are in erlangs, times in the kernels are seconds (float64), times in
// options are time.Duration, ratios are 0..1. n is a number of agents, a the
// offered load, h the mean handle time (AHT), T the threshold of the service
// level, θ = 1/patience the rate at which waiting callers give up.
//
// Every service level has a [Definition]; the default counts contacts answered
// within the threshold against everything offered, so that each abandonment is
// a miss.
//
// The package knows neither files nor databases nor the clock. All functions
// are safe for concurrent use; long ones take a context. Randomness comes from
// a seed, and results do not depend on the number of workers.
//
// # Example
//
//	load := erlang.Load{Erlangs: 10, AHT: 180}
//	target := erlang.Target{Ratio: 0.80, Within: 20 * time.Second}
//	s := erlang.Size(load, target) // s.Agents = 14, s.Fractional = 13.04
package erlang
