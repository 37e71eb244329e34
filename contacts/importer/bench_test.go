package importer

import (
	"bufio"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Sizes of the benchmarks: KCC_ROWS sets another one, KCC_IMPORT a file to read
// in place of a made one; where it is not there, the made one is kept as that.
const (
	rowsEnv = "KCC_ROWS"
	fileEnv = "KCC_IMPORT"
)

// benchRows returns how many records a benchmark imports.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv(rowsEnv)); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// callFile writes n call records of 16 columns over two years, in order of time,
// as a contact-centre platform exports them.
func callFile(tb testing.TB, n int) string {
	tb.Helper()
	path := os.Getenv(fileEnv)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if path == "" {
		path = filepath.Join(tb.TempDir(), "calls.csv")
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "ContactId,LastUpdate,StartTime,Channel,Direction,Queue,Agent,WaitSeconds,TalkSeconds,HoldSeconds,WrapSeconds,Disposition,Subject,Kind,Cause,Phone")
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(s []string) string { return s[int(float64(len(s))*rng.Float64()*rng.Float64())] }
	channels, queues := []string{"VOICE", "CHAT"}, []string{"KCC Algemeen", "KCC Belastingen", "KCC Sociaal"}
	subjects := []string{"paspoort", "rijbewijs", "verhuizing", "parkeren", "afval", "belasting", "bijstand", "vergunning", "trouwen", "woz"}
	kinds, causes := []string{"question", "request", "complaint"}, []string{"", "statusvraag", "onduidelijke brief", "formulier"}
	at := time.Date(2024, 1, 1, 8, 0, 0, 0, time.UTC)
	step := 730 * 24 * time.Hour / time.Duration(n)
	for i := range n {
		at = at.Add(time.Duration(rng.Float64() * 2 * float64(step)))
		outcome, talk, wrap := "answered", rng.IntN(600), rng.IntN(90)
		if rng.IntN(20) == 0 {
			outcome, talk, wrap = "abandoned", 0, 0
		}
		iso := at.Format("2006-01-02T15:04:05Z")
		fmt.Fprintf(w, "c%08d,%s,%s,%s,INBOUND,%s,agent%02d,%d,%d,%d,%d,%s,%s,%s,%s,06%08d\n", i, iso, iso, pick(channels), pick(queues), rng.IntN(80),
			rng.IntN(120), talk, rng.IntN(3)*rng.IntN(20), wrap, outcome, pick(subjects), pick(kinds), pick(causes), rng.IntN(1+n*4/10))
	}
	if err := w.Flush(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// BenchmarkImportCalls imports call records into an empty store: rows and indexes,
// with the roll-ups and without.
func BenchmarkImportCalls(b *testing.B) {
	path := callFile(b, benchRows())
	for _, rollups := range []bool{true, false} {
		b.Run(fmt.Sprintf("rollups=%v", rollups), func(b *testing.B) {
			for b.Loop() {
				db, so := testStore(b)
				so.rowsOnly = !rollups
				sum := load(b, db, so, Options{}, path)
				b.ReportMetric(float64(sum.Total.Imported)/b.Elapsed().Seconds(), "rows/s")
			}
		})
	}
}

// BenchmarkBareInsert puts the cells of call records into one bare table of 16
// columns by prepared statements of 50 rows and makes three indexes: what an
// import by statements cannot go below.
func BenchmarkBareInsert(b *testing.B) {
	path := callFile(b, benchRows())
	for b.Loop() {
		db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(b.TempDir(), "bare.db"))+"?_journal_mode=WAL&_synchronous=NORMAL")
		if err != nil {
			b.Fatal(err)
		}
		if err := bareInsert(db, path); err != nil {
			b.Fatal(err)
		}
		db.Close()
	}
}

func bareInsert(db *sql.DB, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`CREATE TABLE t (id TEXT, upd TEXT, start TEXT, channel TEXT, direction TEXT, queue TEXT, agent TEXT, wait INTEGER,
		talk INTEGER, hold INTEGER, wrap INTEGER, outcome TEXT, subject TEXT, kind TEXT, cause TEXT, party TEXT) STRICT`); err != nil {
		return err
	}
	const each = 50
	st, err := tx.Prepare("INSERT INTO t VALUES " + marks(each, 16))
	if err != nil {
		return err
	}
	defer st.Close()
	args := make([]any, 0, each*16)
	in := bufio.NewScanner(f)
	in.Scan() // header
	for in.Scan() {
		for i, cell := range strings.Split(in.Text(), ",") {
			if n, err := strconv.ParseInt(cell, 10, 64); err == nil && i >= 7 && i <= 10 {
				args = append(args, n)
			} else {
				args = append(args, cell)
			}
		}
		if len(args) == cap(args) {
			if _, err := st.Exec(args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if _, err := tx.Exec("CREATE UNIQUE INDEX t_id ON t(id); CREATE INDEX t_start ON t(start); CREATE INDEX t_party ON t(party, start)"); err != nil {
		return err
	}
	return tx.Commit()
}

// BenchmarkScanCalls only understands the rows, without a store.
func BenchmarkScanCalls(b *testing.B) {
	path := callFile(b, benchRows())
	for b.Loop() {
		in, err := Expand([]string{path}, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Scan(b.Context(), in.Files, Options{}, nil, nil); err != nil {
			b.Fatal(err)
		}
		in.Close()
	}
}
