package object_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/object"
)

// members writes down what Members visits, as key=value and a semicolon each.
func members(text string) (string, error) {
	var s strings.Builder
	err := object.Members([]byte(text), func(key, value []byte) error {
		fmt.Fprintf(&s, "%s=%s;", key, value)
		return nil
	})
	return s.String(), err
}

func TestMembers(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{}`, ``},
		{" \t\r\n{ \n} ", ``},
		{`{"a":1}`, `a=1;`},
		{`{"":""}`, `="";`},
		{`{"a" : 1 , "b":[ 1 , {} ] }`, `a=1;b=[ 1 , {} ];`},
		{`{"a":{"a":1,"a":2}}`, `a={"a":1,"a":2};`}, // inside a value, nothing but grammar counts
		{`{"\u0041\n\"\\\/\b\f\r\t":0}`, "A\n\"\\/\b\f\r\t=0;"},
		{`{"\ud83c\udf32":0,"é":1}`, `🌲=0;é=1;`},
		{`{"a":"\ud83c"}`, `a="\ud83c";`}, // grammar, not meaning
		{`{"a":-0.0e-0,"b":1E+9,"c":-12.5,"d":0e1}`, `a=-0.0e-0;b=1E+9;c=-12.5;d=0e1;`},
		{`{"a":true,"b":false,"c":null}`, `a=true;b=false;c=null;`},
		{`{"a":0,"A":1}`, `a=0;A=1;`},
	} {
		got, err := members(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.text, got, err, tt.want)
		}
	}
}

func TestMembersRefusesWhatIsNoObject(t *testing.T) {
	for _, text := range []string{
		``, ` `, `1`, `"a"`, `[]`, `null`, `{`, `}`, `{}{}`, `{},`, `{}x`, "{}\x00", "\ufeff{}",
		`{a:1}`, `{'a':1}`, `{1:1}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{"a":1 "b":2}`, `{"a":1;"b":2}`,
		`{"a":01}`, `{"a":+1}`, `{"a":.5}`, `{"a":1.}`, `{"a":1e}`, `{"a":1e+}`, `{"a":-}`, `{"a":0x1}`, `{"a":NaN}`, `{"a":Infinity}`,
		`{"a":tru}`, `{"a":True}`, `{"a":truex}`, `{"a":nul`,
		`{"a":"}`, `{"a":"\"}`, `{"a":"\x"}`, `{"a":"\u12"}`, `{"a":"\u12g4"}`, "{\"a\":\"\n\"}", "{\"a\":\"\x00\"}", `{"a`,
		"{\"a\":\"\xff\"}", "{\"\xc0\xaf\":1}", "{\"a\":\"\xed\xa0\x80\"}",
		`{"\ud83c":1}`, `{"\udf32\ud83c":1}`, `{"\ud83cx":1}`, `{"\ud83c\n1234":1}`, `{"\ud83c\u0041":1}`,
		`{"a":[1,]}`, `{"a":[,]}`, `{"a":[1 2]}`, `{"a":[}`, `{"a":{]}`, `{"a":[1}`, `/**/{}`,
	} {
		if _, err := members(text); !errors.Is(err, object.ErrSyntax) {
			t.Errorf("%q: %v, want %v", text, err, object.ErrSyntax)
		}
	}
}

func TestMembersRefusesDuplicates(t *testing.T) {
	var many strings.Builder // more keys than are kept without a map
	for i := range 20 {
		fmt.Fprintf(&many, `"%d":0,`, i)
	}
	for _, text := range []string{
		`{"a":1,"a":1}`,
		`{"a":1,"b":2,"a":3}`,
		`{"a":1,"\u0061":1}`,
		`{"":1,"":1}`,
		`{` + many.String() + `"3":0}`,
		`{` + many.String() + `"19":0}`,
	} {
		if _, err := members(text); !errors.Is(err, object.ErrDuplicate) {
			t.Errorf("%s: %v, want %v", text, err, object.ErrDuplicate)
		}
	}
	if _, err := members(`{` + many.String() + `"20":0}`); err != nil {
		t.Errorf("21 different keys: %v", err)
	}
}

func TestMembersBoundsDepth(t *testing.T) {
	nested := func(n int) string { // n arrays in the object
		return `{"a":` + strings.Repeat(`[`, n) + strings.Repeat(`]`, n) + `}`
	}
	for _, tt := range []struct {
		n    int
		want error
	}{
		{object.MaxDepth - 1, nil},
		{object.MaxDepth, object.ErrSyntax},
		{1 << 20, object.ErrSyntax},
	} {
		if _, err := members(nested(tt.n)); !errors.Is(err, tt.want) {
			t.Errorf("%d arrays: %v, want %v", tt.n, err, tt.want)
		}
	}
	deep := strings.Repeat(`{"a":`, 1<<20)
	if _, err := members(deep); !errors.Is(err, object.ErrSyntax) {
		t.Errorf("1 Mi objects: %v, want %v", err, object.ErrSyntax)
	}
}

func TestMembersReturnsTheErrorOfVisit(t *testing.T) {
	mine := errors.New("mine")
	seen := 0
	err := object.Members([]byte(`{"a":1,"b":2}`), func(_, _ []byte) error {
		seen++
		return mine
	})
	if err != mine || seen != 1 {
		t.Errorf("%v after %d members, want mine after 1", err, seen)
	}
}

func TestString(t *testing.T) {
	for _, tt := range []struct {
		value, want string
		err         error
	}{
		{`""`, "", nil},
		{`"a/b"`, "a/b", nil},
		{`"a\/b\u0041\u00e9\ud83c\udf32"`, "a/bAé🌲", nil},
		{`"\u0000"`, "\x00", nil},
		{`"\ufffd"`, "\ufffd", nil},
		{`"\ud800"`, "", object.ErrSyntax},
		{`"\udc00\ud800"`, "", object.ErrSyntax},
		{`1`, "", object.ErrSyntax},
		{`null`, "", object.ErrSyntax},
		{`["a"]`, "", object.ErrSyntax},
		{``, "", object.ErrSyntax},
		{`"a"b"`, "", object.ErrSyntax},
	} {
		got, err := object.String([]byte(tt.value))
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("String(%s) = %q, %v; want %q, %v", tt.value, got, err, tt.want, tt.err)
		}
	}
}
