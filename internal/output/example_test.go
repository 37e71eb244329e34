package output_test

import (
	"fmt"
	"os"
	"time"

	"kcc/internal/output"
)

func ExampleWrite() {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		fmt.Println(err)
		return
	}
	t := output.Table{
		Name: "requirement",
		Columns: []output.Column{
			{Name: "start", Kind: output.DateTime},
			{Name: "agents", Kind: output.Integer},
			{Name: "service_level", Kind: output.Percent, Digits: 1},
			{Name: "asa_s", Kind: output.Seconds},
		},
		Rows: [][]any{{time.Date(2026, 11, 30, 7, 0, 0, 0, time.UTC), 13, 0.8342, 11.4}},
	}
	for _, f := range []output.Format{output.Screen, output.CSV, output.JSON} {
		if err := output.Write(os.Stdout, f, output.Options{Zone: zone, Lang: output.Dutch}, t); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// begin             medewerkers  servicelevel  gem. wachttijd
	// 30-11-2026 08:00           13         83,4%            0:11
	// start,agents,service_level,asa_s
	// 2026-11-30T08:00:00+01:00,13,0.8342,11.4
	// [
	//   {"start": "2026-11-30T08:00:00+01:00", "agents": 13, "service_level": 0.8342, "asa_s": 11.4}
	// ]
}
