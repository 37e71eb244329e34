package kb

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/kb/search"
)

// SubjectVolume is how many contacts there were about a subject.
type SubjectVolume struct {
	Subject  string
	Contacts int
}

// Gap is something that is asked and has no good article.
type Gap struct {
	Kind     string  // subject, search or bot
	What     string  // the subject or a question
	Asked    int     // contacts, searches or sessions
	Articles int     // published and valid today about the subject
	Nearest  string  // article that was found first
	Cover    float64 // how well it fits; NaN for a subject
}

// Gaps lists subjects with contacts but without a published article, and kept
// searches and bot questions whose first answer fits badly or that were handed
// over, the most asked first. Questions with the same words of content count
// together.
func (b *Base) Gaps(ctx context.Context, volumes []SubjectVolume) ([]Gap, error) {
	day := b.Day()
	list, err := b.List(ctx, Filter{State: Published, Day: day})
	if err != nil {
		return nil, err
	}
	about := map[string]int{}
	for _, a := range list {
		for _, s := range a.Subjects {
			about[strings.ToLower(s)]++
		}
	}
	var out []Gap
	for _, v := range volumes {
		if n := about[strings.ToLower(v.Subject)]; n == 0 && v.Contacts > 0 {
			out = append(out, Gap{Kind: "subject", What: v.Subject, Asked: v.Contacts, Cover: math.NaN()})
		}
	}
	rows, err := b.DB.QueryContext(ctx, "SELECT source, lang, text, article, cover, COALESCE(handed, 0) FROM kb_search ORDER BY at, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type key struct{ source, words string }
	at := map[key]int{}
	for rows.Next() {
		var source, lang, question, article string
		var cover *float64
		var handed bool
		if err := rows.Scan(&source, &lang, &question, &article, &cover, &handed); err != nil {
			return nil, err
		}
		c := 0.0
		if cover != nil {
			c = *cover
		}
		if (source == "bot" && !handed && article != "") || (source == "search" && c >= goodCover) {
			continue
		}
		if source == "bot" && cover == nil {
			c = math.NaN()
		}
		k := key{source, strings.Join(search.Words(search.Lang(lang), question), " ")}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, Gap{Kind: source, What: question, Nearest: article, Cover: c})
		}
		out[i].Asked++
	}
	slices.SortStableFunc(out, func(a, b Gap) int { return cmp.Compare(b.Asked, a.Asked) })
	return out, rows.Err()
}

// Finding is something to look at in an article.
type Finding struct {
	ID, Title, Owner string
	State            State
	Kind             string // expired, review, flagged, link, double, dates, hard, unused, waiting
	Detail           string
	Urgency          int // 1 now, 2 soon, 3 when there is time
}

// The limits of the work list.
const (
	staleDays    = 365  // an article without a review day is old after this long
	unusedDays   = 180  // published this long without any use
	doubleLike   = 0.75 // share of words that two articles have in common
	relatedLike  = 0.4  // from here on two articles should agree on dates
	waitingDays  = 14   // in review for so long
	maxPairsOver = 400  // words in more articles than this tell nothing of doubles
)

// ContactUse is how often an article was used in contacts, as the register knows.
type ContactUse struct {
	Article  string
	Contacts int
	Judged   int // contacts of which is known whether they were resolved
	Resolved int
}

