package planstore

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"kcc/roster"
)

// encodeDetail writes any plain value (structs, lists, maps by text, numbers,
// times) as JSON. Unlike encoding/json it takes NaN, as null, and infinity, as
// "+Inf"; decodeDetail reads both back.
func encodeDetail(v any) (string, error) {
	tree, err := plainTree(reflect.ValueOf(v))
	if err != nil {
		return "", err
	}
	b, err := json.Marshal(tree)
	return string(b), err
}

var (
	timeType     = reflect.TypeFor[time.Time]()
	sentenceType = reflect.TypeFor[roster.Sentence]()
)

func plainTree(v reflect.Value) (any, error) {
	if v.IsValid() && v.Type() == timeType {
		return v.Interface().(time.Time).Format(time.RFC3339Nano), nil
	}
	switch v.Kind() {
	case reflect.Bool, reflect.String, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		// The kind, not the type: a MarshalText of the type must not interfere.
		return v.Convert(basic(v.Kind())).Interface(), nil
	case reflect.Float64, reflect.Float32:
		f := v.Float()
		switch {
		case math.IsNaN(f):
			return nil, nil
		case math.IsInf(f, 0):
			return fmt.Sprint(f), nil
		}
		return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.IsNil() {
			return nil, nil
		}
		out := make([]any, v.Len())
		for i := range out {
			e, err := plainTree(v.Index(i))
			if err != nil {
				return nil, err
			}
			out[i] = e
		}
		return out, nil
	case reflect.Map:
		if v.IsNil() {
			return nil, nil
		}
		out := map[string]any{}
		for it := v.MapRange(); it.Next(); {
			e, err := plainTree(it.Value())
			if err != nil {
				return nil, err
			}
			out[it.Key().String()] = e
		}
		return out, nil
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			e, err := plainTree(v.Field(i))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.Name, err)
			}
			out[f.Name] = e
		}
		return out, nil
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return plainTree(v.Elem())
	}
	return nil, fmt.Errorf("a %s cannot be kept", v.Kind())
}

func basic(k reflect.Kind) reflect.Type {
	switch k {
	case reflect.Bool:
		return reflect.TypeFor[bool]()
	case reflect.String:
		return reflect.TypeFor[string]()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return reflect.TypeFor[uint64]()
	}
	return reflect.TypeFor[int64]()
}

// decodeDetail reads what encodeDetail wrote into a pointer. Members that the
// target does not have are passed over, as an older program may meet them.
func decodeDetail(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return err
	}
	return fill(reflect.ValueOf(into).Elem(), tree)
}

func fill(v reflect.Value, tree any) error {
	bad := func() error { return fmt.Errorf("%v does not fit a %s", tree, v.Type()) }
	if v.Type() == timeType {
		s, _ := tree.(string)
		t, err := time.Parse(time.RFC3339Nano, s)
		v.Set(reflect.ValueOf(t))
		return err
	}
	switch v.Kind() {
	case reflect.Float64, reflect.Float32:
		switch t := tree.(type) {
		case nil:
			v.SetFloat(math.NaN())
			return nil
		case string:
			f, err := strconv.ParseFloat(t, 64)
			v.SetFloat(f)
			return err
		case json.Number:
			f, err := t.Float64()
			v.SetFloat(f)
			return err
		}
		return bad()
	case reflect.Slice:
		if tree == nil {
			v.SetZero()
			return nil
		}
		list, ok := tree.([]any)
		if !ok {
			return bad()
		}
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		return fillEach(v, list)
	case reflect.Array:
		list, ok := tree.([]any)
		if !ok || len(list) != v.Len() {
			return bad()
		}
		return fillEach(v, list)
	case reflect.Struct, reflect.Map:
		if tree == nil {
			v.SetZero()
			return nil
		}
		if text, ok := tree.(string); ok && v.Type() == sentenceType { // as they were kept in English only
			v.Set(reflect.ValueOf(roster.Sentence{English: text}))
			return nil
		}
		m, ok := tree.(map[string]any)
		if !ok {
			return bad()
		}
		return fillMembers(v, m)
	case reflect.Pointer:
		if tree == nil {
			v.SetZero()
			return nil
		}
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), tree)
	}
	return fillBasic(v, tree, bad)
}

func fillBasic(v reflect.Value, tree any, bad func() error) error {
	switch v.Kind() {
	case reflect.Bool:
		b, ok := tree.(bool)
		if !ok {
			return bad()
		}
		v.SetBool(b)
	case reflect.String:
		s, ok := tree.(string)
		if !ok {
			return bad()
		}
		v.SetString(s)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		n, ok := tree.(json.Number)
		u, err := strconv.ParseUint(n.String(), 10, 64)
		if !ok || err != nil {
			return bad()
		}
		v.SetUint(u)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n, ok := tree.(json.Number)
		i, err := n.Int64()
		if !ok || err != nil {
			return bad()
		}
		v.SetInt(i)
	default:
		return bad()
	}
	return nil
}

func fillEach(v reflect.Value, list []any) error {
	for i, e := range list {
		if err := fill(v.Index(i), e); err != nil {
			return err
		}
	}
	return nil
}

func fillMembers(v reflect.Value, m map[string]any) error {
	if v.Kind() == reflect.Map {
		v.Set(reflect.MakeMap(v.Type()))
		for k, e := range m {
			x := reflect.New(v.Type().Elem()).Elem()
			if err := fill(x, e); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(k).Convert(v.Type().Key()), x)
		}
		return nil
	}
	for k, e := range m {
		f := v.FieldByName(k)
		if !f.IsValid() || !f.CanSet() {
			continue
		}
		if err := fill(f, e); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
	}
	return nil
}
