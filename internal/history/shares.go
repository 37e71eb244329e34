package history

import (
	"fmt"
	"io"
	"math"

	"kcc/forecast"
	"kcc/internal/tabular"
)

// ReadShares reads which part of each channel goes to which team, from a file with
// the columns team and share (0.6, or 60%) and as needed channel; without a
// channel the share holds for every one. The shares of a channel must add up to 1.
func ReadShares(path string, stdin io.Reader) ([]forecast.TeamShare, error) {
	r, err := tabular.OpenFile(path, stdin, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "team", "share")
	if err != nil {
		return nil, err
	}
	var out []forecast.TeamShare
	sum := map[string]float64{}
	for c.Next() {
		s := forecast.TeamShare{Team: c.Text("team"), Channel: c.Text("channel"), Share: c.Float("share")}
		if err := c.RowErr(); err != nil {
			return nil, err
		}
		if s.Team == "" {
			return nil, c.Fail("team", "the name of a team")
		}
		if !(s.Share > 0 && s.Share <= 1) {
			return nil, c.Fail("share", "more than 0 and at most 1, for example 0.6")
		}
		sum[s.Channel] += s.Share
		out = append(out, s)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	const rounding = 0.005 // shares are written with two digits
	for channel, x := range sum {
		if math.Abs(x-1) > rounding {
			return nil, fmt.Errorf("%s: the shares of channel %q add up to %.3g: want 1", r.Name(), channel, x)
		}
	}
	for i := range out {
		out[i].Share /= sum[out[i].Channel]
	}
	return out, nil
}
