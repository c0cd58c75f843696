package generator

import (
	"bytes"
	"testing"
)

// FuzzSaysOK reads anything as a reply. OK is a whole word in an object.
func FuzzSaysOK(f *testing.F) {
	for _, s := range []string{`{"status":"OK"}`, `{"status":"NOT OK"}`, `{"Status":"OK"}`, `[{"status":"OK"}]`, `{"status":"OK"}x`, `{"status":"\u004fK"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, reply []byte) {
		if !saysOK(reply) {
			return
		}
		text := bytes.TrimSpace(reply)
		if len(text) < len(`{"status":"OK"}`) || text[0] != '{' || text[len(text)-1] != '}' || !bytes.Contains(text, []byte(`"`)) {
			t.Errorf("%q says OK", reply)
		}
	})
}
