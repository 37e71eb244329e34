package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// bigFile is the size from which the contacts of a file are loaded as a whole,
// when the store has none yet.
const bigFile = 4 << 20

// loadSchema is the name of the attached file with pages.
const loadSchema = "load"

// contactIndexes are the indexes of contact that a loader makes. Others that a
// store may have keep it from being used.
func contactIndexes() map[string]string {
	return map[string]string{
		"contact_key":          "CREATE UNIQUE INDEX contact_key ON contact(key)",
		"contact_start":        "CREATE INDEX contact_start ON contact(start)",
		"contact_party":        "CREATE INDEX contact_party ON contact(party_ref, start) WHERE party_ref IS NOT NULL",
		"contact_open":         "CREATE INDEX contact_open ON contact(start) WHERE status = 'open'",
		"contact_with_article": "CREATE INDEX contact_with_article ON contact(article, resolved) WHERE article <> ''",
	}
}

// tableInfo is what a loader must know of a table.
type tableInfo struct {
	sql     string
	columns []columnInfo
}

type columnInfo struct {
	name, typ string
	key       int // place in the primary key from 1, 0 for none
	value     any // default
}

// stored returns the columns of a table without rowid in the order in which its
// records hold them.
func (t *tableInfo) stored() []string {
	keyed := slices.Clone(t.columns)
	slices.SortStableFunc(keyed, func(a, b columnInfo) int {
		switch {
		case a.key == 0 && b.key == 0:
			return 0
		case a.key == 0:
			return 1
		case b.key == 0:
			return -1
		}
		return a.key - b.key
	})
	names := make([]string, len(keyed))
	for i, c := range keyed {
		names[i] = c.name
	}
	return names
}

func (t *tableInfo) text(column string) bool {
	return slices.ContainsFunc(t.columns, func(c columnInfo) bool { return c.name == column && c.typ == "TEXT" })
}

// isFirst reports whether the store has no contacts yet.
func isFirst(ctx context.Context, q interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
},
) (bool, error) {
	var some bool
	err := q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM contact)").Scan(&some)
	return !some, err
}

// openLoader returns a loader for the contacts of a table where one can be used,
// else nil.
func (w *writer) openLoader(p *Parsed, size int64) (*loader, error) {
	if !w.opt.whole(p, size) {
		return nil, nil
	}
	if first, err := isFirst(w.ctx, w.tx); err != nil || !first {
		return nil, err
	}
	var attached bool // an earlier sheet, without contacts
	if err := w.tx.QueryRowContext(w.ctx, "SELECT EXISTS (SELECT 1 FROM pragma_database_list WHERE name = ?)", loadSchema).Scan(&attached); err != nil || attached {
		return nil, err
	}
	var place string
	if err := w.tx.QueryRowContext(w.ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&place); err != nil || place == "" {
		return nil, err
	}
	tables := map[string]*tableInfo{}
	for _, name := range []string{"contact", "volume_day", "volume_interval"} {
		t, err := w.describe(name)
		if err != nil || t == nil {
			return nil, err
		}
		tables[name] = t
	}
	if ok, err := w.knowsIndexes(); err != nil || !ok {
		return nil, err
	}
	l, err := newLoader(w, place+"-load", filepath.Dir(place))
	if l != nil {
		l.tables = tables
	}
	return l, err
}

// whole reports whether the contacts of a table may be loaded as a whole.
func (so *StoreOptions) whole(p *Parsed, size int64) bool {
	big := so.big
	if big == 0 {
		big = bigFile
	}
	return !so.rowByRow && (p.Kind == Calls || p.Kind == QueueLog) && size >= big
}

// describe reads the columns of a table; nil when a default is more than a plain
// value.
func (w *writer) describe(table string) (*tableInfo, error) {
	t := &tableInfo{}
	if err := w.tx.QueryRowContext(w.ctx, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", table).Scan(&t.sql); err != nil {
		return nil, err
	}
	rows, err := w.tx.QueryContext(w.ctx, "SELECT name, type, dflt_value, pk FROM pragma_table_xinfo(?)", table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	plain := true
	for rows.Next() {
		var c columnInfo
		var def sql.NullString
		if err := rows.Scan(&c.name, &c.typ, &def, &c.key); err != nil {
			return nil, err
		}
		switch n, err := strconv.ParseInt(def.String, 10, 64); {
		case !def.Valid || def.String == "NULL":
		case err == nil:
			c.value = n
		case strings.HasPrefix(def.String, "'") && strings.Count(def.String, "'") == 2:
			c.value = strings.Trim(def.String, "'")
		default:
			plain = false
		}
		t.columns = append(t.columns, c)
	}
	if err := rows.Err(); err != nil || !plain {
		return nil, err
	}
	return t, nil
}

// knowsIndexes reports whether the tables have the indexes that a loader makes
// and no others.
func (w *writer) knowsIndexes() (bool, error) {
	rows, err := w.tx.QueryContext(w.ctx, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('contact', 'volume_day', 'volume_interval')")
	if err != nil {
		return false, err
	}
	defer rows.Close()
	known, n := contactIndexes(), 0
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return false, err
		}
		if known[name] != text {
			return false, nil
		}
		n++
	}
	return n == len(known), rows.Err()
}

