package importer

import (
	"strings"
	"sync"

	"kcc/internal/tabular"
)

// Field is something a column can hold.
type Field string

// The fields that columns are mapped to.
const (
	fStart     Field = "start"
	fDate      Field = "date"
	fTime      Field = "time"
	fEnd       Field = "end"
	fEndTime   Field = "end_time"
	fEndDate   Field = "end_date"
	fAnswerAt  Field = "answered_at"
	fStep      Field = "interval"
	fOffered   Field = "offered"
	fAnswered  Field = "answered"
	fAbandoned Field = "abandoned"
	fShort     Field = "short_abandoned"
	fWithin    Field = "within_target"
	fTarget    Field = "target"
	fLevel     Field = "service_level"
	fWait      Field = "wait"
	fTalk      Field = "talk"
	fHold      Field = "hold"
	fACW       Field = "acw"
	fAHT       Field = "aht"
	fMoved     Field = "transferred"
	fQueue     Field = "queue"
	fChannel   Field = "channel"
	fID        Field = "id"
	fUpdated   Field = "updated"
	fAgent     Field = "agent"
	fOutcome   Field = "outcome"
	fResolved  Field = "resolved"
	fDirection Field = "direction"
	fSubject   Field = "subject"
	fKind      Field = "kind"
	fSegment   Field = "segment"
	fCause     Field = "cause"
	fParty     Field = "party"
	fBSN       Field = "bsn"
	fCSAT      Field = "csat"
	fEffort    Field = "effort"
	fNPS       Field = "nps"
	fDept      Field = "department"
	fArticle   Field = "article"
	fNote      Field = "note"
	fState     Field = "state"
	fStatus    Field = "status"
	fPriority  Field = "priority"
	fReceived  Field = "received"
	fHandedTo  Field = "handed_off_to"
	fHandedAt  Field = "handed_off"
	fDue       Field = "due"
	fClosed    Field = "closed"
	fTicket    Field = "ticket"
	fFieldName Field = "field_name"
	fValue     Field = "value"
	fSchedule  Field = "schedule"
	fZone      Field = "zone"
	fFromMin   Field = "from_minute"
	fToMin     Field = "to_minute"
	fIgnore    Field = "-"
)

// fieldType is what kind of cell a field wants.
type fieldType int

const (
	textField fieldType = iota
	timeField
	durationField
	countField
	ratioField
	flagField
)

// fieldSpec names a field's type and the headers it is known by, best first, as
// headerKey leaves them (lower case, no blanks, accents, units, avg or total).
type fieldSpec struct {
	field Field
	typ   fieldType
	names string
}

