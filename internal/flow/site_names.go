package flow

// ChannelNames lists the channels of the centre.
func (s *Site) ChannelNames() []string {
	var out []string
	for _, c := range s.Centre.Channels {
		out = append(out, c.Name)
	}
	return out
}

// SubjectNames lists the subjects of the centre.
func (s *Site) SubjectNames() []string {
	var out []string
	for _, c := range s.Centre.Subjects {
		out = append(out, c.Name)
	}
	return out
}

// DepartmentNames lists the departments of the centre.
func (s *Site) DepartmentNames() []string {
	var out []string
	for _, d := range s.Centre.Departments {
		out = append(out, d.Name)
	}
	return out
}
