// Package tomltext tells where in a text in TOML something stands or is wrong, for messages.
package tomltext

import (
	"errors"
	"strings"

	"github.com/BurntSushi/toml"
)

// Syntax returns the line, from 1, and the words of an error of the library that says that a text is
// not well formed; ok is false for any other error and for nil.
func Syntax(err error) (line int, what string, ok bool) {
	bad, ok := errors.AsType[toml.ParseError](err)
	if !ok {
		return 0, "", false
	}
	line = bad.Position.Line
	if strings.Contains(bad.Message, `got '\n'`) { // the library counts the end of a line to the next
		line--
	}
	return line, bad.Message, true
}