// Findings lists what to look at: past validity or review, open flags, links to
// articles that are gone, near-doubles, dates beyond the validity or other than
// in an article that says nearly the same, hard language, articles never used.
func (b *Base) Findings(ctx context.Context, inContacts []ContactUse) ([]Finding, error) {
	list, err := b.List(ctx, Filter{})
	if err != nil {
		return nil, err
	}
	uses, flags, err := b.uses(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range inContacts {
		uses[u.Article] += u.Contacts
	}
	byID := map[string]*Article{}
	all, err := b.List(ctx, Filter{State: "all"})
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		byID[a.ID] = a
	}
	now, day := b.Now(), b.Day()
	var out []Finding
	for _, a := range list {
		add := func(kind string, urgency int, format string, args ...any) {
			out = append(out, Finding{a.ID, a.Title, a.Owner, a.State, kind, fmt.Sprintf(format, args...), urgency})
		}
		old := now.Sub(a.Changed) > staleDays*24*time.Hour
		switch {
		case a.ValidTo != "" && a.ValidTo < day:
			add("expired", 1, "valid to %s", a.ValidTo)
		case a.Review != "" && a.Review <= day:
			add("review", 1, "to be reviewed on %s", a.Review)
		case a.Review == "" && old:
			add("review", 2, "not changed since %s and no review day", a.Changed.Format(time.DateOnly))
		}
		if n := flags[a.ID]; n > 0 {
			add("flagged", 1, "%d open flags", n)
		}
		if a.State == InReview && now.Sub(a.Changed) > waitingDays*24*time.Hour {
			add("waiting", 2, "in review since %s", a.Changed.Format(time.DateOnly))
		}
		for _, l := range linksOf(a.Body) {
			id, ok := strings.CutPrefix(l, linkScheme)
			if !ok {
				continue
			}
			if to := byID[id]; to == nil {
				add("link", 1, "links to %s, which is not there", id)
			} else if to.State == Retired {
				add("link", 1, "links to %s, which is retired", id)
			}
		}
		if a.ValidFrom != "" && a.ValidTo != "" && a.ValidFrom > a.ValidTo {
			add("dates", 1, "valid from %s to %s, which is never", a.ValidFrom, a.ValidTo)
		}
		for _, d := range datesIn(PlainText(a.Body)) {
			if (a.ValidTo != "" && d.String() > a.ValidTo) || (a.ValidFrom != "" && d.Add(staleDays).String() < a.ValidFrom) {
				add("dates", 2, "speaks of %s, valid %s to %s", d, cmp.Or(a.ValidFrom, "..."), cmp.Or(a.ValidTo, "..."))
			}
		}
		if e := Ease(a.Lang, PlainText(a.Body)); e < EaseB1 && slices.Contains(a.Audience, ForPublic) {
			add("hard", 3, "reading ease %.0f, want %.0f or more (about B1)", e, EaseB1)
		}
		if a.State == Published && uses[a.ID] == 0 && now.Sub(a.Published) > unusedDays*24*time.Hour {
			add("unused", 3, "published %s and never used", a.Published.Format(time.DateOnly))
		}
	}
	out = append(out, doubles(list)...)
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Urgency, b.Urgency), cmp.Compare(a.Owner, b.Owner), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// uses counts views and links per article, and the flags since the last "fixed".
func (b *Base) uses(ctx context.Context) (uses, flags map[string]int, err error) {
	rows, err := b.DB.QueryContext(ctx, `SELECT a.name, SUM(e.kind IN ('view', 'link')),
			SUM(e.kind = 'flag' AND e.id > COALESCE((SELECT MAX(f.id) FROM kb_event f WHERE f.article_id = a.id AND f.kind = 'fixed'), 0))
		FROM kb_event e JOIN kb_article a ON a.id = e.article_id GROUP BY a.name`)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	uses, flags = map[string]int{}, map[string]int{}
	for rows.Next() {
		var id string
		var u, f int
		if err := rows.Scan(&id, &u, &f); err != nil {
			return nil, nil, err
		}
		uses[id], flags[id] = u, f
	}
	return uses, flags, rows.Err()
}

// doubles finds pairs of articles that share most of their words of content
// (Jaccard), in title and answer together.
func doubles(list []*Article) []Finding {
	words := make([][]string, len(list))
	dates := make([][]calendar.Date, len(list))
	where := map[string][]int{}
	for i, a := range list {
		text := a.Title + " " + PlainText(a.Body)
		words[i], dates[i] = search.Words(search.Lang(a.Lang), text), datesIn(text)
		for _, w := range words[i] {
			where[a.Lang+" "+w] = append(where[a.Lang+" "+w], i)
		}
	}
	var out []Finding
	for i, a := range list {
		common := map[int]int{}
		for _, w := range words[i] {
			in := where[a.Lang+" "+w]
			if len(in) > maxPairsOver {
				continue
			}
			for _, j := range in {
				if j > i {
					common[j]++
				}
			}
		}
		var near []int
		for j := range common {
			near = append(near, j)
		}
		sort.Ints(near)
		for _, j := range near {
			like := float64(common[j]) / float64(len(words[i])+len(words[j])-common[j])
			if mine, theirs := dates[i], dates[j]; like >= relatedLike && len(mine) > 0 && len(theirs) > 0 && !slices.Equal(mine, theirs) {
				out = append(out, Finding{a.ID, a.Title, a.Owner, a.State, "dates", fmt.Sprintf("speaks of %s where %s has %s", dayList(mine), list[j].ID, dayList(theirs)), 2})
			}
			if like >= doubleLike {
				out = append(out, Finding{a.ID, a.Title, a.Owner, a.State, "double", fmt.Sprintf("%.0f%% the same as %s", 100*like, list[j].ID), 2})
			}
		}
	}
	return out
}

func dayList(list []calendar.Date) string {
	out := make([]string, len(list))
	for i, d := range list {
		out[i] = d.String()
	}
	return strings.Join(out, ", ")
}

// Use is how an article is used.
type Use struct {
	ID, Title            string
	Views, Links, Solved int
	Asked                int     // past questions
	Stars                float64 // mean; NaN without
	Sessions, Contained  int     // of a chatbot
	ContactUse                   // in contacts of the register
}

