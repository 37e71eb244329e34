package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func env(pairs ...string) func(string) string {
	return func(k string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == k {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kcc.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrecedence(t *testing.T) {
	t.Chdir(t.TempDir())
	path := file(t, "lang = \"nl\"\nexcel_nl = true\n[forecast]\nmodel = \"ets\"\nlevels = [50, 90]\n[staff]\ncertainty = 0.9\n")
	c, err := Load(path, env("KCC_FORECAST_MODEL", "theta", "KCC_ZONE", "UTC"))
	if err != nil {
		t.Fatal(err)
	}
	c.Set("zone", "Europe/Lisbon", "--zone")
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ key, value, origin string }{
		{"db", "kcc.db", "default"},
		{"lang", "nl", path},
		{"forecast.model", "theta", "KCC_FORECAST_MODEL"},
		{"forecast.levels", "50,90", path},
		{"zone", "Europe/Lisbon", "--zone"},
	} {
		if c.Text(tt.key) != tt.value || c.Origin(tt.key) != tt.origin {
			t.Errorf("%s = %q from %s, want %q from %s", tt.key, c.Text(tt.key), c.Origin(tt.key), tt.value, tt.origin)
		}
	}
	if !c.Bool("excel_nl") || c.Number("staff.certainty") != 0.9 || c.Duration("lock_timeout") != 5*time.Second {
		t.Error("typed values differ")
	}
	if c.Lang != "nl" || c.Zone != "Europe/Lisbon" || !c.IsDefault("db") {
		t.Errorf("fields = %+v", c)
	}
}

func TestFileIsFound(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	none, err := Load("", env())
	if err != nil || none.File != "" {
		t.Fatalf("without a file: %v, %q", err, none.File)
	}
	if err := os.WriteFile("kcc.toml", []byte("db = \"here.db\""), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load("", env())
	if err != nil || c.DB != "here.db" {
		t.Errorf("kcc.toml of the working folder: %v, db %q", err, c.DB)
	}
	other := file(t, "db = \"there.db\"\nprivacy.key_file = \"/etc/kcc.key\"")
	c, err = Load("", env("KCC_CONFIG", other))
	if err != nil || c.DB != filepath.Join(filepath.Dir(other), "there.db") {
		t.Errorf("a path is relative to its file: %v, db %q", err, c.DB)
	}
	if c.Text("privacy.key_file") != "/etc/kcc.key" {
		t.Errorf("an absolute path stays: %q", c.Text("privacy.key_file"))
	}
	if _, err := Load(filepath.Join(dir, "none.toml"), env()); err == nil {
		t.Error("a settings file that was named and is not there passes")
	}
}

func TestMistakes(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, tt := range []struct{ name, text, want string }{
		{"unknown", "langue = \"nl\"", "langue: there is no such setting; want one of db, centre, lang"},
		{"unknown below", "[forecast]\nhorizn = \"28d\"", "forecast.horizn: there is no such setting"},
		{"unknown table", "[staffing]\ncertainty = 0.9", "staffing.certainty: there is no such setting"},
		{"value", "lang = \"de\"", "lang: value \"de\": want en or nl"},
		{"zone", "zone = \"Utrecht\"", "zone: value \"Utrecht\": want a name such as"},
		{"horizon", "[forecast]\nhorizon = 28", "forecast.horizon: value \"28\": want days"},
		{"open days", "[forecast]\nhorizon = \"0od\"", "forecast.horizon: value \"0od\""},
		{"levels", "[forecast]\nlevels = \"80,120\"", "forecast.levels: value \"80,120\""},
		{"certainty", "[staff]\ncertainty = 90", "staff.certainty: value \"90\""},
		{"syntax", "lang = nl", "line 1"},
		{"table for value", "[lang]\nx = 1", "lang.x: there is no such setting"},
		{"date for text", "lang = 2026-01-01", "want en or nl"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := file(t, tt.text)
			c, err := Load(path, env())
			if err == nil {
				err = c.Check()
			}
			if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q with the file in front", err, tt.want)
			}
		})
	}
	c, err := Load("", env("KCC_LANG", "de"))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err == nil || err.Error() != `KCC_LANG: value "de": want en or nl` {
		t.Errorf("Check = %v", err)
	}
}

func TestTemplateSaysTheDefaults(t *testing.T) {
	t.Chdir(t.TempDir())
	c, err := Load(file(t, string(Template())), env())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	for _, s := range Settings() {
		got := c.Text(s.Key)
		if s.path && got != "" {
			got = filepath.Base(got)
		}
		if got != s.Default {
			t.Errorf("%s = %q in the template, default is %q", s.Key, got, s.Default)
		}
		if !s.valid(s.Default) {
			t.Errorf("default of %s is not valid: %q", s.Key, s.Default)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(string(Template()))
	f.Fuzz(func(t *testing.T, text string) {
		c := &Config{values: map[string]string{}, origin: map[string]string{}}
		if c.read("kcc.toml", []byte(text)) == nil {
			_ = c.values // reading must not panic; a value is checked later
		}
	})
}

func TestDocsListEverySetting(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Settings() {
		def := ""
		if s.Default != "" {
			def = "`" + s.Default + "`"
		}
		if row := "| `" + s.Key + "` | " + def + " | " + s.Note + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/formats.md lacks the row\n%s", row)
		}
	}
}
