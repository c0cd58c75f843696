package object_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/object"
)

// What Members accepts is JSON to encoding/json too, with the same members; and
// what it refuses though encoding/json takes it for an object is one of the
// things that the package comment promises to refuse.
func FuzzMembers(f *testing.F) {
	f.Add([]byte(`{"data":{"value":300},"SEQN":121}`))
	f.Add([]byte(`{"a":[1,-2.5e3,"\u0041\ud83c\udf32",{"b":null}],"a":true}`))
	f.Add([]byte(`{"\ud800":"\xff"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		visited := map[string]string{}
		err := object.Members(text, func(key, value []byte) error {
			visited[string(key)] = string(value)
			return nil
		})
		var want map[string]json.RawMessage
		lenient := json.Unmarshal(text, &want)
		if err != nil {
			if !errors.Is(err, object.ErrSyntax) && !errors.Is(err, object.ErrDuplicate) {
				t.Errorf("%q: %v is of no class", text, err)
			}
			return
		}
		if lenient != nil {
			t.Fatalf("%q: accepted, but encoding/json says %v", text, lenient)
		}
		if len(visited) != len(want) {
			t.Errorf("%q: %d members, encoding/json sees %d", text, len(visited), len(want))
		}
		for key, value := range want {
			if visited[key] != string(value) {
				t.Errorf("%q: %q is %s, encoding/json sees %s", text, key, visited[key], value)
			}
		}
	})
}

// String agrees with encoding/json wherever both accept.
func FuzzString(f *testing.F) {
	f.Add([]byte(`"a\/b\u0041\ud83c\udf32"`))
	f.Add([]byte(`"\ud800\ud800"`))
	f.Fuzz(func(t *testing.T, value []byte) {
		got, err := object.String(value)
		if err != nil {
			if got != "" {
				t.Errorf("%q: refused with %v, but %q came along", value, err, got)
			}
			return
		}
		var want string
		if err := json.Unmarshal(value, &want); err != nil {
			t.Fatalf("%q: accepted as %q, but encoding/json says %v", value, got, err)
		}
		// encoding/json replaces bytes that are no UTF-8; Members has refused them.
		if got != want && json.Valid(value) && string([]rune(got)) == got {
			t.Errorf("%q: %q, encoding/json says %q", value, got, want)
		}
	})
}
