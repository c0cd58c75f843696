package peers_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/peers"
)

// The known answer of PROTOCOL.md 1.
const (
	knownID         = "12FA"
	knownPassphrase = "correct horse"
	knownSEQN       = 121
	knownMsg        = "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="
)

// answer is a reply, as HTTP status and the status in its body.
type answer struct {
	code   int
	status string
}

var (
	ok       = answer{200, "OK"}
	notOK    = answer{200, "NOT OK"}
	threw    = answer{500, "NOT OK"}
	internal = answer{200, "Internal Error"}
)

// client gives up on a peer that does not answer. Its connections stay open, so
// that messages sent at once arrive so.
var client = &http.Client{Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}

// post sends msg for device id. A body that is no JSON counts as status "".
func post(p *peers.Peer, id, msg string) (answer, error) {
	body, err := json.Marshal(map[string]string{"msg": msg})
	if err != nil {
		return answer{}, err
	}
	return postBody(p, id, string(body))
}

func postBody(p *peers.Peer, id, body string) (answer, error) {
	resp, err := client.Post(p.URL+"/data/"+url.PathEscape(id), "application/json", strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	var reply struct{ Status string }
	json.Unmarshal(text, &reply)
	return answer{resp.StatusCode, reply.Status}, err
}

// answers posts msg and returns the answer, without which the test ends.
func answers(t *testing.T, p *peers.Peer, id, msg string) answer {
	t.Helper()
	got, err := post(p, id, msg)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// newSalt returns one that no message has had.
func newSalt() (salt [envelope.SaltSize]byte) {
	rand.Read(salt[:]) // never fails (crypto/rand)
	return salt
}

// seal seals the JSON text of a message.
func seal(passphrase, text string) string {
	return envelope.Seal(passphrase, newSalt(), []byte(text))
}

// sealInner seals what should be the base64 of JSON, with a padding of our choice.
func sealInner(passphrase, inner string, padding ...byte) string {
	salt := newSalt()
	key, iv := envelope.DeriveKey(passphrase, salt)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err)
	}
	text := append([]byte(inner), padding...)
	cipher.NewCBCEncrypter(block, iv[:]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(append(append([]byte("Salted__"), salt[:]...), text...))
}

// pkcs7 is the right padding of text.
func pkcs7(text string) []byte {
	n := aes.BlockSize - len(text)%aes.BlockSize
	return bytes.Repeat([]byte{byte(n)}, n)
}

func reading(n int) string {
	return seal(knownPassphrase, fmt.Sprintf(`{"data":{"value":300},"SEQN":%d}`, n))
}
