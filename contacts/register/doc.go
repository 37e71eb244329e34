// Package register is the desk of the contact centre: contacts are registered,
// work is handed off to departments, promises are made on it and watched, and
// appointments are booked.
//
// A [Desk] is a store with what must be known of the centre. Every change is one
// immediate transaction, so many desks can work on one store at once, and what a
// method has returned is kept. Work on a contact is a [HandOff], with the centre
// itself as its department at first; its log of events is the truth, from which
// status, assignee and due times follow.
//
// Customers are known by a keyed reference only. What open work still needs of
// them, such as a number to call back, is sealed.
package register
