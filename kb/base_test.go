package kb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kcc/internal/store/storetest"
	"kcc/kb/search"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func newBase(tb testing.TB) *Base {
	tb.Helper()
	db := storetest.Open(tb, filepath.Join(tb.TempDir(), "kcc.db"))
	return &Base{DB: db, Now: func() time.Time { return noon }, Zone: time.UTC, Author: "anna"}
}

// nasty are articles with what could break a file or a page.
func nasty() []Record {
	both := []string{ForPublic, ForBots}
	return []Record{
		{ID: "../../etc/passwd", State: Published, Content: Content{
			Title: `<img src=x onerror=alert(1)> "quote" & 'apostrophe'`, Body: "Text <script>alert(1)</script>\n\n[click](javascript:alert(1)) **bold**\n\n- one\n- two\n\n</script><script>alert(2)</script>",
			Asked: []string{"=1+1", "a;b", "{entity}[x](y)"}, Subjects: []string{"</h2><script>alert(3)</script>", "two; halves"}, Audience: both, Source: "javascript:alert(4)",
			Extra: map[string]string{"license": "CC0"}, Lang: "en",
		}},
		{ID: "..-..-etc-passwd", State: Published, Content: Content{Title: "---\ntitle: yaml", Body: "- starts with a dash\n\n---\n\nkey: value", Audience: both, ValidFrom: "2026-01-01", ValidTo: "2027-01-01", Review: "2026-12-01", Lang: "nl"}},
		{ID: "één", State: Published, Content: Content{Kind: News, Title: "Één café: 'ja'", Body: "| a | b |\n|---|---|\n| 1 | 2 |\n\n日本語 \u2028 end", Audience: both, Owner: "=cmd()", Channels: []string{"phone"}, Products: []string{"x"}, Lang: "nl"}},
	}
}

// TestRoundTrip holds that what is exported comes back whole.
func TestRoundTrip(t *testing.T) {
	ctx := context.Background()
	a := newBase(t)
	if res, err := a.Import(ctx, nasty(), ImportOptions{}); err != nil || res.Added != 3 {
		t.Fatalf("import: %+v, %v", res, err)
	}
	want, _ := a.List(ctx, Filter{State: "all"})
	for format, file := range map[string]string{"jsonl": "articles.jsonl", "csv": "articles.csv", "markdown": "", "faq": "faq.json"} {
		dir := filepath.Join(t.TempDir(), "out")
		if _, err := a.Export(ctx, ExportOptions{Format: format, Dir: dir}); err != nil {
			t.Fatal(err)
		}
		records, bad, err := ReadRecords(filepath.Join(dir, file), nil)
		if err != nil || len(bad) > 0 {
			t.Fatalf("%s: %v, %v", format, err, bad)
		}
		b := newBase(t)
		if res, err := b.Import(ctx, records, ImportOptions{State: Draft}); err != nil || len(res.Rejected) > 0 {
			t.Fatalf("%s: %+v, %v", format, res, err)
		}
		got, _ := b.List(ctx, Filter{State: "all"})
		if len(got) != len(want) {
			t.Fatalf("%s: %d articles come back of %d", format, len(got), len(want))
		}
		for i := range got {
			if d := cmp.Diff(want[i].Content, got[i].Content); d != "" || got[i].ID != want[i].ID || got[i].State != want[i].State {
				t.Errorf("%s: article %s: %s", format, want[i].ID, d)
			}
		}
		if res, err := b.Import(ctx, records, ImportOptions{}); err != nil || res.Unchanged != 3 {
			t.Errorf("%s: a second import changes something: %+v, %v", format, res, err)
		}
	}
}

// TestArticleLinks holds that a link to another article leads to its page on
// the site, and that only its text stays where there is no such page.
func TestArticleLinks(t *testing.T) {
	body := "See [the **fee**](kb:fee), [gone](kb:gone) and [us](https://example.org)."
	page := func(id string) string { return map[string]string{"fee": "fee.html"}[id] }
	for _, tt := range []struct {
		page func(string) string
		want string
	}{
		{page, `<p>See <a href="fee.html">the <strong>fee</strong></a>, gone and <a href="https://example.org">us</a>.</p>`},
		{func(string) string { return "" }, `<p>See the <strong>fee</strong>, gone and <a href="https://example.org">us</a>.</p>`},
	} {
		got, err := htmlWith(body, tt.page)
		if err != nil || strings.TrimSpace(got) != tt.want {
			t.Errorf("got %s, %v\nwant %s", got, err, tt.want)
		}
	}
}

