package cause

import (
	"cmp"
	"slices"
)

// Code is a cause of contacts: why a customer had to contact the centre.
type Code struct {
	Code           string
	Title, TitleNL string
	Avoidable      bool    // the customer would rather not have needed the contact
	Organisation   bool    // the organisation gains by the contact
	Gain           float64 // share of the contacts that the action is expected to take away, 0..1
	Action         string  // what would prevent them
	ActionNL       string
}

// TitleIn returns the title in Dutch or English, or the code.
func (c *Code) TitleIn(dutch bool) string {
	if dutch {
		return cmp.Or(c.TitleNL, c.Title, c.Code)
	}
	return cmp.Or(c.Title, c.Code)
}

// ActionIn returns the action in Dutch or English.
func (c *Code) ActionIn(dutch bool) string {
	if dutch {
		return cmp.Or(c.ActionNL, c.Action)
	}
	return c.Action
}

// The codes that rules give.
const (
	StatusChase   = "status_chase"
	MissedPromise = "missed_promise"
	UnclearLetter = "unclear_letter"
	Repeat        = "repeat"
	WrongChannel  = "wrong_channel"
)

// Unknown is the code of contacts on which no cause was noted and that no rule
// fits.
const Unknown = ""

// Codes returns the cause codes that come with kcc. The gains are assumptions to
// start from; a centre puts its own in their place as it measures actions (kcc
// inform effect).
func Codes() []Code {
	return []Code{
		{StatusChase, "Asks for the status", "Vraagt naar de stand", true, false, 0.5, "Send status updates unasked", "Stuur ongevraagd statusberichten"},
		{MissedPromise, "Promise missed", "Belofte niet nagekomen", true, false, 0.6, "Keep the promised lead time, or tell in time that it will be later", "Kom de beloofde doorlooptijd na, of meld op tijd dat het later wordt"},
		{UnclearLetter, "Letter not clear", "Brief onduidelijk", true, false, 0.5, "Rewrite the letter and test it with readers", "Herschrijf de brief en test hem met lezers"},
		{"unclear_website", "Website not clear", "Website onduidelijk", true, false, 0.4, "Improve the page and what search finds", "Verbeter de pagina en de vindbaarheid"},
		{"broken_form", "Form does not work", "Formulier werkt niet", true, false, 0.8, "Mend the form and watch it", "Herstel het formulier en bewaak het"},
		{Repeat, "Repeat contact", "Herhaalcontact", true, false, 0.4, "Settle the question at first contact", "Handel de vraag in één keer af"},
		{WrongChannel, "Wrong channel or desk", "Verkeerd kanaal of loket", true, false, 0.5, "Show the right way in first", "Wijs eerst de juiste ingang"},
		{"service_failure", "Service went wrong", "Dienstverlening ging mis", true, false, 0.5, "Take away what goes wrong in the service", "Neem de fout in de dienstverlening weg"},
		{"new_question", "New question", "Nieuwe vraag", false, false, 0, "", ""},
		{"transaction", "Application or change", "Aanvraag of wijziging", false, true, 0, "", ""},
		{"report", "Report to the organisation", "Melding aan de organisatie", false, true, 0, "", ""},
	}
}

// Book is the cause codes in force: those that come with kcc, with what the
// centre has changed or added in their place.
type Book []Code

// BookOf puts the codes of the centre over those that come with kcc.
func BookOf(own []Code) Book {
	out := Book(Codes())
	for _, c := range own {
		if i := slices.IndexFunc(out, func(o Code) bool { return o.Code == c.Code }); i >= 0 {
			out[i] = c
		} else {
			out = append(out, c)
		}
	}
	return out
}

// Code returns a code by its name; one that is not known is not avoidable.
func (b Book) Code(code string) Code {
	if i := slices.IndexFunc(b, func(o Code) bool { return o.Code == code }); i >= 0 {
		return b[i]
	}
	return Code{Code: code}
}

// Avoidable reports whether contacts of a cause are avoidable.
func (b Book) Avoidable(code string) bool { return b.Code(code).Avoidable }
