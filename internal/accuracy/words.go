package accuracy

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"kcc/internal/output"
)

// PerInterval says where the intervals are when a table shows days.
func PerInterval(l output.Lang) string {
	return l.Pick("Per interval: --out FILE or --format csv.", "Per interval: --out BESTAND of --format csv.")
}

// dutchWords are the names that forecasts give to factors and effects.
var dutchWords = map[string]string{
	"ordinary day":                  "gewone dag",
	"forecast":                      "prognose",
	"time of year":                  "tijd van het jaar",
	"opening hours of the day":      "openingstijden van de dag",
	"other models":                  "andere modellen",
	"announced events":              "aangekondigde gebeurtenissen",
	"school holiday":                "schoolvakantie",
	"any holiday":                   "feestdag",
	"day after a closed day":        "dag na een gesloten dag",
	"second day after a closed day": "tweede dag na een gesloten dag",
	"day before a closed day":       "dag voor een gesloten dag",
	"day after a holiday":           "dag na een feestdag",
	"day before a holiday":          "dag voor een feestdag",
	"new_year":                      "nieuwjaarsdag",
	"good_friday":                   "Goede Vrijdag",
	"easter":                        "eerste paasdag",
	"easter_monday":                 "tweede paasdag",
	"kings_day":                     "Koningsdag",
	"liberation_day":                "Bevrijdingsdag",
	"ascension":                     "Hemelvaartsdag",
	"whit_sunday":                   "eerste pinksterdag",
	"whit_monday":                   "tweede pinksterdag",
	"christmas":                     "eerste kerstdag",
	"boxing_day":                    "tweede kerstdag",
}

// dutchPatterns are names and sentences with a part of their own; what stands for
// each * comes over, its word translated where it is one.
var dutchPatterns = [][2]string{
	{"holiday *", "feestdag *"},
	{"after *", "na *"},
	{"before *", "voor *"},
	{"weekday *", "weekdag *"},
	{"business day * of the month", "werkdag * van de maand"},
	{"business day * from the end of the month", "werkdag * voor het eind van de maand"},
	{"weights from the errors at * earlier origins", "gewichten naar de fouten op * eerdere startpunten"},
	{"only * days of history: the shape is that of *", "maar * dagen historie: de vorm is die van *"},
	{"only * past days to learn from", "maar * eerdere dagen om van te leren"},
	{"on * past days the error of the rest of the day fell from * to *", "op * eerdere dagen daalde de fout van de rest van de dag van * naar *"},
	{"* days of the history are not believed, the first *", "* dagen in de historie worden niet geloofd, de eerste is *"},
	{"only * days of history: no backtest, the bounds are a guess", "maar * dagen historie: niet getoetst op het verleden, de grenzen zijn een gok"},
	{"only * days of history: expect wide bounds", "maar * dagen historie: reken op wijde grenzen"},
	{"the level changed around * by *", "het niveau veranderde rond * met *"},
	{"nothing is open from * to *: no interval to forecast", "van * tot en met * is niets open: geen interval om te voorspellen"},
}

// dutchMatchers find the English of dutchPatterns, in the same order.
var dutchMatchers = sync.OnceValue(func() (out []*regexp.Regexp) {
	for _, p := range dutchPatterns {
		out = append(out, regexp.MustCompile("^"+strings.ReplaceAll(regexp.QuoteMeta(p[0]), `\*`, "(.+?)")+"$"))
	}
	return out
})

// dutchSentences are sentences of forecasts without a part of their own.
var dutchSentences = map[string]string{
	"the history is too short for a backtest":              "de historie is te kort om op het verleden te toetsen",
	"its share by agreement":                               "zijn deel volgens afspraak",
	"far from the same weekday in the weeks around it":     "ver van dezelfde weekdag in de weken eromheen",
	"the day is over":                                      "de dag is voorbij",
	"nothing has been observed yet today":                  "vandaag is nog niets waargenomen",
	"no contact has arrived yet: too little to go by":      "er is nog geen contact binnengekomen: te weinig om op af te gaan",
	"too few past days to learn from":                      "te weinig eerdere dagen om van te leren",
	"carrying the day so far on did not help on past days": "doortrekken van de dag tot nu toe hielp op eerdere dagen niet",
}

// Word returns the name of a factor or effect in the language of the reader;
// names that people gave, as of events, stay.
func Word(l output.Lang, name string) string {
	if l != output.Dutch {
		return name
	}
	if w, ok := dutchWord(name); ok {
		return w
	}
	return Say(l, name)
}

// dutchWord returns the Dutch of a word of dutchWords or of a weekday.
func dutchWord(name string) (string, bool) {
	if w, ok := dutchWords[name]; ok {
		return w, true
	}
	for d := range time.Saturday + 1 {
		if d.String() == name {
			return output.Dutch.WeekdayName(d), true
		}
	}
	return "", false
}

// Say returns a sentence of a forecast in the language of the reader.
func Say(l output.Lang, s string) string {
	if l != output.Dutch {
		return s
	}
	if nl, ok := dutchSentences[s]; ok {
		return nl
	}
	for i, re := range dutchMatchers() {
		parts := re.FindStringSubmatch(s)
		if parts == nil {
			continue
		}
		out := dutchPatterns[i][1]
		for _, x := range parts[1:] {
			if w, ok := dutchWord(x); ok {
				x = w
			}
			out = strings.Replace(out, "*", x, 1)
		}
		return out
	}
	return s
}
