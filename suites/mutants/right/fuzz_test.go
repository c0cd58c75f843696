package main

import (
	"bytes"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// Whatever the codec takes for a reading, the tokens of encoding/json make the
// same reading of. They may take more.
func FuzzTokens(f *testing.F) {
	for _, text := range []string{
		`{"data":{"value":300},"SEQN":121}`, `{"SEQN":9007199254740990,"data":null}`, `{"data":1,"SEQN":121.0}`, `{"data":1,"SEQN":1e400}`, `{"data":1,"SEQN":-1}`,
		`{"data":1,"SEQN":"121"}`, `{"data":1,"SEQN":1}{}`, `{"d\u0061ta":1,"SEQN":1}`, `[`, `{"data":[`, "\xff",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want, err := envelope.Open("swordfish", envelope.Seal("swordfish", [8]byte{}, text))
		got, tokenErr := tokens(text)
		if err == nil && (tokenErr != nil || got.SEQN != want.SEQN || !bytes.Equal(got.Data, want.Data)) {
			t.Errorf("%q: %d %s, %v, want %d %s", text, got.SEQN, got.Data, tokenErr, want.SEQN, want.Data)
		}
	})
}

// Whatever the codec opens, lenient decryption opens alike.
func FuzzDecrypt(f *testing.F) {
	f.Add("U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw==")
	f.Add("U2FsdGVkX18BAgME")
	f.Add("")
	f.Fuzz(func(t *testing.T, msg string) {
		want, err := envelope.OpenPlain("correct horse", msg)
		got, lenientErr := decrypt("correct horse", msg)
		if err == nil && (lenientErr != nil || !bytes.Equal(got, want)) {
			t.Errorf("%q: %q, %v, want %q", msg, got, lenientErr, want)
		}
	})
}
