package register

import (
	"strings"
	"testing"
)

// FuzzReadEntries holds that no input of a script makes reading fail in another
// way than with an error that says on which line.
func FuzzReadEntries(f *testing.F) {
	for _, s := range []string{
		`{"channel": "phone"}` + "\n" + `{"channel": 1}`, "channel,open\nphone,ja\nphone,x\n", "\n\n{", "channel\n\"", "{}\n{}\n", "\xef\xbb\xbfchannel;talk_s\nphone;1,5\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		_ = ReadEntries("in", strings.NewReader(s), func(line int, e *Entry, bad error) error {
			if line < 1 || e == nil {
				t.Errorf("line %d, entry %v, %v", line, e, bad)
			}
			return nil
		})
	})
}
