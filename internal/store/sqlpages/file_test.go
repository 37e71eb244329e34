package sqlpages

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// TestReadBySQLite writes tables and indexes of many sizes and has SQLite check and
// read them. On the smallest pages a handful of rows fills one, so that the sizes in
// turn bring up every odd end of trees of one to four levels; on usual pages some
// sizes are drawn.
func TestReadBySQLite(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	each, drawn := 1, 42
	if testing.Short() {
		each, drawn = 5, 12
	}
	sizes := map[int][]int{1024: nil, 4096: {0, 1, 2, 40, 41}, 8192: {0, 20_000}, 32768: {0, 1}}
	for n := 0; n < 420; n += each {
		sizes[1024] = append(sizes[1024], n)
	}
	for i := range drawn {
		page := []int{4096, 8192, 32768}[i%3]
		sizes[page] = append(sizes[page], 100+rnd.IntN(2500))
	}
	for page, all := range sizes {
		empty := emptyFile(t, page)
		for _, n := range all {
			if err := empty.writeAndRead(n); err != nil {
				t.Fatalf("%d rows on pages of %d: %v", n, page, err)
			}
		}
	}
}

type made struct {
	id int64
	a  int64
	b  float64
	c  string
}

func (e *emptied) writeAndRead(n int) error {
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	if err := os.WriteFile(e.path, e.content, 0o600); err != nil {
		return err
	}
	roots := e.roots
	w, err := Open(e.path)
	if err != nil {
		return err
	}
	// An index may begin before its table.
	index, table, part, keys := w.Index(roots["t_c"]), w.Table(roots["t"]), w.Index(roots["t_a"]), w.Index(roots["k"])
	ints := []int64{0, 1, -1, 127, 128, -128, -129, 32767, 32768, 1 << 23, -1 << 31, 1<<31 - 1, 1 << 40, -1 << 47, 1 << 47, math.MaxInt64, math.MinInt64}
	reals := []float64{0, 1, -3, 0.5, math.NaN(), 1e300, 1 << 50, math.Copysign(0, -1), 1e15}
	rows := make([]made, n)
	id := int64(0)
	var r Record
	for i := range rows {
		id += 1 + int64(rnd.IntN(3)*rnd.IntN(1000))
		m := made{id, ints[rnd.IntN(len(ints))], reals[rnd.IntN(len(reals))], strings.Repeat("x", rnd.IntN(min(900, w.maxEntry()-40))) + fmt.Sprint(rnd.IntN(10))}
		if i%97 == 5 {
			m.b, m.c = math.Pi, strings.Repeat("y", rnd.IntN(20*w.size))+m.c // more than a page, in the table alone
		}
		rows[i] = m
		r.Reset()
		r.Null()
		r.Int(m.a)
		r.Reals([]float64{m.b})
		r.Bytes([]byte(m.c))
		rec := r.Append(nil)
		if v := Values(rec, nil); len(v) != 4 || v[1].Int() != m.a || string(v[3].Text()) != m.c {
			return fmt.Errorf("record %v read back as %v", m, v)
		} else {
			r.Reset()
			for _, v := range v {
				r.Value(v)
			}
			if again := r.Append(nil); string(again) != string(rec) {
				return fmt.Errorf("record %v put together again is %x, want %x", m, again, rec)
			}
		}
		if err := table.Row(m.id, rec); err != nil {
			return err
		}
	}
	sorted := slices.Clone(rows)
	sorted = slices.DeleteFunc(sorted, func(m made) bool { return m.b == math.Pi })
	slices.SortFunc(sorted, func(x, y made) int {
		return cmp.Or(strings.Compare(x.c, y.c), cmp.Compare(x.a, y.a), cmp.Compare(x.id, y.id))
	})
	for i, m := range sorted {
		r.Reset()
		r.Text(m.c)
		r.Int(m.a)
		r.Int(m.id)
		if err := index.Entry(r.Append(nil)); err != nil {
			return err
		}
		if i > 0 && sorted[i-1].c == m.c && sorted[i-1].a == m.a {
			continue
		}
		r.Reset()
		r.Text(m.c)
		r.Int(m.a)
		r.Real(0.25)
		if err := keys.Entry(r.Append(nil)); err != nil {
			return err
		}
	}
	slices.SortFunc(sorted, func(x, y made) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.id, y.id)) })
	for _, m := range sorted {
		if m.a <= 5 {
			continue
		}
		var a Record
		a.Int(m.a)
		r.Reset()
		r.Record(&a)
		r.Int(m.id)
		if err := part.Entry(r.Append(nil)); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return readBack(e.path, rows)
}

