package demo

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// step is the interval of the made-up history.
const step = 15 * time.Minute

// maker draws the history of all channels.
type maker struct {
	loc         *time.Location
	first, last calendar.Date
	holidays    *calendar.Holidays
	letters     []event
	agents      int       // in the team; contacts come in proportion
	counted     []counted // of the weeks that are registered
}

// writeHistory writes the history of one channel in the columns of history.csv.
// Intervals without a contact are left out: inside the span of the file they
// are zero.
func (m *maker) writeHistory(w io.Writer, c channel, src rand.Source) error {
	week, err := calendar.ParseWeek(c.hours)
	if err != nil {
		return fmt.Errorf("demo channel %s: %w", c.name, err)
	}
	hours := &calendar.Hours{Loc: m.loc, Week: week, Holidays: m.holidays}
	if week[time.Sunday] != nil {
		hours.Holidays = nil // machines do not keep holidays
	}
	rng := rand.New(src)
	bw := bufio.NewWriter(w)
	fmt.Fprintln(bw, header(c))
	for d := m.first; d <= m.last; d++ {
		slots := hours.Intervals(d, step)
		if len(slots) == 0 {
			continue
		}
		mean := m.dayMean(c, hours, d)
		if c.dayCV > 0 {
			k := 1 / (c.dayCV * c.dayCV)
			mean *= distuv.Gamma{Alpha: k, Beta: k, Src: src}.Rand()
		}
		share := m.shares(c, hours, d, slots)
		dayLoad := math.Exp(0.25 * rng.NormFloat64()) // how stretched the team is today
		for i, s := range slots {
			n := int(distuv.Poisson{Lambda: mean * share[i], Src: src}.Rand())
			if n == 0 {
				continue
			}
			m.note(c, s, n)
			m.writeRow(bw, rng, c, s, n, mean*share[i], dayLoad)
		}
	}
	return bw.Flush()
}

func header(c channel) string {
	switch {
	case c.waiting:
		return "start,channel,offered,answered,abandoned,within_target,target_s,wait_s,aht_s"
	case c.aht > 0:
		return "start,channel,offered,aht_s"
	}
	return "start,channel,offered"
}

func (m *maker) writeRow(w io.Writer, rng *rand.Rand, c channel, s time.Time, n int, mean, dayLoad float64) {
	start := s.In(m.loc).Format("2006-01-02 15:04")
	if c.aht == 0 {
		fmt.Fprintf(w, "%s,%s,%d\n", start, c.name, n)
		return
	}
	years := s.Sub(m.first.Start(m.loc)).Hours() / (24 * 365.25)
	hour := float64(calendar.ClockOf(s, m.loc)) / 60
	aht := c.aht * math.Pow(1+c.drift, years) * (1 + 0.04*math.Sin((hour-8)/12*math.Pi))
	const ahtCV = 0.9 // of one contact
	seen := aht * math.Exp(math.Log(1+ahtCV*ahtCV/float64(n))*0.5*rng.NormFloat64())
	if !c.waiting {
		fmt.Fprintf(w, "%s,%s,%d,%.1f\n", start, c.name, n, seen)
		return
	}
	target, patience := 20.0, 150.0
	if c.name == "chat" {
		target, patience = 60, 240
	}
	if c.name == "counter" {
		target, patience = 600, 2700
	}
	// The wait follows how far this interval is above what was foreseen.
	pressure := float64(n) / (mean + 1) * dayLoad
	wait := target * 0.45 * math.Pow(pressure, 1.6) * math.Exp(0.3*rng.NormFloat64())
	abandoned := 0
	for range n {
		if rng.Float64() < wait/(wait+patience)*0.35 {
			abandoned++
		}
	}
	answered := n - abandoned
	within := 0
	for range answered {
		if rng.Float64() < 1-math.Exp(-1.6*target/(wait+1)) {
			within++
		}
	}
	fmt.Fprintf(w, "%s,%s,%d,%d,%d,%d,%.0f,%.1f,%.1f\n", start, c.name, n, answered, abandoned, within, target, wait, seen)
}

// dayMean returns the expected contacts of a channel on an open day.
func (m *maker) dayMean(c channel, h *calendar.Hours, d calendar.Date) float64 {
	years := float64(d-m.first) / 365.25
	_, month, day := d.Civil()
	yearPart := (float64(month-1) + float64(day-1)/31) / 12
	mean := c.perDay * float64(m.agents) / TeamSize * math.Pow(1+c.growth, years) * c.weekday[d.Weekday()]
	mean *= 1 + c.yearly*(0.8*math.Cos(2*math.Pi*(yearPart-0.08))+0.35*math.Cos(4*math.Pi*(yearPart-0.2)))
	// After a closed weekday people catch up; before a closed day it is quieter.
	if h.Holidays != nil {
		if y := previousWeekday(d); !h.OpenDay(y) {
			mean *= 1.16
		}
		if n := nextWeekday(d); !h.OpenDay(n) {
			mean *= 0.93
		}
	} else if _, off := m.closed(d); off {
		mean *= 0.55
	}
	if _, mo, dd := d.Civil(); mo == time.December && dd >= 23 && dd <= 31 {
		mean *= 0.72
	}
	for _, e := range m.letters {
		if lag := int(d - e.from); lag >= 0 && lag < 60 {
			mean *= 1 + c.letters*e.lift*math.Pow(e.decay, float64(lag))
		}
	}
	return mean
}

func (m *maker) closed(d calendar.Date) (calendar.Holiday, bool) {
	h, ok := m.holidays.On(d)
	return h, ok && h.Setting == calendar.Closed
}

// shares returns how a day's mean divides over its slots; it sums to 1 on the
// weekday's usual opening hours.
func (m *maker) shares(c channel, h *calendar.Hours, d calendar.Date, slots []time.Time) []float64 {
	out := make([]float64, len(slots))
	sum := 0.0
	for i, s := range slots {
		hour := float64(calendar.ClockOf(s, m.loc))/60 + 0.125
		v := 0.012
		for _, b := range c.shape {
			z := (hour - b.hour) / b.width
			v += b.height * math.Exp(-z*z/2)
		}
		if c.batch > 0 {
			v = 0
			if calendar.ClockOf(s, m.loc) == c.batch {
				v = 1
			}
		}
		out[i] = v
		sum += v
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func previousWeekday(d calendar.Date) calendar.Date {
	for d--; d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; d-- {
	}
	return d
}

func nextWeekday(d calendar.Date) calendar.Date {
	for d++; d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; d++ {
	}
	return d
}
