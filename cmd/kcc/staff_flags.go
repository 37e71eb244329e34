package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
)

// perChannel is a flag whose value may be given for all channels (80/20s) or for
// one (phone=80/20s); it may be repeated or separated by commas.
type perChannel struct {
	kind   string
	values map[string]string
	order  []string
}

func (p *perChannel) Type() string { return p.kind }

func (p *perChannel) String() string {
	var parts []string
	for _, c := range p.order {
		if c == "" {
			parts = append(parts, p.values[c])
		} else {
			parts = append(parts, c+"="+p.values[c])
		}
	}
	return strings.Join(parts, ",")
}

func (p *perChannel) Set(s string) error {
	for _, part := range strings.Split(s, ",") {
		channel, value, ok := strings.Cut(part, "=")
		if !ok {
			channel, value = "", part
		}
		if value = strings.TrimSpace(value); value == "" {
			return fmt.Errorf("%q: want a value, or channel=value", part)
		}
		if p.values == nil {
			p.values = map[string]string{}
		}
		channel = strings.TrimSpace(channel)
		if _, again := p.values[channel]; !again {
			p.order = append(p.order, channel)
		}
		p.values[channel] = value
	}
	return nil
}

// of returns the value for a channel, "" when neither it nor all have one.
func (p *perChannel) of(channel string) string {
	if v, ok := p.values[channel]; ok {
		return v
	}
	return p.values[""]
}

// parseTarget reads 80/20s (share in percent, threshold) into a target, and
// 95/2wd (a lead time in business time) into a promise.
func parseTarget(text string, s *erlang.Settings) error {
	bad := fmt.Errorf("target %q: want for example 80/20s, or 95/2wd for work with a lead time", text)
	share, within, ok := strings.Cut(text, "/")
	if !ok {
		return bad
	}
	ratio, err := parseShare(share, true)
	if err != nil {
		return bad
	}
	term, err := calendar.ParseTerm(within)
	if err != nil {
		if _, e := strconv.ParseFloat(within, 64); e == nil {
			_, err = calendar.ParseDuration(within) // says which units there are
		}
		return fmt.Errorf("target %q: %w", text, err)
	}
	if term.Unit != calendar.Elapsed {
		s.Promise, s.PromiseRatio = term, ratio
		return nil
	}
	s.Target.Ratio, s.Target.Within = ratio, term.Duration
	if s.Model == erlang.ModelDeadline {
		s.Promise, s.PromiseRatio = term, ratio
	}
	return nil
}

// elapsedTarget reports whether a target is about seconds or minutes, not about
// working time.
func elapsedTarget(text string) bool {
	_, within, _ := strings.Cut(text, "/")
	term, err := calendar.ParseTerm(within)
	return err == nil && term.Unit == calendar.Elapsed
}

// parseShare reads a share as a ratio (0.85) or in percent (85%); where percent
// is what people write, a plain number above 1 counts as percent too.
func parseShare(text string, percent bool) (float64, error) {
	num, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(num, 64)
	if err != nil || math.IsNaN(v) {
		return 0, fmt.Errorf("share %q: want for example 0.85 or 85%%", text)
	}
	if isPercent || (percent && v > 1) {
		v /= 100
	}
	if v < 0 || v > 1 {
		return 0, fmt.Errorf("share %q: want a value from 0 to 1, or a percentage", text)
	}
	return v, nil
}

// staffSettingFlags are the flags of staff that set one thing of a channel.
type staffSettingFlags struct {
	target, promise, aht, patience, concurrency, chatAHT, shrinkage, maxOccupancy, maxAbandon, maxASA,
	model, minimum, redial, repeat, blend, skill, wage, missing perChannel
	Definition, Period string
	Short              durationValue
}

// setting applies the text of one flag to settings.
type setting struct {
	name  string
	flag  *perChannel
	kind  string
	usage string
	apply func(text string, s *erlang.Settings) error
}

