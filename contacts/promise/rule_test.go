package promise

import (
	"strings"
	"testing"

	"kcc/internal/calendar"
)

func TestMatch(t *testing.T) {
	y := calendar.NewDate(2026, 1, 1)
	term := func(s string) Promise { v, _ := calendar.ParseTerm(s); return Promise{Within: v} }
	rules := Rules{
		{Name: "all", ValidFrom: y, Metric: Resolve, Promise: term("10wd")},
		{Name: "complaints", ValidFrom: y, Match: Match{Kind: "complaint"}, Metric: Resolve, Promise: term("6w")},
		{Name: "housing", ValidFrom: y, Match: Match{Subject: "housing"}, Metric: Resolve, Promise: term("5wd")},
		{Name: "permits", ValidFrom: y, Match: Match{Subject: "permits"}, Metric: Resolve, Promise: term("8w")},
		{Name: "permits", Version: 2, ValidFrom: y + 100, Match: Match{Subject: "permits"}, Metric: Resolve, Promise: term("6w")},
		{Name: "old", ValidFrom: y, Match: Match{Subject: "parking"}, Metric: Resolve, Promise: term("1wd")},
		{Name: "old", Version: 2, ValidFrom: y + 50, Off: true, Match: Match{Subject: "parking"}, Metric: Resolve, Promise: term("1wd")},
		{Name: "mail", ValidFrom: y, Match: Match{Channel: "email"}, Metric: FirstResponse, Promise: term("2wd")},
		{Name: "department", ValidFrom: y, Match: Match{Department: "taxes"}, Metric: Resolve, Promise: term("4wd")},
		{Name: "path", ValidFrom: y, Match: Match{Subject: "street/lamp"}, Metric: Resolve, Promise: term("3wd")},
	}
	tests := []struct {
		name   string
		metric Metric
		q      Request
		day    calendar.Date
		want   string
	}{
		{"nothing special", Resolve, Request{}, y, "all"},
		{"kind", Resolve, Request{Match: Match{Kind: "complaint", Channel: "email"}}, y, "complaints"},
		{"subject before kind", Resolve, Request{Match: Match{Kind: "complaint", Subject: "housing"}}, y, "housing"},
		{"nearest subject", Resolve, Request{Match: Match{Subject: "permits"}, Above: []string{"housing"}}, y, "permits"},
		{"subject above", Resolve, Request{Match: Match{Subject: "rent"}, Above: []string{"housing"}}, y, "housing"},
		{"by path", Resolve, Request{Match: Match{Subject: "street/lamp/broken"}}, y, "path"},
		{"a name that only begins alike", Resolve, Request{Match: Match{Subject: "street/lamppost"}}, y, "all"},
		{"withdrawn", Resolve, Request{Match: Match{Subject: "parking"}}, y + 60, "all"},
		{"before it was withdrawn", Resolve, Request{Match: Match{Subject: "parking"}}, y + 49, "old"},
		{"department before kind", Resolve, Request{Match: Match{Department: "taxes", Kind: "complaint"}}, y, "department"},
		{"not yet valid", Resolve, Request{}, y - 1, ""},
		{"no such metric", Callback, Request{}, y, ""},
		{"channel", FirstResponse, Request{Match: Match{Channel: "EMAIL"}}, y, "mail"},
	}
	for _, tt := range tests {
		got, why := rules.Match(tt.metric, tt.q, tt.day)
		name := ""
		if got != nil {
			name = got.Name
		}
		if name != tt.want {
			t.Errorf("%s: %q wins, want %q; %v", tt.name, name, tt.want, why)
		}
		for _, v := range why {
			if v.Why == "" || v.Won != (v.Rule == got) {
				t.Errorf("%s: verdict %+v", tt.name, v)
			}
		}
	}
	if got, _ := rules.Match(Resolve, Request{Match: Match{Subject: "permits"}}, y+100); got.Version != 2 {
		t.Errorf("version %d of permits is used, want 2", got.Version)
	}
	_, why := rules.Match(Resolve, Request{Match: Match{Subject: "housing", Kind: "complaint"}}, y)
	for _, v := range why {
		if v.Rule.Name == "complaints" && !strings.Contains(v.Why, "housing is more specific on subject") {
			t.Errorf("complaints lost because %q", v.Why)
		}
	}
}
