package erlang

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
)

// Shape is a kind of probability law for times.
type Shape int

// The shapes.
const (
	Exponential Shape = iota
	Lognormal         // with spread CV
	Constant
	Gamma // with spread CV
)

// Law is the law of a handle time or of patience; its mean comes from elsewhere.
// The zero value is exponential.
type Law struct {
	Shape Shape
	CV    float64 // of Lognormal and Gamma
}

// ParseLaw reads exponential, constant, lognormal:1.2 or gamma:0.7; empty is
// exponential.
func ParseLaw(s string) (Law, error) {
	name, arg, has := strings.Cut(s, ":")
	l := Law{}
	switch name {
	case "", "exponential", "exp":
		if has {
			return l, fmt.Errorf("law %q: the exponential law has no spread of its own", s)
		}
		return l, nil
	case "constant":
		l.Shape = Constant
		return l, nil
	case "lognormal":
		l.Shape, l.CV = Lognormal, 1
	case "gamma":
		l.Shape, l.CV = Gamma, 1
	default:
		return l, fmt.Errorf("law %q: want exponential, constant, lognormal:CV or gamma:CV", s)
	}
	if has {
		v, err := strconv.ParseFloat(arg, 64)
		if err != nil || !(v > 0) || v > 10 {
			return l, fmt.Errorf("law %q: want a spread above 0, for example %s:1.2", s, name)
		}
		l.CV = v
	}
	return l, nil
}

// sampler draws values with mean 1.
type sampler struct {
	shape      Shape
	mu, sigma  float64 // lognormal
	shapeGamma float64
}

func newSampler(l Law) sampler {
	s := sampler{shape: l.Shape}
	switch l.Shape {
	case Lognormal:
		v := math.Log1p(l.CV * l.CV)
		s.mu, s.sigma = -v/2, math.Sqrt(v)
	case Gamma:
		s.shapeGamma = 1 / (l.CV * l.CV)
	}
	return s
}

func (s *sampler) draw(r *rand.Rand) float64 {
	switch s.shape {
	case Lognormal:
		return math.Exp(s.mu + s.sigma*r.NormFloat64())
	case Constant:
		return 1
	case Gamma:
		return gammaDraw(r, s.shapeGamma) / s.shapeGamma
	}
	return r.ExpFloat64()
}

// gammaDraw returns a gamma variate of the given shape and scale 1.
//
// Source: Marsaglia and Tsang (2000), A simple method for generating gamma
// variables; for shapes below 1 with the boost of their section 6.
func gammaDraw(r *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gammaDraw(r, shape+1) * math.Pow(1-r.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := r.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v = v * v * v
		if u := 1 - r.Float64(); math.Log(u) < x*x/2+d-d*v+d*math.Log(v) {
			return d * v
		}
	}
}
