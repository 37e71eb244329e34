package search

import "strings"

// stopWords are words without content. They are kept as words (their rarity
// decides what they are worth there) and left out of stems.
var stopWords = map[Lang]map[string]bool{
	Dutch: set(`aan af al alleen als alvast ander andere bij binnen daar dan dat de den der des deze die dit doe doen door dus echt een eens
		en er eens eigen even gaan gaat geen had haar hadden heb hebben hebt heeft hem hen het hier hij hoe hoeveel hun iemand iets ik in is
		ja je jij jou jouw jullie kan kom komen komt krijg krijgen krijgt kun kunnen kunt laat maar mag me mee meer men met mij mijn moet moeten mogen
		na naar niet niets nog nou nu of om omdat onder ons onze ook op over te tegen toch toe tot tussen u uit uw van vaak veel via voor
		waar waarom waarvoor wanneer wat we wel welk welke werd wie wij wil willen word worden wordt zal ze zelf zich zie zij zijn zit zo zonder zou`),
	English: set(`a about after all also am an and any are aren arent as at be because been before being both but by can cant could did do does
		doesnt doing dont down each every few for from further get getting go got had has have having he her here him his how i id if im in into is
		isnt it its ive just let like make me more most my need no nor not now of off on once only or other our out over own please same she should so
		some such than that the their them then there these they this those through to too under until up us use used using very want was way we were what
		when where which while who whom why will with would you your`),
}

func set(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

func stopWord(lang Lang, w string) bool { return stopWords[lang][w] }
