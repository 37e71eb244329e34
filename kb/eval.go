package kb

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"kcc/internal/output"
	"kcc/internal/tabular"
	"kcc/kb/search"
)

// Query is a question with the articles that are right answers.
type Query struct {
	ID       string   `json:"qid"`
	Text     string   `json:"text"`
	Type     string   `json:"type"`
	Relevant []string `json:"relevant"`
	AlsoOK   []string `json:"also_ok"`
}

// right returns all ids that count as a hit.
func (q *Query) right() []string { return append(slices.Clone(q.Relevant), q.AlsoOK...) }

// ReadQueries reads questions from JSON lines {qid,text,relevant,also_ok} or
// from a table with the columns text and relevant (ids separated by semicolons).
func ReadQueries(path string, stdin io.Reader) ([]Query, error) {
	data, err := readFile(path, stdin)
	if err != nil {
		return nil, err
	}
	var out []Query
	if t := bytes.TrimLeft(data, " \r\n\t\xef\xbb\xbf"); len(t) > 0 && t[0] == '{' {
		var bad error
		err = eachLine(t, func(n int, line []byte) {
			var q Query
			if err := json.Unmarshal(line, &q); err != nil && bad == nil {
				bad = &RowError{path, n, jsonError(err)}
			} else if strings.TrimSpace(q.Text) == "" && bad == nil {
				bad = &RowError{path, n, fmt.Errorf("the question has no text")}
			}
			out = append(out, q)
		})
		if bad != nil {
			return nil, bad
		}
	} else {
		var r *tabular.Reader
		if r, err = tabular.Open(path, bytes.NewReader(data), tabular.Options{}); err != nil {
			return nil, err
		}
		defer r.Close()
		c, err := tabular.NewColumns(r, "text|question|vraag", "relevant|article|articles|id")
		if err != nil {
			return nil, err
		}
		any := func(names ...string) string {
			for _, n := range names {
				if s := c.Text(n); s != "" {
					return s
				}
			}
			return ""
		}
		for c.Next() {
			out = append(out, Query{ID: any("qid"), Text: any("text", "question", "vraag"), Relevant: split(any("relevant", "article", "articles", "id")), AlsoOK: split(any("also_ok"))})
		}
		if err := c.Err(); err != nil {
			return nil, err
		}
	}
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: there is no question in it", path)
	}
	return out, err
}

// Scores are what an evaluation measures: the share of questions with a right
// answer at place 1, in the first 3 and 5, and the mean of 1/place (0 beyond
// place 10).
type Scores struct {
	Queries               int
	Hit1, Hit3, Hit5, MRR float64
}

const mrrDepth = 10

// outcome is what one question yields: hit at 1, 3, 5 and the reciprocal rank.
type outcome [4]float64

func outcomeOf(found, right []string) outcome {
	for i, id := range found {
		if i == mrrDepth {
			break
		}
		if slices.Contains(right, id) {
			o := outcome{3: 1 / float64(i+1)}
			for j, depth := range []int{1, 3, 5} {
				if i < depth {
					o[j] = 1
				}
			}
			return o
		}
	}
	return outcome{}
}

func scores(list []outcome) Scores {
	var sum outcome
	for _, o := range list {
		for i := range sum {
			sum[i] += o[i]
		}
	}
	n := float64(len(list))
	if n == 0 {
		n = math.NaN()
	}
	return Scores{Queries: len(list), Hit1: sum[0] / n, Hit3: sum[1] / n, Hit5: sum[2] / n, MRR: sum[3] / n}
}

// EvalOptions of Evaluate.
type EvalOptions struct {
	Learn     []Query // linked as past questions, and the weights learned from them
	Folds     int     // 2 or more: learn from the other folds, ask the questions of one
	Link      bool    // with Folds: the other folds are past questions, too
	Seed      uint64
	Baselines bool // also full-text search of SQLite
}

// EvalRow is one way to search with its scores, and how it compares with the
// first row: difference in hit@1, hit@3, hit@5 and MRR, and the share of paired
// bootstrap samples in which the first row is worse.
type EvalRow struct {
	Method string
	Scores
	Diff, Worse outcome
}

// minLearn is the number of questions from which weights are learned; with
// fewer the ones shipped are better.
const minLearn = 30

