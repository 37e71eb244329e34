// Package channel is channel management: what each channel carries, costs and is
// worth to customers, how that changes, and what is aimed at.
//
// [Mix] describes the channels of a period, [Shift] divides a change between two
// periods into volume, subjects and the choice of channel, [Goal] is one line of
// the strategy and [Judge] holds it against what came. Moving contacts from one
// channel to another, which needs the forecast and the sizing, is in
// internal/flow.
//
// Units: contacts, hours of agents' work, cost in the centre's currency; ratios
// are 0..1; unknown is NaN.
package channel
