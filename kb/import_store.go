package kb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// ImportOptions of Import.
type ImportOptions struct {
	State    State    // of records that have none; default published
	Audience []string // of records that have none; default agent
	Lang     string   // of records that have none; default nl
	Owner    string
	Source   string // name of the file, for the history
}

// ImportResult counts what an import did.
type ImportResult struct {
	Read, Added, Changed, Unchanged int
	Rejected                        []error
}

// Import stores records in one transaction. A record with a known id changes
// that article when it differs, so that importing twice changes nothing.
func (b *Base) Import(ctx context.Context, records []Record, o ImportOptions) (ImportResult, error) {
	var res ImportResult
	if o.State == "" {
		o.State = Published
	}
	err := b.write(ctx, func(w *writer) error {
		res = ImportResult{Read: len(records)}
		have := map[string]*Article{}
		list, err := w.list(ctx, w.tx, Filter{State: "all"})
		if err != nil {
			return err
		}
		byTitle := map[string]string{}
		for _, a := range list {
			have[a.ID] = a
			byTitle[a.Lang+a.Title] = a.ID
		}
		for i, r := range records {
			if err := ctx.Err(); err != nil {
				return err
			}
			if len(r.Audience) == 0 {
				r.Audience = o.Audience
			}
			if r.Lang == "" {
				r.Lang = o.Lang
			}
			if r.Owner == "" {
				r.Owner = o.Owner
			}
			err := r.check()
			if err == nil && r.ID == "" {
				r.ID = byTitle[r.Lang+r.Title]
			}
			if err != nil {
				res.Rejected = append(res.Rejected, fmt.Errorf("record %d (%s): %w", i+1, shorten(r.Title+" "+r.ID), err))
				continue
			}
			if old := have[r.ID]; old != nil {
				if r.State == "" {
					r.State = old.State
				}
				if old.State == r.State && reflect.DeepEqual(old.Content, r.Content) {
					res.Unchanged++
					continue
				}
				if old.Lang != r.Lang {
					w.mark(old.Lang).all = true
				}
				old.State, old.Content = r.State, r.Content
				if err := w.put(ctx, old, "import", o.Source); err != nil {
					return err
				}
				res.Changed++
				continue
			}
			if r.State == "" {
				r.State = o.State
			}
			var a *Article
			if r.ID == "" {
				a, err = w.add(ctx, r.ID, r.Content, r.State, o.Source, "import")
			} else {
				a, err = w.create(ctx, r.ID, r.Content, r.State, o.Source, "import")
			}
			if errors.Is(err, ErrInvalid) {
				res.Rejected = append(res.Rejected, fmt.Errorf("record %d: %w", i+1, err))
				continue
			}
			if err != nil {
				return err
			}
			have[a.ID], byTitle[a.Lang+a.Title] = a, a.ID
			res.Added++
		}
		return nil
	})
	return res, err
}

// check completes a record and tells what is wrong with it.
func (r *Record) check() error {
	switch r.State {
	case "", Draft, InReview, Validated, Published, Retired:
	default:
		return fmt.Errorf("%w: state %q is not known", ErrInvalid, r.State)
	}
	if r.ID != "" {
		if err := checkID(r.ID); err != nil {
			return err
		}
	}
	if len(r.Extra) == 0 {
		r.Extra = nil
	}
	return r.Content.Check()
}

func shorten(s string) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return string(r)
}
