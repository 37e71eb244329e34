package importer

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
)

// direct runs one prepared statement on the connection of an import, past
// database/sql, which would convert and check every value of every row once
// more. Values are int64, float64, string or nil.
type direct struct {
	conn *sql.Conn
	stmt driver.Stmt
	args []driver.NamedValue
}

// prepareDirect prepares a statement. It must be closed before the transaction
// on the connection ends.
func prepareDirect(ctx context.Context, conn *sql.Conn, query string) (*direct, error) {
	d := &direct{conn: conn}
	err := conn.Raw(func(c any) error {
		p, ok := c.(driver.ConnPrepareContext)
		if !ok {
			return fmt.Errorf("the driver %T does not prepare statements", c)
		}
		var err error
		d.stmt, err = p.PrepareContext(ctx, query)
		return err
	})
	return d, err
}

// run executes the statement with the values put since the last run and returns
// how many rows it touched.
func (d *direct) run() (n int64, err error) {
	err = d.conn.Raw(func(any) error {
		x, ok := d.stmt.(driver.StmtExecContext)
		if !ok {
			return fmt.Errorf("the driver %T does not run statements", d.stmt)
		}
		// A context that can end would cost a goroutine for every statement; the
		// reader looks at it between rows.
		res, err := x.ExecContext(context.Background(), d.args)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	d.args = d.args[:0]
	return n, err
}

// put adds the next value.
func (d *direct) put(v any) {
	d.args = append(d.args, driver.NamedValue{Ordinal: len(d.args) + 1, Value: v})
}

func (d *direct) close() {
	if d != nil && d.stmt != nil {
		_ = d.conn.Raw(func(any) error { return d.stmt.Close() }) // nothing is lost with it
	}
}

// marks returns rows of parameters: (?, ?), (?, ?) for two of two.
func marks(rows, width int) string {
	one := "(" + strings.Repeat("?, ", width-1) + "?)"
	return strings.Repeat(one+", ", rows-1) + one
}
