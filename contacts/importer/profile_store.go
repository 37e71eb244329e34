package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kcc/internal/store"
)

// Profile is a set of import settings under a name.
type Profile struct {
	About     string            `json:"about,omitempty"`
	Map       map[string]string `json:"map,omitempty"`
	DateOrder string            `json:"date_order,omitempty"`
	DST       string            `json:"dst,omitempty"`
	Decimal   string            `json:"decimal,omitempty"`
	Encoding  string            `json:"encoding,omitempty"`
	Delimiter string            `json:"delimiter,omitempty"`
	Kind      Kind              `json:"kind,omitempty"`
	Sheet     string            `json:"sheet,omitempty"`
	Channel   string            `json:"channel,omitempty"`
	Interval  string            `json:"interval,omitempty"`
	FileZone  string            `json:"file_zone,omitempty"`
}

// shipped are the profiles that come with kcc. Detection does most of the work;
// a profile settles what a system always does and its files do not say.
func shipped() map[string]Profile {
	return map[string]Profile{
		"genesys-cloud": {About: "Genesys Cloud, view exported as CSV (US dates, durations with milliseconds)", DateOrder: "mdy"},
		"cisco-uccx":    {About: "Cisco UCCX, CSQ reports", Kind: Intervals, Channel: "phone"},
		"avaya-cms":     {About: "Avaya CMS, split/skill interval reports", Kind: Intervals, Channel: "phone"},
		"amazon-connect": {
			About: "Amazon Connect, contact records as JSON", Kind: Calls, FileZone: "UTC",
			Map: map[string]string{"start": "InitiationTimestamp", "id": "ContactId", "updated": "LastUpdateTimestamp"},
		},
		"nice-iex": {About: "NICE IEX ctQueue, pipe-separated, mmddyyyy", Kind: Intervals, DateOrder: "mdy", Delimiter: "|"},
		"zendesk":  {About: "Zendesk, tickets with history, schedules and holidays (UTC)", FileZone: "UTC"},
		"asterisk": {About: "Asterisk queue_log", Kind: QueueLog, Channel: "phone"},
		"excel-nl": {About: "the usual Dutch Excel layout: day first, decimal comma", DateOrder: "dmy", Decimal: ","},
	}
}

// Apply puts the settings of the profile where opt has none.
func (p *Profile) Apply(opt *Options) {
	set := func(to *string, v string) {
		if *to == "" {
			*to = v
		}
	}
	set(&opt.DateOrder, p.DateOrder)
	set(&opt.DST, p.DST)
	set(&opt.Decimal, p.Decimal)
	set(&opt.Encoding, p.Encoding)
	set(&opt.Sheet, p.Sheet)
	set(&opt.Channel, p.Channel)
	set(&opt.FileZone, p.FileZone)
	if opt.Kind == "" {
		opt.Kind = p.Kind
	}
	if opt.Delimiter == 0 && p.Delimiter != "" {
		opt.Delimiter = rune(p.Delimiter[0])
	}
	if d, err := time.ParseDuration(p.Interval); err == nil && opt.Step == 0 {
		opt.Step = d
	}
	if len(p.Map) > 0 {
		m := maps.Clone(p.Map)
		maps.Copy(m, opt.Map)
		opt.Map = m
	}
}

// ProfileOf returns the settings of opt as a profile.
func ProfileOf(opt Options) Profile {
	p := Profile{
		Map: opt.Map, DateOrder: opt.DateOrder, DST: opt.DST, Decimal: opt.Decimal, Encoding: opt.Encoding, Kind: opt.Kind,
		Sheet: opt.Sheet, Channel: opt.Channel, FileZone: opt.FileZone,
	}
	if opt.Delimiter != 0 {
		p.Delimiter = string(opt.Delimiter)
	}
	if opt.Step > 0 {
		p.Interval = opt.Step.String()
	}
	return p
}

// NamedProfile is a profile in a list.
type NamedProfile struct {
	Name    string
	Shipped bool
	Profile
}

// Profiles lists the profiles that are shipped and saved; db may be nil.
func Profiles(ctx context.Context, db *sql.DB) ([]NamedProfile, error) {
	var out []NamedProfile
	all := shipped()
	for _, n := range slices.Sorted(maps.Keys(all)) {
		out = append(out, NamedProfile{n, true, all[n]})
	}
	if db == nil {
		return out, nil
	}
	rows, err := db.QueryContext(ctx, "SELECT name, body FROM import_profile ORDER BY name")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name, body string
		if err := rows.Scan(&name, &body); err != nil {
			return nil, err
		}
		p, err := decodeProfile(name, body)
		if err != nil {
			return nil, err
		}
		out = append(out, NamedProfile{name, false, p})
	}
	return out, rows.Err()
}

func decodeProfile(name, body string) (Profile, error) {
	var p Profile
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("profile %q: %w", name, err)
	}
	return p, nil
}

// LoadProfile returns a profile: a saved one before a shipped one of that name.
// db may be nil.
func LoadProfile(ctx context.Context, db *sql.DB, name string) (Profile, error) {
	if db != nil {
		var body string
		err := db.QueryRowContext(ctx, "SELECT body FROM import_profile WHERE name = ?", name).Scan(&body)
		if err == nil {
			return decodeProfile(name, body)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return Profile{}, store.Explain(err)
		}
	}
	all := shipped()
	if p, ok := all[strings.ToLower(name)]; ok {
		return p, nil
	}
	return Profile{}, fmt.Errorf("there is no profile %q; shipped are %s", name, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
}

// SaveProfile keeps a profile under a name.
func SaveProfile(ctx context.Context, db *sql.DB, name string, p Profile) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("a profile wants a name")
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO import_profile (name, body) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body", name, string(body))
		return err
	})
}
