package virtual

import (
	"bytes"
	"testing"
)

func TestMishear(t *testing.T) {
	for _, tt := range []struct {
		name     string
		from, to int
		sent     []byte
		heard    []byte
	}{
		{"same speed", 9600, 9600, []byte("abc\x00\xff"), []byte("abc\x00\xff")},
		{"a little fast", 74928, 74880, []byte("ets Jan  8 2013"), []byte("ets Jan  8 2013")},
		{"twice too slow", 19200, 9600, []byte{0x00}, []byte{0xf8}},        // low for 4.5 of its bits, the first its start bit
		{"twice too fast", 9600, 19200, []byte{0xff}, []byte{0xfe}},        // start bit of two
		{"twice too fast, zeros", 9600, 19200, []byte{0x00}, []byte{0x00}}, // one break
		{"nothing", 9600, 19200, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := mishear(tt.sent, tt.from, tt.to); !bytes.Equal(got, tt.heard) {
				t.Errorf("% x, want % x", got, tt.heard)
			}
		})
	}
}

func TestAlike(t *testing.T) {
	for _, tt := range []struct {
		a, b int
		want bool
	}{{74880, 74928, true}, {115200, 115299, true}, {9600, 9984, true}, {9600, 10001, false}, {74880, 115200, false}} {
		if got := alike(tt.a, tt.b); got != tt.want || alike(tt.b, tt.a) != tt.want {
			t.Errorf("%d and %d: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzMishear(f *testing.F) {
	f.Add([]byte("boot"), 74928, 115200)
	f.Fuzz(func(t *testing.T, p []byte, from, to int) {
		from, to = 300+from&0xfffff, 300+to&0xfffff
		mishear(p, from, to)
		if got := mishear(p, from, from); !bytes.Equal(got, p) {
			t.Errorf("% x heard as % x at its own speed", p, got)
		}
	})
}
