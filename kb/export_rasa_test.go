package kb

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The files of Rasa 3 as its own schemas describe them (training data, domain,
// rules): a key that is not here, or a value of another type, is refused.
type (
	rasaNLU struct {
		Version string `yaml:"version"`
		NLU     []struct {
			Intent   string `yaml:"intent"`
			Examples string `yaml:"examples"`
		} `yaml:"nlu"`
	}
	rasaDomain struct {
		Version   string   `yaml:"version"`
		Intents   []string `yaml:"intents"`
		Actions   []string `yaml:"actions"`
		Responses map[string][]struct {
			Text     string            `yaml:"text"`
			Metadata map[string]string `yaml:"metadata"`
		} `yaml:"responses"`
	}
	rasaRules struct {
		Version string `yaml:"version"`
		Rules   []struct {
			Rule  string `yaml:"rule"`
			Steps []struct {
				Intent string `yaml:"intent"`
				Action string `yaml:"action"`
			} `yaml:"steps"`
		} `yaml:"rules"`
	}
)

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(path), err, data)
	}
}

// TestRasaSchema holds that the chatbot can read its files, whatever the
// articles say: every intent has examples without entity marks and a response
// with the id of its article, and the rule answers the retrieval intent.
func TestRasaSchema(t *testing.T) {
	ctx := context.Background()
	for _, records := range [][]Record{nil, nasty()} {
		b, dir := newBase(t), t.TempDir()
		if _, err := b.Import(ctx, records, ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Export(ctx, ExportOptions{Format: "rasa", Dir: dir}); err != nil {
			t.Fatal(err)
		}
		var nlu rasaNLU
		var domain rasaDomain
		var rules rasaRules
		readYAML(t, filepath.Join(dir, "nlu.yml"), &nlu)
		readYAML(t, filepath.Join(dir, "domain.yml"), &domain)
		readYAML(t, filepath.Join(dir, "rules.yml"), &rules)
		if nlu.Version != "3.1" || domain.Version != "3.1" || rules.Version != "3.1" {
			t.Errorf("versions %q, %q, %q: want 3.1", nlu.Version, domain.Version, rules.Version)
		}
		if len(nlu.NLU) != len(records) || len(domain.Responses) != len(records) {
			t.Errorf("%d intents and %d responses of %d articles", len(nlu.NLU), len(domain.Responses), len(records))
		}
		ids := map[string]bool{}
		for _, n := range nlu.NLU {
			if !strings.HasPrefix(n.Intent, "faq/") {
				t.Errorf("intent %q is not below faq", n.Intent)
			}
			for line := range strings.Lines(n.Examples) {
				if !strings.HasPrefix(line, "- ") || len(strings.TrimSpace(line)) < 3 || strings.ContainsAny(line, "[]{}") {
					t.Errorf("intent %s: example %q", n.Intent, line)
				}
			}
			answers := domain.Responses["utter_"+n.Intent]
			if len(answers) != 1 || strings.TrimSpace(answers[0].Text) == "" || answers[0].Metadata["article"] == "" {
				t.Errorf("intent %s: answers %+v", n.Intent, answers)
				continue
			}
			ids[answers[0].Metadata["article"]] = true
		}
		for _, r := range records {
			if !ids[r.ID] {
				t.Errorf("article %s has no response", r.ID)
			}
		}
		steps := rules.Rules[0].Steps
		if len(steps) != 2 || steps[0].Intent != "faq" || steps[1].Action != "utter_faq" || domain.Intents[0] != "faq" || domain.Actions[0] != "utter_faq" {
			t.Errorf("rule %+v, intents %v, actions %v", rules.Rules, domain.Intents, domain.Actions)
		}
	}
}