// emptied is a database file with tables and indexes that hold nothing, and
// something else between them.
type emptied struct {
	path    string
	content []byte
	roots   map[string]uint32
}

func emptyFile(t *testing.T, pageSize int) *emptied {
	t.Helper()
	e := &emptied{path: filepath.Join(t.TempDir(), "made.db"), roots: map[string]uint32{}}
	db, err := sql.Open("sqlite", e.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(fmt.Sprintf("PRAGMA synchronous = OFF; PRAGMA page_size = %d", pageSize) + `;
		CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b REAL, c TEXT) STRICT;
		CREATE INDEX t_c ON t(c, a) WHERE b <> 3.141592653589793 OR b IS NULL;
		CREATE TABLE other (c TEXT); INSERT INTO other VALUES (zeroblob(50000)), ('x');
		CREATE INDEX t_a ON t(a) WHERE a > 5 AND (b <> 3.141592653589793 OR b IS NULL);
		CREATE TABLE k (v REAL NOT NULL, c TEXT, a INTEGER, PRIMARY KEY (c, a)) STRICT, WITHOUT ROWID;
		DELETE FROM other WHERE c <> 'x'`); err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query("SELECT name, rootpage FROM sqlite_schema")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var root uint32
		if err := rows.Scan(&name, &root); err != nil {
			t.Fatal(err)
		}
		e.roots[name] = root
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if e.content, err = os.ReadFile(e.path); err != nil {
		t.Fatal(err)
	}
	return e
}

func readBack(path string, want []made) error {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer db.Close()
	var ok string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		return fmt.Errorf("check: %s %w", ok, err)
	}
	rows, err := db.Query("SELECT id, a, b, c FROM t ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close()
	i := 0
	for ; rows.Next(); i++ {
		var m made
		var b sql.NullFloat64
		if err := rows.Scan(&m.id, &m.a, &b, &m.c); err != nil {
			return err
		}
		m.b = math.NaN()
		if b.Valid {
			m.b = b.Float64
		}
		if w := want[i]; m.id != w.id || m.a != w.a || m.c != w.c || math.IsNaN(m.b) != math.IsNaN(w.b) || (!math.IsNaN(m.b) && m.b != w.b) {
			return fmt.Errorf("row %d is %v, want %v", i, m, w)
		}
	}
	if i != len(want) {
		return fmt.Errorf("%d rows, want %d", i, len(want))
	}
	return rows.Err()
}

func TestTooLong(t *testing.T) {
	e := emptyFile(t, 8192)
	w, err := Open(e.path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abandon()
	var r Record
	r.Text(strings.Repeat("x", 8192))
	if err := w.Index(e.roots["t_c"]).Entry(r.Append(nil)); !errors.Is(err, ErrTooLong) {
		t.Errorf("an entry of more than a page: %v", err)
	}
}

// TestForm looks at files that must be left alone.
func TestForm(t *testing.T) {
	dir := t.TempDir()
	for name, how := range map[string]string{
		"vacuum.db": "PRAGMA auto_vacuum = FULL; CREATE TABLE t (a)",
		"large.db":  "PRAGMA page_size = 65536; CREATE TABLE t (a)",
	} {
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		db.SetMaxOpenConns(1)
		if _, err := db.Exec(how); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if _, err := Open(path); !errors.Is(err, ErrForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
	path := filepath.Join(dir, "text.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrForm) {
		t.Errorf("a text: %v", err)
	}
}
