package erlang

import "math"

// Limited is a queue with a limited number of lines.
type Limited struct {
	PBlock       float64 // share that finds all lines busy and is lost
	PWait        float64 // share of those let in that waits
	PAbandon     float64 // share of all that leaves before an answer
	ServiceLevel float64 // answered within T / offered; a blocked call is a miss
	ASA          float64 // mean wait of the answered, s
	Occupancy    float64
	Queue        float64
}

// WithLines returns what n agents behind K lines do with a load: M/M/n/K+M, at
// most K callers in the system, those who find K are lost. patience 0 or +Inf
// means that nobody leaves. It adds the states one by one,
//
//	π(j) ∝ Π a/j (j <= n),   π(n+k) ∝ π(n) Π_{i<=k} λ/(nμ + iθ)   (n+k <= K)
//
// and the wait behind k others is a sum of k+1 exponential stages, whose law is
// an incomplete beta or gamma function. K < n counts as n.
//
// Source: Whitt (1999), Improving service by informing customers about
// anticipated delays, section 3 (M/M/s/r+M).
func WithLines(a float64, n, lines int, h, patience, T float64) Limited {
	if !(a > 0) {
		return Limited{ServiceLevel: 1}
	}
	if n == 0 {
		return Limited{PBlock: 1, ASA: math.NaN(), Occupancy: math.NaN()}
	}
	room := max(0, lines-n)
	theta := 0.0
	if patience > 0 && !math.IsInf(patience, 1) {
		theta = 1 / patience
	}
	mu := float64(n) / h
	lambda := a / h
	inv, _ := inverseB(a, float64(n))
	// Weights relative to the state with all agents busy and nobody waiting.
	w := make([]float64, room+1)
	w[0] = 1
	total := inv
	for k := 1; k <= room; k++ {
		w[k] = w[k-1] * lambda / (mu + float64(k)*theta)
		total += w[k]
	}
	var out Limited
	out.PBlock = w[room] / total
	waiting, left, wait, answered, late := 0.0, 0.0, 0.0, (inv-1)/total, 0.0
	tail := newStages(mu, theta, T)
	stage := 0.0
	for k := 0; k < room; k++ { // arrives behind k others and is let in
		p := w[k] / total
		waiting += p
		served := mu / (mu + float64(k+1)*theta)
		stage += 1 / (mu + float64(k+1)*theta)
		answered += p * served
		left += p * (1 - served)
		wait += p * served * stage
		late += p * served * tail.over(k+1)
		out.Queue += float64(k+1) * w[k+1] / total
	}
	if in := 1 - out.PBlock; in > 0 {
		out.PWait = waiting / in
	}
	out.PAbandon = left
	out.ServiceLevel = math.Max(0, answered-late)
	out.ASA = nanShare(wait, answered)
	out.Occupancy = a * answered / float64(n)
	return out
}

// stages gives P(sum of the first k stages > T) for stages with rates
// μ+θ, μ+2θ, ... (all μ for θ = 0). With θ > 0 the sum is distributed as -ln of a
// beta variable over θ, without as an Erlang law.
type stages struct{ mu, theta, T float64 }

func newStages(mu, theta, T float64) stages { return stages{mu, theta, T} }

// over returns P(S_k > T). For θ > 0 stage i has rate θ(c+i) with c = μ/θ, so
// e^(-θS_k) is Beta(c+1, k): P(S_k > T) = I_x(c+1, k), x = e^(-θT).
func (s stages) over(k int) float64 {
	if s.T <= 0 {
		return 1
	}
	if s.theta == 0 {
		return poissonBelow(k, s.mu*s.T)
	}
	return incompleteBeta(s.mu/s.theta+1, float64(k), math.Exp(-s.theta*s.T))
}
