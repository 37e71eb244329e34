package erlang

import "math"

// EstimatePatience returns the mean patience, in seconds, of exponential
// customers from what a queue shows: all time spent waiting by all callers,
// answered or not, over the number of those who left. Those who left within
// short seconds are misdials and are to be left out of both. NaN when nobody
// left.
//
// It is the maximum likelihood estimate for censored exponential times: an
// answered caller tells that the patience was at least the wait.
func EstimatePatience(totalWait, abandoned float64) float64 {
	if !(abandoned > 0) {
		return math.NaN()
	}
	return totalWait / abandoned
}

// MeanAHT returns the mean handle time of intervals, weighted by the contacts
// handled in each; NaN without any. A plain mean would let quiet intervals count
// as much as busy ones.
func MeanAHT(handled, aht []float64) float64 {
	if len(handled) != len(aht) {
		panic("erlang: counts and handle times differ in length")
	}
	var n, sum float64
	for i, k := range handled {
		if k > 0 && aht[i] > 0 {
			n += k
			sum += k * aht[i]
		}
	}
	return nanShare(sum, n)
}

// ChatRecord is one handled chat: how long it took, and how many chats its agent
// held on average while it lasted, itself included.
type ChatRecord struct {
	Seconds     float64
	Concurrency float64
}

// EstimateChat fits handle time = first·(1 + growth·(concurrency-1)) to chats by
// least squares and returns the handle time alone and its growth per chat more.
// Without spread in the concurrency growth cannot be known and is NaN.
func EstimateChat(records []ChatRecord) (first, growth float64) {
	var n, sx, sy, sxx, sxy float64
	for _, r := range records {
		if !(r.Seconds > 0) || !(r.Concurrency >= 1) {
			continue
		}
		x := r.Concurrency - 1
		n++
		sx += x
		sy += r.Seconds
		sxx += x * x
		sxy += x * r.Seconds
	}
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	det := n*sxx - sx*sx
	if !(det > 1e-9*n*n) {
		return sy / n, math.NaN()
	}
	slope := (n*sxy - sx*sy) / det
	first = (sy - slope*sx) / n
	return first, slope / first
}

// HeldTogether returns, for chats of one agent given by start and end in seconds,
// how many the agent held on average while each lasted.
func HeldTogether(start, end []float64) []float64 {
	if len(start) != len(end) {
		panic("erlang: starts and ends differ in length")
	}
	out := make([]float64, len(start))
	for i := range start {
		length := end[i] - start[i]
		if !(length > 0) {
			out[i] = 1
			continue
		}
		sum := 0.0
		for j := range start {
			sum += math.Max(0, math.Min(end[i], end[j])-math.Max(start[i], start[j]))
		}
		out[i] = sum / length
	}
	return out
}

// EstimateShrinkage returns the share of paid time that was not available:
// 1 - available/paid. NaN without paid time.
func EstimateShrinkage(availableSeconds, paidSeconds float64) float64 {
	return 1 - nanShare(availableSeconds, paidSeconds)
}
