package demo

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
)

// HistoryWeeks is how much history the demo has: two years.
const HistoryWeeks = 104

// Files tells where the demo put what.
type Files struct {
	Centre       string
	History      []string
	Agents       string
	Availability string
	Shifts       string
	Contacts     string        // export of the registered contacts
	States       string        // what agents did in the last weeks
	HandOffs     []HandOff     // work that those left with departments
	Articles     string        // the knowledge base
	Arrears      string        // a calling list
	First, Last  calendar.Date // span of the history
}

// Write makes the files of the demo centre in folder dir, which must exist. The
// history ends on the day before today; availability covers planWeeks weeks
// from the first Monday after today. The contacts grow with the number of agents.
func Write(dir string, today calendar.Date, planWeeks, agents int, loc *time.Location, seed uint64) (Files, error) {
	last := today - 1
	m := &maker{loc: loc, agents: agents, first: last.Add(-7*HistoryWeeks + 1), last: last, holidays: &calendar.Holidays{}}
	m.letters = letterPeaks(m.first, m.last)
	files := Files{First: m.first, Last: m.last}
	put := func(name string, write func(io.Writer) error) (string, error) {
		path := filepath.Join(dir, name)
		if err := output.WriteFile(path, write); err != nil {
			return "", fmt.Errorf("demo: %w", err)
		}
		return path, nil
	}
	text := func(b []byte) func(io.Writer) error {
		return func(w io.Writer) error { _, err := w.Write(b); return err }
	}
	var err error
	if files.Centre, err = put("centre.toml", text(description())); err != nil {
		return files, err
	}
	for i, c := range channels() {
		src := rand.NewPCG(seed, uint64(i)+1)
		path, err := put("history-"+c.name+".csv", func(w io.Writer) error { return m.writeHistory(w, c, src) })
		if err != nil {
			return files, err
		}
		files.History = append(files.History, path)
	}
	c, err := centre.Parse("centre.toml", description())
	if err != nil {
		return files, err
	}
	records := m.register(c, seed)
	if files.Contacts, err = put("contacts.csv", func(w io.Writer) error { return m.writeContacts(w, records) }); err != nil {
		return files, err
	}
	files.HandOffs = handOffs(records, today.At(12*60, loc))
	if files.Articles, err = put("articles.jsonl", text(articles)); err != nil {
		return files, err
	}
	if files.Arrears, err = put("arrears.csv", func(w io.Writer) error {
		return writeArrears(w, today, rand.New(rand.NewPCG(seed, 2000)))
	}); err != nil {
		return files, err
	}
	rng := rand.New(rand.NewPCG(seed, 1000))
	staff := team(rng, agents)
	if files.Agents, err = put("agents.csv", func(w io.Writer) error { return writeAgents(w, staff) }); err != nil {
		return files, err
	}
	if files.States, err = put("agent-states.csv", func(w io.Writer) error {
		return m.writeStates(w, staff, c.Hours("phone"), rand.New(rand.NewPCG(seed, 3000)))
	}); err != nil {
		return files, err
	}
	first := (today + 1).Monday()
	if first < today+1 {
		first += 7
	}
	if files.Availability, err = put("availability.csv", func(w io.Writer) error {
		return writeAvailability(w, staff, first, planWeeks, rng)
	}); err != nil {
		return files, err
	}
	files.Shifts, err = put("shifts.csv", text([]byte(shiftsCSV)))
	return files, err
}

// description is the municipal centre that a new centre starts from, under a
// name of its own.
func description() []byte {
	return bytes.Replace(centre.Template(), []byte(`name = "Customer contact centre"`), []byte(`name = "Demo municipality"`), 1)
}
