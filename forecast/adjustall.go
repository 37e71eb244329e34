package forecast

import "math"

// applyAll lays the changes of a planner over forecasts that add up, so that they
// still do: a change to a channel moves its subjects and teams in proportion, one
// to a subject moves its channel by as many contacts, and the total is the sum of
// the channels.
func applyAll(list []*Forecast, adjust []Adjustment) {
	type family struct {
		whole           *Forecast
		subjects, teams []*Forecast
	}
	families := map[string]*family{}
	var order []*family
	var total *Forecast
	for _, f := range list {
		if f.Channel == Total && f.Subject == "" && f.Team == "" {
			total = f
			continue
		}
		fam := families[f.Channel]
		if fam == nil {
			fam = &family{}
			families[f.Channel] = fam
			order = append(order, fam)
		}
		switch {
		case f.Team != "":
			fam.teams = append(fam.teams, f)
		case f.Subject != "":
			fam.subjects = append(fam.subjects, f)
		default:
			fam.whole = f
		}
	}
	for i := range adjust {
		one := adjust[i : i+1]
		for _, fam := range order {
			switch {
			case fam.whole == nil:
				for _, f := range append(fam.subjects, fam.teams...) {
					f.Apply(one)
				}
			case adjust[i].Subject == "":
				before := fam.whole.means()
				fam.whole.Apply(one)
				moveWith(append(fam.subjects, fam.teams...), before, fam.whole.means())
			default:
				before := fam.whole.means()
				for _, f := range fam.subjects {
					was := f.means()
					f.Apply(one)
					fam.whole.addChange(was, f.means())
				}
				moveWith(fam.teams, before, fam.whole.means())
			}
		}
	}
	if total == nil || len(adjust) == 0 {
		return
	}
	sum := map[int64]float64{}
	for _, fam := range order {
		if fam.whole != nil {
			for at, x := range fam.whole.means() {
				sum[at] += x
			}
		}
	}
	for i := range total.Points {
		if x, ok := sum[total.Points[i].Start.Unix()]; ok {
			total.Points[i].moveTo(x)
		}
	}
}

// means returns the forecast per start of interval.
func (f *Forecast) means() map[int64]float64 {
	out := make(map[int64]float64, len(f.Points))
	for _, p := range f.Points {
		out[p.Start.Unix()] = p.Mean
	}
	return out
}

// moveWith changes parts by the ratio that their whole changed by; where the whole
// was nothing the parts get equal shares of what it is now.
func moveWith(parts []*Forecast, before, after map[int64]float64) {
	for _, f := range parts {
		for i := range f.Points {
			p := &f.Points[i]
			at := p.Start.Unix()
			was, is := before[at], after[at]
			switch {
			case was == is:
			case was > 0:
				p.moveTo(p.Mean * is / was)
			default:
				p.moveTo(is / float64(len(parts)))
			}
		}
	}
}

// addChange moves f by what a part of it changed by.
func (f *Forecast) addChange(was, is map[int64]float64) {
	for i := range f.Points {
		p := &f.Points[i]
		if d := is[p.Start.Unix()] - was[p.Start.Unix()]; d != 0 {
			p.moveTo(math.Max(0, p.Mean+d))
		}
	}
}

// moveTo sets the mean; the bounds keep their ratio to it.
func (p *Point) moveTo(mean float64) {
	for b := range p.Bounds {
		if p.Mean > 0 {
			p.Bounds[b] *= mean / p.Mean
		}
	}
	p.Mean = mean
}