// fieldSpecs is the synonym table, in English and Dutch.
func fieldSpecs() []fieldSpec {
	return []fieldSpec{
		{fStart, timeField, "start starttime startdatetime intervalstart intervalstarttime startinterval starttijd begintijd begin timestamp datetime datetimestart startdatumtijd datumtijd datumentijd tijdstip starttijdstip initiationtimestamp contactstart callstart callstarttime calltime startofcall interactionstart conversationstart conversationstarttime periodstart periodstartdatetime intervalbegin starttimestamp arrival arrivaltime arrivedat enqueued enqueuedat startedat calldatetime calldate queuestart binnenkomst binnengekomenop begonnenop begintijdstip aanvang aanvangstijd interval halfhour halfhourstart quarterhour period periode kwartier halfuur uurblok tijdvak tijdsblok tijdblok intervaltijd startdate"},
		{fDate, timeField, "date datum day dag startdate startdatum begindatum calldate contactdate datumcontact gespreksdatum datumgesprek belddatum reportdate rapportdatum intervaldate callday row_date rowdate"},
		{fTime, timeField, "time tijd timeofday clocktime starttime starttijd begintijd intervaltime intervaltijd hour hours uur halfhour kwartier halfuur interval intervalstart tijdvak tijdblok tijdsblok uurblok period periode begin calltime timeslot slot tijdslot start van"},
		{fEnd, timeField, "end endtime enddatetime intervalend intervalendtime eindtijd einde eind eindtijdstip disconnecttimestamp callend callendtime endedat endtimestamp hangup hanguptime completed completedat stoptime stop ended eindinterval periodend tot"},
		{fEndDate, timeField, "enddate einddatum"},
		{fAnswerAt, timeField, "answertime answeredat answertimestamp connectedtoagenttimestamp connecttime connectedat agentconnectedtimestamp opgenomenom beantwoordom answeredtime opneemtijd pickuptime"},
		{fStep, durationField, "interval intervallength intervallen intervalduration step intervallengte intervalduur granularity"},
		{fOffered, countField, "offered offer offers callsoffered contactsoffered chatsoffered offeredcalls callspresented contactspresented presented contactsqueued callsqueued queued incomingcalls inboundcalls callsinbound inbound incoming received callsreceived entered entries callsentered calls contacts volume count ncontacts ncalls callvolume contactvolume totalcalls total callcount interactions conversations cases requests arrivals demand aangeboden aangebodengesprekken aangebodenoproepen aangebodencalls inkomend inkomende inkomendegesprekken inkomendeoproepen inkomendecalls binnengekomen binnengekomengesprekken aanbod oproepen gesprekken telefoontjes contacten aantal aantaloproepen aantalgesprekken aantalcontacten ingekomen ontvangen instroom noffered nentered noffer"},
		{fAnswered, countField, "answered answer answers handled callshandled contactshandled callsanswered contactsanswered answeredcalls handledcalls acdcalls connected connectedcalls taken accepted nanswered nhandled completed chatshandled beantwoord beantwoorde beantwoordegesprekken beantwoordeoproepen aangenomen opgenomen afgehandeld afgehandelde gehandeld verwerkt afgehandeldegesprekken aangenomengesprekken opgenomengesprekken"},
		{fAbandoned, countField, "abandoned abandon abandons abandonedcalls callsabandoned contactsabandoned callsaband abancalls abandcalls aband lost lostcalls dropped missed missedcalls unanswered nabandoned nabandon hangups opgehangen afgehaakt afgehaakte afhakers verlaten gemist gemiste gemistegesprekken gemisteoproepen uitval verloren verlorengesprekken nietbeantwoord verbroken opgehangenklanten"},
		{fShort, countField, "shortabandoned shortabandon shortabandons shortcalls shortaband abandonedshort kortopgehangen korteafhakers kortverbroken abandonedwithinthreshold"},
		{fWithin, countField, "withintarget withinsl answeredinsl answeredwithinsl withinservicelevel answeredwithintarget answeredwithinservicelevel acceptable insl withinthreshold answeredwithinthreshold answeredwithin answeredin binnennorm binnen binnenservicelevel binnendrempel binnentijd beantwoordbinnen beantwoordbinnennorm noversla contactsansweredin slacalls callsinsl answeredinservicelevel"},
		{fTarget, durationField, "target targetseconds slatarget threshold servicelevelthreshold targets normtijd drempel"},
		{fLevel, ratioField, "servicelevel sl sla inservlevl inservlevel servicelevelmet percentageofservicelevelmet servicelevelmetpercentage withinservicelevelpct bereikbaarheid servicegraad slapct tsf grade ofservice percentageofservicelevelmetnegativeabandoned percentageofservicelevelmetabandonedcontactscountednegatively percentageofservicelevelmetonlyhandled percentageofservicelevelmetonlyhandledcontacts percentageofservicelevelmetwithoutabandoned percentageofservicelevelmetwithoutabandonedcontacts"},
		{fWait, durationField, "asa speedofanswer speedanswer speedans speedtoanswer answerspeed queuetime queueanswertime waittime wait waiting waitingtime queueduration queuewait queuewaittime timeinqueue timetoanswer timeinqueuesec waitduration ringtime wachttijd wachtduur wachten wachttijdinwachtrij wachtrijtijd snelheidantwoord antwoordsnelheid opneemsnelheid tijdinwachtrij queuedtime enqueuetime holdtimeinqueue tanswered waitanswered wachttijdbeantwoord ringing"},
		{fTalk, durationField, "talk talktime talkduration acdtime acdtalktime interactiontime agentinteractionduration agentinteraction conversationtime conversationduration ttalk gesprekstijd gespreksduur spreektijd spreekduur praattijd talkingtime timetalking billsec handletalk gespreksduurtijd chattijd chatduration chattime talking"},
		{fHold, durationField, "hold holdtime holdduration customerholdduration customerholdtime held heldtime thold indewacht wachtstand wachtstandtijd holdtijd tijdindewacht indewachttijd ondehold indewachtstand holding holdingtime"},
		{fACW, durationField, "acw acwtime aftercallwork aftercontactwork aftercontactworkduration aftercontactworktime aftercallworktime aftercall wrap wrapup wrapuptime wrapuptime wraptime wrapupduration wrapduration tacw nawerktijd nawerk nawerken naverwerking naverwerkingstijd afrondtijd administratietijd acwduration worktime"},
		{fAHT, durationField, "aht handle handletime handlingtime handleduration handlingduration thandle behandeltijd afhandeltijd afhandelduur behandelduur verwerkingstijd callduration duration duur totalduration calllength length gespreksenwerktijd ahttime servicetime contactduration"},
		{fMoved, countField, "transferred transfer transfers transferedcalls transferredcalls ntransferred flowout callstransferred doorverbonden doorgeschakeld doorgezet transferout"},
		{fQueue, textField, "queue queuename csq csqname split skill splitskill vdn skillname campaign campaignname acdqueue servicequeue contactqueue callqueue wachtrij wachtrijnaam rij lijn vaardigheid skillgroep skillgroup line service dienst team groep group hunt huntgroup queuegroup telefoonlijn ctqueue queueid acdgroup application ringgroup ringgroups"},
		{fChannel, textField, "channel channelname mediatype media viachannel contacttype channeltype mediumtype medium kanaal kanaaltype mediatypename contactkanaal interactiontype contactchannel ingangskanaal ingang via"},
		{fID, textField, "id contactid callid conversationid uniqueid uuid interactionid sessionid callnumber recordid linkedid guid calluuid ticketid ticketnumber caseid casenumber contactnummer zaaknummer gespreksid gespreknummer gespreksnummer contactmomentid registratienummer meldingsnummer nummer ticketnummer referentie reference externalid kenmerk key contactmomentnummer"},
		{fUpdated, timeField, "updated lastupdate lastupdated updatedat lastupdatetimestamp lastmodified lastmodifiedat modified modifiedat lastchange laatstgewijzigd gewijzigd gewijzigdop laatstewijziging mutatiedatum"},
		{fAgent, textField, "agent agentname agentusername username agentlogin agentid agentfullname adviser advisor employee medewerker medewerkernaam naammedewerker kccmedewerker adviseur user handledby answeredby behandelaar assignee assigneeid login loginid agentloginid operator worker behandeldoor consulent"},
		{fOutcome, textField, "outcome disposition dispositioncode result resultcode wrapupcode wrapcode contactdisposition callstatus callresult callresultcode resultaat gespreksresultaat afhandelcode uitkomst status resultaatcode afhandeling contactresult calloutcome hangupcause contactresultaat afloop eindstatus disconnectreason"},
		{fResolved, flagField, "resolved fcr firstcontactresolution firstcallresolution issolved solved opgelost directopgelost ineenkeeropgelost issueresolved resolvedflag"},
		{fDirection, textField, "direction initiationmethod calldirection originatingdirection richting inuit inoutbound callflow richtinggesprek inkomenduitgaand calltype"},
		{fSubject, textField, "subject topic topicname subjectname onderwerp onderwerpnaam thema product subcategory category categorie productname productgroep vraagonderwerp hoofdonderwerp complainttype contactsubject hoofdcategorie"},
		{fKind, textField, "kind type soort contactkind reasontype soortcontact soortvraag vraagtype typecontact tickettype casetype vraagsoort contactsoort"},
		{fSegment, textField, "segment customersegment doelgroep klantgroep klantsegment klanttype customertype customergroup audience klantsoort"},
		{fCause, textField, "cause reason contactreason callreason rootcause oorzaak reden aanleiding redencontact contactreden tag tags category categorie"},
		{fParty, textField, "party customer customerid customerphone customernumber customeremailaddress phonecustomer klanttelefoon klantemail callerid caller callernumber cli ani clid phonenumber phone telephone telefoon telefoonnummer klant klantnummer klantid email emailaddress emailadres mail customeremail requester requesterid contactperson fromaddress from afzender customerendpoint customerendpointaddress partyref partyid bellernummer belnummer mobiel mobile nummerbeller"},
		{fBSN, textField, "bsn burgerservicenummer sofinummer sofi citizenservicenumber"},
		{fCSAT, countField, "csat satisfaction satisfactionrating satisfactionscore customersatisfaction rating klanttevredenheid tevredenheid waardering rapportcijfer cijfer kto surveyscore score"},
		{fEffort, countField, "effort ces customereffort customereffortscore effortscore moeite klantinspanning inspanning"},
		{fNPS, countField, "nps npsscore netpromoterscore npsrating recommend recommendation wouldrecommend likelihoodtorecommend aanbeveling aanbevelingsscore aanbevelen zouaanbevelen npscijfer"},
		{fDept, textField, "department afdeling vakafdeling dept backoffice organisatieonderdeel responsibledepartment verantwoordelijkeafdeling cluster"},
		{fArticle, textField, "article articleid kbarticle vac artikel artikelid kennisartikel bron knowledgearticle"},
		{fNote, textField, "note notes remarks comment comments opmerking opmerkingen notitie notities toelichting omschrijving description vraag question memo tekst"},
		{fState, textField, "state agentstate agentstatus toestand staat agentstatename auxstate activity activiteit statename presence routingstatus statusnaam reasoncode aux status"},
		{fStatus, textField, "status ticketstatus casestatus statusticket zaakstatus"},
		{fPriority, textField, "priority prioriteit urgency urgentie prio"},
		{fReceived, timeField, "received receivedat createdat created creationdate createddate createdon opened openedat opendate openeddate ontvangen ontvangenop ontvangstdatum aangemaakt aangemaaktop registratiedatum gemeld gemeldop datumontvangst datummelding aanmaakdatum ingediend binnengekomenop startdatum createdatetime submitted submittedat"},
		{fHandedTo, textField, "handedoffto handoffto assignedgroup assignedto group groupname groupid assigneegroup doorgezetnaar doorgezetaan toegewezenaan behandelgroep behandelafdeling team department afdeling oplosgroep resolutiongroup assignmentgroup doorverwezennaar overgedragenaan"},
		{fHandedAt, timeField, "handedoff handedoffat handoff assignedat assigned transferredat doorgezetop doorgezet toegewezenop overgedragenop dateassigned assigneddate doorgezetdatum"},
		{fDue, timeField, "due dueat duedate streefdatum deadline uiterlijkeafdoening fataledatum vervaldatum termijn afhandelenvoor uiterstedatum uiterlijk targetdate"},
		{fClosed, timeField, "closed closedat closeddate closedon closingdate solvedat resolvedat resolutiondate completedat completeddate afgehandeldop afgehandeld gesloten geslotenop afgesloten afgeslotenop afsluitdatum einddatum gereed gereedop datumafgehandeld solveddate resolvedon finished"},
		{fTicket, textField, "ticketid ticket caseid zaakid"},
		{fFieldName, textField, "fieldname field veld veldnaam"},
		{fValue, textField, "value newvalue waarde nieuwewaarde"},
		{fSchedule, textField, "scheduleid schedule"},
		{fZone, textField, "timezone tz tijdzone zone"},
		{fFromMin, countField, "starttime from"},
		{fToMin, countField, "endtime to"},
	}
}

