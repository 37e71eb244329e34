package rosterfile

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"kcc/internal/calendar"
	"kcc/internal/tomltext"
	"kcc/roster"
)

// RuleBook is what --rules names: rule sets, and the one of agents without any.
type RuleBook struct {
	Sets    map[string]roster.Rules
	Default string // "" = the Dutch working-time act for adults
	// Presence are the key holders, first-aiders and least numbers of a team.
	Presence []roster.Presence
	Fairness Fairness
	// SkillChange is the price of a change of skill, as roster.Weights.SkillChange.
	SkillChange float64
}

// ReadRules returns the rule book of a word (atw, none) or of a TOML file.
//
//	default = "shop"
//	[shop]
//	base = "atw"          # or none
//	max_days_in_row = 5
//	daily_rest = "12h"
func ReadRules(what string) (RuleBook, error) {
	switch what {
	case "", "atw", roster.DefaultRuleSet:
		return RuleBook{}, nil
	case "none":
		return RuleBook{Default: "none"}, nil
	}
	f, err := os.Open(what)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(what, "./\\") {
		return RuleBook{}, fmt.Errorf("rules %q: want atw, none or a TOML file", what)
	}
	if err != nil {
		return RuleBook{}, err
	}
	defer f.Close()
	return DecodeRules(what, f)
}

// DecodeRules reads a rule book in TOML. An error names everything that is wrong, each with its
// line.
func DecodeRules(name string, r io.Reader) (RuleBook, error) {
	source, err := io.ReadAll(r)
	if err != nil {
		return RuleBook{}, fmt.Errorf("%s: %w", name, err)
	}
	var raw map[string]any
	if _, err := toml.Decode(string(source), &raw); err != nil {
		if line, what, ok := tomltext.Syntax(err); ok {
			return RuleBook{}, fmt.Errorf("%s: line %d: %s", name, line, what)
		}
		return RuleBook{}, fmt.Errorf("%s: %w", name, err)
	}
	book := RuleBook{Sets: map[string]roster.Rules{}}
	f := &faults{name: name, source: string(source)}
	for key, v := range raw {
		at := f.at(key)
		switch key {
		case "default":
			text, ok := v.(string)
			if !ok {
				at.want(v, "the name of a rule set in quotes")
			}
			book.Default = text
		case "presence":
			book.Presence = presence(at, v)
		case "fairness":
			book.Fairness = fairness(at, v)
		case "skills":
			book.SkillChange = skillChange(at, v)
		default:
			switch table, ok := v.(map[string]any); {
			case ok && strange(table) && mostAlike(key, bookKeys) != "":
				at.unknown("there is no such table", key, bookKeys)
			case ok:
				book.Sets[key] = ruleSet(at, key, table)
			case isRule(key):
				at.fail(errors.New("a rule stands in a table of rules: want a line such as [shop] above it"))
			default:
				if _, list := v.([]map[string]any); list {
					at.want(v, fmt.Sprintf("a table [%s]", key))
				} else {
					at.unknown("there is no such setting", key, bookKeys)
				}
			}
		}
	}
	if d := book.Default; d != "" && d != "none" && d != "atw" && d != roster.DefaultRuleSet {
		if _, ok := raw[d]; !ok {
			f.at("default").unknown(fmt.Sprintf("value %q: there is no table [%s]", d, d), d, slices.Sorted(maps.Keys(book.Sets)))
		}
	}
	return book, f.err()
}

// bookKeys are the keys of a rule book beside the names of rule sets.
var bookKeys = []string{"default", "presence", "fairness", "skills"}

// strange reports whether a table holds nothing that rule sets have.
func strange(table map[string]any) bool {
	for key := range table {
		if key == "base" || isRule(key) {
			return false
		}
	}
	return true
}

func isRule(key string) bool { return slices.Contains(ruleKeys(reflect.TypeFor[roster.Rules]()), key) }

// ruleKeys returns the keys of the rules in a table.
func ruleKeys(t reflect.Type) (keys []string) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Name != "Name" {
			keys = append(keys, snake(f.Name))
		}
	}
	return keys
}

func ruleSet(at spot, name string, table map[string]any) roster.Rules {
	set := roster.ATWAdult()
	if v, ok := table["base"]; ok {
		switch v {
		case "", "atw", roster.DefaultRuleSet:
		case "none":
			set = roster.NoRules()
		default:
			at.under("base").want(v, "atw or none")
		}
	}
	set.Name = name
	for key, v := range table {
		if key != "base" {
			setRule(at.under(key), reflect.ValueOf(&set).Elem(), key, v)
		}
	}
	if set.WeeklyRest > set.WeeklyWithin && set.WeeklyWithin > 0 {
		at.under("weekly_rest").fail(errors.New("it is longer than weekly_within, in which it has to lie"))
	}
	if set.SplitRest > set.SplitWithin && set.SplitWithin > 0 {
		at.under("split_rest").fail(errors.New("it is longer than split_within, in which it has to lie"))
	}
	return set
}

