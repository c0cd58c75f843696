package backend_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/internal/backend"
)

const known = "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name, msg string
		strict    string // stage, or data
		permitted string // dialects
		mistakes  string
	}{
		{"the known answer", known, `{"value":300}`, "", ""},
		{"without padding", strings.TrimRight(known, "="), "outer-base64", "unpadded-base64", ""},
		{"with a newline", known + "\n", "outer-base64", "newline-base64 trailing-base64 lenient-base64", ""},
		{"with a space", known[:8] + " " + known[8:], "outer-base64", "lenient-base64", ""},
		{"with stray bits", strings.Replace(known, "Nw==", "Nx==", 1), "outer-base64", "loose-bits-base64", ""},
		{"with text behind it", known + "A", "outer-base64", "trailing-base64", ""},
		{"of another magic", "a" + known[1:], "magic", "", "unchecked-magic"},
	} {
		v := backend.Judge([]byte("correct horse"), tt.msg, 121)
		strict := v.Strict.Data
		if !v.Strict.Accept {
			strict = string(v.Strict.Stage[0])
		}
		if strict != tt.strict || names(v.Permitted) != tt.permitted || names(v.Mistakes) != tt.mistakes {
			t.Errorf("%s: %s, permitted %q, mistakes %q", tt.name, strict, names(v.Permitted), names(v.Mistakes))
		}
	}
}

func names(outcomes []vectors.Outcome) string {
	var all []string
	for _, o := range outcomes {
		all = append(all, o.Dialect)
	}
	return strings.Join(all, " ")
}

// FuzzJudge has anything read: a verdict of known dialects, none of which is
// what strictness accepts.
func FuzzJudge(f *testing.F) {
	f.Add(known, uint64(0))
	f.Add("", uint64(121))
	f.Add(base64.StdEncoding.EncodeToString([]byte("Salted__12345678x")), uint64(1))
	f.Fuzz(func(t *testing.T, msg string, next uint64) {
		if len(msg) > 1000 {
			return // 800 backends read it
		}
		v := backend.Judge([]byte("correct horse"), msg, next)
		if v.Strict.Accept == (len(v.Strict.Stage) == 1) {
			t.Fatalf("%+v", v.Strict)
		}
		for _, o := range append(v.Permitted, v.Mistakes...) {
			if !o.Accept || o.Dialect == "" || v.Strict.Accept && *o.PlainHex == *v.Strict.PlainHex && o.Data == v.Strict.Data {
				t.Fatalf("%+v", o)
			}
		}
	})
}
