package rom_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/rom"
)

// The virtual board's loader was written from other notes than this package's
// host side; here the two meet.

// power returns a virtual board that runs in memory, in its own time.
func power(t *testing.T, cfg virtual.Config) (*virtual.Board, boards.Port) {
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
	p, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	return b, p
}

// connect resets the board behind p into its loader.
func connect(t *testing.T, p boards.Port, line rom.Line) *rom.Conn {
	t.Helper()
	if err := p.SetBaud(baud); err != nil {
		t.Fatal(err)
	}
	c := rom.New(line, baud)
	if err := c.Connect(t.Context(), func(ctx context.Context) error { return rom.Tight(0, 0).Run(ctx, p) }); err != nil {
		t.Fatal(err)
	}
	return c
}

// boots resets the board into its flash and returns what it prints until the
// firmware has introduced itself.
func boots(t *testing.T, p boards.Port) string {
	t.Helper()
	if err := errors.Join(p.SetBaud(74880), p.SetReadTimeout(10*time.Second), rom.Hard(0).Run(t.Context(), p)); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	buf := make([]byte, 256)
	for !strings.Contains(said.String(), "}}\n") {
		n, err := p.Read(buf)
		said.Write(buf[:n])
		if err != nil {
			t.Fatalf("%v after %q", err, said.String())
		}
	}
	return said.String()
}

func TestVirtualIdentify(t *testing.T) {
	for _, tt := range []struct {
		cfg virtual.Config
		mac string
	}{
		{virtual.Config{}, "7a:e5:82:00:00:01"},
		{virtual.Config{MAC: [6]byte{0x7A, 0xE5, 0x82, 0xFE, 0xDC, 0xBA}, FlashSize: 512 << 10}, "7a:e5:82:fe:dc:ba"},
		{virtual.Config{FlashSize: 16 << 20}, "7a:e5:82:00:00:01"},
	} {
		_, p := power(t, tt.cfg)
		c := connect(t, p, p)
		for range 2 { // asking leaves nothing behind
			id, err := c.Identify(t.Context())
			size := max(tt.cfg.FlashSize, 512<<10)
			if tt.cfg.FlashSize == 0 {
				size = 4 << 20
			}
			if err != nil || id.Chip != "ESP8266EX" || id.MAC.String() != tt.mac || id.Crystal != 26e6 || id.Flash.Size() != size {
				t.Errorf("%+v, %v; want MAC %s, %d bytes", id, err, tt.mac, size)
			}
		}
	}
}

// What the loader erases is what Erased says, on flash that was used before.
func TestVirtualFlash(t *testing.T) {
	const block = 0x400
	b, p := power(t, virtual.Config{})
	c := connect(t, p, p)
	used := bytes.Repeat([]byte{0x55}, 4<<20)
	for _, tt := range []struct{ offset, n int }{
		{0, 1}, {0, 3}, {0, block - 1}, {0, block}, {0, block + 1}, {0, 4097},
		{0, 17 * 4096},       // odd, and no further than the boundary would be
		{0, 31*4096 + 1},     // 32 sectors: twice those before the boundary
		{0xE000, 2*4096 + 5}, // two sectors before a boundary
		{0xF000, 20 * 4096},  // one
		{0x76000, 5},
	} {
		t.Run(fmt.Sprintf("offset=%#x,len=%d", tt.offset, tt.n), func(t *testing.T) {
			if err := b.LoadFlash(0, used); err != nil {
				t.Fatal(err)
			}
			before := b.Stats().Erases
			want := image(tt.n)
			if err := c.Flash(t.Context(), want, uint32(tt.offset), nil); err != nil {
				t.Fatal(err)
			}
			got := b.FlashBytes(0, len(used))
			end := int(rom.Erased(uint32(tt.offset), rom.EraseSize(uint32(tt.offset), uint32(tt.n))))
			model := bytes.Clone(used)
			copy(model[tt.offset:end], bytes.Repeat([]byte{0xFF}, end-tt.offset))
			copy(model[tt.offset:], want)
			if !bytes.Equal(got, model) {
				t.Errorf("flash differs at %#x; Erased says %#x", firstDifference(got, model), end)
			}
			if n := b.Stats().Erases - before; n != uint64(end-tt.offset)/4096 {
				t.Errorf("%d sectors erased, want %d", n, (end-tt.offset)/4096)
			}
		})
	}
}

func firstDifference(a, b []byte) int {
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return -1
}

// flipper spoils one bit of one FLASH_DATA on its way to the board.
type flipper struct {
	boards.Port
	block   int // which one, counted from 1
	seen    int
	flipped bool
}

