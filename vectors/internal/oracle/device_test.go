package oracle

import (
	"encoding/base64"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// TestDeviceOpenSSL seals every known answer of a board with OpenSSL.
func TestDeviceOpenSSL(t *testing.T) {
	run := needOpenSSL(t)
	tests, err := vectors.DeviceTests()
	if err != nil {
		t.Fatal(err)
	}
	var list []derivation
	for _, test := range tests {
		list = append(list, derivation{test.PassphraseHex, test.SaltHex})
	}
	keys := run.derive(t, list)
	each(len(tests), func(i int) {
		test, key, iv := tests[i], keys[i][:64], keys[i][64:]
		if key != test.KeyHex || iv != test.IVHex {
			t.Errorf("%s: openssl derives %s, %s", test.ID, key, iv)
			return
		}
		inner := base64.StdEncoding.EncodeToString([]byte(`{"data":` + test.Data + `,"SEQN":` + test.SEQN + `}`))
		ct, err := run([]byte(inner), "enc", "-aes-256-cbc", "-K", key, "-iv", iv)
		if err != nil {
			t.Error(err)
		}
		msg := base64.StdEncoding.EncodeToString(append(append([]byte("Salted__"), unhex(test.SaltHex)...), ct...))
		if msg != test.Msg {
			t.Errorf("%s: openssl seals %s", test.ID, msg)
		}
	})
	confirmed(t, "openssl", len(tests), "known answers of a board")
}
