// Package sqlpages writes SQLite database files page by page: rows and index
// entries come in order, and one file comes out that SQLite reads as its own.
//
// It is how many rows get into a store fast. SQLite works out every value of
// every row in byte code, which takes most of the time of a big import; of a
// table in an attached file with the same columns and indexes it copies the
// records as they stand (its transfer optimisation: INSERT INTO t SELECT * FROM
// other.t). So the file is written here, and taken over by SQLite itself, in an
// ordinary transaction.
//
// Records are those of STRICT tables: NULL, INTEGER, REAL and TEXT. A row that
// would need overflow pages is refused with [ErrTooLong].
//
// Source: SQLite, Database File Format (sqlite.org/fileformat2.html), sections
// 1.3 (header), 1.6 (b-tree pages) and 2.1 (records).
package sqlpages
