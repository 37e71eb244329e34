package promise

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// DefaultWeek are the opening hours when nothing else is known.
const DefaultWeek = "mo-fr 09:00-17:00"

// AroundTheClock is the name of a calendar that is always open, holidays
// included.
const AroundTheClock = "24/7"

// Settings describe a calendar as text, so that the version that a promise was
// made under can be kept with it. The zero value stands for the default calendar.
type Settings struct {
	Zone     string            `json:"zone,omitempty"`     // default Europe/Amsterdam
	Week     string            `json:"week,omitempty"`     // default DefaultWeek
	Holidays map[string]string `json:"holidays,omitempty"` // per key as calendar.Holidays.Set reads it; {"none": ""} for no holidays at all
	Special  map[string]string `json:"special,omitempty"`  // 2026-12-24: "09:00-12:00" or "closed"
	Equated  []string          `json:"equated,omitempty"`  // days equated with a holiday by the law
}

// NoHolidays is the key in Settings.Holidays that turns all holidays off.
const NoHolidays = "none"

// Calendar counts promised time: in opening hours and by the law. It is safe for
// concurrent use.
type Calendar struct {
	Work *calendar.WorkTime
	Law  calendar.Law
	set  Settings
}

// NewCalendar builds the calendar that s describes.
func NewCalendar(s Settings) (*Calendar, error) {
	if s.Zone == "" {
		s.Zone = "Europe/Amsterdam"
	}
	if strings.TrimSpace(s.Week) == "" {
		s.Week = DefaultWeek
	}
	loc, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, fmt.Errorf("calendar: time zone %q is not known", s.Zone)
	}
	if s.Week == AroundTheClock {
		return &Calendar{Work: calendar.NewWorkTime(calendar.AlwaysOpen(loc)), set: s}, nil
	}
	h := &calendar.Hours{Loc: loc}
	if h.Week, err = calendar.ParseWeek(s.Week); err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	if !slices.ContainsFunc(h.Week[:], func(d []calendar.Span) bool { return len(d) > 0 }) {
		return nil, fmt.Errorf("calendar %q is never open: want opening hours such as %s", s.Week, DefaultWeek)
	}
	if _, none := s.Holidays[NoHolidays]; !none {
		h.Holidays = &calendar.Holidays{}
		for _, key := range sortedKeys(s.Holidays) {
			for _, v := range strings.Split(s.Holidays[key], ",") { // "yearly,closed"
				if err := h.Holidays.Set(key, v); err != nil {
					return nil, fmt.Errorf("calendar: %w", err)
				}
			}
		}
	}
	if len(s.Special) > 0 {
		h.Special = map[calendar.Date][]calendar.Span{}
	}
	for _, day := range sortedKeys(s.Special) {
		d, err := calendar.ParseDate(day)
		if err != nil {
			return nil, fmt.Errorf("calendar: special day: %w", err)
		}
		if h.Special[d], err = calendar.ParseSpans(strings.Fields(s.Special[day])); err != nil {
			return nil, fmt.Errorf("calendar: special day %s: %w", d, err)
		}
	}
	c := &Calendar{Work: calendar.NewWorkTime(h), set: s}
	for _, day := range s.Equated {
		d, err := calendar.ParseDate(day)
		if err != nil {
			return nil, fmt.Errorf("calendar: equated day: %w", err)
		}
		if c.Law.Equated == nil {
			c.Law.Equated = map[calendar.Date]bool{}
		}
		c.Law.Equated[d] = true
	}
	return c, nil
}

// SettingsOf describes opening hours that exist already, with the equated days
// of the law.
func SettingsOf(h *calendar.Hours, equated []calendar.Date) Settings {
	s := Settings{Zone: h.Loc.String(), Week: calendar.FormatWeek(h.Week), Holidays: map[string]string{}}
	if h.Holidays == nil {
		s.Holidays[NoHolidays] = ""
	} else {
		switch h.Holidays.Liberation {
		case calendar.LiberationLustrum:
			s.Holidays["liberation_day"] = "lustrum"
		case calendar.LiberationNever:
			s.Holidays["liberation_day"] = "never"
		}
		for key, set := range h.Holidays.Settings {
			v := map[calendar.Setting]string{calendar.Closed: "closed", calendar.Open: "open"}[set]
			if set == calendar.Short {
				v = calendar.FormatSpans([]calendar.Span{h.Holidays.Spans[key]})
			}
			if old := s.Holidays[key]; old != "" {
				v = old + "," + v
			}
			s.Holidays[key] = v
		}
	}
	if len(h.Special) > 0 {
		s.Special = map[string]string{}
		for d, spans := range h.Special {
			s.Special[d.String()] = calendar.FormatSpans(spans)
		}
	}
	for _, d := range equated {
		s.Equated = append(s.Equated, d.String())
	}
	slices.Sort(s.Equated)
	return s
}

// Settings returns what the calendar was made from, defaults filled in.
func (c *Calendar) Settings() Settings { return c.set }

// Text returns the settings in one fixed form; equal calendars have equal texts.
func (c *Calendar) Text() string {
	b, err := json.Marshal(c.set) // map keys are sorted
	if err != nil {
		panic("promise: settings of strings cannot fail to be written")
	}
	return string(b)
}

// Version is a short fingerprint of Text.
func (c *Calendar) Version() string {
	sum := sha256.Sum256([]byte(c.Text()))
	return hex.EncodeToString(sum[:6])
}

// ReadCalendar builds a calendar from its Text.
func ReadCalendar(text string) (*Calendar, error) {
	var s Settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return nil, fmt.Errorf("calendar: %w", err)
	}
	return NewCalendar(s)
}

// Loc returns the zone of the calendar.
func (c *Calendar) Loc() *time.Location { return c.Work.Loc() }

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
