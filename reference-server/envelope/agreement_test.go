package envelope_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// message is a random message, which two implementations have to agree on.
type message struct {
	passphrase string
	salt       [envelope.SaltSize]byte
	seqn       uint64
	data       string // JSON
}

func (m message) plain() string {
	return fmt.Sprintf(`{"data":%s,"SEQN":%d}`, m.data, m.seqn)
}

func (m message) seal() string {
	return envelope.Seal(m.passphrase, m.salt, []byte(m.plain()))
}

// check opens what another implementation has sealed.
func (m message) check(t *testing.T, msg string) {
	t.Helper()
	r, err := envelope.Open(m.passphrase, msg)
	if err != nil || r.SEQN != m.seqn || string(r.Data) != m.data {
		t.Errorf("Open(%q, %q) = %d, %s, %v; want %d, %s", m.passphrase, msg, r.SEQN, r.Data, err, m.seqn, m.data)
	}
}

// messages returns n random messages.
func messages(t *testing.T, n int) []message {
	t.Helper()
	rng := rand.New(rand.NewPCG(need.Seed(t), 0))
	alphabet := []rune(`abcXYZ0189 +/=:{}'"$\éß水🌲`)
	text := func(max int) string {
		var s strings.Builder
		for range rng.IntN(max + 1) {
			s.WriteRune(alphabet[rng.IntN(len(alphabet))])
		}
		return s.String()
	}
	all := make([]message, n)
	for i := range all {
		data, err := json.Marshal(map[string]any{"value": rng.IntN(1000), "note": text(i % 200)})
		if err != nil {
			t.Fatal(err)
		}
		all[i] = message{passphrase: text(40), seqn: rng.Uint64N(seqn.Max + 1), data: string(data)}
		for j := range all[i].salt {
			all[i].salt[j] = byte(rng.Uint32())
		}
	}
	return all
}

func TestAgreesWithOpenSSL(t *testing.T) {
	openssl := need.Tool(t, "openssl")
	enc := func(m message, input string, args ...string) string {
		t.Helper()
		args = append([]string{"enc", "-aes-256-cbc", "-md", "md5", "-a", "-A", "-pass", "pass:" + m.passphrase}, args...)
		c := exec.Command(openssl, args...)
		c.Stdin = strings.NewReader(input)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		out, err := c.Output()
		if err != nil {
			t.Fatalf("openssl %q: %v\n%s", args, err, &stderr)
		}
		return string(out)
	}
	for _, m := range messages(t, 24) {
		inner := base64.StdEncoding.EncodeToString([]byte(m.plain()))
		m.check(t, enc(m, inner, "-e"))
		if got := enc(m, m.seal(), "-d"); got != inner {
			t.Errorf("openssl opens %q under %q as %q, want %q", m.seal(), m.passphrase, got, inner)
		}
	}
}

func TestAgreesWithCryptoJS(t *testing.T) {
	agreesWithCryptoJS(t, need.Node(t, "crypto-js"))
}

// The version of the original's time, as Debian still ships it.
func TestAgreesWithCryptoJS3(t *testing.T) {
	need.Tool(t, "node")
	agreesWithCryptoJS(t, need.File(t, "/usr/share/javascript/cryptojs/rollups/aes.js", "Debian's libjs-cryptojs"))
}

func agreesWithCryptoJS(t *testing.T, path string) {
	all := messages(t, 500)
	var cases []map[string]string
	for _, m := range all {
		cases = append(cases,
			map[string]string{"passphrase": m.passphrase, "plain": m.plain()},
			map[string]string{"passphrase": m.passphrase, "msg": m.seal()})
	}
	input, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command("node", "testdata/cryptojs.js", path)
	c.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, &stderr)
	}
	var results []string
	if err := json.Unmarshal(out, &results); err != nil || len(results) != 2*len(all) {
		t.Fatalf("node gave %d results for %d messages, %v", len(results), len(all), err)
	}
	for i, m := range all {
		m.check(t, results[2*i])
		if got := results[2*i+1]; got != m.plain() {
			t.Errorf("CryptoJS opens %q under %q as %q, want %q", m.seal(), m.passphrase, got, m.plain())
		}
	}
}
