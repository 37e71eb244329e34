// Package privacy keeps personal data out of the store, or unreadable in it.
//
// Customers are known by a keyed reference: HMAC-SHA256 over kind and normalised
// value, with a key in a file outside the store. A plain hash would not do: there
// are fewer than a thousand million citizen service numbers (BSN). What open work
// needs, such as a number to call back, is sealed with AES-256-GCM under a key
// from the same file. After a rotation new references use the new key and old
// ones are still found, as long as the old key is kept.
//
// In free text numbers that pass the test of eleven of a BSN are masked where a
// word such as BSN stands next to them ([Masker]); [Scan] looks for more kinds of
// personal data in what is stored already.
package privacy
