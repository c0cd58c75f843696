package oracle

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// TestEnvelopeOpenSSL decrypts with OpenSSL every envelope that a strict backend
// decrypts. OpenSSL looks at all of the padding, as that backend does.
func TestEnvelopeOpenSSL(t *testing.T) {
	run := needOpenSSL(t)
	var sound []envelopeTest
	var list []derivation
	all := envelopes(t)
	for _, test := range all {
		raw, whole := test.wellMade()
		if whole != (test.Debug != nil) {
			t.Errorf("%s: debug is there: %t, the message can be decrypted: %t", test.ID, test.Debug != nil, whole)
			continue
		}
		if whole {
			sound, list = append(sound, test), append(list, derivation{test.passphraseHex, hex.EncodeToString(raw[8:16])})
		}
	}
	streams := map[string][]envelopeTest{} // by key
	for i, key := range run.derive(t, list) {
		test := sound[i]
		if d := test.Debug; d.SaltHex != list[i].saltHex || d.KeyHex+d.IVHex != key {
			t.Errorf("%s: of the salt %s openssl derives %s", test.ID, list[i].saltHex, key)
		}
		streams[test.Debug.KeyHex] = append(streams[test.Debug.KeyHex], test)
	}
	for key, tests := range streams {
		for _, complaint := range run.decrypt(key, tests) {
			t.Error(complaint)
		}
	}
	each(len(sound), func(i int) {
		if complaint := run.unpad(sound[i]); complaint != "" {
			t.Errorf("%s: %s", sound[i].ID, complaint)
		}
	})
	confirmed(t, "openssl", len(sound), fmt.Sprintf("envelopes decrypted, padding checked; the other %d cannot be", len(all)-len(sound)))
}

// decrypt decrypts all messages of one key at once: where the IV stands before
// each ciphertext, they are one stream.
func (run openssl) decrypt(key string, tests []envelopeTest) (complaints []string) {
	var stream []byte
	for _, test := range tests {
		raw, _ := test.wellMade()
		stream = append(append(stream, unhex(test.Debug.IVHex)...), raw[16:]...)
	}
	out, err := run(stream, "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key, "-iv", tests[0].Debug.IVHex)
	if err != nil || len(out) != len(stream) {
		return []string{fmt.Sprintf("of %d bytes openssl decrypts %d: %v", len(stream), len(out), err)}
	}
	for _, test := range tests {
		raw, _ := test.wellMade()
		if padded := hex.EncodeToString(out[16:len(raw)]); padded != test.Debug.PaddedHex {
			complaints = append(complaints, fmt.Sprintf("%s: openssl decrypts %s", test.ID, padded))
		}
		out = out[len(raw):]
	}
	return complaints
}

// unpad says what of OpenSSL's view of the padding is not as the test has it.
func (run openssl) unpad(test envelopeTest) string {
	raw, _ := test.wellMade()
	inner, err := run(raw[16:], "enc", "-d", "-aes-256-cbc", "-K", test.Debug.KeyHex, "-iv", test.Debug.IVHex)
	want := test.right()[0]
	if refused := !want.Accept && want.Stage[0] == vectors.StagePadding; refused != (err != nil) {
		return fmt.Sprintf("openssl on the padding: %v, the test: %s", err, want.Stage)
	}
	if want.Accept && base64.StdEncoding.EncodeToString(unhex(*want.PlainHex)) != string(inner) {
		return fmt.Sprintf("openssl decrypts %q", inner)
	}
	return ""
}

// TestEnvelopeOpenSSLComplains spoils a test, in one place at a time.
func TestEnvelopeOpenSSLComplains(t *testing.T) {
	run := needOpenSSL(t)
	test := envelopes(t)[0]
	if got := append(run.decrypt(test.Debug.KeyHex, []envelopeTest{test, test}), run.unpad(test)); len(got) != 1 || got[0] != "" {
		t.Fatalf("%s: %q", test.ID, got)
	}
	for name, spoil := range map[string]func(*vectors.EnvelopeTest){
		"padded": func(e *vectors.EnvelopeTest) { e.Debug.PaddedHex = "00" + e.Debug.PaddedHex[2:] },
		"msg": func(e *vectors.EnvelopeTest) {
			e.Msg = e.Msg[:40] + string(e.Msg[40]^1) + e.Msg[41:]
		},
	} {
		spoiled, debug := *test.EnvelopeTest, *test.Debug
		spoiled.Debug = &debug
		spoil(&spoiled)
		if got := run.decrypt(debug.KeyHex, []envelopeTest{test, {&spoiled, test.passphraseHex, test.next}}); len(got) != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, o := range map[string]vectors.Outcome{
		"padding": {Stage: []vectors.Stage{vectors.StagePadding}},
		"text":    {Accept: true, PlainHex: new(string)},
	} {
		spoiled := *test.EnvelopeTest
		spoiled.Expect = &o
		if run.unpad(envelopeTest{EnvelopeTest: &spoiled}) == "" {
			t.Errorf("%s: no complaint", name)
		}
	}
}

// envelopeTest is a test, and what its group says.
type envelopeTest struct {
	*vectors.EnvelopeTest
	passphraseHex, next string
}

type envelopeTests []envelopeTest

func envelopes(t *testing.T) (tests envelopeTests) {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	for g, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
		tests = append(tests, envelopeTest{test, g.PassphraseHex, g.Next})
	}
	return tests
}

// right returns all that is permitted, the strict outcome first.
func (test envelopeTest) right() []vectors.Outcome {
	return payloadTest{PayloadTest: &vectors.PayloadTest{Case: test.Case}}.right()
}

// wellMade returns the bytes in a message, and whether they are canonical base64
// of magic, salt and whole blocks.
func (test envelopeTest) wellMade() ([]byte, bool) {
	raw, err := base64.StdEncoding.DecodeString(test.Msg)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != test.Msg {
		return nil, false
	}
	return raw, bytes.HasPrefix(raw, []byte("Salted__")) && len(raw) > 16 && len(raw)%16 == 0
}
