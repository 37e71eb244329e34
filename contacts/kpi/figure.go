package kpi

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Figure is one KPI: what it is called, how it follows from sums, and its
// definition in words.
type Figure struct {
	Key    string // column in CSV and JSON
	Title  [2]string
	Kind   output.Kind
	Digits int
	Better int       // +1: more is better, -1: less is better, 0: neither
	Define [2]string // %T is the list of targets, %S the short limit, %W the window in days
	Value  func(s *Sums) float64
	Bounds func(s *Sums) (lo, hi float64) // 95 % interval; nil: none
	N      func(s *Sums) float64          // what it is over; nil: not told
	Whole  bool                           // only a whole number can come out
}

// ratio is a/b, NaN when b is 0.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// if0 is v where n says that v is known, else NaN.
func if0(v, n float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	return v
}

func share(key, en, nl string, digits, better int, a, b func(s *Sums) float64, defEN, defNL string) Figure {
	return Figure{
		Key: key, Title: [2]string{en, nl}, Kind: output.Percent, Digits: digits, Better: better, Define: [2]string{defEN, defNL},
		Value:  func(s *Sums) float64 { return ratio(a(s), b(s)) },
		Bounds: func(s *Sums) (float64, float64) { return wilson(a(s), b(s)) },
		N:      b,
	}
}

func mean(key, en, nl string, sum, n Sum, defEN, defNL string) Figure {
	return Figure{
		Key: key, Title: [2]string{en, nl}, Kind: output.Seconds, Better: -1, Define: [2]string{defEN, defNL},
		Value: func(s *Sums) float64 { return ratio(s[sum], s[n]) },
		N:     func(s *Sums) float64 { return s[n] },
	}
}

func count(key, en, nl string, value func(s *Sums) float64, defEN, defNL string) Figure {
	return Figure{Key: key, Title: [2]string{en, nl}, Kind: output.Integer, Define: [2]string{defEN, defNL}, Value: value, Whole: true}
}

// work is a count of work, unknown where there is none at all.
func work(x Sum) func(s *Sums) float64 {
	return func(s *Sums) float64 { return if0(s[x], s[Received]+s[Closed]+s[Open]+s[Decided]) }
}

func get(x Sum) func(s *Sums) float64 { return func(s *Sums) float64 { return s[x] } }

// formula is what a service level is the ratio of, and its words.
type formula struct {
	a, b   func(s *Sums) float64
	en, nl string
}

func formulaOf(d Definition) formula {
	out := func(s *Sums) float64 { return s[SLOffered] - s[SLShort] }
	known := func(f func(s *Sums) float64) func(s *Sums) float64 { // it is known who gave up in time
		return func(s *Sums) float64 {
			if s[SLGone] < s[SLOffered] {
				return math.NaN()
			}
			return f(s)
		}
	}
	switch d {
	case OfAnswered:
		return formula{get(Within), get(SLAnswered), "answered within the target / answered", "binnen de norm beantwoord / beantwoord"}
	case ExclShort:
		return formula{
			get(Within), known(func(s *Sums) float64 { return out(s) - s[GoneIn] }),
			"answered within the target / (offered - given up within the target)", "binnen de norm beantwoord / (aangeboden - binnen de norm opgehangen)",
		}
	case WaitAny:
		return formula{
			known(func(s *Sums) float64 { return s[Within] + s[GoneIn] }), out,
			"(answered or given up within the target) / offered", "(binnen de norm beantwoord of opgehangen) / aangeboden",
		}
	}
	return formula{get(Within), out, "answered within the target / offered", "binnen de norm beantwoord / aangeboden"}
}

