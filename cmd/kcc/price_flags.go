package main

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kcc/erlang"
)

// priceFlags are the flags of the cost mode. Values may be given per channel, as
// phone=35.
type priceFlags struct {
	wage, wait, abandon, regular, blocked, lineHour, lines perChannel
	partner, flex                                          []string
}

// all lists the flags that hold one number.
func (p *priceFlags) all() []struct {
	name  string
	flag  *perChannel
	usage string
	set   func(*erlang.Prices, float64)
} {
	return []struct {
		name  string
		flag  *perChannel
		usage string
		set   func(*erlang.Prices, float64)
	}{
		{"wage-hour", &p.wage, "cost mode: `price` of an agent per hour", func(x *erlang.Prices, v float64) { x.WageHour = v }},
		{"wait-hour", &p.wait, "cost mode: `price` of an hour that a customer waits", func(x *erlang.Prices, v float64) { x.WaitHour = v }},
		{"abandon-cost", &p.abandon, "cost mode: `price` of a customer who leaves", func(x *erlang.Prices, v float64) { x.Abandon = v }},
		{"regular", &p.regular, "cost mode: regular agents at most, a `number`", func(x *erlang.Prices, v float64) { x.Regular = int(v) }},
		{"line-hour", &p.lineHour, "cost mode: `price` of a line per hour", func(x *erlang.Prices, v float64) { x.LineHour = v }},
		{"block-cost", &p.blocked, "cost mode: `price` of a call that finds no line (default that of --abandon-cost)", func(x *erlang.Prices, v float64) { x.Blocked = v }},
		{"lines", &p.lines, "`number` of lines: who finds all of them busy is lost, and a miss; in the cost mode the most there may be", func(x *erlang.Prices, v float64) { x.Lines = int(v) }},
	}
}

// addFlags adds the flags; without the names in but.
func (p *priceFlags) addFlags(cmd *cobra.Command, but ...string) {
	f := cmd.Flags()
	for _, x := range p.all() {
		if !slices.Contains(but, x.name) {
			x.flag.kind = "price"
			f.Var(x.flag, x.name, x.usage)
		}
	}
	f.StringArrayVar(&p.partner, "partner", nil, "cost mode: a partner takes contacts over, as `price[:limit]` each, for example 4.50, 4.50:20% or 4.50:30/h; may be repeated")
	f.StringArrayVar(&p.flex, "flex", nil, "cost mode: a flexible layer, as `price[:agents]` per hour, for example 48:3; may be repeated")
}

// asked reports whether any price was given.
func (p *priceFlags) asked() bool {
	for _, x := range p.all() {
		if x.name != "lines" && len(x.flag.order) > 0 {
			return true
		}
	}
	return len(p.partner) > 0 || len(p.flex) > 0
}

// channels returns the channels that have a price of their own.
func (p *priceFlags) channels() []string {
	var out []string
	for _, x := range p.all() {
		out = append(out, x.flag.order...)
	}
	for _, text := range slices.Concat(p.partner, p.flex) {
		if c, _, ok := strings.Cut(text, "="); ok {
			out = append(out, strings.TrimSpace(c))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// prices returns what holds for a channel.
func (p *priceFlags) prices(channel string) (*erlang.Prices, error) {
	out := &erlang.Prices{}
	for _, x := range p.all() {
		text := x.flag.of(channel)
		if text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v >= 0) || math.IsInf(v, 1) {
			return nil, usagef("--%s %q: want a number of 0 or more", x.name, text)
		}
		if (x.name == "regular" || x.name == "lines") && v != math.Trunc(v) {
			return nil, usagef("--%s %q: want a whole number", x.name, text)
		}
		x.set(out, v)
	}
	if !(out.WageHour > 0) {
		return nil, withHint(usagef("the cost mode needs the price of an agent"), "give --wage-hour, for example --wage-hour 35")
	}
	for _, text := range ofChannel(p.partner, channel) {
		x, err := parsePartner(text)
		if err != nil {
			return nil, err
		}
		out.Partners = append(out.Partners, x)
	}
	for _, text := range ofChannel(p.flex, channel) {
		x, err := parseLayer(text)
		if err != nil {
			return nil, err
		}
		out.Flexible = append(out.Flexible, x)
	}
	return out, nil
}

// ofChannel returns the values without a channel and those of the channel.
func ofChannel(values []string, channel string) []string {
	var out []string
	for _, text := range values {
		c, v, ok := strings.Cut(text, "=")
		switch {
		case !ok:
			out = append(out, text)
		case strings.TrimSpace(c) == channel:
			out = append(out, v)
		}
	}
	return out
}

// parsePartner reads 4.50, 4.50:20% and 4.50:30/h.
func parsePartner(text string) (erlang.Partner, error) {
	bad := usagef("--partner %q: want a price per contact and perhaps a limit, for example 4.50, 4.50:20%% or 4.50:30/h", text)
	price, limit, has := strings.Cut(text, ":")
	var x erlang.Partner
	var err error
	if x.PerContact, err = strconv.ParseFloat(strings.TrimSpace(price), 64); err != nil || !(x.PerContact >= 0) || math.IsInf(x.PerContact, 1) {
		return x, bad
	}
	if !has {
		return x, nil
	}
	if perHour, ok := strings.CutSuffix(strings.TrimSpace(limit), "/h"); ok {
		if x.PerHour, err = strconv.ParseFloat(perHour, 64); err != nil || !(x.PerHour > 0) || math.IsInf(x.PerHour, 1) {
			return x, bad
		}
		return x, nil
	}
	if x.Share, err = parseShare(limit, false); err != nil || x.Share == 0 {
		return x, bad
	}
	return x, nil
}

// parseLayer reads 48 and 48:3.
func parseLayer(text string) (erlang.Layer, error) {
	bad := usagef("--flex %q: want a price per hour and perhaps a number of agents, for example 48 or 48:3", text)
	price, most, has := strings.Cut(text, ":")
	var x erlang.Layer
	var err error
	if x.Hour, err = strconv.ParseFloat(strings.TrimSpace(price), 64); err != nil || !(x.Hour >= 0) || math.IsInf(x.Hour, 1) {
		return x, bad
	}
	if has {
		if x.Most, err = strconv.Atoi(strings.TrimSpace(most)); err != nil || x.Most < 1 {
			return x, bad
		}
	}
	return x, nil
}
