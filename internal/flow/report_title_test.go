package flow

import (
	"testing"
	"time"

	"kcc/contacts/kpi"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/internal/store/storetest"
)

// Reports name causes as the book of causes does, channels and subjects as the
// centre does; what neither knows keeps its name.
func TestReportingTitle(t *testing.T) {
	db := storetest.Open(t, t.TempDir()+"/k.db")
	c := &centre.Centre{Channels: []centre.Channel{{Name: "phone", Title: "Telefoon 14 0xx"}}}
	for _, tt := range []struct {
		lang       output.Lang
		key        kpi.Key
		code, want string
	}{
		{output.English, kpi.ByCause, "unclear_letter", "Letter not clear"},
		{output.Dutch, kpi.ByCause, "unclear_letter", "Brief onduidelijk"},
		{output.Dutch, kpi.ByCause, "moon", "moon"},
		{output.Dutch, kpi.ByCause, "", ""},
		{output.English, kpi.ByChannel, "phone", "Telefoon 14 0xx"},
		{output.English, kpi.ByKind, "question", ""},
	} {
		r, err := NewReporting(t.Context(), db, c, time.UTC, tt.lang, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Title(tt.key, tt.code); got != tt.want {
			t.Errorf("%s: title of %s %q is %q, want %q", tt.lang, tt.key, tt.code, got, tt.want)
		}
	}
}
