package kb

import (
	"strconv"
	"strings"

	"kcc/internal/output"
)

// ArticlesTable lists articles.
func ArticlesTable(list []*Article) output.Table {
	t := output.Table{Name: "articles", Columns: []output.Column{
		{Name: "id"},
		{Name: "state"},
		{Name: "kind"},
		{Name: "title"},
		{Name: "subjects"},
		{Name: "audience"},
		{Name: "owner"},
		{Name: "review"},
		{Name: "revision", Kind: output.Integer},
		{Name: "changed", Kind: output.DateTime},
	}}
	for _, a := range list {
		t.Rows = append(t.Rows, []any{a.ID, a.State, a.Kind, a.Title, joined(a.Subjects), joined(a.Audience), a.Owner, a.Review, a.Revision, a.Changed})
	}
	return t
}

func joined(list []string) string { return strings.Join(list, ";") }

// ArticleTables shows one article in full.
func ArticleTables(a *Article, asked []string, events []Event) []output.Table {
	t := output.Table{Name: "article", Title: a.Title, Columns: []output.Column{{Name: "item"}, {Name: "value"}}}
	for _, r := range [][2]string{
		{"id", a.ID},
		{"state", string(a.State)},
		{"kind", string(a.Kind)},
		{"subjects", joined(a.Subjects)},
		{"products", joined(a.Products)},
		{"channels", joined(a.Channels)},
		{"audience", joined(a.Audience)},
		{"language", a.Lang},
		{"owner", a.Owner},
		{"url", a.Source},
		{"valid_from", a.ValidFrom},
		{"valid_to", a.ValidTo},
		{"review", a.Review},
	} {
		if r[1] != "" {
			t.Rows = append(t.Rows, []any{r[0], r[1]})
		}
	}
	t.Rows = append(t.Rows, []any{"revision", itoa(a.Revision)}, []any{"changed", a.Changed.Format("2006-01-02 15:04")})
	for _, s := range a.Asked {
		t.Rows = append(t.Rows, []any{"asked as", s})
	}
	for _, s := range asked {
		t.Rows = append(t.Rows, []any{"customers asked", s})
	}
	for i, line := range strings.Split(a.Body, "\n") {
		label := ""
		if i == 0 {
			label = "answer"
		}
		t.Rows = append(t.Rows, []any{label, line})
	}
	out := []output.Table{t}
	if len(events) > 0 {
		e := output.Table{Name: "events", Columns: []output.Column{
			{Name: "at", Kind: output.DateTime}, {Name: "kind"}, {Name: "by"}, {Name: "contact"}, {Name: "stars", Kind: output.Integer}, {Name: "solved"}, {Name: "note"},
		}}
		for _, v := range events {
			var stars any
			if v.Stars > 0 {
				stars = v.Stars
			}
			solved := ""
			if v.Solved != nil {
				solved = map[bool]string{true: "yes", false: "no"}[*v.Solved]
			}
			e.Rows = append(e.Rows, []any{v.At, v.Kind, v.Author, v.Contact, stars, solved, v.Note})
		}
		out = append(out, e)
	}
	return out
}

// HistoryTable lists revisions.
func HistoryTable(h []Revision) output.Table {
	t := output.Table{Name: "history", Columns: []output.Column{
		{Name: "revision", Kind: output.Integer}, {Name: "at", Kind: output.DateTime}, {Name: "author"}, {Name: "action"}, {Name: "state"}, {Name: "reason"}, {Name: "title"},
	}}
	for _, r := range h {
		t.Rows = append(t.Rows, []any{r.Revision, r.At, r.Author, r.Action, r.State, r.Reason, r.Content.Title})
	}
	return t
}

// FoundTable lists what a search found.
func FoundTable(found []Found) output.Table {
	t := output.Table{Name: "found", Columns: []output.Column{
		{Name: "rank", Kind: output.Integer},
		{Name: "id"},
		{Name: "title"},
		{Name: "state"},
		{Name: "score", Kind: output.Number, Digits: 3},
		{Name: "cover", Kind: output.Percent},
		{Name: "snippet"},
	}}
	for i, f := range found {
		t.Rows = append(t.Rows, []any{i + 1, f.ID, f.Title, f.State, f.Score, f.Cover, f.Snippet})
	}
	return t
}

// ExplainTable lists what made each score.
func ExplainTable(found []Found) output.Table {
	t := output.Table{Name: "explain", Columns: []output.Column{
		{Name: "id"}, {Name: "feature"}, {Name: "value", Kind: output.Number, Digits: 3}, {Name: "weight", Kind: output.Number, Digits: 2}, {Name: "points", Kind: output.Number, Digits: 3},
	}}
	for _, f := range found {
		for _, p := range f.Parts {
			t.Rows = append(t.Rows, []any{f.ID, p.Feature, p.Value, p.Weight, p.Value * p.Weight})
		}
	}
	return t
}

// SynonymsTable lists synonyms.
func SynonymsTable(list []Synonym) output.Table {
	t := output.Table{Name: "synonyms", Columns: []output.Column{{Name: "language"}, {Name: "word"}, {Name: "same"}}}
	for _, s := range list {
		t.Rows = append(t.Rows, []any{s.Lang, s.Word, s.Same})
	}
	return t
}

func itoa(n int) string { return strconv.Itoa(n) }
