package flow

import "kcc/internal/output"

// labels are the texts that flow writes into workbooks and summaries.
var labels = map[string][2]string{ // English, Dutch
	"roster of":      {"Roster %s, %s", "Rooster %s, %s"},
	"period":         {"Period", "Periode"},
	"history":        {"History used", "Gebruikte historie"},
	"rules":          {"Rule sets", "Regelsets"},
	"agents":         {"Agents", "Medewerkers"},
	"effort":         {"Search effort", "Zoekinspanning"},
	"seed":           {"Seed", "Startgetal"},
	"definition":     {"Service level counts", "Servicelevel telt"},
	"shrinkage":      {"Shrinkage on top of the roster", "Uitval bovenop het rooster"},
	"gap":            {"A better roster saves at most", "Een beter rooster scheelt hooguit"},
	"unmet":          {"Agent-hours short", "Medewerkeruren tekort"},
	"channels":       {"Channels", "Kanalen"},
	"forecast model": {"Model", "Model"},
	"model":          {"Forecast model", "Prognosemodel"},
	"more models":    {"%s + %s + %d more", "%s + %s + nog %d"},
	"volume":         {"Contacts", "Contacten"},
	"workload":       {"Workload (h)", "Werklast (u)"},
	"channel":        {"Channel", "Kanaal"},
	"skill":          {"Skill", "Vaardigheid"},
	"target":         {"Target", "Norm"},
	"promise":        {"Promise", "Belofte"},
	"aht":            {"AHT (s)", "Afhandeltijd (s)"},
	"day cv":         {"Day spread", "Dagspreiding"},
	"within":         {"%s%% within %s", "%s%% binnen %s"},
	"answered in":    {"%s%% in %s", "%s%% in %s"},
	"short hours":    {"%.1f agent-hours of the requirement have nobody", "%.1f medewerkeruren van de behoefte zijn onbezet"},
	"stopped":        {"The search was ended by the time limit; the same seed may give another roster", "Het zoeken is gestopt door de tijdslimiet; hetzelfde startgetal kan een ander rooster geven"},
	"skipped":        {"Not planned: %s", "Niet gepland: %s"},
	"no history":     {"no history", "geen historie"},
	"expected":       {"Expected of this roster", "Te verwachten van dit rooster"},
	"service level":  {"Service level", "Servicelevel"},
	"low":            {"Low", "Laag"},
	"high":           {"High", "Hoog"},
	"asa":            {"Wait (s)", "Wachttijd (s)"},
	"abandon":        {"Abandoned", "Opgehangen"},
	"occupancy":      {"Occupancy", "Bezettingsgraad"},
	"from":           {"From", "Van"},
	"to":             {"To", "Tot en met"},
	"requirement":    {"Agents needed", "Benodigde medewerkers"},
	"rostered":       {"To roster", "In te roosteren"},
	"start":          {"Start", "Begin"},
	"interval":       {"Interval", "Interval"},
	"simulated":      {"Expected service level: %d simulated days of this roster, 95 %% interval", "Verwacht servicelevel: %d gesimuleerde dagen van dit rooster, 95 %%-interval"},
}

// label returns a text in the reader's language.
func label(l output.Lang, key string) string {
	t, ok := labels[key]
	if !ok {
		panic("flow: no label " + key)
	}
	if l == output.Dutch {
		return t[1]
	}
	return t[0]
}
