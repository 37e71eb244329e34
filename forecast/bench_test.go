package forecast

import (
	"testing"
	"time"

	"kcc/internal/calendar"
)

// bench5000 is a channel with about 5,000 intervals: half hours, 250 open days.
func bench5000() Series {
	return synth{seed: 1, step: 30 * time.Minute, first: calendar.NewDate(2025, 1, 6), days: 350, perDay: 800, week: "mo-fr 08:00-18:00"}.series()
}

func BenchmarkRun5000Points(b *testing.B) {
	s := bench5000()
	for b.Loop() {
		if _, err := Run(ctx, s, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefit5000Points fits and forecasts one model with settings known.
func BenchmarkRefit5000Points(b *testing.B) {
	s := bench5000()
	_, last, _ := span(&s)
	p, n, err := buildPanel(&s, &Options{}, last.Add(28))
	if err != nil {
		b.Fatal(err)
	}
	y := p.withoutEvents(n)
	for _, m := range pool() {
		set := newView(p, 0, n, 28, y, nil).set
		m.run(newView(p, 0, n, 28, y, set))
		b.Run(m.name, func(b *testing.B) {
			for b.Loop() {
				m.run(newView(p, 0, n, 28, y, set))
			}
		})
	}
}

// BenchmarkTune5000Points looks for the settings of one model from nothing.
func BenchmarkTune5000Points(b *testing.B) {
	s := bench5000()
	_, last, _ := span(&s)
	p, n, err := buildPanel(&s, &Options{}, last.Add(28))
	if err != nil {
		b.Fatal(err)
	}
	y := p.withoutEvents(n)
	for _, m := range pool() {
		b.Run(m.name, func(b *testing.B) {
			for b.Loop() {
				m.run(newView(p, 0, n, 28, y, nil))
			}
		})
	}
}

// BenchmarkRunTwoYearsOfQuarters is one of the 200 channels of the speed target.
func BenchmarkRunTwoYearsOfQuarters(b *testing.B) {
	s := synth{seed: 1, step: 15 * time.Minute, first: calendar.NewDate(2024, 1, 1), days: 730, perDay: 800, week: "mo-su 00:00-24:00"}.series()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(ctx, s, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRunThreeYearsOfDays is a daily series, the slowest per point: the
// calendar regression has its yearly terms and is tuned at every origin.
func BenchmarkRunThreeYearsOfDays(b *testing.B) {
	s := synth{seed: 1, step: 24 * time.Hour, first: calendar.NewDate(2023, 1, 2), days: 1095, perDay: 800, week: "mo-su 00:00-24:00"}.series()
	for b.Loop() {
		if _, err := Run(ctx, s, Options{Holidays: &calendar.Holidays{}}); err != nil {
			b.Fatal(err)
		}
	}
}