// serviceLevel is the figure in which every channel counts by its own formula.
func serviceLevel(set *Settings) Figure {
	text := func(l output.Lang) string {
		words := func(d Definition) string {
			f := formulaOf(d)
			return fmt.Sprintf("\"%s\": %s", d, l.Pick(f.en, f.nl))
		}
		out := l.Pick("formula ", "formule ") + words(set.definition())
		for _, ch := range slices.Sorted(maps.Keys(set.Formulas)) {
			if d := set.Formulas[ch]; d != set.definition() {
				out += l.Pick("; for ", "; voor ") + set.channelTitle(l, ch) + " " + words(d)
			}
		}
		return out + l.Pick(". Target: %T. Short abandons (under %S) count nowhere.", ". Norm: %T. Kort afgehaakt (onder %S) telt nergens mee.")
	}
	return share("service_level", "Service level", "Servicelevel", 1, 1,
		func(s *Sums) float64 {
			if s[SLBlank] > 0 {
				return math.NaN()
			}
			return s[SLHit]
		}, get(SLBase), text(output.English), text(output.Dutch))
}

// ServiceLevels returns the figure of every formula, each under its own name, the
// same for all channels.
func ServiceLevels() []Figure {
	var out []Figure
	for _, d := range Definitions() {
		f, name := formulaOf(d), string(d)
		out = append(out, share("service_level_"+name, "Service level ("+name+")", "Servicelevel ("+name+")", 1, 1, f.a, f.b,
			fmt.Sprintf("formula \"%s\": %s", name, f.en), fmt.Sprintf("formule \"%s\": %s", name, f.nl)))
	}
	return out
}

