package main

// dutchTOML holds the Dutch for what the TOML library says of the slips that are made most in
// kcc.toml, a description of the centre or a rule book: a quotation mark, a bracket or an equals
// sign left out, a text without quotation marks, a key written twice.
var dutchTOML = map[string]string{
	"strings cannot contain newlines": "een tekst loopt niet door op de volgende regel: er ontbreekt een aanhalingsteken",
	"expected a top-level item to end with a newline, comment, or EOF, but got ',' instead": "na een waarde verwacht: het einde van de regel of #, niet een komma; een getal heeft een punt, zoals 0.18",
	"expected a top-level item to end with a newline, comment, or EOF, but got %v instead":  "na een waarde verwacht: het einde van de regel of #, niet %v; alleen getallen, true en false staan zonder aanhalingstekens",
	"expected value but found %v instead":                                                   "verwacht een waarde, niet %v; alleen getallen, true en false staan zonder aanhalingstekens",
	"expected '.' or '=', but got %v instead":                                               "verwacht . of = na de naam, niet %v",
	"expected '.' or ']' to end table name, but got %v instead":                             "verwacht ] na de naam van een tabel, niet %v",
	"expected a comma (',') or array terminator (']'), but got %v":                          "verwacht een komma of ] in een lijst, niet %v",
	"expected a comma (',') or array terminator (']'), but got end of file":                 "de lijst houdt niet op: er ontbreekt ]",
	"expected a comma or an inline table terminator '}', but got end of file instead":       "de tabel houdt niet op: er ontbreekt }",
	"expected a comma or an inline table terminator '}', but got %v instead":                "verwacht een komma of } in een tabel, niet %v",
	"expected end of table array name delimiter ']', but got %v instead":                    "verwacht ]] na de naam van een lijst van tabellen, niet %v",
	"unexpected EOF; expected value":                                                        "het bestand houdt op waar een waarde verwacht wordt",
	"Key '%v' has already been defined.":                                                    "%v staat er al",
}