// The most that a rule may say: what is above would never matter, or is a slip.
const (
	mostRule       = 366 // days, weekends, shifts
	mostDaysOff    = 14
	mostSundays    = 52
	mostDuration   = 8 * 7 * 24 * time.Hour
	mostBreaks     = 4 * time.Hour
	mostWeeksAlong = 52 // of a mean
)

// limitsOf returns from where to where the whole number of a rule may go; from 0, that is no limit.
func limitsOf(field string) (least, most int64) {
	switch field {
	case "MinDaysOff":
		return 0, mostDaysOff
	case "FreeSundays":
		return 0, mostSundays
	case "Weeks":
		return 1, mostWeeksAlong
	}
	return 0, mostRule
}

// setRule sets the field of a snake_case key: a duration ("11h"), a whole number,
// true or false. Night rules are in a table of their own.
func setRule(at spot, s reflect.Value, key string, v any) {
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if snake(f.Name) != key || f.Name == "Name" {
			continue
		}
		field := s.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[time.Duration]():
			setDuration(at, field, v, f.Name == "LateEnd" || f.Name == "EarlyStart")
		case field.Kind() == reflect.Int:
			n, ok := v.(int64)
			switch least, most := limitsOf(f.Name); {
			case ok && n >= least && n <= most:
				field.SetInt(n)
			case least > 0:
				at.want(v, fmt.Sprintf("a whole number from %d to %d", least, most))
			case ok && n > most:
				at.want(v, fmt.Sprintf("at most %d", most))
			default:
				at.want(v, "a whole number, 0 for no limit")
			}
		case field.Kind() == reflect.Bool:
			b, ok := v.(bool)
			if !ok {
				at.want(v, "true or false")
				return
			}
			field.SetBool(b)
		case field.Kind() == reflect.Struct:
			sub, ok := v.(map[string]any)
			if !ok {
				at.want(v, "a table")
				return
			}
			for k, x := range sub {
				setRule(at.under(k), field, k, x)
			}
		case field.Kind() == reflect.Slice:
			setList(at, field, v)
		}
		return
	}
	at.unknown("there is no such rule", key, ruleKeys(s.Type()))
}

// setDuration takes 11h or, for times of day, 22:00; 0 is 0 without quotes, too.
func setDuration(at spot, field reflect.Value, v any, clock bool) {
	if v == int64(0) {
		field.SetInt(0)
		return
	}
	text, _ := v.(string)
	if c, err := calendar.ParseClock(text); err == nil {
		field.SetInt(int64(time.Duration(c) * time.Minute))
		return
	}
	d, err := parseLength(text)
	switch {
	case err != nil || d < 0:
		at.want(v, `a duration such as "11h" or a time of day such as "22:00"`)
	case clock && d > 24*time.Hour:
		at.want(v, `a time of day such as "22:00"`)
	case d > mostDuration:
		at.want(v, fmt.Sprintf("at most %dh", int(mostDuration.Hours())))
	default:
		field.SetInt(int64(d))
	}
}

// setList replaces a list of tables: averages and breaks.
func setList(at spot, field reflect.Value, v any) {
	items, ok := tablesOf(v)
	if !ok {
		at.want(v, "a list of tables")
		return
	}
	out := reflect.MakeSlice(field.Type(), 0, len(items))
	for i, item := range items {
		at, told := at.entry(i), len(at.in.list)
		x := reflect.New(field.Type().Elem()).Elem()
		for k, val := range item {
			setRule(at.under(k), x, k, val)
		}
		if len(at.in.list) > told { // else it would be told twice
			continue
		}
		switch y := x.Interface().(type) {
		case roster.Average:
			if y.Weeks == 0 || y.Max == 0 {
				at.fail(errors.New("want weeks and max, both above 0"))
			}
		case roster.BreakRule:
			if y.Total == 0 || y.Total > mostBreaks || y.Piece > y.Total {
				at.fail(fmt.Errorf("want total, above 0 and at most %dh, and a piece that is no longer", int(mostBreaks.Hours())))
			}
		}
		out = reflect.Append(out, x)
	}
	field.Set(out)
}

// tablesOf returns a list of tables, however it is written.
func tablesOf(v any) (items []map[string]any, ok bool) {
	items, ok = v.([]map[string]any)
	if list, isList := v.([]any); isList {
		ok = true
		for _, x := range list {
			item, isTable := x.(map[string]any)
			ok = ok && isTable
			items = append(items, item)
		}
	}
	return items, ok
}

func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
