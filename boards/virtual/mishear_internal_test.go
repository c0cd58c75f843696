package virtual

import (
	"reflect"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// clean are bytes that are heard as they were sent.
func clean(s string) (h []soc.Heard) {
	for _, b := range []byte(s) {
		h = append(h, soc.Heard{Byte: b})
	}
	return h
}

// What a receiver makes of another speed (ESP8266.md 6.2): each wave is drawn by
// hand.
func TestMishear(t *testing.T) {
	const frame, breaks = soc.FrameError, soc.FrameError | soc.Break
	for _, tt := range []struct {
		name     string
		from, to int
		sent     string
		heard    []soc.Heard
	}{
		{"same speed", 9600, 9600, "abc\x00\xff", clean("abc\x00\xff")},
		{"a little fast", 74928, 74880, "ets Jan  8 2013", clean("ets Jan  8 2013")},
		{"receiver half as fast", 19200, 9600, "\x00", []soc.Heard{{Byte: 0xf8}}},                  // low for 4.5 of its bits, the first its start bit
		{"receiver half as fast, one short low", 19200, 9600, "\xff", nil},                         // no start bit
		{"receiver twice as fast", 9600, 19200, "\xff", []soc.Heard{{Byte: 0xfe}}},                 // start bit of two
		{"receiver twice as fast, zeros", 9600, 19200, "\x00", []soc.Heard{{Flaw: breaks}}},        // low for 18 of its bits
		{"receiver twice as fast, half of it", 9600, 19200, "\xf0", []soc.Heard{{Flaw: breaks}}},   // low for 10
		{"receiver twice as fast, less than half", 9600, 19200, "\xf8", []soc.Heard{{Byte: 0x80}}}, // low for 8
		{"receiver twice as fast, two in one", 9600, 19200, "\xe8", []soc.Heard{{Byte: 0x80}, {Byte: 0xfe}}},
		{"receiver twice as fast, no stop bit", 9600, 19200, "\xf1", []soc.Heard{{Byte: 0x06, Flaw: frame}}},
		{"receiver eight times as fast", 1200, 9600, "\xaa", []soc.Heard{{Flaw: breaks}, {Byte: 0x80}, {Byte: 0x80}, {Byte: 0x80}}},
		{"nothing", 9600, 19200, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := mishear([]byte(tt.sent), host(tt.from), host(tt.to)); !reflect.DeepEqual(got, tt.heard) {
				t.Errorf("%x, want %x", got, tt.heard)
			}
		})
	}
}

// The same speed, but another format: CONF0 may ask for what a host that
// speaks 8N1 does not send.
func TestMishearFormat(t *testing.T) {
	to := func(f soc.Format) line { return line{9600, f} }
	even, odd := soc.Format{Data: 8, Parity: soc.Even, Stop: 1}, soc.Format{Data: 8, Parity: soc.Odd, Stop: 1}
	seven := soc.Format{Data: 7, Stop: 1}
	for _, tt := range []struct {
		name     string
		from, to line
		sent     string
		heard    []soc.Heard
	}{
		{"even parity", to(even), to(even), "\x00\x01\xff\x7f", clean("\x00\x01\xff\x7f")},
		{"odd parity", to(odd), to(odd), "\x00\x01\xff\x7f", clean("\x00\x01\xff\x7f")},
		{"even for odd", to(even), to(odd), "\x01", []soc.Heard{{Byte: 0x01, Flaw: soc.ParityError}}},
		{"none for even", host(9600), to(even), "\x01", clean("\x01")}, // the stop bit, and an idle line
		{"none for even, wrong", host(9600), to(even), "\x03", []soc.Heard{{Byte: 0x03, Flaw: soc.ParityError}}},
		{"none for even, start bit for stop bit", host(9600), to(even), "\x01\x55", []soc.Heard{{Byte: 0x01, Flaw: soc.FrameError}, {Byte: 0xd5}}},
		{"even for none", to(even), host(9600), "\x03", []soc.Heard{{Byte: 0x03, Flaw: soc.FrameError}}},
		{"five bits", to(soc.Format{Data: 5, Stop: 2}), to(soc.Format{Data: 5, Stop: 2}), "\x15\x0a", clean("\x15\x0a")},
		{"eight for seven", host(9600), to(seven), "\x41", []soc.Heard{{Byte: 0x41, Flaw: soc.FrameError}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := mishear([]byte(tt.sent), tt.from, tt.to); !reflect.DeepEqual(got, tt.heard) {
				t.Errorf("%x, want %x", got, tt.heard)
			}
		})
	}
}

func TestUnderstands(t *testing.T) {
	for _, tt := range []struct {
		a, b int
		want bool
	}{{74880, 74928, true}, {115200, 115299, true}, {9600, 9984, true}, {9600, 10001, false}, {74880, 115200, false}} {
		if got := host(tt.a).understands(host(tt.b)); got != tt.want || host(tt.b).understands(host(tt.a)) != tt.want {
			t.Errorf("%d and %d: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
	if host(9600).understands(line{9600, soc.Format{Data: 7, Stop: 1}}) {
		t.Error("seven bits for eight")
	}
}

func FuzzMishear(f *testing.F) {
	f.Add([]byte("boot"), 74928, 115200, uint(0), uint(0))
	f.Fuzz(func(t *testing.T, p []byte, a, b int, fa, fb uint) {
		format := func(n uint) soc.Format {
			return soc.Format{Data: 5 + int(n%4), Parity: soc.Parity(n / 4 % 3), Stop: 1 + int(n/12%2)}
		}
		from, to := line{300 + a&0xfffff, format(fa)}, line{300 + b&0xfffff, format(fb)}
		mishear(p, from, to)
		for i := range p {
			p[i] &= 1<<from.format.Data - 1
		}
		if got := mishear(p, from, from); !reflect.DeepEqual(got, clean(string(p))) {
			t.Errorf("% x heard as %x at its own speed", p, got)
		}
	})
}
