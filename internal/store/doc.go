// Package store opens the SQLite store of a centre: one file, migrations in
// order, consistent backups, restore and an integrity check. Nobody else builds
// a connection string.
//
// Conventions: times are INTEGER UTC seconds, durations INTEGER seconds, money
// INTEGER cents, tables STRICT. Every write transaction is immediate, so that
// many short writers take turns instead of failing half-way; readers never
// block. A transaction opened with sql.TxOptions{ReadOnly: true} is deferred and
// sees one consistent state.
//
//	db, err := store.Open(ctx, "kcc.db", store.Options{})
//	err = store.Write(ctx, db, func(tx *sql.Tx) error { ... })
//
// docs/store.md describes the layout for readers of the file.
package store