// Figures returns all figures of sums, the service level by the formulas of set.
func Figures(set *Settings) []Figure {
	score := func(key, en, nl string, sum, sq, n Sum, better int, defEN, defNL string) Figure {
		return Figure{
			Key: key, Title: [2]string{en, nl}, Kind: output.Number, Digits: 2, Better: better, Define: [2]string{defEN, defNL},
			Value:  func(s *Sums) float64 { return ratio(s[sum], s[n]) },
			Bounds: func(s *Sums) (float64, float64) { return meanBounds(s[sum], s[sq], s[n]) },
			N:      get(n),
		}
	}
	list := []Figure{
		count("offered", "Offered", "Aangeboden", get(Offered),
			"contacts that came in, short abandons included", "binnengekomen contacten, kort afgehaakt meegeteld"),
		count("answered", "Answered", "Beantwoord", func(s *Sums) float64 { return if0(s[Answered], s[Judged]) },
			"contacts that an agent (or bot) took", "contacten die een medewerker (of bot) aannam"),
		count("abandoned", "Abandoned", "Opgehangen", func(s *Sums) float64 { return if0(s[Abandoned], s[Judged]) },
			"customers who gave up waiting, short abandons (under %S) left out", "klanten die het wachten opgaven, zonder kort afgehaakt (onder %S)"),
		count("short_abandoned", "Short abandons", "Kort afgehaakt", func(s *Sums) float64 { return if0(s[Short], s[Judged]) },
			"gave up within %S, where the source tells", "opgehangen binnen %S, waar de bron dat weet"),
		share("abandon_rate", "Abandonment", "Opgehangen %", 1, -1, get(Abandoned), func(s *Sums) float64 { return s[Judged] - s[Short] },
			"abandoned / (offered - short abandons)", "opgehangen / (aangeboden - kort afgehaakt)"),
		serviceLevel(set),
		mean("asa_s", "Mean wait", "Gem. wachttijd", Wait, WaitN,
			"speed of answer: waiting time of answered contacts / those answered; who gave up is left out", "wachttijd van beantwoorde contacten / aantal daarvan; wie ophing telt niet mee"),
		mean("aht_s", "Handle time", "Afhandeltijd", Handle, HandleN,
			"AHT: (talk + hold + after-contact work) / contacts handled, weighted by volume", "AHT: (gesprek + in de wacht + nawerk) / afgehandelde contacten, gewogen naar volume"),
		mean("talk_s", "Talk", "Gesprekstijd", Talk, TalkN, "talk time / contacts handled", "gesprekstijd / afgehandelde contacten"),
		mean("hold_s", "Hold", "In de wacht", Hold, HoldN, "hold time / contacts handled", "tijd in de wacht / afgehandelde contacten"),
		mean("acw_s", "After-contact work", "Nawerktijd", ACW, ACWN, "after-contact work / contacts handled", "nawerktijd / afgehandelde contacten"),
		count("contacts", "Registered", "Geregistreerd", get(Contacts), "contact records", "contactregistraties"),
		count("resolved", "Resolved", "Opgelost", func(s *Sums) float64 { return if0(s[Resolved], s[ResolvedN]) },
			"records that the agent marked as resolved", "registraties die de medewerker als opgelost aanmerkte"),
		share("resolved_rate", "Resolved %", "Opgelost %", 1, 1, get(Resolved), get(ResolvedN),
			"resolved / answered records with a mark", "opgelost / beantwoorde registraties met een aanduiding"),
		share("fcr_agent", "First contact, by the agent", "In één keer, volgens medewerker", 1, 1, get(Own), get(OutcomeN),
			"own answer / answered records with an outcome: not transferred, handed off, to be called back or unresolved", "eigen antwoord / beantwoorde registraties met een afloop: niet doorverbonden, doorgezet, terug te bellen of onopgelost"),
		share("fcr", "First contact, by return", "In één keer, zonder herhaling", 1, 1, func(s *Sums) float64 { return s[JParty] - s[JFollowed] }, get(JParty),
			"answered contacts of a known customer without another on the subject within %W days / those old enough to judge; contacts within 15 minutes are one",
			"beantwoorde contacten van een bekende klant zonder nieuw contact over het onderwerp binnen %W dagen / die oud genoeg zijn om te beoordelen; contacten binnen 15 minuten zijn er één"),
		share("repeat_rate", "Repeat share", "Herhaalverkeer %", 1, -1, get(Repeats), get(Known),
			"contacts of a customer who was answered on the subject in the %W days before / contacts of known customers", "contacten van een klant die in de %W dagen ervoor over het onderwerp antwoord kreeg / contacten van bekende klanten"),
		share("transfer_rate", "Transferred", "Doorverbonden", 1, -1, get(Moved), get(OutcomeN), "transferred / answered records with an outcome", "doorverbonden / beantwoorde registraties met een afloop"),
		share("callback_rate", "Call-back asked", "Terugbelverzoek", 1, 0, get(Callback), get(OutcomeN), "ended in a request to call back / answered records with an outcome", "eindigde in een terugbelverzoek / beantwoorde registraties met een afloop"),
		share("handoff_rate", "Handed off", "Doorgezet", 1, 0, get(Handed), get(OutcomeN), "handed off to a department / answered records with an outcome", "doorgezet naar een afdeling / beantwoorde registraties met een afloop"),
		share("generic_own", "Generic, own answer", "Generiek zelf afgehandeld", 1, 1, get(GenericOwn), get(Generic),
			"questions on subjects of the centre itself that it answered itself / those with an outcome", "vragen over onderwerpen van het KCC zelf die het zelf afhandelde / die met een afloop"),
		share("specialist_out", "Specialist, passed on", "Specialistisch doorgezet", 1, 0, get(SpecialistOut), get(Specialist),
			"questions on subjects of a department that were handed off, transferred or promised a call back / those with an outcome", "vragen over onderwerpen van een vakafdeling die zijn doorgezet, doorverbonden of als terugbelverzoek genoteerd / die met een afloop"),
		share("containment", "Contained by the bot", "Door de bot afgehandeld", 1, 1, get(BotOwn), get(Bot),
			"sessions that the bot ended without a hand-over / its sessions with an outcome", "gesprekken die de bot zonder overdracht afrondde / zijn gesprekken met een afloop"),
		share("on_time", "Promises kept", "Op tijd", 1, 1, get(Kept), get(Decided),
			"done by the due time / (done + open past due), each counted when it was done in time, else when it fell due", "gereed voor de streefdatum / (gereed + open over datum); geteld op het moment van gereed, of van de streefdatum als die eerder verstreek"),
		count("received", "Work received", "Werk ontvangen", work(Received), "pieces of work and cases received", "doorgezet werk en zaken, ontvangen"),
		count("closed", "Work closed", "Werk afgerond", work(Closed), "pieces of work and cases closed", "doorgezet werk en zaken, afgerond"),
		count("open", "Backlog", "Werkvoorraad", work(Open), "open at the end of the period (at most now)", "open aan het eind van de periode (hooguit nu)"),
		count("overdue", "Overdue", "Over datum", work(Overdue), "of the backlog, past the due time", "van de werkvoorraad: streefdatum verstreken"),
		{
			Key: "cost_per_contact", Title: [2]string{"Cost per contact", "Kosten per contact"}, Kind: output.Number, Digits: 2, Better: -1,
			Define: [2]string{
				"(known handle time / (1 - shrinkage) x wage + cost of the channel for each) / contacts handled; waiting agents are not in it",
				"(bekende afhandeltijd / (1 - uitval) x loon + kosten van het kanaal voor elk) / afgehandelde contacten; wachttijd van medewerkers zit er niet in",
			},
			Value: func(s *Sums) float64 { return ratio(s[Cost], s[CostN]) },
			N:     get(CostN),
		},
		score("csat", "Satisfaction", "Tevredenheid", CSAT, CSATSq, CSATN, 1, "CSAT: mean mark over those who gave one", "CSAT: gemiddeld cijfer van wie er een gaf"),
		score("effort", "Effort", "Moeite", Effort, EffortSq, EffortN, 0, "CES: mean mark over those who gave one", "CES: gemiddeld cijfer van wie er een gaf"),
		{
			Key: "nps", Title: [2]string{"NPS", "NPS"}, Kind: output.Number, Digits: 0, Better: 1,
			Define: [2]string{"net promoter score: % of marks 9-10 less % of marks 0-6", "net promoter score: % cijfers 9-10 min % cijfers 0-6"},
			Value:  func(s *Sums) float64 { return 100 * ratio(s[Promoters]-s[Detractors], s[NPSN]) },
			Bounds: func(s *Sums) (float64, float64) {
				lo, hi := npsBounds(s[Promoters], s[Detractors], s[NPSN])
				return 100 * lo, 100 * hi
			},
			N: get(NPSN),
		},
	}
	return list
}

