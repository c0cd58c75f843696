package firmware_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// device is the firmware on a virtual board, and the host's end of its console.
type device struct {
	t        testing.TB
	board    *virtual.Board
	port     boards.Port
	id       int
	said     []byte   // everything, boot text and log included
	requests []string // that a host was asked to carry
	read     int      // how much of it has been looked at
}

// record is every member that any record may have.
type record struct {
	ID            int
	OK            bool
	Error, Detail string

	Hello        *hello
	HTTP         json.RawMessage // an object on its way out, a status in an answer
	SEQN         *uint64
	Next, Told   uint64
	Settled      *settled
	Outcome      string
	Attempts     int
	Link         string
	Msg, Salt    string
	Key, IV, MD5 string
	Size, N      int
	Cycles       uint64
}

type settled struct {
	SEQN   uint64
	Stored bool
}

type hello struct {
	Proto         int
	Fw, Version   string
	MAC           string
	Boots, Cause  int
	Nonce, Digest string
	Size          int
	Links         []string
	Limits        struct{ Line, Data, ID, Pass int }
	Device        string
	Next          *uint64
	Store         string
}

// boot powers a board up whose flash holds image, and returns what it says
// first. The board runs while it is read from.
func boot(t testing.TB, image []byte, cfg virtual.Config) (*device, hello) {
	t.Helper()
	b, err := virtual.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.LoadFlash(0, image); err != nil {
		t.Fatal(err)
	}
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	d := &device{t: t, board: b, port: p}
	return d, d.greeting()
}

// ref boots the reference firmware.
func ref(t testing.TB) (*device, hello) {
	t.Helper()
	return boot(t, firmware.Image, virtual.Config{})
}

// next returns the next record. The board is given a minute of its own time.
func (d *device) next() record {
	d.t.Helper()
	if err := d.port.SetReadTimeout(time.Minute); err != nil {
		d.t.Fatal(err)
	}
	buf := make([]byte, 256)
	for {
		if _, after, found := bytes.Cut(d.said[d.read:], []byte{0x1e}); found {
			if line, _, whole := bytes.Cut(after, []byte{'\n'}); whole {
				d.read = len(d.said) - len(after) + len(line)
				return d.parse(line)
			}
		}
		n, err := d.port.Read(buf)
		if err != nil {
			d.t.Fatalf("%v, after %q", err, d.said[d.read:])
		}
		d.said = append(d.said, buf[:n]...)
		if bytes.Contains(d.said[d.read:], []byte("Fatal exception")) {
			d.t.Fatalf("crash: %s", d.said[d.read:])
		}
	}
}

func (d *device) parse(line []byte) (r record) {
	d.t.Helper()
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		d.t.Fatalf("%q: %v", line, err)
	}
	return r
}

func (d *device) greeting() hello {
	d.t.Helper()
	r := d.next()
	if r.Hello == nil || r.ID != 0 {
		d.t.Fatalf("%+v instead of a greeting", r)
	}
	return *r.Hello
}

// tell sends a line under the next id.
func (d *device) tell(format string, args ...any) {
	d.t.Helper()
	d.id++
	if _, err := fmt.Fprintf(d.port, "%d "+format+"\n", append([]any{d.id}, args...)...); err != nil {
		d.t.Fatal(err)
	}
}

// ask sends a line and returns the answer to it.
func (d *device) ask(format string, args ...any) record {
	d.t.Helper()
	d.tell(format, args...)
	r := d.next()
	if r.ID != d.id {
		d.t.Fatalf("%+v instead of the answer to %d", r, d.id)
	}
	return r
}

// do wants the answer to say ok.
func (d *device) do(format string, args ...any) record {
	d.t.Helper()
	r := d.ask(format, args...)
	if !r.OK {
		d.t.Fatalf("%s: %s: %s", format, r.Error, r.Detail)
	}
	return r
}

func (d *device) provision(id, passphrase string, next uint64) {
	d.t.Helper()
	if got := d.do("provision %x %x %d", id, passphrase, next); got.Next != next {
		d.t.Fatalf("provisioned for %d, got %d", next, got.Next)
	}
}

// quiet wants the device to say nothing for a second of its own time.
func (d *device) quiet() {
	d.t.Helper()
	if err := d.port.SetReadTimeout(time.Second); err != nil {
		d.t.Fatal(err)
	}
	buf := make([]byte, 256)
	if n, err := d.port.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
		d.t.Fatalf("%q, %v instead of silence", buf[:n], err)
	}
}

func hexOf(s string) string {
	if s == "" {
		return "-"
	}
	return hex.EncodeToString([]byte(s))
}

// hide wants secret nowhere in what the device has said.
func (d *device) hide(secret string) {
	d.t.Helper()
	said := string(d.said)
	if strings.Contains(said, secret) || strings.Contains(said, hexOf(secret)) {
		d.t.Errorf("the passphrase is in %q", said)
	}
}
