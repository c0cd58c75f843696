package slip_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/espalier-hil/espalier/harness/slip"
)

// unhex turns "c0 01" into bytes.
func unhex(t *testing.T, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAppend(t *testing.T) {
	for _, tt := range []struct{ packet, want string }{
		{"", "c0 c0"},
		{"00", "c0 00 c0"},
		{"c0", "c0 db dc c0"},
		{"db", "c0 db dd c0"},
		{"dc dd", "c0 dc dd c0"},
		{"db dc", "c0 db dd dc c0"},
		{"01 c0 db c0 02", "c0 01 db dc db dd db dc 02 c0"},
		{"00 0a 04 00 00 00 00 00 00 10 00 40", "c0 00 0a 04 00 00 00 00 00 00 10 00 40 c0"},
	} {
		if got := slip.Append(nil, unhex(t, tt.packet)); !bytes.Equal(got, unhex(t, tt.want)) {
			t.Errorf("Append(%s) = % x, want %s", tt.packet, got, tt.want)
		}
	}
	if got := slip.Append([]byte{0xff}, []byte{1}); !bytes.Equal(got, []byte{0xff, 0xc0, 1, 0xc0}) {
		t.Errorf("Append to a slice = % x", got)
	}
}

// read returns what ReadPacket gives until io.EOF, one word an outcome.
func read(t *testing.T, r *slip.Reader) string {
	t.Helper()
	var got []string
	for {
		packet, err := r.ReadPacket()
		switch {
		case err == nil:
			got = append(got, fmt.Sprintf("%x", packet))
		case packet != nil:
			t.Fatalf("packet % x beside error %v", packet, err)
		case errors.Is(err, slip.ErrEscape):
			got = append(got, "escape")
		case errors.Is(err, slip.ErrTooLong):
			got = append(got, "long")
		case err == io.EOF:
			return strings.Join(got, " ")
		default:
			t.Fatal(err)
		}
	}
}

func TestReader(t *testing.T) {
	const limit = 4
	for _, tt := range []struct {
		name, stream, want string
		noise              int
	}{
		{"nothing", "", "", 0},
		{"one", "c0 01 02 c0", "0102", 0},
		{"two", "c0 01 c0 c0 02 c0", "01 02", 0},
		{"escapes", "c0 db dc db dd c0", "c0db", 0},
		{"empty frames", "c0 c0 c0 c0 01 c0", "01", 0},
		{"noise before, between, after", "65 74 73 c0 01 c0 0d 0a c0 02 c0 0a", "01 02", 6},
		{"lost opening delimiter", "01 c0 c0 02 c0", "02", 1},
		{"lost closing delimiter", "c0 01 c0 02 c0 c0 03 c0", "01 03", 1},
		{"unknown escape", "c0 01 db 02 03 c0 c0 04 c0", "escape 04", 0},
		{"escaped escape byte", "c0 db db c0 c0 04 c0", "escape 04", 0},
		{"escape at the end", "c0 01 db c0 c0 04 c0", "escape 04", 0},
		{"as long as allowed", "c0 01 02 03 db dc c0", "010203c0", 0},
		{"one too long", "c0 01 02 03 04 05 c0 c0 04 c0", "long 04", 0},
		{"first reason counts", "c0 db 00 01 02 03 04 05 c0", "escape", 0},
		{"unfinished", "c0 01 02", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			stream := unhex(t, tt.stream)
			for name, src := range map[string]io.Reader{
				"at once":  bytes.NewReader(stream),
				"by bytes": iotest.OneByteReader(bytes.NewReader(stream)),
				"with EOF": iotest.DataErrReader(bytes.NewReader(stream)),
			} {
				r := slip.NewReader(src, limit)
				if got := read(t, r); got != tt.want {
					t.Errorf("%s: got %q, want %q", name, got, tt.want)
				}
				if r.Noise() != tt.noise {
					t.Errorf("%s: noise %d, want %d", name, r.Noise(), tt.noise)
				}
			}
		})
	}
}

// A timeout in the middle of a frame loses nothing.
func TestReaderTimeout(t *testing.T) {
	r := slip.NewReader(&stutter{parts: []string{"\xc0\x01", "", "\xdb", "", "\xdc\x02\xc0"}}, 16)
	for i := range 2 {
		if _, err := r.ReadPacket(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("read %d: %v, want a timeout", i, err)
		}
	}
	packet, err := r.ReadPacket()
	if err != nil || !bytes.Equal(packet, []byte{0x01, 0xc0, 0x02}) {
		t.Errorf("got % x, %v", packet, err)
	}
}

// A Reader that was reset knows nothing of the half frame before.
func TestReaderReset(t *testing.T) {
	r := slip.NewReader(&stutter{parts: []string{"\xc0\x01\xdb", "", "\x02\xc0\x03\xc0"}}, 16)
	if _, err := r.ReadPacket(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	r.Reset()
	packet, err := r.ReadPacket()
	if err != nil || !bytes.Equal(packet, []byte{3}) {
		t.Errorf("got % x, %v", packet, err)
	}
}

// stutter returns its parts one by one; an empty one is a timeout.
type stutter struct{ parts []string }

func (s *stutter) Read(p []byte) (int, error) {
	if len(s.parts) == 0 {
		return 0, io.EOF
	}
	part := s.parts[0]
	s.parts = s.parts[1:]
	if part == "" {
		return 0, os.ErrDeadlineExceeded
	}
	return copy(p, part), nil
}
