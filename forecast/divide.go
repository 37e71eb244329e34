package forecast

import (
	"fmt"
	"math"
)

// TeamShare is the part of a channel that goes to a team by agreement.
type TeamShare struct {
	Team    string
	Channel string  // empty: every channel that has no shares of its own
	Share   float64 // 0..1; those of a channel add up to 1
}

// Divide returns a forecast per team of each whole channel in list that has
// shares. The means of the teams add up to the channel. The bounds are those of
// contacts that are each sent to the team by chance: of the variance of the channel,
// the Poisson part falls with the share and the rest with its square.
func Divide(list []*Forecast, shares []TeamShare) []*Forecast {
	own := map[string]bool{}
	for _, s := range shares {
		own[s.Channel] = true
	}
	var out []*Forecast
	for _, f := range list {
		if f.Subject != "" || f.Team != "" || f.Channel == Total {
			continue
		}
		for _, s := range shares {
			if s.Channel == f.Channel || (s.Channel == "" && !own[f.Channel]) {
				out = append(out, f.part(s.Team, s.Share))
			}
		}
	}
	return out
}

// part is the share of a team in f.
func (f *Forecast) part(team string, share float64) *Forecast {
	g := *f
	g.Team, g.Why, g.Cleaned, g.Notes = team, nil, nil, nil
	g.Model = fmt.Sprintf("%.3g%% of %s", 100*share, f.Name())
	g.Choice = Choice{Reason: "its share by agreement"}
	g.Points = make([]Point, len(f.Points))
	for i, p := range f.Points {
		q := p
		q.Mean, q.Computed = p.Mean*share, p.Computed*share
		q.Bounds = make([]float64, len(p.Bounds))
		for b, x := range p.Bounds {
			d := x - p.Mean
			chance := math.Min(d*d, zSquared(f.Levels[b/2])*p.Mean)
			half := math.Sqrt(share*share*(d*d-chance) + share*chance)
			if d < 0 {
				half = -half
			}
			q.Bounds[b] = math.Max(0, q.Mean+half)
		}
		g.Points[i] = q
	}
	return &g
}
