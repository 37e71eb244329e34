package centre

import _ "embed"

//go:embed template.toml
var template []byte

// Template returns a commented description of a municipal centre to start from.
func Template() []byte { return append([]byte(nil), template...) }
