//go:build race

package erlang

// underRace tells tests of numbers that the race detector slows them down and
// can find nothing in their last digits: a few cases do. Without it all run.
const underRace = true
