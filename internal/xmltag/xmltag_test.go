package xmltag

import "testing"

func TestSplitAndAttr(t *testing.T) {
	for _, c := range []struct{ tag, name, key, value string }{
		{`c r="A1" s="3" t="s"`, "c", "s", "3"},
		{`x:row  spans='1:3'` + "\n r = \"12\"/", "row", "r", "12"},
		{`sheet name="R&amp;D &lt;2&gt;" r:id="rId7"`, "sheet", "name", "R&D <2>"},
		{`sheet name="a=&quot;b&quot;" r:id="rId7"`, "sheet", "id", "rId7"},
		{`c ref="r='x'" r='B2'`, "c", "r", "B2"},
		{`v/`, "v", "r", ""},
		{`c r=A1 t="s"`, "c", "r", ""},
		{`c r="A1`, "c", "r", ""},
		{``, "", "r", ""},
	} {
		name, attrs := Split([]byte(c.tag))
		if got := Attr(attrs, c.key); string(name) != c.name || got != c.value {
			t.Errorf("<%s> is %q with %s=%q, want %q with %q", c.tag, name, c.key, got, c.name, c.value)
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                        "plain",
		"a &lt;b&gt; &quot;c&apos;":    `a <b> "c'`,
		"&amp;lt; &amp;#65;":           "&lt; &#65;",
		"caf&#233; &#x2013; &#X1F600;": "café \u2013 \U0001f600",
		"R&D; &; &#; &#x; &#xZZ; &":    "R&D; &; &#; &#x; &#xZZ; &",
		"&#4294967295; &#1114112;":     "&#4294967295; &#1114112;",
	} {
		if got := Text([]byte(in)); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestChars(t *testing.T) {
	for in, want := range map[string]string{
		"a_x000D_\nb": "a\r\nb", "_x005F_x0041_": "_x0041_", "max_xyz_1": "max_xyz_1", "_x00": "_x00", "_x000d_": "\r",
	} {
		if got := Chars(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
