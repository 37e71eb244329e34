package forecast

import (
	"flag"
	"os"
	"testing"
)

// TestMain keeps the property tests short unless -rapid.checks says otherwise: a
// single case fits a dozen models at a dozen origins.
func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		if err := flag.Set("rapid.checks", "12"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
