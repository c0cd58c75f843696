package virtual_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
)

func TestParsePace(t *testing.T) {
	for _, want := range []virtual.Pace{virtual.NoPace, virtual.RealPace} {
		if got, err := virtual.ParsePace(want.String()); got != want || err != nil {
			t.Errorf("%q: %v, %v", want, got, err)
		}
	}
	if _, err := virtual.ParsePace("brisk"); !errors.Is(err, virtual.ErrPace) {
		t.Errorf("brisk: %v", err)
	}
}

// loader brings a board into its loader at 115200 baud and returns what sends
// a command and waits for the reply.
func loader(t *testing.T, p boards.Port, reset func()) (ask func(op, sum byte, data []byte)) {
	t.Helper()
	if err := errors.Join(p.SetBaud(115200), p.SetReadTimeout(20*time.Second)); err != nil {
		t.Fatal(err)
	}
	reset()
	if _, err := p.Write(append(append([]byte(nil), sync...), sync...)); err != nil {
		t.Fatal(err)
	}
	reply := "\xc0\x01\x08\x02\x00\x07\x07\x12\x20\x00\x00\xc0"
	for heard := ""; !strings.HasSuffix(heard, strings.Repeat(reply, 8)); {
		heard += drainSome(t, p, 1)
	}
	return func(op, sum byte, data []byte) {
		t.Helper()
		if _, err := p.Write(request(op, sum, data)); err != nil {
			t.Fatal(err)
		}
		if reply := drainSome(t, p, 12); reply[2] != op || reply[9] != 0 {
			t.Fatalf("op %02x: reply % x", op, reply)
		}
	}
}

// What things take at 115200 baud (ESP8266.md 6.1).
var durations = []struct {
	name string
	op   byte
	data []byte
	// least is by physics, most what the board adds of its own at the worst.
	least, most time.Duration
}{
	{"begin a transfer", 5, words(0x400, 1, 0x400, 0x40100000), 3 * time.Millisecond, 5 * time.Millisecond},
	// 1050 bytes and the 12 of the reply.
	{"1 KiB into RAM", 7, append(words(0x400, 0, 0, 0), make([]byte, 0x400)...), 92 * time.Millisecond, 94 * time.Millisecond},
	// The ROM erases twice as much, after three writes of the status, 10 ms each.
	{"erase a sector", 2, words(0x800, 1, 0x400, 0x10000), 150 * time.Millisecond, 156 * time.Millisecond},
	// And 32 commands of 32 bytes, each a tenth of a millisecond.
	{"1 KiB into the flash", 3, append(words(0x400, 0, 0, 0), make([]byte, 0x400)...), 95 * time.Millisecond, 100 * time.Millisecond},
	// 16 sectors, a block, and 4 sectors.
	{"erase 80 KiB", 2, words(20<<12, 0, 0x400, 0x20000), (16*60 + 400 + 4*60) * time.Millisecond, 2 * time.Second},
}

func TestRealPace(t *testing.T) {
	b := newBoard(t, virtual.Config{Pace: virtual.RealPace}, nil)
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	ask := loader(t, p, func() { reset(t, p, true) })
	for _, tt := range durations {
		before := b.Stats().Now
		ask(tt.op, 0xef, tt.data)
		took := b.Stats().Now - before
		t.Logf("%s: %v", tt.name, took)
		if took < tt.least || took > tt.most {
			t.Errorf("%s: %v, want %v to %v", tt.name, took, tt.least, tt.most)
		}
	}
}

// Without a pace bytes take no time; the flash does.
func TestNoPace(t *testing.T) {
	b := newBoard(t, virtual.Config{}, nil)
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	ask := loader(t, p, func() { reset(t, p, true) })
	for _, tt := range durations {
		before := b.Stats().Now
		ask(tt.op, 0xef, tt.data)
		took := b.Stats().Now - before
		wire := time.Duration(10+8+len(tt.data)) * 10 * time.Second / 115200
		if tt.op == 7 && took > time.Millisecond || took < tt.least-wire-3*time.Millisecond {
			t.Errorf("%s: %v, want %v less, without %v on the wire", tt.name, took, tt.least-wire, wire)
		}
	}
}
