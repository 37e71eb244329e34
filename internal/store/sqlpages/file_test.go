package sqlpages

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// TestReadBySQLite writes tables and indexes of many sizes, so that trees of one
// to three levels and their odd ends come up, and has SQLite check and read them.
func TestReadBySQLite(t *testing.T) {
	sizes := []int{0, 1, 2, 40, 41}
	for n := 100; n < 1000; n += 13 {
		sizes = append(sizes, n)
	}
	sizes = append(sizes, 20_000)
	if !testing.Short() {
		for n := 1000; n < 4000; n += 7 {
			sizes = append(sizes, n)
		}
	}
	for _, n := range sizes {
		if err := writeAndRead(t, n); err != nil {
			t.Fatalf("%d rows: %v", n, err)
		}
	}
}

type made struct {
	id int64
	a  int64
	b  float64
	c  string
}

func writeAndRead(t *testing.T, n int) error {
	path := filepath.Join(t.TempDir(), "made.db")
	w, err := Create(path)
	if err != nil {
		return err
	}
	// An index may begin before its table.
	index := w.Index("t_c", "t", "CREATE INDEX t_c ON t(c, a)")
	table := w.Table("t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER NOT NULL, b REAL, c TEXT) STRICT", false)
	part := w.Index("t_a", "t", "CREATE INDEX t_a ON t(a) WHERE a > 5")
	keys := w.Table("k", "CREATE TABLE k (v REAL NOT NULL, c TEXT, a INTEGER, PRIMARY KEY (c, a)) STRICT, WITHOUT ROWID", true)
	rnd := rand.New(rand.NewPCG(1, uint64(n)))
	ints := []int64{0, 1, -1, 127, 128, -128, -129, 32767, 32768, 1 << 23, -1 << 31, 1<<31 - 1, 1 << 40, -1 << 47, 1 << 47, math.MaxInt64, math.MinInt64}
	reals := []float64{0, 1, -3, 0.5, math.NaN(), 1e300, 1 << 50, math.Copysign(0, -1), 1e15}
	rows := make([]made, n)
	id := int64(0)
	var r Record
	for i := range rows {
		id += 1 + int64(rnd.IntN(3)*rnd.IntN(1000))
		m := made{id, ints[rnd.IntN(len(ints))], reals[rnd.IntN(len(reals))], strings.Repeat("x", rnd.IntN(900)) + fmt.Sprint(rnd.IntN(10))}
		rows[i] = m
		r.Reset()
		r.Null()
		r.Int(m.a)
		r.Real(m.b)
		r.Text(m.c)
		rec := r.Append(nil)
		if v := Values(rec, nil); len(v) != 4 || v[1].Int() != m.a || string(v[3].Text()) != m.c {
			t.Fatalf("record %v read back as %v", m, v)
		}
		if err := table.Row(m.id, rec); err != nil {
			return err
		}
	}
	sorted := slices.Clone(rows)
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
		r.Reset()
		r.Int(m.a)
		r.Int(m.id)
		if err := part.Entry(r.Append(nil)); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return readBack(path, rows)
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
	w, err := Create(filepath.Join(t.TempDir(), "long.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	var r Record
	r.Text(strings.Repeat("x", pageSize))
	if err := w.Table("t", "CREATE TABLE t (c TEXT) STRICT", false).Row(1, r.Append(nil)); !errors.Is(err, ErrTooLong) {
		t.Errorf("a row of %d bytes: %v", pageSize, err)
	}
	if err := w.Index("i", "t", "CREATE INDEX i ON t(c)").Entry(r.Append(nil)); !errors.Is(err, ErrTooLong) {
		t.Errorf("an entry of %d bytes: %v", pageSize, err)
	}
}
