package privacy

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kinds of identifiers of a customer.
const (
	Phone  = "phone"
	Email  = "email"
	BSN    = "bsn"
	Number = "number" // of the organisation itself
)

// Identify tells the kind of an identifier as people type it: a kind before a
// colon (bsn:123456782), else an address with @ is an e-mail address, digits with
// a leading 0 or + are a telephone number, and anything else a number of the
// customer.
func Identify(s string) (kind, value string, err error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", "", errors.New("the identifier of the customer is empty")
	}
	if k, v, ok := strings.Cut(s, ":"); ok {
		switch k = strings.ToLower(strings.TrimSpace(k)); k {
		case Phone, Email, BSN, Number:
			if v = strings.TrimSpace(v); v == "" {
				return "", "", errors.New("the identifier of the customer is empty")
			}
			if k == BSN && !IsBSN(v) {
				return "", "", errors.New("the number does not pass the test of a BSN")
			}
			return k, v, nil
		}
	}
	digits := 0
	other := false
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() ./", r):
			other = true
		}
	}
	switch {
	case strings.Contains(s, "@"):
		return Email, s, nil
	case !other && digits >= 9 && digits <= 15 && (s[0] == '0' || s[0] == '+' || s[0] == '('):
		return Phone, s, nil
	}
	return Number, s, nil
}

// Normalise writes an identifier of a kind in one form: telephone numbers with
// country code, Dutch by default, e-mail addresses and numbers in lower case.
func Normalise(kind, value string) string { return string(appendNormal(nil, kind, value)) }

// appendNormal appends what Normalise returns.
func appendNormal(dst []byte, kind, value string) []byte {
	value = strings.TrimSpace(value)
	switch kind {
	case Phone:
		plus := strings.HasPrefix(value, "+")
		if i := strings.Index(value, "(0)"); i >= 0 { // +31 (0)6
			value = value[:i] + value[i+len("(0)"):]
		}
		dst = append(dst, '+')
		n := len(dst)
		dst = appendDigits(dst, value)
		switch d := dst[n:]; {
		case plus:
		case bytes.HasPrefix(d, []byte("00")):
			dst = append(dst[:n], d[2:]...)
		case bytes.HasPrefix(d, []byte("0")):
			dst = append(dst, 0)
			copy(dst[n+2:], dst[n+1:])
			copy(dst[n:], "31")
		}
		return dst
	case BSN:
		n := len(dst)
		dst = appendDigits(dst, value)
		return append(dst[:n], bytes.TrimLeft(dst[n:], "0")...)
	}
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c >= utf8.RuneSelf:
			return append(dst, lowered(value[i:])...)
		case c == ' ' || c >= '\t' && c <= '\r':
		case c >= 'A' && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// lowered returns s in lower case and without blanks.
func lowered(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

func appendDigits(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			dst = append(dst, s[i])
		}
	}
	return dst
}

// Ref returns the keyed reference of an identifier as typed.
func (k *Keys) Ref(identifier string) (string, error) {
	kind, value, err := Identify(identifier)
	if err != nil {
		return "", err
	}
	return k.Reference(kind, value), nil
}

// Refs returns the references of an identifier under every key.
func (k *Keys) Refs(identifier string) ([]string, error) {
	kind, value, err := Identify(identifier)
	if err != nil {
		return nil, err
	}
	return k.References(kind, value), nil
}