// TestExportIsHarmless holds that nothing an article says runs in a page, names
// a file elsewhere or breaks a chatbot's file.
func TestExportIsHarmless(t *testing.T) {
	ctx := context.Background()
	b := newBase(t)
	if _, err := b.Import(ctx, nasty(), ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		root := t.TempDir()
		dir := filepath.Join(root, "a", "b", "out")
		if _, err := b.Export(ctx, ExportOptions{Format: f.Name, Dir: dir, Title: "</title><script>alert(5)</script>"}); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		err := filepath.Walk(root, func(p string, st os.FileInfo, err error) error {
			if err != nil || st.IsDir() {
				return err
			}
			if !strings.HasPrefix(p, dir) || !regexp.MustCompile(`^[a-zA-Z0-9._-]+$`).MatchString(st.Name()) {
				t.Errorf("%s wrote %s", f.Name, p)
			}
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if strings.HasSuffix(p, ".json") && !json.Valid(data) {
				t.Errorf("%s: not JSON", p)
			}
			if strings.HasSuffix(p, ".html") {
				for _, evil := range []string{"<script>alert", "<img src=x", `href="javascript:`} {
					if strings.Contains(strings.ToLower(string(data)), evil) {
						t.Errorf("%s holds %s", p, evil)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		again, err := b.Export(ctx, ExportOptions{Format: f.Name, Dir: dir, Title: "</title><script>alert(5)</script>"})
		if err != nil || len(again.Written)+len(again.Removed)+len(again.Added) != 0 {
			t.Errorf("%s: a second export writes %v, removes %v, %v", f.Name, again.Written, again.Removed, err)
		}
	}
}

// TestOnlyWhatMayLeave holds the rule of exports, and that what may leave no
// more is removed.
func TestOnlyWhatMayLeave(t *testing.T) {
	ctx := context.Background()
	b := newBase(t)
	c := func(title, from, to string, audience ...string) Content {
		return Content{Title: title, Body: "text", ValidFrom: from, ValidTo: to, Audience: audience}
	}
	for id, r := range map[string]Record{
		"draft": {State: Draft, Content: c("a", "", "", ForPublic)}, "internal": {State: Published, Content: c("b", "", "", ForAgents)},
		"past": {State: Published, Content: c("c", "", "2026-11-19", ForPublic)}, "future": {State: Published, Content: c("d", "2026-11-21", "", ForPublic)},
		"good": {State: Published, Content: c("e", "2026-11-20", "2026-11-20", ForPublic)}, "bot": {State: Published, Content: c("f", "", "", ForBots)},
	} {
		if _, err := b.Add(ctx, id, r.Content, r.State, ""); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	res, err := b.Export(ctx, ExportOptions{Format: "markdown", Dir: dir})
	if err != nil || fmt.Sprint(res.Added) != "[good]" {
		t.Fatalf("markdown holds %v, %v", res.Added, err)
	}
	if res, err := b.Export(ctx, ExportOptions{Format: "rasa", Dir: t.TempDir()}); err != nil || fmt.Sprint(res.Added) != "[bot good]" {
		t.Fatalf("rasa holds %v, %v", res.Added, err)
	}
	if _, err := b.Step(ctx, "good", "retire", "", ""); err != nil {
		t.Fatal(err)
	}
	if res, err = b.Export(ctx, ExportOptions{Format: "markdown", Dir: dir}); err != nil || fmt.Sprint(res.Removed) != "[good.md]" {
		t.Fatalf("removed %v, %v", res.Removed, err)
	}
	if _, err := b.Export(ctx, ExportOptions{Format: "csv", Dir: dir}); !errors.Is(err, ErrInvalid) {
		t.Errorf("another format in the same folder: %v", err)
	}
}

// TestStoreSearchEqualsMemory holds that searching in the store gives what the
// index in memory gives, after an import and after changes one by one.
func TestStoreSearchEqualsMemory(t *testing.T) {
	ctx := context.Background()
	b := newBase(t)
	var records []Record
	for i := range 40 {
		records = append(records, Record{ID: fmt.Sprintf("a%02d", i), Content: Content{Lang: "en", Title: fmt.Sprintf("How do I renew permit %c%d?", 'a'+i%7, i), Body: strings.Repeat("fee desk form ", i%5+1) + fmt.Sprint("code", i*i)}})
	}
	if _, err := b.Import(ctx, records, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := b.Link(ctx, "a07", "where is the yellow form", Event{}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Edit(ctx, "a09", 0, "", func(a *Article) error { a.Title = "Yellow bicycle"; return nil }); err != nil {
		t.Fatal(err)
	}
	list, _ := b.List(ctx, Filter{})
	var docs []search.Document
	for _, a := range list {
		docs = append(docs, document(a))
	}
	x := search.Build("en", docs, []search.Question{{Text: "where is the yellow form", Articles: []string{"a07"}}}, nil)
	for _, q := range []string{"renew permit b1", "yellow form", "bicycle", "desk code81"} {
		want, _ := x.Search(q, search.Default().For(x), 8)
		got, err := b.Search(ctx, q, SearchOptions{Limit: 8})
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q: %d hits, %v, want %d", q, len(got), err, len(want))
		}
		for i := range want {
			if got[i].ID != want[i].ID || got[i].Score != want[i].Score {
				t.Errorf("%q: hit %d is %s %g, want %s %g", q, i, got[i].ID, got[i].Score, want[i].ID, want[i].Score)
			}
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"bel 06-12345678 of jan.de.vries@example.org": "bel # of @",
		"bsn 123456782 op 1234 AB":                    "bsn # op #",
		"rekening NL91 ABNA 0417 1643 00":             "rekening #",
		"op 20-11-2026 en 2026-11-20 om 10.30":        "op 20-11-2026 en 2026-11-20 om 10.30",
		"artikel 12 lid 3":                            "artikel 12 lid 3",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestConflict(t *testing.T) {
	ctx := context.Background()
	b := newBase(t)
	if _, err := b.Add(ctx, "x", Content{Title: "x"}, Draft, ""); err != nil {
		t.Fatal(err)
	}
	set := func(s string) func(*Article) error { return func(a *Article) error { a.Body = s; return nil } }
	if _, err := b.Edit(ctx, "x", 1, "", set("first")); err != nil {
		t.Fatal(err)
	}
	var conflict *ConflictError
	if _, err := b.Edit(ctx, "x", 1, "", set("second")); !errors.As(err, &conflict) {
		t.Fatalf("second edit: %v", err)
	}
	if a, _ := b.Article(ctx, "x"); a.Body != "first" || a.Revision != 2 {
		t.Errorf("article is %q at revision %d", a.Body, a.Revision)
	}
}

// BenchmarkSearch10000 searches 10,000 articles with 100,000 past questions.
func BenchmarkSearch10000(b *testing.B) {
	base := bigBase(b, 10000, 100000)
	ctx := context.Background()
	var took []time.Duration
	for b.Loop() { // makes the store once
		start := time.Now()
		if _, err := base.Search(ctx, bigQuestion(len(took)), SearchOptions{}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(took[len(took)*95/100].Seconds()*1000, "ms-p95")
}

func bigBase(tb testing.TB, articles, questions int) *Base {
	tb.Helper()
	ctx := context.Background()
	base := newBase(tb)
	var records []Record
	for i := range articles {
		var body strings.Builder
		for j := range 120 {
			body.WriteString(bigWord(i*131+j*j*17+j) + " ")
		}
		records = append(records, Record{ID: fmt.Sprintf("art-%05d", i), Content: Content{Title: bigQuestion(i * 7), Body: body.String()}})
	}
	start := time.Now()
	if _, err := base.Import(ctx, records, ImportOptions{}); err != nil {
		tb.Fatal(err)
	}
	tb.Logf("import of %d articles: %v", articles, time.Since(start).Round(time.Millisecond))
	var qs []Labelled
	for i := range questions {
		qs = append(qs, Labelled{Text: bigQuestion(i*3+1) + " " + bigWord(i), Articles: []string{fmt.Sprintf("art-%05d", i%articles)}})
	}
	start = time.Now()
	if _, _, err := base.LinkAll(ctx, qs, "test"); err != nil {
		tb.Fatal(err)
	}
	tb.Logf("linking of %d questions: %v", questions, time.Since(start).Round(time.Millisecond))
	return base
}

// bigWord makes a word; low numbers, which are frequent, come back often.
func bigWord(n int) string {
	n = (n*2654435761 + 12345) & 0x7fffffff
	n = n % (1 + n%20000)
	var b strings.Builder
	for k := range 2 + n%3 {
		b.WriteByte("bdfgklmnprstvw"[(n>>k)%14])
		b.WriteByte("aeiou"[(n>>(k+2))%5])
		n = n/7 + 3*k
	}
	return b.String() + "n"
}

func bigQuestion(n int) string {
	return fmt.Sprintf("hoe kan ik de %s van mijn %s %s voor %s", bigWord(n), bigWord(n*3+1), bigWord(n*5+2), bigWord(n*7+3))
}
