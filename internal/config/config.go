// Package config reads kcc.toml and the environment and tells for each setting
// where its value came from. A flag goes before the environment, the
// environment before the file, the file before the default.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"kcc/internal/calendar"
	"kcc/internal/tomltext"
)

// DefaultFile is the settings file of the working folder.
const DefaultFile = "kcc.toml"

// DefaultStore is the store where nothing else is said.
const DefaultStore = "kcc.db"

// Origin of a setting that nobody has set.
const defaultOrigin = "default"

// Config holds the settings of a run.
type Config struct {
	DB, Centre, Lang, Zone string // the settings of those names

	File   string // the settings file that was read; empty: none
	values map[string]string
	origin map[string]string
}

// Load reads the settings: defaults, then the file (path, else KCC_CONFIG, else
// kcc.toml in the working folder when it exists), then KCC_* of the environment.
// A key in the file that does not exist is an error.
func Load(path string, getenv func(string) string) (*Config, error) {
	c := &Config{values: map[string]string{}, origin: map[string]string{}}
	for _, s := range Settings() {
		c.Set(s.Key, s.Default, defaultOrigin)
	}
	must := true
	if path == "" {
		path = getenv("KCC_CONFIG")
	}
	if path == "" {
		path, must = DefaultFile, false
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !must:
	case err != nil:
		return nil, fmt.Errorf("settings: %w", err)
	default:
		c.File = path
		if err := c.read(path, data); err != nil {
			return nil, err
		}
	}
	for _, s := range Settings() {
		if v := getenv(s.Env()); v != "" {
			c.Set(s.Key, v, s.Env())
		}
	}
	return c, nil
}

// read takes the keys of a settings file.
func (c *Config) read(path string, data []byte) error {
	var keys map[string]any
	_, err := toml.Decode(string(data), &keys)
	if line, what, ok := tomltext.Syntax(err); ok {
		return fmt.Errorf("%s: line %d: %s", path, line, what)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return c.take(path, "", keys)
}

func (c *Config) take(path, under string, keys map[string]any) error {
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		key := under + k
		if sub, ok := keys[k].(map[string]any); ok {
			if err := c.take(path, key+".", sub); err != nil {
				return err
			}
			continue
		}
		s, ok := setting(key)
		if !ok {
			return fmt.Errorf("%s: %s: there is no such setting; want one of %s", path, key, strings.Join(keyNames(), ", "))
		}
		v, ok := plain(keys[k])
		if !ok {
			return fmt.Errorf("%s: %s: value %v: want %s", path, key, keys[k], s.Want)
		}
		if s.path && v != "" && !filepath.IsAbs(v) {
			v = filepath.Join(filepath.Dir(path), v)
		}
		c.Set(key, v, path)
	}
	return nil
}

func keyNames() []string {
	var out []string
	for _, s := range Settings() {
		out = append(out, s.Key)
	}
	return out
}

// plain turns a value of TOML into the text that settings are kept as; a list
// becomes a comma-separated one.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			p, ok := plain(e)
			if !ok {
				return "", false
			}
			parts[i] = p
		}
		return strings.Join(parts, ","), true
	}
	return "", false
}

// Set overrules one setting and notes where it came from. A key that does not
// exist is a mistake in the program.
func (c *Config) Set(key, value, origin string) {
	if _, ok := setting(key); !ok {
		panic("config: no setting " + key)
	}
	switch key {
	case "db":
		c.DB = value
	case "centre":
		c.Centre = value
	case "lang":
		c.Lang = value
	case "zone":
		c.Zone = value
	}
	c.values[key], c.origin[key] = value, origin
}

// Check reports the first setting that cannot be.
func (c *Config) Check() error {
	for _, s := range Settings() {
		if v := c.values[s.Key]; !s.valid(v) {
			where := c.origin[s.Key]
			if where == c.File {
				where += ": " + s.Key
			}
			return fmt.Errorf("%s: value %q: want %s", where, v, s.Want)
		}
	}
	return nil
}

// Origin tells where the value of a setting came from: a flag, an environment
// variable, a file, or "default".
func (c *Config) Origin(key string) string { return c.origin[key] }

// IsDefault reports whether nobody has set the key.
func (c *Config) IsDefault(key string) bool { return c.origin[key] == defaultOrigin }

// Text returns the value of a setting.
func (c *Config) Text(key string) string {
	v, ok := c.values[key]
	if !ok {
		panic("config: no setting " + key)
	}
	return v
}

// Bool returns a setting that is true or false.
func (c *Config) Bool(key string) bool { return c.Text(key) == "true" }

// Number returns a setting as a number; Check has made sure that it is one.
func (c *Config) Number(key string) float64 {
	f, err := strconv.ParseFloat(c.Text(key), 64)
	if err != nil {
		panic("config: " + key + " is not a number")
	}
	return f
}

// Duration returns a setting as an elapsed time.
func (c *Config) Duration(key string) time.Duration {
	d, err := calendar.ParseDuration(c.Text(key))
	if err != nil {
		panic("config: " + key + " is not a duration")
	}
	return d
}
