package main

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// inDutchWords puts a sentence on what went wrong or was done into Dutch, as far as
// the dictionaries know its parts; ok tells whether it knows all of them. Sentences
// are made where the language of the reader is not known (a file, the calendar,
// the store) and go from general to particular with ": " between the parts, so
// each part is looked up by itself. A sentence that is known in part stays
// English: half a sentence in each language is harder to read.
func inDutchWords(text string) (dutch string, ok bool) {
	if text == "" {
		return "", false
	}
	return dutchPatterns().sentence(text)
}

// dutchTexts are the texts of all dictionaries together.
func dutchTexts() map[string]string {
	all := map[string]string{}
	for _, m := range []map[string]string{dutchErrors, dutchFiles, dutchDesk, dutchNews, dutchTOML} {
		maps.Copy(all, m)
	}
	return all
}

// dutchPattern is an English text with verbs and its Dutch.
type dutchPattern struct {
	english *regexp.Regexp
	verbs   []string
	dutch   []string // the texts around the verbs
}

// dutchPhrases are the entries of the dictionaries: those without verbs by their text,
// the others with the most letters of their own first.
type dutchPhrases struct {
	fixed    map[string]string
	patterns []dutchPattern
}

// verb is one of the verbs that an entry may have: %q is a quoted
// text, %d a number, %s a name or a list of names, %w a part that must be known
// itself, %v anything, which stays as it is.
var verb = regexp.MustCompile(`%[sqdwv]`)

// verbTexts are what the verbs stand for.
var verbTexts = map[string]string{
	"%q": `("(?:[^"\\]|\\.)*")`, "%d": `(-?[0-9][0-9.,]*)`, "%s": `((?:[^:;]|[:;][^ ])+?)`, "%w": `(.+)`, "%v": `(.+)`,
}

var dutchPatterns = sync.OnceValue(func() *dutchPhrases {
	out := &dutchPhrases{fixed: map[string]string{}}
	all := dutchTexts()
	var keys []string
	for k, v := range all {
		if verb.MatchString(k) {
			keys = append(keys, k)
		} else {
			out.fixed[k] = v
		}
	}
	own := func(k string) int { return len(verb.ReplaceAllString(k, "")) }
	slices.SortFunc(keys, func(a, b string) int {
		if d := own(b) - own(a); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	for _, k := range keys {
		p := dutchPattern{verbs: verb.FindAllString(k, -1), dutch: verb.Split(all[k], -1)}
		re := "^"
		for i, t := range verb.Split(k, -1) {
			if i > 0 {
				re += verbTexts[p.verbs[i-1]]
			}
			re += regexp.QuoteMeta(t)
		}
		p.english = regexp.MustCompile(re + "$")
		out.patterns = append(out.patterns, p)
	}
	return out
})

// sentence puts a whole text into Dutch, or its lines or parts one after the other.
func (d *dutchPhrases) sentence(text string) (string, bool) {
	if first, rest, more := strings.Cut(text, "\n"); more {
		a, ok := d.sentence(first)
		if !ok {
			return "", false
		}
		b, ok := d.sentence(rest)
		return a + "\n" + b, ok
	}
	if out, ok := d.part(text); ok {
		return out, true
	}
	for _, between := range []string{": ", "; "} {
		for from := 0; ; {
			i := strings.Index(text[from:], between)
			if i < 0 {
				break
			}
			i += from
			from = i + len(between)
			head, ok := d.part(text[:i])
			if !ok {
				continue
			}
			if rest, ok := d.sentence(text[from:]); ok {
				return head + between + rest, true
			}
		}
	}
	return "", false
}

// part puts one part into Dutch. What has no words in it stays as it is.
func (d *dutchPhrases) part(text string) (string, bool) {
	if out, ok := d.fixed[text]; ok {
		return out, true
	}
	if rest, ok := strings.CutPrefix(text, "want "); ok {
		if out, ok := d.wanted(rest); ok {
			return "verwacht " + out, true
		}
		return "", false
	}
	if out, ok := d.byPattern(text); ok {
		return out, true
	}
	if noWords.MatchString(text) {
		return text, true
	}
	return "", false
}

// wanted puts what was wanted into Dutch: a known text, or a list of words to
// type.
func (d *dutchPhrases) wanted(text string) (string, bool) {
	if out, ok := d.fixed[text]; ok {
		return out, true
	}
	if out, ok := d.byPattern(text); ok {
		return out, true
	}
	if typedWords.MatchString(text) {
		return dutchList(text), true
	}
	return "", false
}

// byPattern puts a text into Dutch by the first pattern that it is one of.
func (d *dutchPhrases) byPattern(text string) (string, bool) {
	for i := range d.patterns {
		if out, ok := d.patterns[i].match(text, d); ok {
			return out, true
		}
	}
	return "", false
}

// match puts a text into Dutch when it is one of the pattern.
func (p *dutchPattern) match(text string, d *dutchPhrases) (string, bool) {
	m := p.english.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	out := p.dutch[0]
	for i, v := range p.verbs {
		x := m[i+1]
		switch v {
		case "%w":
			var ok bool
			if x, ok = d.sentence(x); !ok {
				return "", false
			}
		case "%s":
			if !oneName.MatchString(x) {
				return "", false
			}
			x = dutchList(x)
		}
		out += x + p.dutch[i+1]
	}
	return out, true
}

var (
	// noWords matches parts without words of a language: names of files, flags with
	// a value, commands.
	noWords = regexp.MustCompile(`^(?:--[a-z-]+(?: "(?:[^"\\]|\\.)*"| [^ ]+)?|[^ ]+|[^":;]+\.[A-Za-z]{2,5}|kcc [a-z -]+)$`)
	// oneName matches what %s stands for: a word, a date with a time, a list of names,
	// a file; not half a sentence.
	oneName = regexp.MustCompile(`^(?:[^ ]+|[^a-zA-Z]+|[^ ,]+(?:(?:, | or | and )[^ ,]+)+|[^":;,]+\.[A-Za-z]{2,5})$`)
	// typedWords matches a list of words to type: a, b or c.
	typedWords = regexp.MustCompile(`^[\w./+-]+(?:(?:, | or )[\w./+-]+)*$`)
	listWords  = regexp.MustCompile(`^[\w./+-]+(?:(?:, | or | and )[\w./+-]+)+$`)
)

// dutchList writes the words between the names of a list in Dutch.
func dutchList(text string) string {
	if !listWords.MatchString(text) {
		return text
	}
	return strings.NewReplacer(" or ", " of ", " and ", " en ").Replace(text)
}
