package privacy

import (
	"errors"
	"strings"
	"unicode"
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
func Normalise(kind, value string) string {
	value = strings.TrimSpace(value)
	switch kind {
	case Phone:
		plus := strings.HasPrefix(value, "+")
		d := strings.Replace(value, "(0)", "", 1) // +31 (0)6
		d = onlyDigits(d)
		switch {
		case plus:
		case strings.HasPrefix(d, "00"):
			d = d[2:]
		case strings.HasPrefix(d, "0"):
			d = "31" + d[1:]
		}
		return "+" + d
	case BSN:
		return strings.TrimLeft(onlyDigits(value), "0")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, value)
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
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