// headerInfo is what a header says besides its name.
type headerInfo struct {
	key    string  // all words
	core   string  // without avg, total, number of, and so on
	agg    byte    // 'a' average, 't' total, 0 not said
	unit   float64 // seconds per unit, 0 not said
	hhmm   bool    // says hh:mm
	pct    bool    // says %
	utc    bool    // says UTC
	within float64 // seconds in "within 30 sec"
}

// headerKey takes a header apart.
func headerKey(h string) headerInfo {
	var in headerInfo
	in.pct = strings.Contains(h, "%")
	words := strings.Split(tabular.Snake(h), "_")
	var all, core []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		last := i == len(words)-1
		switch {
		case w == "":
			continue
		case w == "pct" || w == "perc" || w == "percentage" || w == "procent" || w == "rate":
			in.pct = true
			if w != "rate" || len(all) > 0 {
				if !last || len(all) > 0 {
					continue
				}
			}
		case (w == "utc" || w == "gmt") && len(words) > 1:
			in.utc = true
			continue
		case w == "local" && len(words) > 1, w == "lokaal" && len(words) > 1:
			continue
		case (w == "hh" || w == "h" || w == "uu" || w == "u") && i+1 < len(words) && words[i+1] == "mm":
			in.hhmm = i+2 >= len(words) || words[i+2] != "ss"
			for i+1 < len(words) && (words[i+1] == "mm" || words[i+1] == "ss") {
				i++
			}
			continue
		case w == "mm" && i+1 < len(words) && words[i+1] == "ss":
			i++
			continue
		case w == "in" && !last && isUnit(words[i+1]):
			continue
		case isDigits(w) && i > 0 && !last && isUnit(words[i+1]), isDigits(w) && last && len(all) > 0:
			// binnen 30 sec, answered in 20s, sl 20
			n := 0.0
			for _, c := range w {
				n = n*10 + float64(c-'0')
			}
			in.within = n
			if !last {
				u, _ := unitSeconds(words[i+1])
				in.within *= u
				i++
			}
			continue
		case withinWord(w) > 0 && i > 0:
			in.within = withinWord(w)
			continue
		case last && len(all) > 0 && isUnit(w) && all[len(all)-1] != "half" && all[len(all)-1] != "quarter":
			in.unit, _ = unitSeconds(w)
			continue
		}
		all = append(all, w)
		switch w {
		case "avg", "average", "gem", "gemiddeld", "gemiddelde", "mean", "gemid", "ave":
			in.agg = 'a'
		case "total", "tot", "totaal", "totale", "sum", "som":
			in.agg = 't'
		case "aantal", "number", "nr", "no", "num", "of", "the", "de", "het", "van", "count", "n", "per", "een", "and", "en", "to", "op", "voor", "naam", "name":
		default:
			core = append(core, w)
		}
	}
	in.key = strings.Join(all, "")
	in.core = strings.Join(core, "")
	return in
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" && len(s) < 6 }

