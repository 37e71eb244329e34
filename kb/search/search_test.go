package search

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// dataSets reads the real sets, or skips.
func dataSets(tb testing.TB) map[string]Set {
	tb.Helper()
	root := os.Getenv("KCC_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	out := map[string]Set{}
	for name, lang := range map[string]Lang{"nl_rijksoverheid": Dutch, "en_covidfaq": English, "en_stackfaq": English} {
		dir := filepath.Join(root, "kb", name)
		if _, err := os.Stat(dir); err != nil {
			tb.Skip("no data sets here: set KCC_DATA")
		}
		s := Set{Lang: lang, Synonyms: Synonyms(lang)}
		eachLine(tb, filepath.Join(dir, "articles.jsonl"), func(line []byte) {
			var a struct {
				ID, Title, Body string
				Alt             []string `json:"alt_titles"`
			}
			if err := json.Unmarshal(line, &a); err != nil {
				tb.Fatal(err)
			}
			d := Document{a.ID, a.Title, a.Body}
			for _, t := range a.Alt {
				d.Title += " " + t
			}
			s.Docs = append(s.Docs, d)
		})
		eachLine(tb, filepath.Join(dir, "queries.jsonl"), func(line []byte) {
			var q struct {
				Text     string
				Relevant []string
				AlsoOK   []string `json:"also_ok"`
			}
			if err := json.Unmarshal(line, &q); err != nil {
				tb.Fatal(err)
			}
			s.Questions = append(s.Questions, Question{fmt.Sprint(len(s.Questions)), q.Text, append(q.Relevant, q.AlsoOK...)})
		})
		out[name] = s
	}
	return out
}

func eachLine(tb testing.TB, path string, f func([]byte)) {
	tb.Helper()
	file, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	sc := bufio.NewScanner(file)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		f(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		tb.Fatal(err)
	}
}

// reopen puts an index at rest and opens it again.
func reopen(tb testing.TB, x *Index, synonyms map[string][]string, changes []Change) *Index {
	tb.Helper()
	head, blocks := x.Encode()
	y, err := Open(head, func(numbers []uint32) (map[uint32][]byte, error) {
		out := map[uint32][]byte{}
		for _, n := range numbers {
			out[n] = blocks[n]
		}
		return out, nil
	}, synonyms, changes)
	if err != nil {
		tb.Fatal(err)
	}
	return y
}

func same(tb testing.TB, what string, a, b []Hit, tolerance float64) {
	tb.Helper()
	if len(a) != len(b) {
		tb.Fatalf("%s: %d hits, want %d", what, len(b), len(a))
	}
	for i := range a {
		if a[i].ID != b[i].ID || math.Abs(a[i].Score-b[i].Score) > tolerance {
			tb.Fatalf("%s: hit %d is %s %.9f, want %s %.9f", what, i, b[i].ID, b[i].Score, a[i].ID, a[i].Score)
		}
	}
}

// TestStoredEqualsMemory holds that an index at rest ranks exactly as in memory.
func TestStoredEqualsMemory(t *testing.T) {
	for name, s := range dataSets(t) {
		syn := map[string][]string{"pas": {"paspoort"}, "delete": {"remove"}}
		half := len(s.Questions) / 2
		x := Build(s.Lang, s.Docs, s.Questions[:half], syn)
		y := reopen(t, x, syn, nil)
		for _, q := range s.Questions[half:min(half+40, len(s.Questions))] {
			a, _ := x.Search(q.Text, Default().Linked, 10)
			b, err := y.Search(q.Text, Default().Linked, 10)
			if err != nil {
				t.Fatal(err)
			}
			same(t, name+": "+q.Text, a, b, 0)
		}
	}
}

// TestChanges holds that changed, new and gone articles and questions are found
// as in an index made anew: the same articles are there with the same texts,
// only the statistics are older, so the best answers agree in nearly all cases.
func TestChanges(t *testing.T) {
	s := dataSets(t)["en_covidfaq"]
	changed := s.Docs[3]
	changed.Title = "Zebra crossing permit"
	x := Build(s.Lang, s.Docs[:60], s.Questions[:100], nil)
	base := reopen(t, x, nil, nil)
	var changes []Change
	doc := func(d Document) {
		data, err := base.DocumentChange(d)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, Change{ID: d.ID, Data: data})
	}
	doc(changed)
	for _, d := range s.Docs[60:] {
		doc(d)
	}
	changes = append(changes, Change{ID: s.Docs[5].ID}, Change{ID: "7", Question: true})
	for _, q := range s.Questions[100:130] {
		data, err := base.QuestionChange(q)
		if err != nil {
			t.Fatal(err)
		}
		changes = append(changes, Change{ID: q.ID, Question: true, Data: data})
	}
	got := reopen(t, x, nil, changes)
	var docs []Document
	for i, d := range s.Docs {
		switch i {
		case 3:
			d = changed
		case 5:
			continue
		}
		docs = append(docs, d)
	}
	want := Build(s.Lang, docs, append(append([]Question{}, s.Questions[:7]...), s.Questions[8:130]...), nil)
	if got.Articles() != want.Articles() || got.Questions() != want.Questions() {
		t.Fatalf("%d articles, %d questions, want %d, %d", got.Articles(), got.Questions(), want.Articles(), want.Questions())
	}
	agree, n := 0, 0
	for _, q := range s.Questions[130:200] {
		a, _ := want.Search(q.Text, Default().Linked, 1)
		b, err := got.Search(q.Text, Default().Linked, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(a) == 0 {
			continue
		}
		if n++; len(b) > 0 && a[0].ID == b[0].ID {
			agree++
		}
	}
	if agree*100 < n*95 {
		t.Errorf("the first answer agrees in %d of %d questions, want 95%%", agree, n)
	}
	if hits, _ := got.Search("zebra crossing", Default().Plain, 1); len(hits) == 0 || hits[0].ID != changed.ID {
		t.Errorf("the changed article is not found by its new words: %v", hits)
	}
	all, _ := got.Search(s.Docs[5].Title, Default().Linked, 0)
	for _, h := range all {
		if h.ID == s.Docs[5].ID {
			t.Error("an article that is gone is found")
		}
	}
}

// TestBuilderEqualsAnalyzer holds that the fast way to index a text and the way
// a question is analysed agree.
func TestBuilderEqualsAnalyzer(t *testing.T) {
	text := "Één paspoortnummer, of het rijbewijsnummer: don't verlies nummer nummer van paspoort en rijbewijs paspoort"
	x := Build(Dutch, []Document{{"a", text, ""}, {"b", "paspoort nummer rijbewijs", ""}}, nil, nil)
	m := x.source.(*memory)
	want := x.an.terms(text)
	for _, k := range want {
		list := m.find(k.key)
		if list == nil || list[title][0] != (posting{0, k.n}) {
			t.Errorf("term %q: want %g times", k.key, k.n)
		}
	}
	n := 0
	for _, all := range []*table{&m.terms, &m.pairs} {
		for id := range all.keys {
			if l := all.lists[id][title]; len(l) > 0 && l[0].doc == 0 {
				n++
			}
		}
	}
	if n != len(want) {
		t.Errorf("%d terms, want %d", n, len(want))
	}
	if got := x.an.split("paspoortnummer"); len(got) != 2 || got[0] != "paspoort" {
		t.Errorf("split = %v", got)
	}
}

// TestDamage holds that a damaged head or block is an error, not a crash.
func TestDamage(t *testing.T) {
	x := Build(English, []Document{{"a", "renew a passport", "at the desk"}, {"b", "waste", "on Monday"}}, []Question{{"1", "passport expired", []string{"a"}}}, nil)
	head, blocks := x.Encode()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		h := append([]byte{}, head...)
		b := append([]byte{}, blocks[0]...)
		if r.IntN(2) == 0 {
			h = h[:r.IntN(len(h))]
		} else {
			b = b[:r.IntN(len(b))]
		}
		y, err := Open(h, func([]uint32) (map[uint32][]byte, error) { return map[uint32][]byte{0: b}, nil }, nil, nil)
		if err == nil {
			_, _ = y.Search("passport", start, 3) // must not panic
		}
	}
}

// TestExplain holds that the parts of a score add up to it.
func TestExplain(t *testing.T) {
	x := Build(Dutch, []Document{{"a", "Paspoort verlengen", "Maak een afspraak"}, {"b", "Afval", "Grofvuil ophalen"}}, []Question{{"1", "mijn pas is verlopen", []string{"a"}}}, nil)
	hits, err := x.Search("pas verlengen", Default().Linked, 5)
	if err != nil || len(hits) == 0 || hits[0].ID != "a" {
		t.Fatalf("hits %v, %v", hits, err)
	}
	sum := 0.0
	for _, p := range hits[0].Explain(Default().Linked) {
		sum += p.Value * p.Weight
	}
	if math.Abs(sum-hits[0].Score) > 1e-9 {
		t.Errorf("parts add up to %v, score %v", sum, hits[0].Score)
	}
	for _, q := range []string{"", " ", "\x00", `" OR NEAR( * - ^ {`, "日本語"} {
		if _, err := x.Search(q, Default().Linked, 5); err != nil {
			t.Errorf("%q: %v", q, err)
		}
	}
}
