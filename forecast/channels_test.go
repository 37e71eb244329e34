package forecast

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// TestManyChannels forecasts KCC_EVAL_CHANNELS channels of two years of quarters,
// day and night, and prints the time and the memory taken from the system.
func TestManyChannels(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("KCC_EVAL_CHANNELS"))
	if err != nil {
		t.Skip("set KCC_EVAL_CHANNELS to the number of channels to time")
	}
	begin := time.Now()
	for done := 0; done < n; done += 10 { // as a store would be read: some at a time
		var series []Series
		for i := done; i < min(n, done+10); i++ {
			s := synth{seed: uint64(i), step: 15 * time.Minute, first: calendar.NewDate(2024, 1, 1), days: 730, perDay: 100 + 50*float64(i%10), week: "mo-su 00:00-24:00"}.series()
			s.Channel = strconv.Itoa(i)
			series = append(series, s)
		}
		if _, bad, err := RunAll(ctx, series, Options{}, nil); err != nil || len(bad) > 0 {
			t.Fatal(bad, err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("%d channels x 2 years of quarters: %.1f s, %d MB from the system\n", n, time.Since(begin).Seconds(), m.Sys>>20)
}
