package cause

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// Share is the part of the contacts that is avoidable, with what is not known.
type Share struct {
	Contacts  float64
	Coded     float64 // with a cause, noted or derived
	Avoidable float64 // of those
	Ratio     float64 // Avoidable / Coded; NaN when nothing is coded
	Lo, Hi    float64 // interval of Ratio
	// Least and Most bound the ratio of all contacts whatever the causes of those
	// without one are.
	Least, Most float64
}

// AvoidableShare returns the avoidable part of some contacts with an interval at
// the given level. The contacts of one week go together (a letter, an outage),
// so the interval is that of a ratio over weeks as clusters (Cochran, Sampling
// Techniques, 1977, section 3.12), and not narrower than Wilson's for single
// contacts. It takes contacts without a cause to be like those with one; Least
// and Most do not.
func AvoidableShare(list []Derived, book Book, level float64) Share {
	type week struct{ coded, avoidable float64 }
	weeks := map[calendar.Date]*week{}
	var order []calendar.Date
	var s Share
	avoidable := map[string]bool{}
	for _, c := range book {
		avoidable[c.Code] = c.Avoidable
	}
	for i := range list {
		d := &list[i]
		s.Contacts += d.Contacts
		if d.Cause == Unknown {
			continue
		}
		w := weeks[d.Day.Monday()]
		if w == nil {
			w = &week{}
			weeks[d.Day.Monday()] = w
			order = append(order, d.Day.Monday())
		}
		s.Coded += d.Contacts
		w.coded += d.Contacts
		if avoidable[d.Cause] {
			s.Avoidable += d.Contacts
			w.avoidable += d.Contacts
		}
	}
	if s.Coded <= 0 {
		s.Ratio, s.Lo, s.Hi, s.Least, s.Most = math.NaN(), math.NaN(), math.NaN(), 0, 1
		return s
	}
	s.Ratio = s.Avoidable / s.Coded
	s.Least, s.Most = s.Avoidable/s.Contacts, (s.Avoidable+s.Contacts-s.Coded)/s.Contacts
	s.Lo, s.Hi = wilson(s.Ratio, s.Coded, level)
	n := float64(len(order))
	if n < 2 {
		return s
	}
	sum := 0.0
	for _, k := range order {
		w := weeks[k]
		r := w.avoidable - s.Ratio*w.coded
		sum += r * r
	}
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile((1+level)/2) * math.Sqrt(n/(n-1)*sum) / s.Coded
	s.Lo, s.Hi = math.Max(0, math.Min(s.Lo, s.Ratio-half)), math.Min(1, math.Max(s.Hi, s.Ratio+half))
	return s
}

// wilson returns the interval of a proportion p of n (Wilson, Journal of the
// American Statistical Association 22, 1927).
func wilson(p, n, level float64) (lo, hi float64) {
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return math.Max(0, mid-half), math.Min(1, mid+half)
}
