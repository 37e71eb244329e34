package demo

import (
	"fmt"
	"io"
	"math/rand/v2"

	"kcc/internal/calendar"
)

// ArrearsCampaign is the campaign whose calling list the demo has.
const ArrearsCampaign = "arrears"

// arrearsRecords is how many people are on it.
const arrearsRecords = 600

// writeArrears makes the calling list: citizens with a bill that is past its
// day. The numbers are of a range that is not given out.
func writeArrears(w io.Writer, today calendar.Date, rng *rand.Rand) error {
	if _, err := fmt.Fprintln(w, "id,phone,priority,due,subject,reference,task"); err != nil {
		return err
	}
	for i := range arrearsRecords {
		months := 1 + rng.IntN(6)
		priority := 0
		if months > 3 {
			priority = 1
		}
		_, err := fmt.Fprintf(w, "bill-%04d,06-0%07d,%d,%s,taxes,2026-%05d,%d instalments are open: offer a payment plan\n",
			i+1, 1000000+i, priority, today.Add(14+rng.IntN(14)), 10000+7*i, months)
		if err != nil {
			return err
		}
	}
	return nil
}
