// Command bleve asks the questions of a collection of a full-text index made
// with the bleve library and prints the same measures as kcc kb eval. It is a
// module of its own, so that kcc does not depend on bleve:
//
//	cd docs/compare/bleve && go run . -articles articles.jsonl -queries queries.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/blevesearch/bleve/v2"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/en"
	_ "github.com/blevesearch/bleve/v2/analysis/lang/nl"
)

type article struct {
	ID, Title, Body, Lang string
	AltTitles             []string `json:"alt_titles"`
}

type query struct {
	Text     string   `json:"text"`
	Relevant []string `json:"relevant"`
	AlsoOK   []string `json:"also_ok"`
}

func main() {
	articles := flag.String("articles", "", "articles in `FILE`")
	queries := flag.String("queries", "", "questions in `FILE`")
	boost := flag.Float64("title", 1, "weight of titles")
	flag.Parse()
	if err := run(*articles, *queries, *boost); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(articles, queries string, boost float64) error {
	list, err := read[article](articles)
	if err != nil {
		return err
	}
	asked, err := read[query](queries)
	if err != nil {
		return err
	}
	mapping := bleve.NewIndexMapping()
	mapping.DefaultAnalyzer = list[0].Lang // stemming and stop words of the language
	index, err := bleve.NewMemOnly(mapping)
	if err != nil {
		return err
	}
	for _, a := range list {
		title := a.Title
		for _, t := range a.AltTitles {
			title += " " + t
		}
		if err := index.Index(a.ID, map[string]string{"title": title, "body": a.Body}); err != nil {
			return err
		}
	}
	var hit1, hit3, hit5, mrr float64
	for _, q := range asked {
		inTitle, inBody := bleve.NewMatchQuery(q.Text), bleve.NewMatchQuery(q.Text)
		inTitle.SetField("title")
		inTitle.SetBoost(boost)
		inBody.SetField("body")
		found, err := index.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(inTitle, inBody), 10, 0, false))
		if err != nil {
			return err
		}
		for i, h := range found.Hits {
			if !slices.Contains(q.Relevant, h.ID) && !slices.Contains(q.AlsoOK, h.ID) {
				continue
			}
			mrr += 1 / float64(i+1)
			for depth, sum := range map[int]*float64{1: &hit1, 3: &hit3, 5: &hit5} {
				if i < depth {
					*sum++
				}
			}
			break
		}
	}
	n := float64(len(asked))
	fmt.Printf("bleve: %d questions, hit_1 %.3f, hit_3 %.3f, hit_5 %.3f, mrr %.3f\n", len(asked), hit1/n, hit3/n, hit5/n, mrr/n)
	return nil
}

// read reads a file of JSON lines.
func read[T any](path string) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 16<<20)
	for s.Scan() {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, v)
	}
	return out, s.Err()
}
