package estimate

import (
	"cmp"
	"math"
	"slices"
)

// z95 is the 0.975 quantile of the standard normal distribution.
const z95 = 1.959963984540054

// Value is an estimate with its 95 % interval; NaN is unknown.
type Value struct {
	Est, Lo, Hi float64
	N           int    // events it rests on
	Basis       string // records or intervals
}

// Unknown is the Value of what the history does not tell.
func Unknown() Value { return Value{Est: math.NaN(), Lo: math.NaN(), Hi: math.NaN()} }

// Patience returns the mean patience of customers whose patience is exponential:
// the time all of them waited, divided by the number of them who gave up,
//
//	θ = Σ waits / abandoned
//
// the maximum-likelihood estimate when those who are answered are censored at
// their wait. The interval is θ·exp(±1.96/√abandoned). Without anyone who gave up
// it is unknown. Source: Brown, Gans, Mandelbaum et al. (2005), Statistical
// analysis of a telephone call center, J. Amer. Statist. Assoc. 100, section 5.
func Patience(waited float64, abandoned int) Value {
	if abandoned == 0 || !(waited > 0) {
		return Unknown()
	}
	est := waited / float64(abandoned)
	spread := math.Exp(z95 / math.Sqrt(float64(abandoned)))
	return Value{Est: est, Lo: est / spread, Hi: est * spread, N: abandoned}
}

// Share returns a proportion with its Wilson interval.
//
// Source: Wilson (1927), Probable inference, J. Amer. Statist. Assoc. 22.
func Share(hits, n int) Value {
	if n == 0 {
		return Unknown()
	}
	p, m := float64(hits)/float64(n), float64(n)
	mid := (p + z95*z95/(2*m)) / (1 + z95*z95/m)
	half := z95 / (1 + z95*z95/m) * math.Sqrt(p*(1-p)/m+z95*z95/(4*m*m))
	return Value{Est: p, Lo: math.Max(0, mid-half), Hi: math.Min(1, mid+half), N: n}
}

// moments gathers a mean and its spread by Welford's recursion.
type moments struct {
	n        int
	mean, m2 float64
}

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.m2 += d * (x - m.mean)
}

// value is the mean with the interval of the normal approximation.
func (m *moments) value() Value {
	if m.n == 0 {
		return Unknown()
	}
	v := Value{Est: m.mean, Lo: math.NaN(), Hi: math.NaN(), N: m.n}
	if m.n > 1 {
		half := z95 * math.Sqrt(m.m2/float64(m.n-1)/float64(m.n))
		v.Lo, v.Hi = m.mean-half, m.mean+half
	}
	return v
}

// span is the time in which an agent handled one contact.
type span struct{ from, to float64 }

// Level is the handle time of contacts that shared their agent with others:
// AtOnce contacts at the same time on average, rounded.
type Level struct {
	AtOnce int
	AHT    Value
}

// AtOnce looks at the contacts of each agent and returns how many ran at once
// while an agent was busy, and the handle time by the number that ran beside
// each other, the contact itself included.
func AtOnce(byAgent map[string][]span) (mean float64, levels []Level) {
	handled, busy := 0.0, 0.0
	byLevel := map[int]*moments{}
	for _, list := range byAgent {
		slices.SortFunc(list, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
		shared := make([]float64, len(list)) // contact-seconds beside each contact
		end := math.Inf(-1)
		for i, s := range list {
			handled += s.to - s.from
			busy += math.Max(0, s.to-math.Max(s.from, end))
			end = math.Max(end, s.to)
			for j := i + 1; j < len(list) && list[j].from < s.to; j++ {
				both := math.Min(s.to, list[j].to) - list[j].from
				shared[i] += both
				shared[j] += both
			}
		}
		for i, s := range list {
			length := s.to - s.from
			if length <= 0 {
				continue
			}
			level := int(math.Round(1 + shared[i]/length))
			if byLevel[level] == nil {
				byLevel[level] = &moments{}
			}
			byLevel[level].add(length)
		}
	}
	for level, m := range byLevel {
		levels = append(levels, Level{level, m.value()})
	}
	slices.SortFunc(levels, func(a, b Level) int { return cmp.Compare(a.AtOnce, b.AtOnce) })
	if busy == 0 {
		return math.NaN(), levels
	}
	return handled / busy, levels
}
