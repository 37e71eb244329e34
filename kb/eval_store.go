package kb

import (
	"context"
	"fmt"
)

// Eval measures the search of the store. With Learn the questions are linked
// and the weights learned, and both kept, before the queries are asked; with
// Folds nothing is kept.
func (b *Base) Eval(ctx context.Context, queries []Query, o EvalOptions) ([]EvalRow, error) {
	list, err := b.List(ctx, Filter{})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: the knowledge base is empty", ErrNotFound)
	}
	records := make([]Record, len(list))
	synonyms := map[string]map[string][]string{}
	for i, a := range list {
		records[i] = Record{ID: a.ID, State: a.State, Content: a.Content}
		if synonyms[a.Lang] == nil {
			if synonyms[a.Lang], err = synonymsOf(ctx, b.DB, a.Lang); err != nil {
				return nil, err
			}
		}
	}
	if o.Folds == 0 && len(o.Learn) > 0 {
		linked := make([]Labelled, len(o.Learn))
		for i, q := range o.Learn {
			linked[i] = Labelled{ID: q.ID, Text: q.Text, Articles: q.right()}
		}
		m, learned, err := LearnModel(records, o.Learn, synonyms)
		if err != nil {
			return nil, err
		}
		if _, _, err := b.LinkAll(ctx, linked, "eval"); err != nil {
			return nil, err
		}
		if learned {
			if err := b.SetModel(ctx, m); err != nil {
				return nil, err
			}
		}
	}
	if o.Folds > 0 || (b.DryRun && len(o.Learn) > 0) {
		return Evaluate(ctx, records, queries, synonyms, o)
	}
	own := make([]outcome, len(queries))
	for i, q := range queries {
		found, err := b.Search(ctx, q.Text, SearchOptions{Limit: mrrDepth})
		if err != nil {
			return nil, err
		}
		ids := make([]string, len(found))
		for j, f := range found {
			ids[j] = f.ID
		}
		own[i] = outcomeOf(ids, q.right())
	}
	rows := []EvalRow{{Method: "kcc", Scores: scores(own)}}
	if !o.Baselines {
		return rows, nil
	}
	return withBaselines(ctx, rows, newEvaluator(records, synonyms), queries, own, o.Seed)
}
