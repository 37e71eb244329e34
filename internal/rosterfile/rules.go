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

// DecodeRules reads a rule book in TOML.
func DecodeRules(name string, r io.Reader) (RuleBook, error) {
	var raw map[string]any
	if _, err := toml.NewDecoder(r).Decode(&raw); err != nil {
		return RuleBook{}, fmt.Errorf("%s: %w", name, err)
	}
	book := RuleBook{Sets: map[string]roster.Rules{}}
	var errs []error
	for key, v := range raw {
		if key == "default" {
			book.Default, _ = v.(string)
			continue
		}
		if key == "presence" {
			var err error
			if book.Presence, err = presence(v); err != nil {
				errs = append(errs, fmt.Errorf("%s: presence: %w", name, err))
			}
			continue
		}
		if key == "fairness" {
			var err error
			if book.Fairness, err = fairness(v); err != nil {
				errs = append(errs, fmt.Errorf("%s: fairness: %w", name, err))
			}
			continue
		}
		if key == "skills" {
			var err error
			if book.SkillChange, err = skillChange(v); err != nil {
				errs = append(errs, fmt.Errorf("%s: skills: %w", name, err))
			}
			continue
		}
		table, ok := v.(map[string]any)
		if !ok {
			errs = append(errs, fmt.Errorf("%s: %s: want a table [%s] with rules", name, key, key))
			continue
		}
		set, err := ruleSet(key, table)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: [%s]: %w", name, key, err))
		}
		book.Sets[key] = set
	}
	if d := book.Default; d != "" && d != "none" && d != "atw" && d != roster.DefaultRuleSet {
		if _, ok := book.Sets[d]; !ok {
			errs = append(errs, fmt.Errorf("%s: default = %q: there is no table [%s]", name, d, d))
		}
	}
	return book, errors.Join(errs...)
}

func ruleSet(name string, table map[string]any) (roster.Rules, error) {
	set := roster.ATWAdult()
	switch base, _ := table["base"].(string); base {
	case "", "atw", roster.DefaultRuleSet:
	case "none":
		set = roster.NoRules()
	default:
		return set, fmt.Errorf("base = %q: want atw or none", base)
	}
	set.Name = name
	for key, v := range table {
		if key == "base" {
			continue
		}
		if err := setRule(reflect.ValueOf(&set).Elem(), key, v); err != nil {
			return set, fmt.Errorf("%s: %w", key, err)
		}
	}
	return set, nil
}

// setRule sets the field of a snake_case key: a duration ("11h"), a whole number,
// true or false. Night rules are in a table of their own.
func setRule(s reflect.Value, key string, v any) error {
	for i := range s.NumField() {
		f := s.Type().Field(i)
		if snake(f.Name) != key || f.Name == "Name" {
			continue
		}
		field := s.Field(i)
		switch {
		case field.Type() == reflect.TypeFor[time.Duration]():
			return setDuration(field, v)
		case field.Kind() == reflect.Int:
			n, ok := v.(int64)
			if !ok || n < 0 {
				return errors.New("want a whole number, 0 for no limit")
			}
			field.SetInt(n)
			return nil
		case field.Kind() == reflect.Bool:
			b, ok := v.(bool)
			if !ok {
				return errors.New("want true or false")
			}
			field.SetBool(b)
			return nil
		case field.Kind() == reflect.Struct:
			sub, ok := v.(map[string]any)
			if !ok {
				return errors.New("want a table")
			}
			for k, x := range sub {
				if err := setRule(field, k, x); err != nil {
					return fmt.Errorf("%s: %w", k, err)
				}
			}
			return nil
		case field.Kind() == reflect.Slice:
			return setList(field, v)
		}
	}
	return errors.New("there is no such rule")
}

// setDuration takes 11h or, for times of day, 22:00.
func setDuration(field reflect.Value, v any) error {
	text, ok := v.(string)
	if !ok {
		return errors.New(`want a duration such as "11h" or a time of day such as "22:00"`)
	}
	if c, err := calendar.ParseClock(text); err == nil {
		field.SetInt(int64(time.Duration(c) * time.Minute))
		return nil
	}
	d, err := parseLength(text)
	if err != nil {
		return errors.New(`want a duration such as "11h" or a time of day such as "22:00"`)
	}
	field.SetInt(int64(d))
	return nil
}

// setList replaces a list of tables: averages and breaks.
func setList(field reflect.Value, v any) error {
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
		return errors.New("want a list of tables")
	}
	out := reflect.MakeSlice(field.Type(), 0, len(items))
	for _, item := range items {
		x := reflect.New(field.Type().Elem()).Elem()
		for k, val := range item {
			if err := setRule(x, k, val); err != nil {
				return fmt.Errorf("%s: %w", k, err)
			}
		}
		out = reflect.Append(out, x)
	}
	field.Set(out)
	return nil
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
