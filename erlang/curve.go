package erlang

import "math"

const (
	// DefaultWage and DefaultMissing are the prices of the cost curve per interval:
	// one agent more, and one agent missing near the requirement.
	DefaultWage    = 1.0
	DefaultMissing = 10.0
	// surplusCredit is the share of the wage that the first agent above the
	// requirement earns back by shorter waits; it spreads surplus to where it does
	// most good without ever making it free.
	surplusCredit = 0.5
	// gainFloor is a change of the service level that counts as none.
	gainFloor = 1e-9
	// lastAgent is the least that the last agent is worth and steepestMissing the
	// most that any is, as parts of the price of a missing one.
	lastAgent, steepestMissing = 0.2, 5
	// curveBelow and curveAbove are how far the curve reaches around the rostered
	// number. Below it goes on with its first slope.
	curveBelow = 40
	curveAbove = 6
)

func (s Settings) prices() (wage, missing float64) {
	wage, missing = s.Wage, s.Missing
	if wage <= 0 {
		wage = DefaultWage
	}
	if missing <= 0 {
		missing = DefaultMissing * wage
	}
	return wage, missing
}

// waitingCurve returns the expected cost of rostering base, base+1, ... heads
// for a queue: a wage each, plus a price on the service level that is lost.
//
// The price makes one whole agent below the fractional requirement cost missing,
// so that the last agent counts for the part that is needed of it, but always for
// something. Below the requirement each agent less costs at least as much as the
// one before (in overload the service level itself flattens near 0, which would
// tell a solver that the last agents do not matter), above it the gain of the
// service level is worth at most surplusCredit wages. So the curve is convex, and
// lowest at the rostered number.
func waitingCurve(r Requirement, fixed float64, s Settings, st station) (int, []float64) {
	present := 1 - s.Unplanned
	if !(present > 0) {
		return 0, nil
	}
	wage, missing := s.prices()
	n := r.Rostered
	base := max(0, n-curveBelow)
	loss := func(heads float64) float64 {
		if st.load.Erlangs <= 0 {
			return 0
		}
		here := math.Max(0, heads*present-fixed)
		sl := st.at(here, 1).ServiceLevel
		if math.IsNaN(sl) {
			sl = 0
		}
		return 1 - sl
	}
	lost := make([]float64, n+curveAbove-base+1)
	for i := range lost {
		lost[i] = loss(float64(base + i))
	}
	at := n - base // lost[at] is the loss with the requirement
	gain := make([]float64, len(lost))
	for i := 1; i < len(lost); i++ {
		gain[i] = math.Max(0, lost[i-1]-lost[i])
	}
	price, credit := 0.0, 0.0
	if need := r.RosteredFractional; at > 0 && need > 0 {
		if d := loss(math.Max(0, need-1)) - loss(need); d > gainFloor {
			price = (wage + missing) / d
		}
	}
	if at+1 < len(gain) && gain[at+1] > gainFloor {
		credit = math.Min(price, surplusCredit*wage/gain[at+1])
	}
	slope := make([]float64, len(lost)) // cost of agent i over agent i-1
	for i := at + 1; i < len(slope); i++ {
		slope[i] = wage - credit*gain[i]
		if i > at+1 {
			slope[i] = math.Max(slope[i], slope[i-1])
		}
	}
	steepest := lastAgent * missing
	for i := at; i > 0; i-- {
		steepest = math.Min(steepestMissing*missing, math.Max(steepest, price*gain[i]-wage))
		slope[i] = -steepest
		steepest = math.Max(steepest, missing) // only the last agent may be needed in part
	}
	curve := make([]float64, len(lost))
	curve[at] = wage * float64(n)
	for i := at; i > 0; i-- {
		curve[i-1] = curve[i] - slope[i]
	}
	for i := at + 1; i < len(curve); i++ {
		curve[i] = curve[i-1] + slope[i]
	}
	return base, curve
}

// linearCurve is the cost where work is work: every agent missing below the need
// costs the same, the last one by the part that is needed of it.
func linearCurve(r Requirement, s Settings) (int, []float64) {
	wage, missing := s.prices()
	need := r.RosteredFractional
	top := int(math.Ceil(need))
	base := max(0, top-curveBelow)
	curve := make([]float64, top+1-base+1)
	for i := range curve {
		n := float64(base + i)
		curve[i] = wage*n + (wage+missing)*math.Max(0, need-n)
	}
	return base, curve
}
