package kb

import (
	"fmt"
	"strings"
)

// maxDiffLines bounds the table of the comparison.
const maxDiffLines = 4000

// Diff compares two contents line by line: lines that start with "- " are gone,
// with "+ " new, with two spaces the same.
func Diff(old, changed Content) []string {
	a, b := lines(old), lines(changed)
	if len(a) > maxDiffLines || len(b) > maxDiffLines {
		return append(prefixed("- ", a), prefixed("+ ", b)...)
	}
	// Longest common subsequence.
	n := make([][]int, len(a)+1)
	for i := range n {
		n[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				n[i][j] = n[i+1][j+1] + 1
			} else {
				n[i][j] = max(n[i+1][j], n[i][j+1])
			}
		}
	}
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || (i < len(a) && n[i+1][j] >= n[i][j+1]):
			out = append(out, "- "+a[i])
			i++
		default:
			out = append(out, "+ "+b[j])
			j++
		}
	}
	return out
}

func prefixed(mark string, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = mark + s
	}
	return out
}

// lines writes content as lines to compare.
func lines(c Content) []string {
	var out []string
	for _, f := range []struct {
		name string
		v    any
	}{
		{"title", c.Title},
		{"kind", c.Kind},
		{"asked", c.Asked},
		{"subjects", c.Subjects},
		{"products", c.Products},
		{"channels", c.Channels},
		{"audience", c.Audience},
		{"lang", c.Lang},
		{"owner", c.Owner},
		{"url", c.Source},
		{"valid_from", c.ValidFrom},
		{"valid_to", c.ValidTo},
		{"review", c.Review},
	} {
		switch v := f.v.(type) {
		case []string:
			for _, s := range v {
				out = append(out, f.name+": "+s)
			}
		default:
			if s := fmt.Sprint(v); s != "" {
				out = append(out, f.name+": "+s)
			}
		}
	}
	return append(out, strings.Split(c.Body, "\n")...)
}