func (f *flipper) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte{0xC0, 0x00, 0x03}) {
		if f.seen++; f.seen == f.block {
			f.flipped = true
			p = bytes.Clone(p)
			p[len(p)-2] ^= 0x20 // the last byte of payload
		}
	}
	return f.Port.Write(p)
}

// A block that was damaged on the line is refused, and the image starts over.
func TestVirtualRestart(t *testing.T) {
	for _, block := range []int{1, 7, 18} {
		b, p := power(t, virtual.Config{})
		line := &flipper{Port: p, block: block}
		c := connect(t, p, line)
		var fellBack int
		last := 0
		err := c.Flash(t.Context(), firmware.Image, 0, func(done, _ int) {
			if done < last {
				fellBack++
			}
			last = done
		})
		if err != nil || !line.flipped || last != len(firmware.Image) {
			t.Fatalf("block %d: %v, flipped %t, %d bytes", block, err, line.flipped, last)
		}
		if block > 1 && fellBack != 1 {
			t.Errorf("block %d: started over %d times", block, fellBack)
		}
		if !bytes.Equal(b.FlashBytes(0, len(firmware.Image)), firmware.Image) {
			t.Errorf("block %d: flash does not hold the image", block)
		}
	}
}

// Beyond the end of the flash lies its beginning. What would reach there, by
// the ROM's erasing too much as well, never begins.
func TestVirtualFlashRange(t *testing.T) {
	b, p := power(t, virtual.Config{FlashSize: 512 << 10})
	c := connect(t, p, p)
	if _, err := c.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.LoadFlash(0, []byte{0x55}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		offset, n int
		want      error
	}{
		{512<<10 - 8192, 8192, nil},
		{512<<10 - 8192, 8193, rom.ErrRange},
		{512<<10 - 4096, 4096, rom.ErrRange}, // one sector is erased as two
		{0, 512 << 10, nil},
		{0, 512<<10 + 1, rom.ErrRange},
		{512 << 10, 1, rom.ErrRange},
	} {
		before := b.Stats().Erases
		if err := c.Flash(t.Context(), image(tt.n), uint32(tt.offset), nil); !errors.Is(err, tt.want) {
			t.Errorf("%d bytes at %#x: %v, want %v", tt.n, tt.offset, err, tt.want)
		}
		if n := b.Stats().Erases - before; (n == 0) != (tt.want != nil) {
			t.Errorf("%d bytes at %#x: %d sectors erased", tt.n, tt.offset, n)
		}
		if tt.offset > 0 && b.FlashBytes(0, 1)[0] == 0xFF {
			t.Errorf("%d bytes at %#x: the first sector is gone", tt.n, tt.offset)
		}
	}
	// Without its word the chip counts as the largest.
	c = rom.New(p, baud)
	for _, tt := range []struct {
		offset uint32
		n      int
	}{{4<<20 - 4096, 4097}, {4 << 20, 1}, {0xFFFFF000, 1}, {0, 4<<20 + 1}} {
		if err := c.Flash(t.Context(), make([]byte, tt.n), tt.offset, nil); !errors.Is(err, rom.ErrRange) {
			t.Errorf("%d bytes at %#x: %v", tt.n, tt.offset, err)
		}
	}
}

// From a blank chip to a firmware that introduces itself.
func TestVirtualBoots(t *testing.T) {
	_, p := power(t, virtual.Config{})
	c := connect(t, p, p)
	if _, err := c.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.Flash(t.Context(), firmware.Image, 0, nil); err != nil {
		t.Fatal(err)
	}
	if said := boots(t, p); !strings.Contains(said, "rst cause:2, boot mode:(3,6)") || !strings.Contains(said, "\x1e{\"hello\":") {
		t.Errorf("%q", said)
	}
}

// The same through a terminal, in the world's time.
func TestVirtualPort(t *testing.T) {
	p, err := port.Open(port.VirtualScheme, port.Config{Baud: 74880})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	c := connect(t, p, p)
	if id, err := c.Identify(t.Context()); err != nil || id.MAC.String() != "7a:e5:82:00:00:01" {
		t.Fatalf("%+v, %v", id, err)
	}
	if err := c.Flash(t.Context(), firmware.Image, 0, nil); err != nil {
		t.Fatal(err)
	}
	if said := boots(t, p); !strings.Contains(said, "\x1e{\"hello\":") {
		t.Errorf("%q", said)
	}
}

// A board without supply is not waited for without end.
func TestVirtualSilence(t *testing.T) {
	b, p := power(t, virtual.Config{})
	b.PowerOff()
	c := rom.New(p, baud)
	if err := c.Connect(t.Context(), nil); !errors.Is(err, rom.ErrNoReply) || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
