package main

// dutchFiles holds the Dutch for what is wrong in the files of a planner: the
// description of the centre, the roster workbook, the team; see dutchErrors.
var dutchFiles = map[string]string{
	// The description of the centre.
	"there is no such key":                                                      "deze sleutel bestaat niet",
	"a ratio from 0 to 1, such as 0.80":                                         "een aandeel van 0 tot en met 1, zoals 0.80",
	"a ratio of at least 0 and less than 1":                                     "een aandeel van minstens 0 en minder dan 1",
	"a time with its unit, such as 20s, 3m30s or 8h":                            "een tijd met eenheid, zoals 20s, 3m30s of 8h",
	"a term such as 4bh (business hours), 2wd (working days), 2w (weeks) or 8h": "een termijn zoals 4bh (werkuren), 2wd (werkdagen), 2w (weken) of 8h",
	"an amount of money, such as 38.50":                                         "een bedrag, zoals 38.50",
	"dates such as %s":                                                          "datums zoals %s",
	"hours such as \"10:00-14:00\", or closed":                                  "tijden zoals \"10:00-14:00\", of closed",
	"open, closed or hours such as 10:00-14:00":                                 "open, closed of tijden zoals 10:00-14:00",
	"opening hours such as %q":                                                  "openingstijden zoals %q",
	"opening hours such as %q (%w)":                                             "openingstijden zoals %q (%w)",
	"mo tu we th fr sa su":                                                      "mo tu we th fr sa su",
	"08:30-17:00":                                                               "een periode zoals 08:30-17:00",
	"08:30":                                                                     "een tijd zoals 08:30",
	"whole minutes that divide an hour, such as 15m":                            "hele minuten die in een uur passen, zoals 15m",
	"the lead time of this deferrable channel, such as \"2wd\"":                 "de doorlooptijd van dit kanaal, zoals \"2wd\"",
	"when the channel is worked, such as \"mo-fr 08:30-17:00\"":                 "wanneer aan dit kanaal wordt gewerkt, zoals \"mo-fr 08:30-17:00\"",
	"a list of texts":                                                           "een lijst met teksten",
	"text in quotes":                                                            "tekst tussen aanhalingstekens",

	// Workbooks.
	"read workbook: damaged: %v":                                                           "werkboek lezen: beschadigd: %v",
	"there is no sheet %q":                                                                 "er is geen blad %q",
	"this is an old Excel file (.xls); save it as .xlsx or CSV":                            "dit is een oud Excel-bestand (.xls); sla het op als .xlsx of CSV",
	"this is not a table: neither text nor an .xlsx workbook":                              "dit is geen tabel: geen tekst en geen .xlsx-werkboek",
	"the workbook has no sheet with rows":                                                  "het werkboek heeft geen blad met rijen",
	"not a roster workbook of kcc: the hidden sheet _kcc is missing or of another kind":    "geen roosterwerkboek van kcc: het verborgen blad _kcc ontbreekt of is van een andere soort",
	"the sheet %q is missing: was it renamed or deleted?":                                  "het blad %q ontbreekt: is het hernoemd of verwijderd?",
	"sheet %q, cell %s: agent %s is not among the agents":                                  "blad %q, cel %s: medewerker %s is niet een van de medewerkers",
	"sheet %q, cell %s: %q is not a kind of shift: want 08:30-17:00, -, L, Z or one of %v": "blad %q, cel %s: %q is geen soort dienst: verwacht 08:30-17:00, -, L, Z of een van %v",
	"the row of an agent is missing: %v":                                                   "de rij van een medewerker ontbreekt: %v",
	"this is not an iCalendar file: it has no BEGIN:VCALENDAR":                             "dit is geen iCalendar-bestand: het heeft geen BEGIN:VCALENDAR",

	// The team and the roster.
	"an id that is not used before (line %d)":                              "een id dat nog niet is gebruikt (regel %d)",
	"breaks such as 12:00+30u;15:15+15p":                                   "pauzes zoals 12:00+30u;15:15+15p",
	"breaks such as 30m@3h-5h unpaid; 15m@1h30-3h paid":                    "pauzes zoals 30m@3h-5h unpaid; 15m@1h30-3h paid",
	"a plan such as 08:00 phone;10:00 chat":                                "een plan zoals 08:00 phone;10:00 chat",
	"a time at or after earliest_start":                                    "een tijd op of na earliest_start",
	"a duration such as 8h30m, or min_length and max_length":               "een duur zoals 8h30m, of min_length en max_length",
	"a duration such as 45m or 2h":                                         "een duur zoals 45m of 2h",
	"a time after start":                                                   "een tijd na start",
	"there is no requirement in it":                                        "er staat geen bezettingsvraag in",
	"the requirement has no interval from %s to %s: it runs from %s to %s": "de bezettingsvraag heeft geen interval van %s tot en met %s: zij loopt van %s tot en met %s",
	"more wrong rows are not listed":                                       "meer foute rijen worden niet getoond",
	"no agent has a contract between %s and %s":                            "geen medewerker heeft een contract tussen %s en %s",
	"--skill is missing: want one of %s":                                   "--skill ontbreekt: verwacht een van %s",
	"--at %v is not within the roster, %s to %s":                           "--at %v valt niet binnen het rooster, %s tot en met %s",
	"--date %s is not within the roster, %s to %s":                         "--date %s valt niet binnen het rooster, %s tot en met %s",
	"availability: not in the list of agents: %v":                          "beschikbaarheid: niet in de lijst met medewerkers: %v",

	// Events and changes by hand.
	"event %q":      "gebeurtenis %q",
	"adjustment %q": "aanpassing %q",
	"event %q ends on %s, before it starts on %s":                       "gebeurtenis %q eindigt op %s, voor het begin op %s",
	"--percent %s: want more than -100; use --set 0 for nothing at all": "--percent %s: verwacht meer dan -100; gebruik --set 0 voor helemaal niets",
	"give one of --percent, --add and --set":                            "geef een van --percent, --add en --set",
	"kcc forecast events list shows them":                               "kcc forecast events list toont ze",
	"kcc forecast adjust --list shows them":                             "kcc forecast adjust --list toont ze",

	// Flags of import.
	"encoding %q": "codering %q", "dst %q": "dst %q", "field %q": "veld %q", "decimal mark %q": "decimaalteken %q",
	"a dot or a comma":               "een punt of een komma",
	"there is no source %q":          "er is geen bron %q",
	"there is no rule %q":            "er is geen regel %q",
	"import template %s":             "import template %s",
	"a file name that ends in .xlsx": "een bestandsnaam die eindigt op .xlsx",
	"first, second or merge":         "first, second of merge",
}
