package roster

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Sentence is a text for people in English and in Dutch: what is wrong with a
// roster, or what stands in the way of a better one.
type Sentence struct{ English, Dutch string }

// say makes a sentence of an English format for which dutchOf has the Dutch one.
func say(format string, args ...any) Sentence {
	return Sentence{fill(format, false, args), fill(inDutch(format), true, args)}
}

func fill(format string, nl bool, args []any) string {
	in := slices.Clone(args)
	for i, a := range in {
		switch a := a.(type) {
		case Sentence:
			in[i] = a.pick(nl)
		case list:
			in[i] = a.join(nl)
		case time.Weekday:
			if in[i] = a.String(); nl {
				in[i] = inDutch(a.String())
			}
		case float64:
			if nl {
				in[i] = comma(a)
			}
		}
	}
	return fmt.Sprintf(format, in...)
}

func (s Sentence) pick(nl bool) string {
	if nl && s.Dutch != "" {
		return s.Dutch
	}
	return s.English
}

// String returns the sentence in English.
func (s Sentence) String() string { return s.English }

// In returns the sentence in a language: nl is Dutch, all others English.
func (s Sentence) In(lang string) string { return s.pick(lang == "nl") }

// list is sentences one after the other.
type list []Sentence

func (l list) join(nl bool) string {
	out := make([]string, len(l))
	for i, s := range l {
		out[i] = s.pick(nl)
	}
	return strings.Join(out, "; ")
}

// comma is a number that is written with a decimal comma.
type comma float64

// Format writes the number as its verb says.
func (c comma) Format(f fmt.State, verb rune) {
	fmt.Fprint(f, strings.Replace(fmt.Sprintf(fmt.FormatString(f, verb), float64(c)), ".", ",", 1))
}

// inDutch returns what stands for an English text; the text itself when nothing does.
func inDutch(english string) string {
	if t, ok := dutchOf[english]; ok {
		return t
	}
	return english
}

// either joins names by "or".
func either(names []string) Sentence {
	out := say("%s", names[0])
	for _, n := range names[1:] {
		out = say("%s or %s", out, n)
	}
	return out
}

// ShiftsChanged is the remark that shifts were changed after the search so that
// the people are there who must be.
func ShiftsChanged(n int) Sentence {
	return say("%d shifts were changed so that those who must be there are", n)
}
