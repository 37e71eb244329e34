package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Setting describes one key of kcc.toml.
type Setting struct {
	Key     string // forecast.model
	Default string
	Note    string // one line for kcc.toml and config show
	Want    string // what a value must be, for the error
	path    bool   // a file: relative to the folder of kcc.toml
	valid   func(string) bool
}

// Env returns the environment variable that overrules the setting in the file.
func (s Setting) Env() string {
	return "KCC_" + strings.ToUpper(strings.ReplaceAll(s.Key, ".", "_"))
}

// Settings lists every setting in the order of kcc.toml. A part of kcc that
// wants one more adds a line here.
func Settings() []Setting {
	return []Setting{
		{Key: "db", Default: DefaultStore, Note: "the store", Want: "the name of a file", path: true, valid: filled},
		{Key: "centre", Note: "description of the centre, for work without a store; empty: the store has it", Want: "the name of a file", path: true, valid: always},
		{Key: "lang", Default: "en", Note: "language of labels: en or nl", Want: "en or nl", valid: oneOf("en", "nl")},
		{Key: "zone", Default: "Europe/Amsterdam", Note: "time zone, unless the centre has its own", Want: "a name such as Europe/Amsterdam", valid: isZone},
		{Key: "excel_nl", Default: "false", Note: "CSV with semicolons and decimal commas, for a Dutch Excel", Want: "true or false", valid: isBool},
		{Key: "lock_timeout", Default: "5s", Note: "wait this long for another run to let go of the store", Want: "a time such as 5s", valid: isDuration},
		{Key: "forecast.horizon", Default: "28d", Note: "how far a forecast reaches: days, weeks, or open days as 20od", Want: "days such as 28d, 4w or 20od", valid: isHorizon},
		{Key: "forecast.model", Default: "auto", Note: "auto, or the name of one model", Want: "auto or the name of a model", valid: filled},
		{Key: "forecast.levels", Default: "80,95", Note: "levels of the bounds, in percent", Want: "percentages such as 80,95", valid: isLevels},
		{Key: "staff.certainty", Default: "0", Note: "keep targets with this certainty; 0: on average", Want: "a ratio of at least 0 and less than 1", valid: isRatio},
		{Key: "roster.effort", Default: "0", Note: "amount of search, the same for the same roster; 0: the default of about half a minute", Want: "a whole number of at least 0", valid: isWhole},
		{Key: "roster.time_limit", Default: "0", Note: "stop the search after this time; 0: no limit", Want: "a time such as 2m", valid: isDuration},
		{Key: "privacy.mask", Default: "marked", Note: "digits in free text that pass the test of a BSN: marked (next to a word such as BSN) or all", Want: "marked or all", valid: oneOf("marked", "all")},
		{Key: "privacy.key_file", Default: "kcc.key", Note: "key of the hashes and sealed fields; never in the store or its backup", Want: "the name of a file", path: true, valid: filled},
	}
}

// setting returns the setting of a key.
func setting(key string) (Setting, bool) {
	all := Settings()
	i := slices.IndexFunc(all, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return all[i], true
}

func always(string) bool   { return true }
func filled(v string) bool { return v != "" }

func oneOf(words ...string) func(string) bool {
	return func(v string) bool { return slices.Contains(words, v) }
}

func isZone(v string) bool {
	_, err := time.LoadLocation(v)
	return err == nil && v != ""
}

func isBool(v string) bool { return v == "true" || v == "false" }

func isDuration(v string) bool {
	d, err := calendar.ParseDuration(v)
	return err == nil && d >= 0
}

func isHorizon(v string) bool {
	if n, ok := strings.CutSuffix(v, "od"); ok {
		return isWhole(n) && n != "0"
	}
	d, err := calendar.ParseDuration(v)
	return err == nil && d > 0
}

func isLevels(v string) bool {
	for _, p := range strings.Split(v, ",") {
		f, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || !(f > 0 && f < 100) {
			return false
		}
	}
	return true
}

func isRatio(v string) bool {
	f, err := strconv.ParseFloat(v, 64)
	return err == nil && f >= 0 && f < 1
}

func isWhole(v string) bool {
	_, err := strconv.ParseUint(v, 10, 31)
	return err == nil
}

// Template returns a commented kcc.toml with every setting at its default.
func Template() []byte {
	var b strings.Builder
	b.WriteString("# Settings of kcc. A flag goes before the environment (KCC_DB, KCC_LANG, ...),\n" +
		"# the environment before this file. \"kcc config show\" tells what holds and why.\n" +
		"# File names are relative to the folder of this file.\n")
	section := ""
	for _, s := range Settings() {
		under, name, dotted := strings.Cut(s.Key, ".")
		if !dotted {
			under, name = "", s.Key
		}
		if under != section {
			fmt.Fprintf(&b, "\n[%s]\n", under)
			section = under
		} else if section == "" {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "# %s\n", s.Note)
		if s.Default == "" {
			b.WriteString("# ")
		}
		fmt.Fprintf(&b, "%s = %s\n", name, tomlValue(s.Default))
	}
	return []byte(b.String())
}

// tomlValue writes numbers and truths bare, everything else as text.
func tomlValue(v string) string {
	if _, err := strconv.ParseFloat(v, 64); err == nil || isBool(v) {
		return v
	}
	return strconv.Quote(v)
}
