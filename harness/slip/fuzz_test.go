package slip_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"

	"github.com/espalier-hil/espalier/harness/slip"
)

// FuzzRoundTrip frames a packet behind noise and reads it back.
func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("ets"), []byte{0xc0, 0xdb, 0xdc, 0xdd})
	f.Add([]byte{}, []byte{0})
	f.Fuzz(func(t *testing.T, noise, packet []byte) {
		if len(packet) == 0 {
			return // has no frame
		}
		noise = bytes.ReplaceAll(noise, []byte{0xc0}, nil)
		stream := slip.Append(bytes.Clone(noise), packet)
		if n := bytes.Count(stream, []byte{0xc0}); n != 2 {
			t.Fatalf("%d delimiters in one frame", n)
		}
		r := slip.NewReader(bytes.NewReader(stream), len(packet))
		got, err := r.ReadPacket()
		if err != nil || !bytes.Equal(got, packet) {
			t.Fatalf("got % x, %v; want % x", got, err, packet)
		}
		if r.Noise() != len(noise) {
			t.Fatalf("noise %d, want %d", r.Noise(), len(noise))
		}
	})
}

// FuzzReader reads any stream: every packet is within the limit, and it does
// not matter in which pieces the stream comes.
func FuzzReader(f *testing.F) {
	f.Add([]byte("\xc0\x01\xdb\xdc\xc0\xc0\xdb\x00\xc0\r\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		const limit = 8
		whole := slip.NewReader(bytes.NewReader(stream), limit)
		bits := slip.NewReader(iotest.OneByteReader(bytes.NewReader(stream)), limit)
		for {
			a, errA := whole.ReadPacket()
			b, errB := bits.ReadPacket()
			if !bytes.Equal(a, b) || errA != errB {
				t.Fatalf("% x, %v in one piece; % x, %v in many", a, errA, b, errB)
			}
			if errA == io.EOF {
				return
			}
			if errA != nil {
				if a != nil || !errors.Is(errA, slip.ErrEscape) && !errors.Is(errA, slip.ErrTooLong) {
					t.Fatalf("% x, %v", a, errA)
				}
				continue
			}
			if len(a) == 0 || len(a) > limit {
				t.Fatalf("packet of %d bytes", len(a))
			}
			if !bytes.Contains(stream, slip.Append(nil, a)) {
				t.Fatalf("% x is not in the stream", a)
			}
		}
	})
}
