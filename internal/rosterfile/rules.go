package rosterfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"kcc/internal/calendar"
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
		if bad, ok := errors.AsType[toml.ParseError](err); ok {
			return RuleBook{}, fmt.Errorf("%s: line %d: %s", name, bad.Position.Line, bad.Message)
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
			table, ok := v.(map[string]any)
			if !ok {
				at.unknown("there is no such setting", bookKeys)
				continue
			}
			book.Sets[key] = ruleSet(at, key, table)
		}
	}
	if d := book.Default; d != "" && d != "none" && d != "atw" && d != roster.DefaultRuleSet {
		if _, ok := book.Sets[d]; !ok {
			f.at("default").fail(fmt.Errorf("value %q: there is no table [%s]", d, d))
		}
	}
	return book, f.err()
}

// bookKeys are the keys of a rule book beside the names of rule sets.
var bookKeys = []string{"default", "presence", "fairness", "skills"}

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
	return set
}

// setRule sets the field of a snake_case key: a duration ("11h"), a whole number,
// true or false. Night rules are in a table of their own.
func setRule(at spot, s reflect.Value, key string, v any) {
	var known []string
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if f.Name == "Name" {
			continue
		}
		known = append(known, snake(f.Name))
		if snake(f.Name) != key {
			continue
		}
		field := s.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[time.Duration]():
			setDuration(at, field, v)
		case field.Kind() == reflect.Int:
			n, ok := v.(int64)
			if !ok || n < 0 {
				at.want(v, "a whole number, 0 for no limit")
				return
			}
			field.SetInt(n)
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
	at.unknown("there is no such rule", known)
}

// setDuration takes 11h or, for times of day, 22:00.
func setDuration(at spot, field reflect.Value, v any) {
	text, _ := v.(string)
	if c, err := calendar.ParseClock(text); err == nil {
		field.SetInt(int64(time.Duration(c) * time.Minute))
		return
	}
	d, err := parseLength(text)
	if err != nil || d < 0 {
		at.want(v, `a duration such as "11h" or a time of day such as "22:00"`)
		return
	}
	field.SetInt(int64(d))
}

// setList replaces a list of tables: averages and breaks.
func setList(at spot, field reflect.Value, v any) {
	items, ok := v.([]map[string]any)
	if list, isList := v.([]any); isList {
		ok = true
		for _, x := range list {
			item, isTable := x.(map[string]any)
			ok = ok && isTable
			items = append(items, item)
		}
	}
	if !ok {
		at.want(v, "a list of tables")
		return
	}
	out := reflect.MakeSlice(field.Type(), 0, len(items))
	for i, item := range items {
		x := reflect.New(field.Type().Elem()).Elem()
		for k, val := range item {
			setRule(at.entry(i).under(k), x, k, val)
		}
		out = reflect.Append(out, x)
	}
	field.Set(out)
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
