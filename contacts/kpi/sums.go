package kpi

// Sum names one additive count. Every figure is a function of sums, so that a
// total is the figure of the summed parts, never a mean of means.
type Sum int

// The sums. Seconds for times. Those of waiting are over the rows or contacts
// for which they are known; a *N is how many those are.
const (
	Offered   Sum = iota // came in, short abandons included
	Judged               // offered where it is known how they ended
	Answered             // of Judged
	Abandoned            // of Judged, short abandons left out
	Short                // of Judged: gave up within the short limit
	SLOffered            // offered where the answers in time are known
	SLAnswered
	SLShort
	Within    // answered within the target
	SLGone    // offered where it is known who gave up in time
	GoneIn    // gave up within the target, short abandons left out
	Wait      // of answered
	WaitN     // answered with a known wait
	Talk      // of answered
	TalkN     // answered with a known talk time
	Hold      // of answered; 0 where unknown
	HoldN     // answered with a known hold time
	ACW       // after-contact work of answered
	ACWN      // answered with a known after-contact work
	Handle    // talk, hold and after-contact work
	HandleN   // answered with a known handle time
	Contacts  // contact records
	RAnswered // records answered
	OutcomeN  // of RAnswered: the agent told how they ended
	Own       // of OutcomeN: the centre answered itself, to the end
	Plain     // of RAnswered: called answered and no more
	Moved     // records transferred
	Callback  // records that ended in a request to call back
	Handed    // records handed off to a department
	Resolved  // records that the agent calls resolved
	ResolvedN // records for which the agent said so or not
	Known     // records of a known customer
	Party     // answered records of a known customer, one per stretch of transfers
	Followed  // of Party: the customer came back within the window
	JParty    // Party of days old enough to judge
	JFollowed // Followed of days old enough to judge
	Repeats   // records of a customer who was answered on the subject within the window
	CSAT      // marks, and their squares
	CSATSq
	CSATN
	Effort
	EffortSq
	EffortN
	Promoters // marks 9 and 10 of would you recommend us
	Detractors
	NPSN
	Generic       // answered records on subjects of the centre itself
	GenericOwn    // of them, answered by the centre itself to the end
	Specialist    // answered records on subjects of a department
	SpecialistOut // of them, handed off, transferred or promised a call back
	SLHit         // of SLBase, those in time by the formula of the channel
	SLBase        // what the service level is over by the formula of the channel
	SLBlank       // of SLOffered: the formula cannot be told
	Bot           // answered records of channels without agents
	BotOwn        // of them, answered to the end there
	Cost          // money
	CostN         // contacts that Cost is over
	Decided       // promises of which it is settled whether they were kept
	Kept          // of Decided, kept
	Received      // pieces of work and cases received
	Closed        // pieces of work and cases closed
	Open          // pieces of work and cases open at the end
	Overdue       // of Open, past their due time
	numSums
)

// Sums are the counts of one group.
type Sums [numSums]float64

// Add adds o to s.
func (s *Sums) Add(o *Sums) {
	for i, v := range o {
		s[i] += v
	}
}

// cubeSums are the sums kept per day; those after them follow from these and
// from settings that may change.
const cubeSums = int(NPSN) + 1

// queueSums are the sums of interval statistics: those up to HandleN.
const queueSums = int(HandleN) + 1
