package kb

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kcc/internal/calendar"
)

// Kind is what an article is for.
type Kind string

// The kinds of an article.
const (
	QuestionAnswer Kind = "qa"
	Instruction    Kind = "instruction"
	News           Kind = "news"
)

// State is how far an article may be trusted: the confidence states of KCS v6
// technique 5.2.
type State string

// The states of an article.
const (
	Draft     State = "draft"
	InReview  State = "in_review"
	Validated State = "validated"
	Published State = "published"
	Retired   State = "retired"
)

// The audiences of an article.
const (
	ForAgents = "agent"
	ForPublic = "public"
	ForBots   = "bot"
)

// Content is what an editor writes. Days are texts 2006-01-02, empty when open.
type Content struct {
	Kind      Kind              `json:"kind"`
	Title     string            `json:"title"`           // the question
	Asked     []string          `json:"alt_titles"`      // other ways to ask it
	Body      string            `json:"body"`            // the answer in Markdown
	Subjects  []string          `json:"subjects"`        // the first is the main one
	Products  []string          `json:"products"`        //
	Channels  []string          `json:"channels"`        // empty: all
	Audience  []string          `json:"audience"`        // agent, public, bot
	Lang      string            `json:"lang"`            // nl, en, ...
	Owner     string            `json:"owner"`           //
	Source    string            `json:"url"`             //
	ValidFrom string            `json:"valid_from"`      // first day
	ValidTo   string            `json:"valid_to"`        // last day
	Review    string            `json:"review"`          // to be looked at again on this day
	Extra     map[string]string `json:"extra,omitempty"` // what an import brought that has no place of its own
}

// Article is an article as it stands.
type Article struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	State    State  `json:"state"`
	Content
	Created   time.Time `json:"created"`
	Changed   time.Time `json:"changed"`
	Published time.Time `json:"published"` // first time; zero: never

	row int64
}

// Errors that callers branch on.
var (
	ErrNotFound = errors.New("there is no article with this id")
	ErrExists   = errors.New("there is an article with this id already")
	ErrState    = errors.New("the article is not in the right state")
	ErrInvalid  = errors.New("the article is not complete")
)

// ConflictError says that someone else changed the article in the meantime.
type ConflictError struct {
	ID            string
	Base, Current int
	Author        string
	At            time.Time
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("article %s was changed by %s at %s: it is at revision %d, this edit starts from %d, so nothing is saved",
		e.ID, e.Author, e.At.Format("2006-01-02 15:04"), e.Current, e.Base)
}

const (
	maxTitle = 1000
	maxBody  = 1 << 20
)

var langName = regexp.MustCompile(`^[a-z]{2,3}$`)

// Check trims the content, fills in defaults and tells what is wrong with it.
func (c *Content) Check() error {
	c.Title, c.Body = strings.TrimSpace(c.Title), strings.TrimSpace(strings.ReplaceAll(c.Body, "\r\n", "\n"))
	if c.Kind == "" {
		c.Kind = QuestionAnswer
	}
	if c.Lang == "" {
		c.Lang = "nl"
	}
	if len(c.Audience) == 0 {
		c.Audience = []string{ForAgents}
	}
	for _, list := range []*[]string{&c.Asked, &c.Subjects, &c.Products, &c.Channels, &c.Audience} {
		*list = tidy(*list)
	}
	switch {
	case c.Kind != QuestionAnswer && c.Kind != Instruction && c.Kind != News:
		return fmt.Errorf("%w: kind %q: want qa, instruction or news", ErrInvalid, c.Kind)
	case c.Title == "":
		return fmt.Errorf("%w: it has no title", ErrInvalid)
	case len(c.Title) > maxTitle:
		return fmt.Errorf("%w: the title is over %d characters", ErrInvalid, maxTitle)
	case len(c.Body) > maxBody:
		return fmt.Errorf("%w: the answer is over %d characters", ErrInvalid, maxBody)
	case !langName.MatchString(c.Lang):
		return fmt.Errorf("%w: language %q: want a code such as nl or en", ErrInvalid, c.Lang)
	}
	for _, a := range c.Audience {
		if a != ForAgents && a != ForPublic && a != ForBots {
			return fmt.Errorf("%w: audience %q: want agent, public or bot", ErrInvalid, a)
		}
	}
	for _, d := range []struct{ name, day string }{{"valid from", c.ValidFrom}, {"valid to", c.ValidTo}, {"review", c.Review}} {
		if d.day == "" {
			continue
		}
		day, err := calendar.ParseDate(d.day)
		if err != nil || day.String() != d.day {
			return fmt.Errorf("%w: %s %q: want a day such as 2026-11-22", ErrInvalid, d.name, d.day)
		}
	}
	if c.ValidFrom != "" && c.ValidTo != "" && c.ValidTo < c.ValidFrom {
		return fmt.Errorf("%w: it is valid to %s, before it is valid from %s", ErrInvalid, c.ValidTo, c.ValidFrom)
	}
	return nil
}

// tidy trims texts and drops empty and double ones. The result is never nil, so
// that JSON has [].
func tidy(list []string) []string {
	out := []string{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// InDate reports whether the article is valid on a day (2006-01-02).
func (c *Content) InDate(day string) bool {
	return (c.ValidFrom == "" || c.ValidFrom <= day) && (c.ValidTo == "" || day <= c.ValidTo)
}

// Outward reports whether the article may leave the centre on a day: published,
// for the public or for chatbots, and in date.
func (a *Article) Outward(day string) bool {
	return a.State == Published && a.InDate(day) && (slices.Contains(a.Audience, ForPublic) || slices.Contains(a.Audience, ForBots))
}

const maxSlug = 60

// Slug makes a name of a text that is safe as a file name and in a URL: lower
// case letters, digits and hyphens. It is "article" when nothing is left.
func Slug(text string) string {
	var b strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
			dash = false
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' || r == '‘':
		default:
			dash = true
		}
		if b.Len() >= maxSlug {
			break
		}
	}
	if b.Len() == 0 {
		return "article"
	}
	return b.String()
}

const maxID = 200

// checkID refuses ids that could not be typed or would break a line.
func checkID(id string) error {
	if id == "" || len(id) > maxID || strings.IndexFunc(id, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) >= 0 {
		return fmt.Errorf("%w: id %q: want up to %d characters without spaces", ErrInvalid, id, maxID)
	}
	return nil
}
