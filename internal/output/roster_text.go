package output

// Text returns what stands in a day cell of a week sheet: 08:30-17:00, - for a
// day off, L for leave, Z for sickness, with ! when the cell is locked.
func (c *RosterCell) Text() string { return c.cellText() }
