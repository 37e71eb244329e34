package output

// dutchColumns are the Dutch labels of columns that have no Title, for tables
// and pages. CSV, JSON and Excel keep the names, so that files can be read
// back by the next step.
var dutchColumns = map[string]string{
	"abandoned":           "opgehangen",
	"agent":               "medewerker",
	"agents":              "medewerkers",
	"agents_fractional":   "medewerkers exact",
	"aht_s":               "afhandeltijd",
	"answered":            "beantwoord",
	"asa_s":               "gem. wachttijd",
	"breaks":              "pauzes",
	"cause":               "oorzaak",
	"channel":             "kanaal",
	"check":               "controle",
	"contract_hours":      "contracturen",
	"cost":                "kosten",
	"date":                "datum",
	"day":                 "dag",
	"day_factor_cv":       "spreiding dag",
	"department":          "afdeling",
	"detail":              "toelichting",
	"due":                 "uiterlijk",
	"end":                 "einde",
	"file":                "bestand",
	"handled":             "afgehandeld",
	"hours":               "uren",
	"id":                  "id",
	"interval_s":          "interval (s)",
	"key":                 "sleutel",
	"kind":                "soort",
	"line":                "regel",
	"lines":               "lijnen",
	"load_erlangs":        "belasting (erlang)",
	"max_occupancy":       "max. bezetting",
	"model":               "model",
	"month":               "maand",
	"name":                "naam",
	"note":                "opmerking",
	"notes":               "opmerkingen",
	"occupancy":           "bezettingsgraad",
	"offered":             "aangeboden",
	"origin":              "herkomst",
	"outcome":             "afloop",
	"p_abandon":           "kans opgehangen",
	"p_block":             "kans bezet",
	"p_wait":              "kans wachten",
	"paid_hours":          "betaalde uren",
	"patience_s":          "geduld",
	"queue":               "wachtrij",
	"required":            "nodig",
	"rostered":            "in te roosteren",
	"rostered_fractional": "in te roosteren exact",
	"rule":                "regel",
	"segment":             "doelgroep",
	"service_level":       "serviceniveau",
	"shift":               "dienst",
	"shrinkage":           "uitval",
	"skill":               "vaardigheid",
	"skill_plan":          "inzet",
	"skills":              "vaardigheden",
	"start":               "begin",
	"status":              "status",
	"subject":             "onderwerp",
	"target":              "doel",
	"target_s":            "doel (s)",
	"team":                "team",
	"title":               "titel",
	"value":               "waarde",
	"wait_s":              "wachttijd",
	"week":                "week",
	"weekday":             "weekdag",
	"within":              "binnen",
	"year":                "jaar",
}

// heading returns what stands above the column for a reader of lang.
func (c *Column) heading(lang Lang) string {
	if c.Title == "" && lang == Dutch {
		if text, ok := dutchColumns[c.Name]; ok {
			return text
		}
	}
	return c.Label()
}
