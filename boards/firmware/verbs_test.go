package firmware_test

import (
	"crypto/md5"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/vectors"
)

func sum(parts ...[]byte) string {
	h := md5.New()
	for _, p := range parts {
		h.Write(p)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func TestHello(t *testing.T) {
	d, h := ref(t)
	want := hello{
		Proto: 1, Fw: "espalier-ref", Version: "0.1.0", MAC: "7a:e5:82:00:00:01", Boots: 1, Cause: 1,
		Digest: sum(firmware.Image), Size: len(firmware.Image), Links: []string{"virtual", "serial"}, Store: "empty",
	}
	want.Limits.Line, want.Limits.Data, want.Limits.ID, want.Limits.Pass = 4096, 1600, 32, 128
	if !reflect.DeepEqual(h, want) {
		t.Errorf("greeting\n%+v, want\n%+v", h, want)
	}
	want.Nonce = strings.Repeat("a5", 16)
	if got := d.do("hello %s", want.Nonce); !reflect.DeepEqual(*got.Hello, want) {
		t.Errorf("when asked\n%+v, want\n%+v", *got.Hello, want)
	}
}

// Identity and number outlive a reset; link and server do not.
func TestProvision(t *testing.T) {
	const secret = "correct horse"
	d, _ := ref(t)
	d.provision("12FA", secret, 100)
	d.do("server 127.0.0.1 80")
	d.do("link serial")
	if got := d.do("seqn +5").Next; got != 105 {
		t.Errorf("after five numbers next is %d, want 105", got)
	}
	d.do("reset")
	h := d.greeting()
	if h.Boots != 2 || h.Device != hexOf("12FA") || h.Store != "ok" || h.Next == nil || *h.Next != 105 {
		t.Errorf("after a reset: %+v", h)
	}
	if got := d.ask("send 31").Error; got != "no-link" {
		t.Errorf("send after a reset: %q, want no-link", got)
	}
	for _, step := range []struct {
		passphrase string
		next, want uint64
	}{
		{secret, 7, 105},           // never lowered
		{secret, 200, 200},         // raised
		{secret + "!", 7, 7},       // unless the passphrase changes
		{"", 3, 3},                 // even to none
		{"", 1<<53 - 1, 1<<53 - 1}, // as far as there are numbers
		{"\x00\xff\n\r\x1e", 8, 8}, // bytes, not text
	} {
		if got := d.do("provision %x %s %d", "12FA", hexOf(step.passphrase), step.next).Next; got != step.want {
			t.Errorf("%q from %d: next is %d, want %d", step.passphrase, step.next, got, step.want)
		}
	}
	d.hide(secret)
}

func TestKnownAnswers(t *testing.T) {
	tests, err := vectors.DeviceTests()
	if err != nil {
		t.Fatal(err)
	}
	d, h := ref(t)
	for _, v := range tests {
		pass := v.PassphraseHex
		if pass == "" {
			pass = "-"
		}
		if len(v.Data) > h.Limits.Data {
			t.Errorf("%s: data of %d bytes is beyond the firmware's limit", v.ID, len(v.Data))
			continue
		}
		if got := d.do("derive %s %s", pass, v.SaltHex); got.Key != v.KeyHex || got.IV != v.IVHex {
			t.Errorf("%s: key %s, iv %s\nwant %s, %s", v.ID, got.Key, got.IV, v.KeyHex, v.IVHex)
		}
		if got := d.do("seal %s %s %s %x", pass, v.SaltHex, v.SEQN, v.Data); got.Msg != v.Msg {
			t.Errorf("%s: msg\n%s, want\n%s", v.ID, got.Msg, v.Msg)
		}
	}
	if len(tests) < 20 {
		t.Errorf("only %d known answers", len(tests))
	}
}

// The digest covers every byte of the image, as it is in flash now.
func TestDigest(t *testing.T) {
	d, _ := ref(t)
	nonce := []byte{0xc0, 0xff, 0xee}
	if got := d.do("digest %x", nonce); got.MD5 != sum(nonce, firmware.Image) || got.Size != len(firmware.Image) {
		t.Errorf("digest %+v", got)
	}
	n := len(firmware.Image)
	for _, at := range []int{7, 8 + 8, n / 2, n - 15, n - 2, n - 1} {
		image := append([]byte(nil), firmware.Image...)
		image[at] ^= 0x10
		if err := d.board.PokeFlash(at, image[at]); err != nil {
			t.Fatal(err)
		}
		if got := d.do("digest -"); got.MD5 != sum(image) {
			t.Errorf("byte %#x changed: digest %s, want %s", at, got.MD5, sum(image))
		}
		if err := d.board.PokeFlash(at, firmware.Image[at]); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBench(t *testing.T) {
	d, _ := ref(t)
	one, ten := d.do("bench 1"), d.do("bench 10")
	if one.N != 1 || ten.N != 10 || ten.Cycles < 9*one.Cycles || ten.Cycles > 11*one.Cycles {
		t.Errorf("one seal %d cycles, ten %d", one.Cycles, ten.Cycles)
	}
	t.Logf("one seal: %d cycles, %.2f ms at 52 MHz", one.Cycles, float64(one.Cycles)/52e3)
}

func TestRefusals(t *testing.T) {
	d, _ := ref(t)
	refused := func(code, format string, args ...any) {
		t.Helper()
		if got := d.ask(format, args...); got.OK || got.Error != code {
			t.Errorf(format+": %+v, want %s", append(args, got, code)...)
		}
	}
	refused("not-provisioned", "send 31")
	refused("not-provisioned", "seqn")
	d.provision("1", "p", 1<<53-2)
	refused("no-link", "send 31")
	d.do("link serial")
	refused("no-server", "send 31")
	d.do("server 10.0.0.1 65535")

	for _, line := range []string{"", "nothing", "HELLO -", "hello- "} {
		refused("bad-command", "%s", line)
	}
	for _, line := range []string{
		"hello", "hello - -", "hello 0", "hello AB", "hello  -", "hello - ",
		"provision - 70 0", "provision 31 70 -1", "provision 31 70 9007199254740992", "provision 31 70 01",
		"server 127.0.0.1 0", "server 127.0.0.1 65536", "server 127.1 80", "server 256.0.0.1 80", "server localhost 80",
		"link wifi", "link Virtual", "send -", "send 7b", "send 310a32", "seqn 1", "seqn +", "seqn +-1",
		"seal 70 00 1 31", "seal 70 0000000000000000 9007199254740991 31", "seal 70 0000000000000000 1 ff",
		"derive 70 000000000000000000", "bench x", "bench 100001", "reset now",
	} {
		if code := d.ask("%s", line).Error; code != "bad-args" && code != "too-long" {
			t.Errorf("%s: %q, want bad-args", line, code)
		}
	}
	refused("too-long", "hello %034x", 0)
	refused("too-long", "provision %066x 70 0", 0)
	refused("too-long", "provision 31 %0258x 0", 0)
	refused("too-long", "send 22%s22", strings.Repeat("61", 1599))
	refused("too-long", "send 22%s22", strings.Repeat("61", 2100))
	refused("exhausted", "seqn +2")
	if got := d.do("seqn +1").Next; got != 1<<53-1 {
		t.Errorf("the last number: next is %d", got)
	}
	refused("exhausted", "send 31")
	refused("exhausted", "seqn +1")
}

// A line is one of the host's whatever its end, and nothing is no line.
func TestLines(t *testing.T) {
	d, _ := ref(t)
	if _, err := d.port.Write([]byte("\n\r\n1 seqn\r\n")); err != nil {
		t.Fatal(err)
	}
	if got := d.next(); got.ID != 1 || got.Error != "not-provisioned" {
		t.Errorf("%+v", got)
	}
	if _, err := d.port.Write([]byte("0 seqn\n1000000000 seqn\nseqn\n")); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if got := d.next(); got.ID != 0 || got.Error != "bad-command" {
			t.Errorf("%+v", got)
		}
	}
	d.quiet()
}
