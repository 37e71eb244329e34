package demo

import (
	"time"

	"kcc/internal/calendar"
)

// channel describes how contacts arrive on one channel.
type channel struct {
	name    string
	perDay  float64        // mean contacts on an average Tuesday in the first week
	growth  float64        // per year, e.g. -0.04
	hours   string         // when contacts can arrive
	weekday [7]float64     // factor by time.Weekday
	shape   []bump         // time-of-day pattern
	aht     float64        // seconds; 0 for channels without handling
	drift   float64        // handle time growth per year
	dayCV   float64        // spread of the day factor
	yearly  float64        // depth of the yearly pattern
	letters float64        // how strongly a tax letter is felt
	batch   calendar.Clock // all contacts of a day come in at this time; 0 = spread
	waiting bool           // customers wait: the file tells answered, abandoned and waits
}

// bump is one hill of a time-of-day pattern.
type bump struct{ hour, width, height float64 }

var (
	office     = [7]float64{time.Monday: 1.22, time.Tuesday: 1.04, time.Wednesday: 0.94, time.Thursday: 0.98, time.Friday: 0.82}
	allWeek    = [7]float64{0.42, 1.18, 1.08, 1.02, 1.00, 0.86, 0.46}
	twoPeaks   = []bump{{10.2, 1.3, 1}, {14.2, 1.7, 0.82}, {18.6, 0.9, 0.25}}
	wakingDay  = []bump{{10.5, 2.2, 1}, {14.8, 2.6, 0.8}, {20.3, 1.6, 0.55}}
	lateDay    = []bump{{11.5, 2.0, 0.9}, {15.5, 2.0, 1}}
	counterDay = []bump{{10.0, 1.2, 1}, {13.5, 1.5, 0.75}, {17.8, 1.2, 0.6}}
)

func channels() []channel {
	const service = "mo-we,fr 08:00-17:00; th 08:00-20:00"
	return []channel{
		{name: "phone", perDay: 1560, growth: -0.03, hours: service, weekday: office, shape: twoPeaks, aht: 262, drift: 0.03, dayCV: 0.05, yearly: 0.07, letters: 1, waiting: true},
		{name: "chat", perDay: 190, growth: 0.22, hours: "mo-fr 09:00-17:00", weekday: office, shape: lateDay, aht: 540, drift: -0.02, dayCV: 0.08, yearly: 0.05, letters: 0.7, waiting: true},
		{name: "email", perDay: 380, growth: 0.02, hours: "mo-su 00:00-24:00", weekday: allWeek, shape: wakingDay, aht: 385, drift: 0, dayCV: 0.07, yearly: 0.06, letters: 0.8},
		{name: "counter", perDay: 205, growth: -0.05, hours: "mo-we,fr 09:00-17:00; th 09:00-20:00", weekday: office, shape: counterDay, aht: 560, drift: 0.01, dayCV: 0.06, yearly: 0.18, letters: 0.15, waiting: true},
		{name: "webform", perDay: 128, growth: 0.10, hours: "mo-su 00:00-24:00", weekday: allWeek, shape: wakingDay, aht: 290, drift: 0, dayCV: 0.08, yearly: 0.08, letters: 0.5},
		{name: "post", perDay: 66, growth: -0.12, hours: "mo-fr 09:00-09:15", weekday: [7]float64{time.Monday: 0.9, time.Tuesday: 1.15, time.Wednesday: 1.05, time.Thursday: 1, time.Friday: 0.9}, shape: []bump{{9, 1, 1}}, aht: 510, dayCV: 0.10, yearly: 0.04, letters: 1.4, batch: 9 * 60},
		{name: "social", perDay: 40, growth: 0.08, hours: "mo-su 00:00-24:00", weekday: allWeek, shape: []bump{{12, 2.5, 0.8}, {20.5, 2, 1}}, aht: 235, dayCV: 0.15, yearly: 0.03, letters: 0.4},
		{name: "bot", perDay: 410, growth: 0.30, hours: "mo-su 00:00-24:00", weekday: allWeek, shape: wakingDay, dayCV: 0.07, yearly: 0.05, letters: 0.9},
	}
}

// event is a push on volume that decays over open days.
type event struct {
	from  calendar.Date
	lift  float64 // first day: +lift
	decay float64 // per calendar day
}

// letterPeaks returns the tax letters of the years around a span: sent on the
// last Thursday of February, felt from the next day on.
func letterPeaks(first, last calendar.Date) []event {
	var out []event
	for y := first.Year() - 1; y <= last.Year(); y++ {
		d := calendar.NewDate(y, time.March, 0)
		for d.Weekday() != time.Thursday {
			d--
		}
		out = append(out, event{d + 1, 0.75, 0.86})
	}
	return out
}
