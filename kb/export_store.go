package kb

import (
	"context"
	"fmt"
	"slices"
)

// ExportOptions of Export.
type ExportOptions struct {
	Format string
	Dir    string
	Title  string // of a web site
	Filter Filter // narrows what leaves
	All    bool   // also what is not published, public and in date: to move a knowledge base

	SubjectTitles map[string]string // what a web site calls a subject; the subject itself where absent
}

// Export writes what is published, public (for a chatbot: meant for bots or the
// public) and in date to a folder. Only what changed is written.
func (b *Base) Export(ctx context.Context, o ExportOptions) (ExportResult, error) {
	day := b.Day()
	if o.All && (bots(o.Format) || o.Format == "html" || o.Format == "faq") {
		return ExportResult{}, fmt.Errorf("%w: format %s is for the public: it cannot hold everything", ErrInvalid, o.Format)
	}
	o.Filter.State = "all"
	list, err := b.List(ctx, o.Filter)
	if err != nil {
		return ExportResult{}, err
	}
	var out []outgoing
	for _, a := range list {
		if !o.All {
			public := slices.Contains(a.Audience, ForPublic)
			if !a.Outward(day) || (!public && !bots(o.Format)) {
				continue
			}
		}
		g := outgoing{Record: Record{ID: a.ID, State: a.State, Content: a.Content}}
		if bots(o.Format) {
			if g.Examples, err = b.Asked(ctx, a.ID, maxExamples); err != nil {
				return ExportResult{}, err
			}
		}
		out = append(out, g)
	}
	files, err := render(&o, out)
	if err != nil {
		return ExportResult{}, err
	}
	return writeExport(o.Dir, o.Format, files, out, b.DryRun)
}

// maxExamples is the number of past questions that go with an article to a
// chatbot.
const maxExamples = 50