func isUnit(w string) bool {
	_, ok := unitSeconds(w)
	return ok && w != "d" && w != "day" && w != "dag"
}

// withinWord reads 30s or 20sec inside a header.
func withinWord(w string) float64 {
	i := 0
	n := 0.0
	for i < len(w) && isDigit(w[i]) && i < 5 {
		n = n*10 + float64(w[i]-'0')
		i++
	}
	if i == 0 || i == len(w) {
		return 0
	}
	u, ok := unitSeconds(w[i:])
	if !ok {
		return 0
	}
	return n * u
}

// candidate is a field a header may stand for; a lower rank fits better.
type candidate struct {
	field Field
	typ   fieldType
	rank  int
}

type synonymTable struct {
	byName map[string][]candidate
	typ    map[Field]fieldType
}

// synonyms returns the table by header key.
var synonyms = sync.OnceValue(func() *synonymTable {
	t := &synonymTable{map[string][]candidate{}, map[Field]fieldType{}}
	for _, spec := range fieldSpecs() {
		t.typ[spec.field] = spec.typ
		for i, n := range strings.Fields(spec.names) {
			dup := false
			for _, c := range t.byName[n] {
				dup = dup || c.field == spec.field
			}
			if !dup {
				t.byName[n] = append(t.byName[n], candidate{spec.field, spec.typ, i})
			}
		}
		// The name of a field itself always counts, as in --map and templates.
		own := strings.ReplaceAll(string(spec.field), "_", "")
		found := false
		for _, c := range t.byName[own] {
			found = found || c.field == spec.field
		}
		if !found {
			t.byName[own] = append(t.byName[own], candidate{spec.field, spec.typ, 0})
		}
	}
	return t
})