// Evaluate asks the questions of articles and measures the answers. With Folds,
// weights (and with Link past questions) come from the other folds only.
func Evaluate(ctx context.Context, records []Record, queries []Query, synonyms map[string]map[string][]string, o EvalOptions) ([]EvalRow, error) {
	ev := newEvaluator(records, synonyms)
	own := make([]outcome, len(queries))
	if o.Folds < 2 {
		if err := ev.run(ctx, o.Learn, true, queries, func(i int) bool { return true }, own); err != nil {
			return nil, err
		}
	} else {
		// The weights shipped may have seen these questions; the start has not.
		ev.start = search.Model{Plain: search.Start(), Linked: search.Start()}
		order := rand.New(rand.NewPCG(o.Seed, 0)).Perm(len(queries))
		fold := make([]int, len(queries))
		for place, i := range order {
			fold[i] = place % o.Folds
		}
		for f := range o.Folds {
			learn := slices.Clone(o.Learn)
			for place := range order {
				if i := order[place]; fold[i] != f {
					learn = append(learn, queries[i])
				}
			}
			if err := ev.run(ctx, learn, o.Link || len(o.Learn) > 0, queries, func(i int) bool { return fold[i] == f }, own); err != nil {
				return nil, err
			}
		}
	}
	rows := []EvalRow{{Method: "kcc", Scores: scores(own)}}
	if !o.Baselines {
		return rows, nil
	}
	return withBaselines(ctx, rows, ev, queries, own, o.Seed)
}

// withBaselines adds rows for the full-text search of SQLite.
func withBaselines(ctx context.Context, rows []EvalRow, ev *evaluator, queries []Query, own []outcome, seed uint64) ([]EvalRow, error) {
	for _, m := range []string{"fts5_or", "fts5_and"} {
		other, err := ftsOutcomes(ctx, ev, queries, m == "fts5_or")
		if err != nil {
			return nil, err
		}
		row := EvalRow{Method: m, Scores: scores(other)}
		row.Diff, row.Worse = bootstrap(own, other, seed)
		rows = append(rows, row)
	}
	return rows, nil
}

type evaluator struct {
	langs    []string
	docs     map[string][]search.Document
	synonyms map[string]map[string][]string // nil: those that every store starts with
	start    search.Model                   // where learning starts
}

func (ev *evaluator) synonymsOf(lang string) map[string][]string {
	if ev.synonyms == nil {
		return search.Synonyms(search.Lang(lang))
	}
	return ev.synonyms[lang]
}

func newEvaluator(records []Record, synonyms map[string]map[string][]string) *evaluator {
	ev := &evaluator{synonyms: synonyms, docs: map[string][]search.Document{}, start: search.Default()}
	for _, r := range records {
		a := Article{ID: r.ID, Content: r.Content}
		if a.ID == "" {
			a.ID = Slug(a.Title)
		}
		if a.Lang == "" {
			a.Lang = "nl"
		}
		if ev.docs[a.Lang] == nil {
			ev.langs = append(ev.langs, a.Lang)
		}
		ev.docs[a.Lang] = append(ev.docs[a.Lang], document(&a))
	}
	return ev
}

// run asks the chosen questions of indexes that learned from others.
func (ev *evaluator) run(ctx context.Context, learn []Query, link bool, queries []Query, chosen func(int) bool, out []outcome) error {
	m, err := ev.learn(learn, link)
	if err != nil {
		return err
	}
	var xs []*search.Index
	for _, lang := range ev.langs {
		var asked []search.Question
		if link {
			asked = ev.asked(lang, learn)
		}
		xs = append(xs, search.Build(search.Lang(lang), ev.docs[lang], asked, ev.synonymsOf(lang)))
	}
	for i, q := range queries {
		if !chosen(i) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		var hits []search.Hit
		for _, x := range xs {
			h, err := x.Search(q.Text, m.For(x), mrrDepth)
			if err != nil {
				return err
			}
			hits = append(hits, h...)
		}
		slices.SortStableFunc(hits, func(a, b search.Hit) int {
			switch {
			case a.Score > b.Score:
				return -1
			case a.Score < b.Score:
				return 1
			}
			return 0
		})
		ids := make([]string, len(hits))
		for j, h := range hits {
			ids[j] = h.ID
		}
		out[i] = outcomeOf(ids, q.right())
	}
	return nil
}

// asked returns the questions whose right articles are in a language.
func (ev *evaluator) asked(lang string, learn []Query) []search.Question {
	have := map[string]bool{}
	for _, d := range ev.docs[lang] {
		have[d.ID] = true
	}
	var out []search.Question
	for i, q := range learn {
		var to []string
		for _, id := range q.right() {
			if have[id] {
				to = append(to, id)
			}
		}
		if len(to) > 0 {
			out = append(out, search.Question{ID: itoa(i), Text: Mask(q.Text), Articles: to})
		}
	}
	return out
}

