package erlang

// Given returns what n agents, also a broken number, do with a load of work that
// takes aht seconds alone with its agent, under the settings s: the reverse of
// Require. The load is in erlangs, as OfferedLoads and Requirement.Erlangs give
// it. It returns Unstable where the queue grows without end.
func Given(load, aht, n float64, s Settings) Result {
	return newStation(load, aht, s).at(n, 1)
}
