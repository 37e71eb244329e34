package tomltext

import (
	"errors"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestSyntax(t *testing.T) {
	for text, want := range map[string]int{"a = 1\nb = \"x\n": 2, "[a\nb = 1\n": 1, "a = 1\n\nb = 0,2\n": 3} {
		var keys map[string]any
		_, err := toml.Decode(text, &keys)
		if line, what, ok := Syntax(err); !ok || line != want || what == "" {
			t.Errorf("%q: line %d, %q, %v, want line %d", text, line, what, ok, want)
		}
	}
	if _, _, ok := Syntax(errors.New("another")); ok {
		t.Error("another error is taken for one of syntax")
	}
	if _, _, ok := Syntax(nil); ok {
		t.Error("nil is taken for an error")
	}
}

func TestLineOf(t *testing.T) {
	const text = `top = 1
[a]
x.y = """
[b]
y = 2"""
list = [
  {k = "]"}, # ]
]
"q.r" = 'it\' # the end
[[c]]
k = 1
[[c]]
k = 2
[c.d]
k = 3
`
	for _, x := range []struct {
		want int
		path []string
	}{
		{1, []string{"top"}},
		{2, []string{"a"}},
		{3, []string{"a", "x", "y"}},
		{6, []string{"a", "list", "1", "k"}},
		{9, []string{"a", "q.r"}},
		{10, []string{"c"}},
		{11, []string{"c", "1", "k"}},
		{13, []string{"c", "2", "k"}},
		{15, []string{"c", "2", "d", "k"}},
		{1, []string{"nowhere"}},
	} {
		if got := LineOf(text, x.path); got != x.want {
			t.Errorf("%q: line %d, want %d", x.path, got, x.want)
		}
	}
}
