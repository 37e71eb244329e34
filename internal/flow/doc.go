// Package flow is the only place where the areas of kcc meet: it takes history
// out of the store, lets forecast, erlang and roster do their work, stores what
// they found and fills the workbook. The plan of a week, the demo, and the
// hand-over from one step to the next live here.
package flow
