package importer

import (
	"strings"

	"kcc/contacts"
	"kcc/contacts/privacy"
)

// protect turns identifiers into references and masks free text.
func (w *writer) protect(r *Row, c *contacts.Contact) error {
	var err error
	if c.PartyRef, err = w.partyRef(r); err != nil {
		return err
	}
	if c.Agent, err = w.agentRef(c.Agent); err != nil {
		return err
	}
	if c.Note != "" && w.opt.Vault != nil {
		var n int
		c.Note, n = w.opt.Vault.Mask(c.Note)
		w.masked += n
	}
	return nil
}

// partyRef returns the keyed reference of the customer of a row, "" when the row
// names none.
func (w *writer) partyRef(r *Row) (string, error) {
	switch {
	case r.bsn != "" && w.opt.Strict:
		return "", &RowError{Line: r.Line, Column: string(fBSN), Value: "(hidden)", Want: "no citizen service number, as --strict is set"}
	case r.bsn != "":
		return w.ref(nil, privacy.BSN, r.bsn)
	case r.party == "" || strings.EqualFold(r.party, "anonymous") || strings.EqualFold(r.party, "unknown"):
		return "", nil
	}
	return w.ref(nil, "", r.party)
}

// agentRef returns the name of an agent where names are kept, else its keyed
// reference.
func (w *writer) agentRef(name string) (string, error) {
	if name == "" || w.opt.KeepAgents {
		return name, nil
	}
	return w.ref(&w.agents, "agent", name)
}

// maxRefs is how many references are remembered. Agents come back all the time;
// customers too rarely.
const maxRefs = 20_000

// ref returns the keyed reference of an identifier; kind "" is told by its form.
// Without a key the identifier is dropped. known holds earlier ones; nil has none.
func (w *writer) ref(known *memo[string], kind, value string) (string, error) {
	if w.opt.Vault == nil {
		return "", nil
	}
	id := value
	if known != nil {
		if ref, ok := known.get(id); ok {
			return ref, nil
		}
	}
	keys, err := w.opt.Vault.Keys()
	if err != nil {
		return "", err
	}
	if kind == "" {
		if kind, value, err = privacy.Identify(value); err != nil {
			return "", nil // nothing that identifies anyone
		}
	}
	ref := keys.Reference(kind, value)
	if known == nil {
		return ref, nil
	}
	known.put(id, ref)
	return ref, nil
}