// Usage counts how each article is used, the most used first.
func (b *Base) Usage(ctx context.Context, inContacts []ContactUse) ([]Use, error) {
	byArticle := map[string]ContactUse{}
	for _, u := range inContacts {
		byArticle[u.Article] = u
	}
	rows, err := b.DB.QueryContext(ctx, `SELECT a.name, a.title,
			(SELECT COUNT(*) FROM kb_event e WHERE e.article_id = a.id AND e.kind = 'view'),
			(SELECT COUNT(*) FROM kb_event e WHERE e.article_id = a.id AND e.kind = 'link'),
			(SELECT COUNT(*) FROM kb_event e WHERE e.article_id = a.id AND e.solved = 1),
			(SELECT COUNT(*) FROM kb_question_article q WHERE q.article_id = a.id),
			(SELECT AVG(e.stars) FROM kb_event e WHERE e.article_id = a.id),
			COALESCE(s.n, 0), COALESCE(s.kept, 0)
		FROM kb_article a LEFT JOIN (SELECT article, COUNT(*) AS n, SUM(handed = 0) AS kept FROM kb_search WHERE source = 'bot' GROUP BY article) s ON s.article = a.name
		WHERE a.state <> 'retired' ORDER BY 4 DESC, 3 DESC, 8 DESC, a.name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Use
	for rows.Next() {
		var u Use
		var stars *float64
		if err := rows.Scan(&u.ID, &u.Title, &u.Views, &u.Links, &u.Solved, &u.Asked, &stars, &u.Sessions, &u.Contained); err != nil {
			return nil, err
		}
		u.Stars = math.NaN()
		if stars != nil {
			u.Stars = *stars
		}
		u.ContactUse = byArticle[u.ID]
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(a, b Use) int { return cmp.Compare(b.Links+b.Contacts, a.Links+a.Contacts) })
	return out, rows.Err()
}

// Session is one question to a chatbot.
type Session struct {
	Key      string // of the session, so that a second import changes nothing
	At       time.Time
	Question string
	Article  string // that it answered with; empty: none
	Handed   bool   // handed over to an adviser
}

// ImportSessions keeps questions to a chatbot, masked. Those that were answered
// and not handed over become examples of their article.
func (b *Base) ImportSessions(ctx context.Context, list []Session) (added, known int, err error) {
	err = b.write(ctx, func(w *writer) error {
		added, known = 0, 0
		for _, s := range list {
			a, err := w.article(ctx, w.tx, s.Article)
			if err != nil {
				a = nil
			}
			lang := string(search.Guess(s.Question))
			if a != nil {
				lang = a.Lang
			}
			if s.Key == "" {
				s.Key = hash([]byte(strconv.FormatInt(s.At.Unix(), 10) + s.Question + s.Article))
			}
			res, err := w.tx.ExecContext(ctx, "INSERT OR IGNORE INTO kb_search (key, at, source, lang, text, article, handed) VALUES (?, ?, 'bot', ?, ?, ?, ?)",
				s.Key, s.At.Unix(), lang, Mask(s.Question), s.Article, s.Handed)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil {
				return err
			} else if n == 0 {
				known++
				continue
			}
			added++
			if a != nil && !s.Handed {
				if _, err := w.ask(ctx, a.Lang, s.Question, "bot", []int64{a.row}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return added, known, err
}

// GapsTable shows gaps.
func GapsTable(list []Gap) output.Table {
	t := output.Table{Name: "gaps", Columns: []output.Column{
		{Name: "kind"}, {Name: "what"}, {Name: "asked", Kind: output.Integer}, {Name: "nearest"}, {Name: "cover", Kind: output.Percent},
	}}
	for _, g := range list {
		t.Rows = append(t.Rows, []any{g.Kind, g.What, g.Asked, g.Nearest, g.Cover})
	}
	return t
}

// FindingsTable shows a work list.
func FindingsTable(list []Finding) output.Table {
	t := output.Table{Name: "stale", Columns: []output.Column{
		{Name: "urgency", Kind: output.Integer}, {Name: "kind"}, {Name: "id"}, {Name: "title"}, {Name: "state"}, {Name: "owner"}, {Name: "detail"},
	}}
	for _, f := range list {
		t.Rows = append(t.Rows, []any{f.Urgency, f.Kind, f.ID, f.Title, f.State, f.Owner, f.Detail})
	}
	return t
}

// ratio returns a part of a whole, NaN of nothing.
func ratio(part, whole int) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}

// UsageTable shows how articles are used.
func UsageTable(list []Use) output.Table {
	t := output.Table{Name: "usage", Columns: []output.Column{
		{Name: "id"},
		{Name: "title"},
		{Name: "views", Kind: output.Integer},
		{Name: "links", Kind: output.Integer},
		{Name: "solved", Kind: output.Integer},
		{Name: "contacts", Kind: output.Integer},
		{Name: "resolved", Kind: output.Percent},
		{Name: "questions", Kind: output.Integer},
		{Name: "stars", Kind: output.Number, Digits: 1},
		{Name: "sessions", Kind: output.Integer},
		{Name: "containment", Kind: output.Percent},
	}, Notes: []string{"contacts: registered contacts in which it was used; resolved: share of those at once, where that is known", "containment: share of the chatbot's sessions with this article that were not handed over"}}
	for _, u := range list {
		t.Rows = append(t.Rows, []any{
			u.ID, u.Title, u.Views, u.Links, u.Solved, u.Contacts, ratio(u.Resolved, u.Judged), u.Asked, u.Stars, u.Sessions, ratio(u.Contained, u.Sessions),
		})
	}
	return t
}
