package live_test

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/live"
)

var notBase64 = regexp.MustCompile(`[^A-Za-z0-9+/]`)

// leniently opens a message as CryptoJS and Buffer.from do.
func leniently(passphrase, msg string) (envelope.Reading, bool) {
	raw, err := base64.StdEncoding.DecodeString(msg)
	if err != nil || len(raw) < 32 || len(raw)%16 != 0 {
		return envelope.Reading{}, false
	}
	key, iv := envelope.DeriveKey(passphrase, [8]byte(raw[8:16]))
	block, _ := aes.NewCipher(key[:])
	text := raw[16:]
	cipher.NewCBCDecrypter(block, iv[:]).CryptBlocks(text, text)
	text = text[:max(0, len(text)-int(text[len(text)-1]))]
	plain, err := base64.RawStdEncoding.DecodeString(notBase64.ReplaceAllString(string(text), ""))
	var doc struct {
		Data json.RawMessage
		SEQN uint64
	}
	if err != nil || json.Unmarshal(plain, &doc) != nil || doc.Data == nil {
		return envelope.Reading{}, false
	}
	return envelope.Reading{Data: doc.Data, SEQN: doc.SEQN}, true
}

// A backend that skips what is not base64 takes the forgery, and the finding
// says what was forged; the device is of use afterwards.
func TestPublishedForgery(t *testing.T) {
	all := suite(t)
	b := newBackend()
	b.open = func(passphrase, msg string) (envelope.Reading, error) {
		r, err := envelope.Open(passphrase, msg)
		if lenient, ok := leniently(passphrase, msg); err != nil && ok {
			return lenient, nil
		}
		return r, err
	}
	target := b.start(t)
	if err := target.Hooks.Provision(t.Context(), "one", "first", 1764145359123); err != nil {
		t.Fatal(err)
	}
	target.Hooks = live.Hooks{}
	target.Devices = []live.Device{{ID: "one", Passphrase: "first", Next: 1764145359123}}
	engine, err := live.New(all, target, 3)
	if err != nil {
		t.Fatal(err)
	}
	res := engine.Run(t.Context(), "forgery/published")
	t.Logf("%s %q: %s", res.Verdict, res.Broke, res.Why)
	forged := regexp.MustCompile(`byte \d+ xor [0-9a-f]{2} turned SEQN 1764145359123 into 1[89]64145359123; .* number 1764145359124, is refused until then`)
	if res.Verdict != live.Fail || !forged.MatchString(res.Why) || res.Dialect != "lenient-base64" || !strings.Contains(strings.Join(res.Broke, " "), "REQ-ENV-007") {
		t.Errorf("%+v", res)
	}
	if left := engine.Devices(); len(left) != 1 || left[0].Next <= 1764145359123 || left[0].Next > 1964145359125 {
		t.Errorf("left %+v", left)
	}
	if res := engine.Run(t.Context(), "sequence/in-order"); res.Verdict != live.Pass {
		t.Errorf("afterwards: %s: %s", res.Verdict, res.Why)
	}
}

// A backend that is right refuses all edits, and then takes the message itself.
func TestEveryByte(t *testing.T) {
	all := suite(t)
	for name, tt := range map[string]struct {
		open func(passphrase, msg string) (envelope.Reading, error)
		want live.Verdict
	}{
		"right": {envelope.Open, live.Pass},
		"skips line breaks": {func(passphrase, msg string) (envelope.Reading, error) {
			return envelope.Open(passphrase, strings.ReplaceAll(msg, "\n", ""))
		}, live.Fail},
	} {
		b := newBackend()
		b.open = tt.open
		engine, err := live.New(all, b.start(t), 3)
		if err != nil {
			t.Fatal(err)
		}
		res := engine.Run(t.Context(), "forgery/every-byte")
		if t.Logf("%s: %s %q: %s", name, res.Verdict, res.Broke, res.Why); res.Verdict != tt.want {
			t.Errorf("%s: %s: %s", name, res.Verdict, res.Why)
		}
		if res := engine.Run(t.Context(), "forgery/published"); res.Verdict != live.Pass {
			t.Errorf("%s: %s: %s", name, res.Verdict, res.Why)
		}
	}
}
