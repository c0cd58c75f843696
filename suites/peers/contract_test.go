package peers_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/espalier-hil/espalier/suites/peers"
)

// passphrases are bytes, whatever they look like. Each has a device of its own.
var passphrases = []peers.Device{
	{ID: "hexadecimal", Passphrase: "2B7E151628AED2A6ABF7158809CF4F3C", Next: 1764000000000},
	{ID: "utf8", Passphrase: "Grüße ☂", Next: 1764000000000},
	{ID: "shell", Passphrase: `'"\ $HOME;`, Next: 1764000000000},
	{ID: "blanks", Passphrase: " x ", Next: 1764000000000},
}

// lenience is a message that is not what the protocol says, with who takes it.
// CryptoJS looks at the last byte of the padding only, where OpenSSL looks at
// all of it. The base64 of both Node and Python skips what it does not know; but
// Python wants the JSON to be UTF-8, where Node replaces what is not.
type lenience struct {
	name         string
	msg          string
	node, python bool
}

// leniences are sent to a device each, with next = 121.
func leniences() []lenience {
	inner := base64.StdEncoding.EncodeToString([]byte(`{"data":{"value":300},"SEQN":121}`)) // 44 bytes, 4 to pad
	padded := func(padding ...byte) string { return sealInner(knownPassphrase, inner, padding...) }
	return []lenience{
		{"PKCS#7", padded(4, 4, 4, 4), true, true},
		{"zeros", padded(0, 0, 0, 0), true, false},
		{"X9.23", padded(0, 0, 0, 4), true, false},
		{"ISO 10126", padded(0x9a, 0x3c, 0x71, 4), true, false},
		{"last byte 0", padded(4, 4, 4, 0), true, false},
		{"first byte wrong", padded(5, 4, 4, 4), true, false},
		{"last byte 255", padded(4, 4, 4, 0xff), false, false},
		{"keyless forgery", forged(), true, false},
	}
}

// forged is the published forgery: an envelope of which one byte was changed by
// somebody without its key, which makes SEQN 921 of its 121. The block with the
// byte decrypts to noise, of which lenient base64 makes some bytes of a string.
func forged() string {
	const genuine = "U2FsdGVkX18RIjNEVWZ3iNgXHhr1pV0+MSr1YSGclV8ozx8LLY2HDHx3bBcvNhL9" +
		"yyRUMW2HCN6VXDKga2HumEEi6aq51b2fwe0DtrK0qgFE+cHQjgF1IrI19mMbj4eg"
	raw, err := base64.StdEncoding.DecodeString(genuine)
	if err != nil {
		panic(err)
	}
	raw[62] ^= 0x2e
	return base64.StdEncoding.EncodeToString(raw)
}

// Whatever else may be said of them, the peers are backends; what they are
// lenient about is what they are made of.
func TestPeers(t *testing.T) {
	devices := append([]peers.Device{{ID: knownID, Passphrase: knownPassphrase, Next: knownSEQN}}, passphrases...)
	for _, l := range leniences() {
		devices = append(devices, peers.Device{ID: l.name, Passphrase: knownPassphrase, Next: knownSEQN})
	}
	for _, kind := range peers.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			p := peers.Started(t, kind, devices...)
			t.Run("readings", func(t *testing.T) { takesReadings(t, p) })
			t.Run("passphrases", func(t *testing.T) { takesPassphrases(t, p) })
			t.Run("leniences", func(t *testing.T) { isLenient(t, p, kind) })
		})
	}
}

// takesReadings shows that the known answer is accepted once, and that what the
// peer has said OK to survives kill -9.
func takesReadings(t *testing.T, p *peers.Peer) {
	address := p.URL
	last := reading(130)
	for _, step := range []struct {
		what     string
		msg      string
		accepted bool
	}{
		{"below next", reading(knownSEQN - 1), false},
		{"the known answer", knownMsg, true},
		{"its replay", knownMsg, false},
		{"the next number", reading(knownSEQN + 1), true},
		{"a number used before", reading(knownSEQN), false},
		{"a gap", last, true},
		{what: "kill"},
		{"the last before the kill", last, false},
		{"a number of before the kill", reading(130), false},
		{"the known answer again", knownMsg, false},
		{"the next after the kill", reading(131), true},
	} {
		if step.what == "kill" {
			if err := p.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if got := answers(t, p, knownID, step.msg); (got == ok) != step.accepted {
			t.Errorf("%s: %v, want it accepted: %v", step.what, got, step.accepted)
		}
	}
	if got := answers(t, p, "no-such-device", reading(200)); got == ok {
		t.Error("a device that is unknown is accepted")
	}
	if p.URL != address {
		t.Errorf("it was at %s, and after its restart at %s", address, p.URL)
	}
}

func takesPassphrases(t *testing.T, p *peers.Peer) {
	for _, d := range passphrases {
		for _, step := range []struct {
			seqn     uint64
			accepted bool
		}{{d.Next - 1, false}, {d.Next, true}, {d.Next, false}} {
			msg := seal(d.Passphrase, fmt.Sprintf(`{"data":1,"SEQN":%d}`, step.seqn))
			if got := answers(t, p, d.ID, msg); (got == ok) != step.accepted {
				t.Errorf("passphrase %q, SEQN %d: %v, want it accepted: %v", d.Passphrase, step.seqn, got, step.accepted)
			}
		}
	}
}

func isLenient(t *testing.T, p *peers.Peer, kind peers.Kind) {
	for _, l := range leniences() {
		want := l.node
		if kind == peers.Python {
			want = l.python
		}
		if got := answers(t, p, l.name, l.msg); (got == ok) != want {
			t.Errorf("%s: %v, want it accepted: %v", l.name, got, want)
		}
	}
}