func durationSetting(set func(*erlang.Settings, time.Duration)) func(string, *erlang.Settings) error {
	return func(text string, s *erlang.Settings) error {
		d, err := calendar.ParseDuration(text)
		if err == nil && d < 0 {
			err = fmt.Errorf("duration %q: want 0 or more", text)
		}
		if err == nil {
			set(s, d)
		}
		return err
	}
}

func shareSetting(set func(*erlang.Settings, float64)) func(string, *erlang.Settings) error {
	return func(text string, s *erlang.Settings) error {
		v, err := parseShare(text, false)
		if err == nil {
			set(s, v)
		}
		return err
	}
}

func countSetting(low int, set func(*erlang.Settings, int)) func(string, *erlang.Settings) error {
	return func(text string, s *erlang.Settings) error {
		v, err := strconv.Atoi(text)
		if err != nil || v < low {
			return fmt.Errorf("number %q: want a whole number of %d or more", text, low)
		}
		set(s, v)
		return nil
	}
}

func numberSetting(set func(*erlang.Settings, float64)) func(string, *erlang.Settings) error {
	return func(text string, s *erlang.Settings) error {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v > 0) || math.IsInf(v, 0) {
			return fmt.Errorf("number %q: want a number above 0", text)
		}
		set(s, v)
		return nil
	}
}

// all lists the flags. The model comes first: what a target means depends on it.
func (f *staffSettingFlags) all() []setting {
	return []setting{
		{"model", &f.model, "model", "formula `auto|a|c|chat|deadline|fixed`; auto is a where patience is known, else c; fixed is the load itself", func(t string, s *erlang.Settings) (err error) {
			if s.Model, err = erlang.ParseModel(t); err == nil && s.Model == erlang.ModelPool {
				err = fmt.Errorf("model %q: want auto, a, c, chat, deadline or fixed; --pool settles a team by simulation", t)
			}
			return err
		}},
		{"target", &f.target, "target", "`80/20s`: 80 % answered within 20 s; 95/2wd: 95 % within two working days", parseTarget},
		{"promise", &f.promise, "term", "lead time of deferrable work, for example `4bh` or 2wd", func(t string, s *erlang.Settings) (err error) {
			s.Promise, err = calendar.ParseTerm(t)
			return err
		}},
		{"aht", &f.aht, "duration", "handle time where a row has none, for example `240s`", durationSetting(func(s *erlang.Settings, d time.Duration) { s.AHT = d.Seconds() })},
		{"patience", &f.patience, "duration", "mean patience of a waiting customer, for example `120s`", durationSetting(func(s *erlang.Settings, d time.Duration) { s.Patience = d.Seconds() })},
		{"concurrency", &f.concurrency, "number", "chats per agent at once, for example `3`", countSetting(1, func(s *erlang.Settings, n int) { s.Concurrency = n })},
		{"chat-aht", &f.chatAHT, "list", "handle times with 1, 2, ... chats at once, for example `300s:400s:540s`", parseChatTimes},
		{"shrinkage", &f.shrinkage, "share", "share of rostered time that is lost unplanned, for example `0.1`", shareSetting(func(s *erlang.Settings, v float64) { s.Unplanned = v })},
		{"max-occupancy", &f.maxOccupancy, "share", "cap on the busy share of agents' time, for example `0.85`", shareSetting(func(s *erlang.Settings, v float64) { s.Target.MaxOccupancy = v })},
		{"max-abandon", &f.maxAbandon, "share", "cap on the share that leaves, for example `0.05`", shareSetting(func(s *erlang.Settings, v float64) { s.Target.MaxAbandon = v })},
		{"max-asa", &f.maxASA, "duration", "cap on the mean wait, for example `30s`", durationSetting(func(s *erlang.Settings, d time.Duration) { s.Target.MaxASA = d })},
		{"min-agents", &f.minimum, "number", "agents present in every interval, for example `1`", countSetting(0, func(s *erlang.Settings, n int) { s.Minimum = n })},
		{"redial", &f.redial, "share", "share of those who left that calls again, for example `0.5`", shareSetting(func(s *erlang.Settings, v float64) { s.Redial = v })},
		{"repeat", &f.repeat, "share", "share of those answered that comes back, for example `0.1`", shareSetting(func(s *erlang.Settings, v float64) { s.Repeat = v })},
		{"blend", &f.blend, "channel", "deferrable work first fills the idle time of a channel: `email=phone`, or email=phone:0.9 up to that occupancy", parseBlend},
		{"skill", &f.skill, "skill", "skill that serves a channel, for example `email=written`", func(t string, s *erlang.Settings) error { s.Skill = t; return nil }},
		{"wage", &f.wage, "price", "cost of an agent per interval in the cost curve", numberSetting(func(s *erlang.Settings, v float64) { s.Wage = v })},
		{"missing", &f.missing, "price", "cost of a missing agent per interval in the cost curve", numberSetting(func(s *erlang.Settings, v float64) { s.Missing = v })},
	}
}

