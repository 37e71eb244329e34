package contacts

import "strings"

// Channels as kcc names them.
const (
	Phone    = "phone"
	Email    = "email"
	Chat     = "chat"
	WhatsApp = "whatsapp"
	Webform  = "webform"
	Social   = "social"
	Counter  = "counter"
	Letter   = "letter"
	Bot      = "bot"
	Callback = "callback"
	SMS      = "sms"
	Video    = "video"
)

// ChannelName returns kcc's name for a channel, from the words that systems and
// people use in English and Dutch; other names stay, in lower case.
func ChannelName(s string) string {
	w := strings.ToLower(strings.TrimSpace(s))
	switch strings.NewReplacer(" ", "", "-", "", "_", "").Replace(w) {
	case "phone", "voice", "call", "calls", "telephone", "telefoon", "telefonie", "tel", "telefonisch", "voicecall", "inboundvoice", "acd", "phonecall", "audio", "telephony", "gesprek", "bellen", "phoneinbound", "phonecallinbound", "voip", "belletje":
		return Phone
	case "email", "mail", "emails", "emailinbound", "mailbox", "emailchannel":
		return Email
	case "chat", "webchat", "livechat", "messaging", "message", "messages", "webmessaging", "chatting", "nativemessaging", "chats", "onlinechat":
		return Chat
	case "whatsapp", "wa", "whatsappbusiness":
		return WhatsApp
	case "webform", "web", "form", "formulier", "webformulier", "website", "contactformulier", "eform", "eformulier", "online", "webformulieren", "helpcenter":
		return Webform
	case "social", "socialmedia", "facebook", "twitter", "x", "instagram", "socials", "facebookmessenger", "messenger", "twitterdm":
		return Social
	case "counter", "balie", "desk", "walkin", "loket", "frontdesk", "inperson", "persoonlijk", "publieksbalie", "bezoek":
		return Counter
	case "letter", "post", "brief", "papermail", "fax", "schriftelijk", "poststuk":
		return Letter
	case "bot", "chatbot", "voicebot", "virtualassistant", "virtueleassistent", "ivr":
		return Bot
	case "callback", "terugbel", "terugbellen", "terugbelverzoek", "terugbelverzoeken":
		return Callback
	case "sms", "text":
		return SMS
	case "video", "videobellen", "beeldbellen", "videocall":
		return Video
	}
	return w
}

// DirectionName returns Inbound or Outbound; what says nothing is inbound.
func DirectionName(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "outbound", "out", "uit", "uitgaand", "uitgaande", "external_outbound", "outgoing", "o", "dialer":
		return Outbound
	}
	return Inbound
}

// OutcomeName returns kcc's name for how a contact ended; other words stay, in
// lower case.
func OutcomeName(s string) string {
	w := strings.ToLower(strings.TrimSpace(s))
	switch strings.NewReplacer(" ", "_", "-", "_").Replace(w) {
	case "answered", "handled", "connected", "completed", "complete", "beantwoord", "aangenomen", "opgenomen", "afgehandeld", "answer", "success", "completecaller", "completeagent", "y", "yes", "ja":
		return Answered
	case "answered_self", "zelf_afgehandeld", "zelf_beantwoord", "eigen_antwoord", "own_answer":
		return AnsweredSelf
	case "abandoned", "abandon", "opgehangen", "afgehaakt", "gemist", "missed", "lost", "no_answer", "noanswer", "unanswered", "niet_beantwoord", "verlaten", "caller_hung_up", "dropped", "abandoned_in_queue", "n", "no", "nee", "not_answered":
		return Abandoned
	case "short_abandon", "short_abandoned", "shortabandon", "kort_opgehangen", "kort_afgehaakt", "short_call":
		return ShortAbandon
	case "transferred", "transfer", "transferred_ok", "doorverbonden", "doorgeschakeld":
		return Transferred
	case "handed_off", "handoff", "doorgezet", "handed_over":
		return HandedOff
	case "callback_requested", "callback", "terugbelverzoek", "terugbelafspraak":
		return CallbackRequested
	}
	return w
}
