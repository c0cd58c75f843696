package firmware_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/harness/need"
)

// What the image seals, the openssl command opens.
func TestOpenSSL(t *testing.T) {
	openssl := need.Tool(t, "openssl")
	d, _ := ref(t)
	r := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		secret := make([]byte, 1+r.IntN(128))
		for i := range secret {
			secret[i] = byte(1 + r.IntN(255)) // an environment carries no NUL
		}
		data := fmt.Sprintf("%q", fmt.Sprintf("%0*x", 1+r.IntN(1000), r.Uint64()))
		seqn := r.Uint64() % (1<<53 - 1)
		msg := d.do("seal %x %016x %d %x", secret, r.Uint64(), seqn, data).Msg

		c := exec.Command(openssl, "enc", "-d", "-aes-256-cbc", "-md", "md5", "-a", "-A", "-pass", "env:SECRET")
		c.Env = append(os.Environ(), "SECRET="+string(secret))
		c.Stdin = bytes.NewReader([]byte(msg))
		inner, err := c.Output()
		if err != nil {
			t.Fatalf("passphrase %x: openssl: %v", secret, err)
		}
		want := fmt.Sprintf(`{"data":%s,"SEQN":%d}`, data, seqn)
		if got, err := base64.StdEncoding.Strict().DecodeString(string(inner)); err != nil || string(got) != want {
			t.Errorf("passphrase %x: %q, %v; want %q", secret, inner, err, want)
		}
	}
}

// The device takes as a reading what Go takes for JSON, and nothing else.
func TestReadings(t *testing.T) {
	d, _ := ref(t)
	r := rand.New(rand.NewPCG(3, 4))
	seeds := []string{
		`{"value":300,"t":[1,-2.5e+3,0.1]}`, `"\u00e9\"\\/\b é € 🌱"`, ` [ true , false , null ] `, `{"":{"a":[[]]},"a":1}`, `-0`, `1E9`,
	}
	taken := 0
	for range 3000 {
		p := []byte(seeds[r.IntN(len(seeds))])
		for range r.IntN(3) {
			at := r.IntN(len(p))
			switch r.IntN(3) {
			case 0:
				p[at] ^= 1 << r.IntN(8)
			case 1:
				p = append(p[:at:at], p[min(at+1, len(p)-1):]...)
			default:
				p = append(p[:at:at], append([]byte(seeds[r.IntN(len(seeds))]), p[at:]...)...)
			}
		}
		want := json.Valid(p) && utf8.Valid(p)
		if got := d.ask("seal 70 0000000000000000 1 %x", p); got.OK != want {
			t.Errorf("%q: taken %t, want %t", p, got.OK, want)
		}
		if want {
			taken++
		}
	}
	if taken < 300 || taken > 2700 {
		t.Errorf("%d of 3000 are JSON: the seeds are bent too much or too little", taken)
	}
}