func parseChatTimes(text string, s *erlang.Settings) error {
	s.ChatAHT = nil
	for _, part := range strings.Split(text, ":") {
		d, err := calendar.ParseDuration(part)
		if err != nil || d <= 0 {
			return fmt.Errorf("handle times %q: want for example 300s:400s:540s", text)
		}
		s.ChatAHT = append(s.ChatAHT, d.Seconds())
	}
	if s.Concurrency < len(s.ChatAHT) {
		s.Concurrency = len(s.ChatAHT)
	}
	if s.AHT == 0 {
		s.AHT = s.ChatAHT[0]
	}
	return nil
}

func parseBlend(text string, s *erlang.Settings) error {
	channel, limit, ok := strings.Cut(text, ":")
	s.BlendInto = channel
	if !ok {
		return nil
	}
	v, err := parseShare(limit, false)
	s.MaxBlend = v
	return err
}

// settings applies the flags to what the centre says of each channel. It returns
// the settings of channels that are named anywhere and those of all others.
func (f *staffSettingFlags) settings(centre map[string]erlang.Settings, base erlang.Settings) (map[string]erlang.Settings, erlang.Settings, error) {
	names := map[string]bool{}
	for c := range centre {
		names[c] = true
	}
	all := f.all()
	for _, c := range f.named() {
		names[c] = true
	}
	definition, err := erlang.ParseDefinition(f.Definition)
	if err != nil {
		return nil, base, usagef("--service-level: %w", err)
	}
	period, err := erlang.ParsePeriod(f.Period)
	if err != nil {
		return nil, base, usagef("--period: %w", err)
	}
	apply := func(channel string, s erlang.Settings) (erlang.Settings, error) {
		for _, x := range all {
			text := x.flag.of(channel)
			if _, own := x.flag.values[channel]; !own && x.name == "target" && channel != "" && s.Formula() == erlang.ModelDeadline && elapsedTarget(text) {
				continue // 80/20s for all is for those who wait, not for work with a lead time
			}
			if text != "" {
				if err := x.apply(text, &s); err != nil {
					return s, usagef("--%s: %w", x.name, err)
				}
			}
		}
		if f.Definition != "" {
			s.Target.Definition = definition
		}
		if f.Period != "" {
			s.Target.Period = period
		}
		if f.Short > 0 {
			s.Target.Short = time.Duration(f.Short)
		}
		if s.Unplanned >= 1 {
			return s, usagef("--shrinkage: share %g: want a share below 1", s.Unplanned)
		}
		if s.Redial >= 1 || s.Repeat >= 1 {
			return s, usagef("--redial, --repeat: share 1: want a share below 1")
		}
		return s, nil
	}
	rest, err := apply("", base)
	if err != nil {
		return nil, base, err
	}
	out := map[string]erlang.Settings{}
	for _, c := range sortedNames(names) {
		s, ok := centre[c]
		if !ok {
			s = base
		}
		if out[c], err = apply(c, s); err != nil {
			return nil, base, err
		}
	}
	return out, rest, nil
}

// named returns the channels that any of the flags names.
func (f *staffSettingFlags) named() []string {
	names := map[string]bool{}
	for _, x := range f.all() {
		for _, c := range x.flag.order {
			names[c] = true
		}
	}
	delete(names, "")
	return sortedNames(names)
}

func sortedNames(m map[string]bool) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
