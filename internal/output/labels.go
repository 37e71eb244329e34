package output

// lbl names a text that stands in workbooks, pages and calendars.
type lbl int

const (
	lblSummary lbl = iota
	lblWeek
	lblCoverage
	lblCoverageData
	lblForecast
	lblForecastData
	lblAgents
	lblViolations
	lblInputs
	lblAsked
	lblService
	lblHours
	lblNotes
	lblLegend
	lblSheets
	lblChannel
	lblTarget
	lblExpected
	lblASA
	lblAbandon
	lblOccupancy
	lblSkill
	lblTotal
	lblRequired
	lblRostered
	lblUnmet
	lblSurplus
	lblDifference
	lblContract
	lblAgent
	lblID
	lblName
	lblTeam
	lblSkills
	lblMin
	lblMax
	lblPeriod
	lblBalance
	lblShift
	lblOff
	lblLeave
	lblSick
	lblUnavailable
	lblLocked
	lblBreak
	lblPaidBreak
	lblEarly
	lblDay
	lblMiddle
	lblLate
	lblPresent
	lblDate
	lblStart
	lblTick
	lblVolume
	lblLow
	lblHigh
	lblAHT
	lblNote
	lblKind
	lblHard
	lblSoft
	lblRule
	lblDetail
	lblNoViolations
	lblHardFound
	lblSoftFound
	lblContacts
	lblAgentsUnit
	lblReadBack
	lblCoverageRatio
	lblHoursDiff
	lblDays
	lblDaysWorked
	lblAgainstTarget
	lblUnderReq
	lblOverContract
	lblPerWeek
	lblPerFourWeeks
	lblPerYear
	lblCount
)

// labels holds each text in English and Dutch.
var labels = [lblCount][2]string{
	lblSummary:      {"Summary", "Samenvatting"},
	lblWeek:         {"Week", "Week"},
	lblCoverage:     {"Coverage", "Dekking"},
	lblCoverageData: {"Coverage per interval", "Dekking per interval"},
	lblForecast:     {"Forecast", "Verwachting"},
	lblForecastData: {"Forecast per interval", "Verwachting per interval"},
	lblAgents:       {"Agents", "Medewerkers"},
	lblViolations:   {"Violations", "Overtredingen"},
	lblInputs:       {"Inputs", "Invoer"},
	lblAsked:        {"What was asked", "Wat is gevraagd"},
	lblService:      {"Expected service level", "Verwacht servicelevel"},
	lblHours:        {"Hours", "Uren"},
	lblNotes:        {"Remarks", "Opmerkingen"},
	lblLegend:       {"Legend", "Legenda"},
	lblSheets:       {"Sheets", "Bladen"},
	lblChannel:      {"Channel", "Kanaal"},
	lblTarget:       {"Target", "Norm"},
	lblExpected:     {"Expected", "Verwacht"},
	lblASA:          {"Mean wait", "Gem. wachttijd"},
	lblAbandon:      {"Abandoned", "Opgehangen"},
	lblOccupancy:    {"Occupancy", "Bezettingsgraad"},
	lblSkill:        {"Skill", "Vaardigheid"},
	lblTotal:        {"Total", "Totaal"},
	lblRequired:     {"Required", "Nodig"},
	lblRostered:     {"Rostered", "Ingeroosterd"},
	lblUnmet:        {"Unmet", "Tekort"},
	lblSurplus:      {"Surplus", "Overschot"},
	lblDifference:   {"Difference", "Verschil"},
	lblContract:     {"Contract", "Contract"},
	lblAgent:        {"Agent", "Medewerker"},
	lblID:           {"Id", "Id"},
	lblName:         {"Name", "Naam"},
	lblTeam:         {"Team", "Team"},
	lblSkills:       {"Skills", "Vaardigheden"},
	lblMin:          {"Minimum", "Minimum"},
	lblMax:          {"Maximum", "Maximum"},
	lblPeriod:       {"Counted per", "Geteld per"},
	lblBalance:      {"Balance", "Saldo"},
	lblShift:        {"Shift", "Dienst"},
	lblOff:          {"off", "vrij"},
	lblLeave:        {"leave", "verlof"},
	lblSick:         {"sick", "ziek"},
	lblUnavailable:  {"not available", "niet beschikbaar"},
	lblLocked:       {"locked", "vastgezet"},
	lblBreak:        {"break", "pauze"},
	lblPaidBreak:    {"paid break", "betaalde pauze"},
	lblEarly:        {"starts before 09:00", "begint voor 09:00"},
	lblDay:          {"starts 09:00-11:59", "begint 09:00-11:59"},
	lblMiddle:       {"starts 12:00-14:59", "begint 12:00-14:59"},
	lblLate:         {"starts from 15:00", "begint vanaf 15:00"},
	lblPresent:      {"Agents at work", "Aan het werk"},
	lblDate:         {"Date", "Datum"},
	lblStart:        {"Start", "Begin"},
	lblTick:         {"Axis", "As"},
	lblVolume:       {"Contacts", "Contacten"},
	lblLow:          {"Low", "Laag"},
	lblHigh:         {"High", "Hoog"},
	lblAHT:          {"Handle time", "Afhandeltijd"},
	lblNote:         {"Remark", "Opmerking"},
	lblKind:         {"Kind", "Soort"},
	lblHard:         {"hard", "hard"},
	lblSoft:         {"wish", "wens"},
	lblRule:         {"Rule", "Regel"},
	lblDetail:       {"What is wrong", "Wat er mis is"},
	lblNoViolations: {"The checker found no violation.", "De controle vond geen overtredingen."},
	lblHardFound:    {"Violations of hard rules", "Overtredingen van harde regels"},
	lblSoftFound:    {"Wishes not met", "Wensen niet vervuld"},
	lblContacts:     {"contacts", "contacten"},
	lblAgentsUnit:   {"agents", "medewerkers"},
	lblReadBack: {
		"The day cells are read back by kcc: 08:30-17:00, a shift name, - off, L leave, Z sick; ! at the end locks the cell.",
		"De dagcellen leest kcc weer in: 08:30-17:00, een dienstnaam, - vrij, L verlof, Z ziek; ! aan het eind zet de cel vast.",
	},
	lblCoverageRatio: {"Covered", "Gedekt"},
	lblHoursDiff:     {"Against contract", "T.o.v. contract"},
	lblDays:          {"days", "dagen"},
	lblDaysWorked:    {"Days", "Dagen"},
	lblAgainstTarget: {"Against target", "T.o.v. norm"},
	lblUnderReq:      {"fewer rostered than required", "minder ingeroosterd dan nodig"},
	lblOverContract:  {"hours more than 15 minutes from the contract", "uren meer dan 15 minuten van het contract"},
	lblPerWeek:       {"week", "week"},
	lblPerFourWeeks:  {"4 weeks", "4 weken"},
	lblPerYear:       {"year", "jaar"},
}

// label returns a text in the language.
func (l Lang) label(k lbl) string {
	if l == Dutch {
		return labels[k][1]
	}
	return labels[k][0]
}
