package oracle

import (
	"bytes"
	"encoding/hex"
	"os/exec"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// TestKDFOpenSSL derives by a chain of openssl dgst -md5, which takes every
// byte; -pass would end at a NUL or at a newline.
func TestKDFOpenSSL(t *testing.T) {
	openssl := need.Tool(t, "openssl")
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range vectors.Of[*vectors.KDFTest](suite) {
		tail, err := hex.DecodeString(test.PassphraseHex + test.SaltHex)
		if err != nil {
			t.Fatal(err)
		}
		var all, d []byte
		for len(all) < 48 {
			c := exec.CommandContext(t.Context(), openssl, "dgst", "-md5", "-binary")
			c.Stdin = bytes.NewReader(append(bytes.Clone(d), tail...))
			if d, err = c.Output(); err != nil {
				t.Fatal(err)
			}
			all = append(all, d...)
		}
		if got := hex.EncodeToString(all); got != test.KeyHex+test.IVHex {
			t.Errorf("%s: openssl derives %s", test.ID, got)
		}
	}
}