// Penalties on the rank of a header that fits only after words are left out.
const (
	coreRank = 100
	tailRank = 200
)

// candidates returns the fields that a header may stand for.
func (in headerInfo) candidates() []candidate {
	t := synonyms()
	if in.key == "" {
		return nil
	}
	if c := t.byName[in.key]; c != nil {
		return c
	}
	add := func(cs []candidate, by int) []candidate {
		out := make([]candidate, len(cs))
		for i, c := range cs {
			out[i] = candidate{c.field, c.typ, c.rank + by}
		}
		return out
	}
	if c := t.byName[in.core]; c != nil && in.core != "" {
		out := add(c, coreRank)
		for i := range out {
			if in.agg == 'a' && out[i].typ == durationField { // an average is what an elapsed time of rows is
				out[i].rank -= coreRank - 1
			}
		}
		return out
	}
	for _, s := range withoutNoun(in.core) {
		if c := t.byName[s]; c != nil {
			return add(c, coreRank)
		}
	}
	return nil
}

// candidatesOf returns the fields a header may stand for. Of the path of a JSON
// record the whole counts first, then its last two names, then the last.
func candidatesOf(header string, path bool) ([]candidate, headerInfo) {
	in := headerKey(header)
	c := in.candidates()
	if c != nil || !path {
		return c, in
	}
	parts := strings.Split(header, ".")
	for n := min(2, len(parts)-1); n > 0; n-- {
		last := headerKey(strings.Join(parts[len(parts)-n:], "."))
		if n == 1 && last.key == "type" {
			continue // of an endpoint or a queue, not of the contact
		}
		for _, c := range last.candidates() {
			if c.rank < coreRank {
				return []candidate{{c.field, c.typ, c.rank + tailRank}}, last
			}
		}
	}
	return nil, in
}

// withoutNoun drops the word for what is counted: callsoffered -> offered.
func withoutNoun(s string) []string {
	var out []string
	for _, n := range []string{"calls", "contacts", "chats", "call", "contact", "oproepen", "gesprekken", "contacten", "interactions", "emails", "mails", "tijd", "time", "duration", "seconds"} {
		if r, ok := strings.CutPrefix(s, n); ok && r != "" {
			out = append(out, r)
		}
		if r, ok := strings.CutSuffix(s, n); ok && r != "" {
			out = append(out, r)
		}
	}
	return out
}
