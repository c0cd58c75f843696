package oracle

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// TestKDF has every derivation confirmed by Node's crypto and by two versions of
// CryptoJS, and every known mistake made by code that makes it.
func TestKDF(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	type question struct {
		PassphraseHex string `json:"passphraseHex"`
		SaltHex       string `json:"saltHex"`
	}
	var questions []question
	var tests []*vectors.KDFTest
	for _, test := range vectors.Of[*vectors.KDFTest](suite) {
		tests, questions = append(tests, test), append(questions, question{test.PassphraseHex, test.SaltHex})
	}
	answers := ask[map[string]string](t, questions, "node", "testdata/kdf.js", need.Node(t, "crypto-js"),
		need.File(t, "/usr/share/javascript/cryptojs/rollups/aes.js", "Debian's libjs-cryptojs"))
	for i, test := range tests {
		for _, oracle := range []string{"node", "cryptojs-4", "cryptojs-3"} {
			if answers[i][oracle] != test.KeyHex+test.IVHex {
				t.Errorf("%s: %s derives %s", test.ID, oracle, answers[i][oracle])
			}
		}
		for _, m := range test.WrongKeys {
			if answers[i][m.Dialect] != m.KeyHex+m.IVHex {
				t.Errorf("%s: code with %s derives %s", test.ID, m.Dialect, answers[i][m.Dialect])
			}
		}
	}
	confirmed(t, "node", len(tests), "derivations, by node:crypto, CryptoJS 4 and CryptoJS 3")
}