// learn finds weights from questions, starting from those shipped.
func (ev *evaluator) learn(learn []Query, link bool) (search.Model, error) {
	m := ev.start
	if len(learn) < minLearn {
		return m, nil
	}
	var sets []search.Set
	for _, lang := range ev.langs {
		if q := ev.asked(lang, learn); len(q) > 0 {
			sets = append(sets, search.Set{Lang: search.Lang(lang), Docs: ev.docs[lang], Questions: q, Synonyms: ev.synonymsOf(lang)})
		}
	}
	var err error
	if link {
		// Past questions make every weight of the blend the linked one.
		m.Linked, err = search.LearnLinked(sets, m.Linked)
		m.Plain = m.Linked
		return m, err
	}
	m.Plain, err = search.LearnPlain(sets, m.Plain)
	return m, err
}

// LearnModel finds weights for a store from its articles and the questions
// linked to them.
func LearnModel(records []Record, learn []Query, synonyms map[string]map[string][]string) (search.Model, bool, error) {
	m, err := newEvaluator(records, synonyms).learn(learn, true)
	return m, len(learn) >= minLearn, err
}

// bootstrapSamples is the number of samples of the paired bootstrap.
const bootstrapSamples = 2000

// bootstrap compares two searches on the same questions: the mean difference
// a - b and the share of samples, drawn with replacement, in which it is below 0
// (Efron and Tibshirani 1993, chapter 16; Sakai 2006).
func bootstrap(a, b []outcome, seed uint64) (diff, worse outcome) {
	n := len(a)
	if n == 0 {
		return diff, worse
	}
	r := rand.New(rand.NewPCG(seed, 1))
	for s := range bootstrapSamples + 1 {
		var sum outcome
		for i := range n {
			j := i // the first sample is the data
			if s > 0 {
				j = r.IntN(n)
			}
			for k := range sum {
				sum[k] += a[j][k] - b[j][k]
			}
		}
		for k := range sum {
			switch {
			case s == 0:
				diff[k] = sum[k] / float64(n)
			case sum[k] < 0:
				worse[k] += 1. / bootstrapSamples
			}
		}
	}
	return diff, worse
}

// ftsOutcomes asks the full-text search of SQLite with its default settings.
func ftsOutcomes(ctx context.Context, ev *evaluator, queries []Query, or bool) ([]outcome, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	f, err := newFTS(ctx, db, ev)
	if err != nil {
		return nil, err
	}
	out := make([]outcome, len(queries))
	for i, q := range queries {
		ids, err := f.find(ctx, q.Text, or)
		if err != nil {
			return nil, err
		}
		out[i] = outcomeOf(ids, q.right())
	}
	return out, nil
}

// EvalTable shows an evaluation. In JSON the first row is the search of kcc.
func EvalTable(rows []EvalRow) output.Table {
	t := output.Table{Name: "eval", Columns: []output.Column{
		{Name: "method"},
		{Name: "queries", Kind: output.Integer},
		{Name: "hit_1", Kind: output.Number, Digits: 3},
		{Name: "hit_3", Kind: output.Number, Digits: 3},
		{Name: "hit_5", Kind: output.Number, Digits: 3},
		{Name: "mrr", Kind: output.Number, Digits: 3},
	}}
	compared := len(rows) > 1
	if compared {
		for _, n := range []string{"hit_1", "hit_3", "hit_5", "mrr"} {
			t.Columns = append(t.Columns, output.Column{Name: "gain_" + n, Kind: output.Number, Digits: 3}, output.Column{Name: "p_worse_" + n, Kind: output.Number, Digits: 3})
		}
		t.Notes = append(t.Notes, "gain: kcc minus this method; p_worse: share of paired bootstrap samples in which kcc is worse")
	}
	for i, r := range rows {
		row := []any{r.Method, r.Queries, r.Hit1, r.Hit3, r.Hit5, r.MRR}
		if compared {
			for k := range r.Diff {
				if i == 0 {
					row = append(row, nil, nil)
				} else {
					row = append(row, r.Diff[k], r.Worse[k])
				}
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// EvalJSON is an evaluation as scripts read it: the scores of kcc, and the
// other methods under baselines.
func EvalJSON(rows []EvalRow) map[string]any {
	object := func(r EvalRow) map[string]any {
		return map[string]any{"queries": r.Queries, "hit_1": r.Hit1, "hit_3": r.Hit3, "hit_5": r.Hit5, "mrr": r.MRR}
	}
	out := object(rows[0])
	var others []map[string]any
	for _, r := range rows[1:] {
		o := object(r)
		o["method"] = r.Method
		for k, name := range []string{"hit_1", "hit_3", "hit_5", "mrr"} {
			o["gain_"+name], o["p_worse_"+name] = r.Diff[k], r.Worse[k]
		}
		others = append(others, o)
	}
	if others != nil {
		out["baselines"] = others
	}
	return out
}
