package judge

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestSameValue(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1`, `1e0`, true}, {`100`, `1E+2`, true}, {`0.001`, `1e-3`, true}, {`-0`, `0`, true}, {`0e5`, `0.0`, true},
		{`1`, `-1`, false}, {`1`, `10`, false}, {`0.1`, `0.10000000000000001`, false}, {`9007199254740993`, `9007199254740992`, false},
		{`1e400`, `1e401`, false}, {`1e99999999999999999999`, `10e99999999999999999998`, true},
		{`300`, `"300"`, false}, {`null`, `"null"`, false}, {`null`, `false`, false}, {`[]`, `{}`, false},
		{`"A"`, `"\u0041"`, true}, {`"/"`, `"\/"`, true}, {`"😀"`, `"\ud83d\ude00"`, true}, {`"é"`, `"e\u0301"`, false},
		{`"\ud800"`, `"\ud801"`, false}, {`"\ud800"`, `"\uFFFD"`, false}, {`"\ud800"`, `"\uD800"`, true}, {`"\""`, `"\u0022"`, true}, {`"\\"`, `"\u005c"`, true},
		{`{"a":1,"b":2}`, ` { "b" : 2 , "a" : 1 } `, true}, {`{"a":1}`, `{"A":1}`, false}, {`{"a":[1,2]}`, `{"a":[2,1]}`, false}, {`[1,2]`, `[1,2,3]`, false},
		{`{"a":1,"a":2}`, `{"a":2}`, false}, {`{"a":1,"a":2}`, `{"a":2,"a":1}`, false}, {`{"a":1,"b":0,"a":2}`, `{"a":1,"a":2,"b":0}`, true},
		{`{"a":{"b":[{"c":null}]}}`, `{"a":{"b":[{"c":null}]}}`, true}, {`"a,b"`, `"a"`, false}, {`["a","b"]`, `["a,b"]`, false}, {`{"a":"b"}`, `{"a:b":""}`, false},
		{`1`, ``, false}, {`1 2`, `1 2`, false}, {`{`, `{`, false},
	} {
		if got := sameValue([]byte(tt.a), []byte(tt.b)); got != tt.want {
			t.Errorf("%s and %s: %t, want %t", tt.a, tt.b, got, tt.want)
		}
		if got := sameValue([]byte(tt.b), []byte(tt.a)); got != tt.want {
			t.Errorf("%s and %s: %t, want %t", tt.b, tt.a, got, tt.want)
		}
	}
}

// FuzzSameValue compares what code may answer as data: a text is itself, and
// itself with other white space; what is no JSON is nothing.
func FuzzSameValue(f *testing.F) {
	for _, s := range []string{`{"a":[1.50,"\ud800\u0041"],"a":null}`, `-0e-5`, `"`, `[[[`, `"\ud83d\ude00"`, `{"":{}}`, "\"\xff\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		if valid := json.Valid(p); sameValue(p, p) != valid {
			t.Fatalf("%q: the same as itself: %t, valid: %t", p, !valid, valid)
		} else if !valid {
			return
		}
		var wide bytes.Buffer
		if err := json.Indent(&wide, p, " ", "\t"); err == nil && !sameValue(p, wide.Bytes()) {
			t.Errorf("%q is not %q", p, &wide)
		}
		if sameValue(p, append(append([]byte("["), p...), ']')) {
			t.Errorf("%q is the array of itself", p)
		}
	})
}