// take has SQLite take the pages over. The column lists of both sides are those
// of one definition, so that it copies records as they stand.
func (l *loader) take() error {
	w := l.w
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(l.path), RawQuery: "mode=ro&immutable=1"}
	if !strings.HasPrefix(u.Path, "/") {
		u.Path = "/" + u.Path
	}
	if _, err := w.tx.ExecContext(w.ctx, "ATTACH DATABASE ? AS "+loadSchema, u.String()); err != nil {
		return err
	}
	_ = os.Remove(l.path) // Windows keeps it until it is detached
	trigger, err := w.dropNoteTrigger()
	if err != nil {
		return err
	}
	if err := l.define(plainDefinition(l.tables["contact"].sql)); err != nil {
		return err
	}
	if w.opt.watchTake != nil {
		w.opt.watchTake(w.tx)
	}
	if _, err := w.tx.ExecContext(w.ctx, takeContacts); err != nil {
		return err
	}
	if err := l.define(l.tables["contact"].sql); err != nil {
		return err
	}
	for _, q := range trigger {
		if _, err := w.tx.ExecContext(w.ctx, q); err != nil {
			return err
		}
	}
	if len(trigger) > 0 && slices.ContainsFunc(w.cols, func(c contactCol) bool { return c.name == "note" }) {
		if _, err := w.tx.ExecContext(w.ctx, "INSERT INTO contact_text (rowid, note) SELECT id, note FROM contact WHERE note IS NOT NULL"); err != nil {
			return err
		}
	}
	for _, table := range []string{"volume_day", "volume_interval"} {
		if err := l.takeRoll(table); err != nil {
			return err
		}
	}
	return nil
}

// takeContacts copies records as they stand.
const takeContacts = "INSERT INTO main.contact SELECT * FROM " + loadSchema + ".contact"

// define sets the definition of contact within the transaction. SQLite copies no
// records into a table with checks, so they are left out while it does; the rows
// keep to them, as each value that they are about is one of a fixed few.
func (l *loader) define(text string) error {
	for _, q := range []struct {
		query string
		args  []any
	}{
		{"PRAGMA writable_schema = ON", nil},
		{"UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = 'contact'", []any{text}},
		{"PRAGMA writable_schema = RESET", nil}, // off again, and read anew
	} {
		if _, err := l.w.tx.ExecContext(l.w.ctx, q.query, q.args...); err != nil {
			return err
		}
	}
	return nil
}

// plainDefinition returns the definition of a table without its checks.
func plainDefinition(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		n := 1
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "--"):
			if n = strings.IndexByte(rest, '\n'); n < 0 {
				n = len(rest)
			}
		case rest[0] == '\'' || rest[0] == '"':
			n = quoted(rest)
		case len(rest) > 5 && strings.EqualFold(rest[:5], "CHECK") && strings.IndexByte(" \n\t(", rest[5]) >= 0 && (i == 0 || strings.IndexByte(" \n\t,)", text[i-1]) >= 0):
			i += 5 + strings.IndexByte(rest[5:], '(')
			i += group(text[i:])
			continue
		}
		out.WriteString(text[i : i+n])
		i += n
	}
	return out.String()
}

// quoted returns the length of the quoted text at the start of s.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		if s[i] == s[0] {
			return i + 1
		}
	}
	return len(s)
}

// group returns the length of the parenthesis at the start of s.
func group(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\'', '"':
			i += quoted(s[i:]) - 1
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// takeRoll adds the cells of a roll-up to those that are there.
func (l *loader) takeRoll(table string) error {
	w := l.w
	var some bool
	if err := w.tx.QueryRowContext(w.ctx, "SELECT EXISTS (SELECT 1 FROM main."+table+")").Scan(&some); err != nil {
		return err
	}
	q := "INSERT INTO main." + table + " SELECT * FROM " + loadSchema + "." + table
	if some {
		q += " WHERE true ON CONFLICT DO UPDATE SET "
		for i, c := range l.tables[table].columns {
			if c.key > 0 || c.name == "source_id" || c.name == "day" {
				continue
			}
			if !strings.HasSuffix(q, " SET ") && i > 0 {
				q += ", "
			}
			q += c.name + " = " + c.name + " + excluded." + c.name
		}
	}
	_, err := w.tx.ExecContext(w.ctx, q)
	return err
}

// dropLoad lets go of the pages after the transaction, if there were any.
func dropLoad(ctx context.Context, conn *sql.Conn) error {
	var file string
	err := conn.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = ?", loadSchema).Scan(&file)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "DETACH DATABASE "+loadSchema); err != nil {
		return fmt.Errorf("detach: %w", err)
	}
	if runtime.GOOS == "windows" { // elsewhere it is gone, and the name may be that of another run
		_ = os.Remove(file)
	}
	return nil
}
