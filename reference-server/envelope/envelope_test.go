package envelope_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// The known answer: OpenSSL 3.0.19, Node 20 and CryptoJS 4.2.0 agree on it.
const (
	knownPassphrase = "correct horse"
	knownKey        = "bcf8d941d9291141709c9d56360eb7148e3960ab3dc44d832c4028568545c91d"
	knownIV         = "5a7a1d12207f801d2f6f4cf578e8708c"
	knownPlain      = `{"data":{"value":300},"SEQN":121}`
	knownMsg        = "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="
)

var knownSalt = [envelope.SaltSize]byte{1, 2, 3, 4, 5, 6, 7, 8}

func TestDeriveKeyKnownAnswer(t *testing.T) {
	key, iv := envelope.DeriveKey(knownPassphrase, knownSalt)
	if got := hex.EncodeToString(key[:]); got != knownKey {
		t.Errorf("key = %s, want %s", got, knownKey)
	}
	if got := hex.EncodeToString(iv[:]); got != knownIV {
		t.Errorf("iv = %s, want %s", got, knownIV)
	}
}

func TestSealKnownAnswer(t *testing.T) {
	if got := envelope.Seal(knownPassphrase, knownSalt, []byte(knownPlain)); got != knownMsg {
		t.Errorf("Seal = %s, want %s", got, knownMsg)
	}
}

func TestOpenKnownAnswer(t *testing.T) {
	r, err := envelope.Open(knownPassphrase, knownMsg)
	if err != nil || r.SEQN != 121 || string(r.Data) != `{"value":300}` {
		t.Errorf("Open = %d, %s, %v", r.SEQN, r.Data, err)
	}
}

// What is sealed comes back, for each length around the edges of a base64
// group and an AES block, and for any passphrase.
func TestRoundTrip(t *testing.T) {
	long := strings.Repeat("k", 300) // longer than the room that DeriveKey has on the stack
	for _, passphrase := range []string{"", "k", "\x00\x00", "clé de 12", "\xff\xfe", long} {
		for n := range 100 {
			data := `"` + strings.Repeat("x", n) + `"`
			msg := envelope.Seal(passphrase, knownSalt, []byte(`{"data":`+data+`,"SEQN":9007199254740990}`))
			r, err := envelope.Open(passphrase, msg)
			if err != nil || r.SEQN != 1<<53-2 || string(r.Data) != data {
				t.Fatalf("passphrase of %d bytes, data of %d: %d, %s, %v", len(passphrase), n, r.SEQN, r.Data, err)
			}
		}
	}
}

func TestOpenReadsExactlyWhatIsWritten(t *testing.T) {
	for _, tt := range []struct {
		name, plain string
		data        string
		want        error
	}{
		{"data null", `{"data":null,"SEQN":121}`, `null`, nil},
		{"order does not matter", `{"SEQN":121,"data":1}`, `1`, nil},
		{"unknown keys are ignored", `{"a":[{}],"SEQN":121,"b":null,"data":1}`, `1`, nil},
		{"keys inside data are its own business", `{"data":{"SEQN":5,"SEQN":6,"data":7},"SEQN":121}`, `{"SEQN":5,"SEQN":6,"data":7}`, nil},
		{"data is kept byte for byte", `{"data": {"v" : 1.50e+1,"s":"\u0041<é"} ,"SEQN":121}`, `{"v" : 1.50e+1,"s":"\u0041<é"}`, nil},
		{"white space around", " {\n\"data\":1,\t\"SEQN\": 121 }\r\n", `1`, nil},
		{"a key spelled with an escape is that key", `{"data":1,"\u0053EQN":121}`, `1`, nil},

		{"nothing", ``, ``, envelope.ErrJSON},
		{"an array", `[]`, ``, envelope.ErrJSON},
		{"a number", `121`, ``, envelope.ErrJSON},
		{"cut off", `{"data":1,"SEQN":121`, ``, envelope.ErrJSON},
		{"two objects", `{"data":1,"SEQN":121}{}`, ``, envelope.ErrJSON},
		{"trailing NUL", "{\"data\":1,\"SEQN\":121}\x00", ``, envelope.ErrJSON},
		{"byte order mark", "\ufeff{\"data\":1,\"SEQN\":121}", ``, envelope.ErrJSON},
		{"not UTF-8", "{\"data\":\"\xff\",\"SEQN\":121}", ``, envelope.ErrJSON},

		{"no SEQN", `{"data":1}`, ``, envelope.ErrKeys},
		{"no data", `{"SEQN":121}`, ``, envelope.ErrKeys},
		{"neither", `{}`, ``, envelope.ErrKeys},
		{"other case", `{"data":1,"seqn":121}`, ``, envelope.ErrKeys},
		{"other case of data", `{"Data":1,"SEQN":121}`, ``, envelope.ErrKeys},
		{"SEQN twice", `{"data":1,"SEQN":121,"SEQN":121}`, ``, envelope.ErrKeys},
		{"SEQN twice, once with an escape", `{"data":1,"SEQN":121,"SEQ\u004e":121}`, ``, envelope.ErrKeys},
		{"data twice", `{"data":1,"data":1,"SEQN":121}`, ``, envelope.ErrKeys},
		{"an unknown key twice", `{"a":1,"a":1,"data":1,"SEQN":121}`, ``, envelope.ErrKeys},

		{"SEQN a string", `{"data":1,"SEQN":"121"}`, ``, envelope.ErrSEQN},
		{"SEQN an array", `{"data":1,"SEQN":[121]}`, ``, envelope.ErrSEQN},
		{"SEQN null", `{"data":1,"SEQN":null}`, ``, envelope.ErrSEQN},
		{"SEQN true", `{"data":1,"SEQN":true}`, ``, envelope.ErrSEQN},
		{"SEQN an object", `{"data":1,"SEQN":{}}`, ``, envelope.ErrSEQN},
		{"SEQN a fraction", `{"data":1,"SEQN":121.5}`, ``, envelope.ErrSEQN},
		{"SEQN 121.0", `{"data":1,"SEQN":121.0}`, ``, envelope.ErrSEQN},
		{"SEQN 1.21e2", `{"data":1,"SEQN":1.21e2}`, ``, envelope.ErrSEQN},
		{"SEQN -1", `{"data":1,"SEQN":-1}`, ``, envelope.ErrSEQN},
		{"SEQN -0", `{"data":1,"SEQN":-0}`, ``, envelope.ErrSEQN},
		{"SEQN 2^53-1", `{"data":1,"SEQN":9007199254740991}`, ``, envelope.ErrSEQN},
		{"SEQN 2^64+121", `{"data":1,"SEQN":18446744073709551737}`, ``, envelope.ErrSEQN},
		{"SEQN 0121", `{"data":1,"SEQN":0121}`, ``, envelope.ErrJSON},
		{"SEQN +121", `{"data":1,"SEQN":+121}`, ``, envelope.ErrJSON},
		{"SEQN hexadecimal", `{"data":1,"SEQN":0x79}`, ``, envelope.ErrJSON},
	} {
		r, err := envelope.Open("k", envelope.Seal("k", knownSalt, []byte(tt.plain)))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if string(r.Data) != tt.data || (r.SEQN == 121) != (tt.want == nil) {
			t.Errorf("%s: %d, %s, want data %s", tt.name, r.SEQN, r.Data, tt.data)
		}
	}
}
