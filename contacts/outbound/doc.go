// Package outbound makes the calls that a contact centre starts itself:
// callbacks with a promised window, status updates on open promises, making and
// reminding of appointments, arrears, satisfaction calls.
//
// A campaign says when may be called, how often and how far apart; a record is
// one person on its list; an attempt is one call with its outcome. Next hands
// out one record at a time: whoever asks, whatever the number of processes, no
// record is handed out twice, none outside the hours of its campaign, none
// before its spacing is over or after its last attempt, and nobody who asked
// not to be called. Promised windows go first, then campaigns and records by
// priority, then what is due within a day, then whom it is a good time to call.
//
// Numbers are stored sealed and shown by Next alone. People are known by keyed
// references.
package outbound
