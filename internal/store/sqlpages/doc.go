// Package sqlpages fills the empty tables and indexes of a SQLite database file
// page by page: rows and index entries come in order, and SQLite reads the file
// as its own.
//
// It is how many rows get into a store fast. SQLite works out every value of
// every row in byte code and looks for the place of each, which takes most of the
// time of a big import. The file must be one that nobody else uses, such as a copy
// of the store; its pages get into the store by SQLite itself, in one transaction
// (sqlite.org/backup.html).
//
// Records are those of STRICT tables: NULL, INTEGER, REAL and TEXT. An entry of an
// index that would need overflow pages is refused with [ErrTooLong].
//
// Source: SQLite, Database File Format (sqlite.org/fileformat2.html), sections
// 1.3 (header), 1.6 (b-tree pages), 1.6.1 (overflow) and 2.1 (records).
package sqlpages
