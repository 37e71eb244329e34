//go:build !race

package erlang

const underRace = false
