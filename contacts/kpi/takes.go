package kpi

import (
	"fmt"
	"slices"
)

// Takes says what can be asked of a report besides its period.
type Takes struct {
	By, Every, Versus bool
	Target            bool  // a target on waiting and a formula of the service level
	MinCell           bool  // small groups are put together
	Filter            []Key // keys of which only some values can be kept
}

// contactKeys are the keys of contacts and work that a report can keep some of.
var contactKeys = []Key{ByChannel, BySubject, ByKind, BySegment, ByDepartment, ByDirection}

// TakesOf returns what can be asked of one of the ReportNames.
func TakesOf(report string) Takes {
	switch report {
	case "leadtime":
		return Takes{By: true, Every: true, MinCell: true, Filter: contactKeys}
	case "backlog":
		return Takes{By: true, MinCell: true, Filter: contactKeys}
	case "repeat":
		return Takes{By: true, Every: true, MinCell: true, Filter: contactKeys}
	case "agent":
		return Takes{MinCell: true, Filter: []Key{ByChannel, ByDirection}}
	case "forecast":
		return Takes{Every: true, Filter: []Key{ByChannel}}
	case "roster":
		return Takes{Every: true, Target: true}
	case "knowledge":
		return Takes{}
	}
	return Takes{By: true, Every: true, Versus: true, Target: true, MinCell: true, Filter: contactKeys}
}

// refuse returns the error of a section that asks what its report does not take.
func (s *Section) refuse() error {
	t := TakesOf(s.Report)
	for _, c := range []struct {
		name         string
		asked, takes bool
	}{{"by", len(s.By) > 0, t.By}, {"every", s.Every != "", t.Every}, {"vs", s.Versus != "", t.Versus}} {
		if c.asked && !c.takes {
			return fmt.Errorf("report %q has no %s", s.Report, c.name)
		}
	}
	return nil
}

// ofDepartment reports whether a report can be about one department.
func (t Takes) ofDepartment() bool { return slices.Contains(t.Filter, ByDepartment) }
