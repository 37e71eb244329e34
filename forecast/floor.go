package forecast

// PoissonFloor is the mean absolute error that even a perfect forecast of the
// rate leaves when counts are Poisson with mean mu; 0 for mu <= 0.
func PoissonFloor(mu float64) float64 { return poissonMAD(mu) }
