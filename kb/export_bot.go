package kb

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// quoted writes a text as a YAML scalar: JSON strings are YAML.
func quoted(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("kb: " + err.Error()) // a string always can be written
	}
	return strings.TrimSpace(b.String())
}

// phrases returns the ways to ask for an article, the title first, each once,
// on one line.
func (a *outgoing) phrases() []string {
	var out []string
	seen := map[string]bool{}
	for _, p := range slices.Concat([]string{a.Title}, a.Asked, a.Examples) {
		p = strings.Join(strings.Fields(p), " ")
		if k := strings.ToLower(p); p != "" && !seen[k] {
			seen[k] = true
			out = append(out, p)
		}
	}
	return out
}

// example makes a phrase fit for Rasa, which reads [x](y) and {x} in an example
// as an entity.
var rasaMarks = strings.NewReplacer("[", "(", "]", ")", "{", "(", "}", ")")

// exportRasa writes training data for Rasa 3: a retrieval intent faq with a sub
// intent per article, its responses, and the rule that answers.
func exportRasa(list []outgoing) map[string][]byte {
	var nlu, domain bytes.Buffer
	nlu.WriteString("version: \"3.1\"\nnlu:\n")
	domain.WriteString("version: \"3.1\"\nintents:\n  - faq\nresponses:\n")
	if len(list) == 0 {
		nlu.Reset()
		nlu.WriteString("version: \"3.1\"\nnlu: []\n")
		domain.Reset()
		domain.WriteString("version: \"3.1\"\nintents:\n  - faq\nresponses: {}\n")
	}
	for _, a := range list {
		name := "faq/" + a.slug
		fmt.Fprintf(&nlu, "  - intent: %s\n    examples: |\n", name)
		for _, p := range a.phrases() {
			fmt.Fprintf(&nlu, "      - %s\n", rasaMarks.Replace(p))
		}
		fmt.Fprintf(&domain, "  utter_%s:\n    - text: %s\n      metadata:\n        article: %s\n", name, quoted(PlainText(a.Body)), quoted(a.ID))
	}
	domain.WriteString("actions:\n  - utter_faq\n")
	rules := "version: \"3.1\"\nrules:\n  - rule: answer a question\n    steps:\n      - intent: faq\n      - action: utter_faq\n"
	return map[string][]byte{"nlu.yml": nlu.Bytes(), "domain.yml": domain.Bytes(), "rules.yml": []byte(rules)}
}

// exportDialogflowES writes an agent's intents: a file per intent and one with
// its training phrases, as the restore of Dialogflow ES reads them.
func exportDialogflowES(list []outgoing) map[string][]byte {
	lang := "nl"
	if len(list) > 0 {
		lang = list[0].Lang
	}
	out := map[string][]byte{
		"package.json": indented(map[string]string{"version": "1.0.0"}),
		"agent.json":   indented(map[string]any{"language": lang, "shortDescription": "Questions and answers of the contact centre"}),
	}
	for _, a := range list {
		id := identifier(a.ID)
		out["intents/"+a.slug+".json"] = indented(map[string]any{
			"id": id, "name": a.slug, "auto": true, "webhookUsed": false, "priority": 500000, "fallbackIntent": false,
			"responses": []any{map[string]any{
				"resetContexts": false, "action": "faq." + a.slug, "affectedContexts": []any{}, "parameters": []any{},
				"messages": []any{
					map[string]any{"type": "0", "lang": a.Lang, "speech": []string{PlainText(a.Body)}},
					map[string]any{"type": "4", "lang": a.Lang, "payload": map[string]any{"article": a.ID}},
				},
			}},
		})
		says := []any{}
		for i, p := range a.phrases() {
			says = append(says, map[string]any{
				"id": identifier(fmt.Sprintf("%s %d", a.ID, i)), "data": []any{map[string]any{"text": p, "userDefined": false}}, "isTemplate": false, "count": 0,
			})
		}
		out["intents/"+a.slug+"_usersays_"+a.Lang+".json"] = indented(says)
	}
	return out
}

// identifier makes a UUID of a text, the same each time.
func identifier(s string) string {
	h := hash([]byte(s))
	return h[:8] + "-" + h[8:12] + "-5" + h[13:16] + "-a" + h[17:20] + "-" + h[20:32]
}

// exportDialogflowCX writes intents with training phrases as the CSV that
// Dialogflow CX imports, and the answers beside it.
func exportDialogflowCX(list []outgoing) (map[string][]byte, error) {
	var intents, answers bytes.Buffer
	iw, aw := csv.NewWriter(&intents), csv.NewWriter(&answers)
	rows := [][]string{{"Intent Display Name", "Language", "Phrase"}}
	texts := [][]string{{"Intent Display Name", "Language", "Response", "Article"}}
	for _, a := range list {
		for _, p := range a.phrases() {
			rows = append(rows, []string{"faq." + a.slug, a.Lang, p})
		}
		texts = append(texts, []string{"faq." + a.slug, a.Lang, PlainText(a.Body), a.ID})
	}
	if err := iw.WriteAll(rows); err != nil {
		return nil, err
	}
	if err := aw.WriteAll(texts); err != nil {
		return nil, err
	}
	return map[string][]byte{"intents.csv": intents.Bytes(), "responses.csv": answers.Bytes()}, nil
}

// exportBotpress writes the questions and answers of the Botpress QnA module.
func exportBotpress(list []outgoing) map[string][]byte {
	qnas := []any{}
	for _, a := range list {
		qnas = append(qnas, map[string]any{
			"id": "__qna__" + strings.ReplaceAll(a.slug, "-", "_"),
			"data": map[string]any{
				"action": "text", "enabled": true, "contexts": []string{"global"}, "redirectFlow": "", "redirectNode": "",
				"questions": map[string]any{a.Lang: a.phrases()},
				"answers":   map[string]any{a.Lang: []string{a.Body}},
				"metadata":  map[string]any{"article": a.ID},
			},
		})
	}
	return map[string][]byte{"qna.json": indented(map[string]any{"qnas": qnas})}
}
