package oracle

import (
	"bytes"
	"encoding/hex"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// TestEnvelopeShell opens the envelopes by a line of shell as people write it:
// OpenSSL's own base64, magic and derivation, and base64 of the system. The
// message is on stdin, the passphrase in P; a step that fails is a refusal.
func TestEnvelopeShell(t *testing.T) {
	const script = "set -o pipefail; openssl enc -d -aes-256-cbc -md md5 -a -A -pass env:P | base64 -d"
	bash, python := need.Tool(t, "bash"), need.Python(t, "json")
	need.Tool(t, "openssl")
	need.Tool(t, "base64")
	tests := slices.DeleteFunc(envelopes(t), func(test envelopeTest) bool { // no environment carries a NUL
		return bytes.IndexByte(unhex(test.passphraseHex), 0) >= 0
	})
	all := make([]opened, len(tests))
	each(len(tests), func(i int) {
		c := exec.CommandContext(t.Context(), bash, "-c", script)
		c.Env = append(c.Environ(), "P="+string(unhex(tests[i].passphraseHex)))
		c.Stdin = strings.NewReader(tests[i].Msg)
		out, err := c.Output()
		all[i] = opened{Accept: err == nil, Text: hex.EncodeToString(out)}
	})
	dialects := strings.Fields("loose-bits-base64 overpadded-base64 newline-base64 trailing-base64 partial-base64")
	tests.judge(t, "shell", "openssl enc | base64 -d", dialects, tests.read(t, python, "strict", all))
}