// Pick returns the figures of the keys, in that order; unknown keys are left out.
func Pick(all []Figure, keys ...string) []Figure {
	var out []Figure
	for _, k := range keys {
		for _, f := range all {
			if f.Key == k {
				out = append(out, f)
			}
		}
	}
	return out
}

// Name returns the title in a language.
func (f *Figure) Name(l output.Lang) string { return l.Pick(f.Title[0], f.Title[1]) }

// Definition returns the definition in a language with the settings filled in.
func (f *Figure) Definition(l output.Lang, set *Settings) string {
	d := l.Pick(f.Define[0], f.Define[1])
	d = strings.ReplaceAll(d, "%S", calendar.FormatDuration(set.short()))
	d = strings.ReplaceAll(d, "%W", fmt.Sprint(set.window()))
	return strings.ReplaceAll(d, "%T", set.targetText(l))
}

// targetText lists the targets of the channels.
func (s *Settings) targetText(l output.Lang) string {
	var list []string
	for _, ch := range s.channels() {
		if t := s.Targets[ch]; t.Within > 0 {
			list = append(list, fmt.Sprintf("%s %s/%s", s.channelTitle(l, ch), l.Number(100*t.Level, 0), calendar.FormatDuration(t.Within.Round(time.Second))))
		}
	}
	if len(list) == 0 {
		return l.Pick("none set", "geen")
	}
	return strings.Join(list, ", ")
}
