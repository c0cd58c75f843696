package envelope_test

import (
	"encoding/json"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// Whatever is sent, Open returns; and what it refuses leaves nothing behind.
func FuzzOpen(f *testing.F) {
	f.Add(knownPassphrase, knownMsg)
	f.Add("", "")
	f.Add("k", "U2FsdGVkX18=")
	f.Fuzz(func(t *testing.T, passphrase, msg string) {
		r, err := envelope.Open(passphrase, msg)
		checkReading(t, r, err)
	})
}

// What is sealed opens, if it is a reading at all, and nothing else does: the
// text that comes out is always text that went in. This drives the fuzzer past
// the cipher, into the padding and the JSON.
func FuzzSealOpen(f *testing.F) {
	f.Add(knownPassphrase, uint64(1), []byte(knownPlain))
	f.Add("", uint64(0), []byte(`{"SEQN":9007199254740990,"data":{"a":[1,2,{"b":"\u0041"}]}}`))
	f.Add("k", uint64(0), []byte(`{"SEQN":1,"data":1,"data":2}`))
	f.Fuzz(func(t *testing.T, passphrase string, salt uint64, plain []byte) {
		var s [envelope.SaltSize]byte
		for i := range s {
			s[i] = byte(salt >> (8 * i))
		}
		r, err := envelope.Open(passphrase, envelope.Seal(passphrase, s, plain))
		checkReading(t, r, err)
		if err != nil {
			return
		}
		// A more lenient reader agrees on all that the strict one accepts.
		var members map[string]json.RawMessage
		if err := json.Unmarshal(plain, &members); err != nil {
			t.Fatalf("%q: accepted, but encoding/json says %v", plain, err)
		}
		var n uint64
		if err := json.Unmarshal(members["SEQN"], &n); err != nil || n != r.SEQN || string(members["data"]) != string(r.Data) {
			t.Errorf("%q: %d, %s; encoding/json says %d, %s, %v", plain, r.SEQN, r.Data, n, members["data"], err)
		}
	})
}

func checkReading(t *testing.T, r envelope.Reading, err error) {
	t.Helper()
	switch {
	case err != nil && (r.SEQN != 0 || r.Data != nil):
		t.Errorf("refused with %v, but a reading came along: %d, %q", err, r.SEQN, r.Data)
	case err == nil && (r.SEQN > seqn.Max || !json.Valid(r.Data)):
		t.Errorf("accepted %d, %q", r.SEQN, r.Data)
	}
}
