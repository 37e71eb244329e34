package importer

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"kcc/internal/store"
)

// bigFile is the size from which the contacts of a file are loaded as a whole,
// when the store has none yet.
const bigFile = 4 << 20

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

// openLoader returns a loader for contacts of a draft of a store, to be closed
// after errors too; errNotWhole where the layout is not the one that it knows.
func (w *writer) openLoader(dir string) (*loader, error) {
	l, err := newLoader(w, dir)
	if err != nil {
		return nil, err
	}
	w.loader = l
	l.tables, l.roots = map[string]*tableInfo{}, map[string]uint32{}
	for _, name := range loadTables {
		t, err := w.describe(name)
		if err != nil {
			return l, err
		}
		if t == nil {
			return l, errNotWhole
		}
		l.tables[name] = t
	}
	if ok, err := w.knowsIndexes(); err != nil || !ok {
		return l, errors.Join(err, errNotWhole)
	}
	if err := l.setCellsApart(); err != nil {
		return l, err
	}
	rows, err := w.tx.QueryContext(w.ctx, "SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0")
	if err != nil {
		return l, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var root uint32
		if err := rows.Scan(&name, &root); err != nil {
			return l, err
		}
		l.roots[name] = root
	}
	return l, rows.Err()
}

// loadTables are the tables that a loader fills.
var loadTables = [...]string{"contact", "volume_day", "volume_interval"}

// apart is the name under which the cells of a roll-up are written first where the
// store has cells of it already, such as of interval statistics.
const apart = "load_"

// setCellsApart makes tables for the cells of roll-ups that are not empty.
func (l *loader) setCellsApart() error {
	for _, table := range loadTables[1:] {
		var some bool
		if err := l.w.tx.QueryRowContext(l.w.ctx, "SELECT EXISTS (SELECT 1 FROM "+table+")").Scan(&some); err != nil {
			return err
		}
		if !some {
			continue
		}
		name, text := apart+table, l.tables[table].sql
		at := strings.Index(text, table)
		if _, err := l.w.tx.ExecContext(l.w.ctx, text[:at]+name+text[at+len(table):]); err != nil {
			return err
		}
	}
	return nil
}

// rootOf returns where the cells of a roll-up are written.
func (l *loader) rootOf(table string) uint32 {
	if root, ok := l.roots[apart+table]; ok {
		return root
	}
	return l.roots[table]
}

// complete does by statements what is left once the pages are there: the index
// over notes, and the cells that were written apart.
func (l *loader) complete(draft *store.Draft) (err error) {
	var todo []string
	if l.notes {
		todo = append(todo, "INSERT INTO contact_text (rowid, note) SELECT id, note FROM contact WHERE note IS NOT NULL")
	}
	for _, table := range loadTables[1:] {
		if _, ok := l.roots[apart+table]; ok {
			todo = append(todo, l.mergeSQL(table), "DROP TABLE "+apart+table)
		}
	}
	if len(todo) == 0 {
		return nil
	}
	db, err := draft.Open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return store.Write(l.w.ctx, db, func(tx *sql.Tx) error {
		for _, q := range todo {
			if _, err := tx.ExecContext(l.w.ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// mergeSQL adds cells written apart to those that are there.
func (l *loader) mergeSQL(table string) string {
	var sets []string
	for _, c := range l.tables[table].columns {
		if c.key == 0 && c.name != "source_id" && c.name != "day" {
			sets = append(sets, c.name+" = "+c.name+" + excluded."+c.name)
		}
	}
	return "INSERT INTO " + table + " SELECT * FROM " + apart + table + " WHERE true ON CONFLICT DO UPDATE SET " + strings.Join(sets, ", ")
}

// whole reports whether a file may be loaded as a whole.
func (so *StoreOptions) whole(parsed []*Parsed, size int64) bool {
	big := so.big
	if big == 0 {
		big = bigFile
	}
	return len(parsed) == 1 && (parsed[0].Kind == Calls || parsed[0].Kind == QueueLog) && size >= big
}

// largeStore is the size from which a store is copied only for a file that is
// larger still.
const largeStore = 64 << 20

func isLarge(ctx context.Context, db *sql.DB, file int64) (bool, error) {
	var size int64
	err := db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&size)
	return size > max(largeStore, file), err
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
