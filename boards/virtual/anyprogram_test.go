package virtual_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

// anyProgram boots a board from an image with some code, which begins with
// twelve words in a2 to a13, and listens for a while: the board says what it
// says, and may halt, but it comes back. It returns what it said, and why it
// halted.
func anyProgram(t *testing.T, words [12]uint32, code []byte) (said int, err error) {
	t.Helper()
	const literals = 4
	p := []byte{0x06, 12, 0, 0} // j to behind the literals
	for _, w := range words {
		p = binary.LittleEndian.AppendUint32(p, w)
	}
	for i := range words { // l32r a2 … a13
		offset := uint32(literals+4*i-(len(p)+3)&^3) >> 2
		p = append(p, byte(1|(i+2)<<4), byte(offset), byte(offset>>8))
	}
	p = append(p, code[:min(len(code), 0x4000)]...)
	for len(p)%4 != 0 {
		p = append(p, 0)
	}
	flash, err := (&image.Image{Entry: 0x40100000, Segments: []image.Segment{{Addr: 0x40100000, Data: p}}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	b := newBoard(t, virtual.Config{
		FlashSize: 512 << 10,
		Dial:      func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF },
	}, flash)
	defer b.Close()
	port, err := b.Port()
	if err != nil {
		t.Fatal(err)
	}
	if err := port.SetReadTimeout(2 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<10)
	for range 40 {
		n, err := port.Read(buf)
		if said += n; err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
	}
	var halt *lx106.Halt
	if err = b.Err(); err != nil && !errors.As(err, &halt) {
		t.Errorf("the board stops: %v", err)
	}
	return said, err
}

func FuzzProgram(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		words, code := someProgram(r)
		var p []byte
		for _, w := range words {
			p = binary.LittleEndian.AppendUint32(p, w)
		}
		f.Add(p, code)
	}
	f.Fuzz(func(t *testing.T, p, code []byte) {
		var words [12]uint32
		for i := range words {
			if len(p) >= 4 {
				words[i], p = binary.LittleEndian.Uint32(p), p[4:]
			}
		}
		anyProgram(t, words, code)
	})
}

// TestAnyProgram does what the fuzzer does. ESPALIER_SEED repeats a run.
func TestAnyProgram(t *testing.T) {
	seed := need.Seed(t)
	const programs = 100
	halts, said := 0, 0
	for i := range uint64(programs) {
		words, code := someProgram(rand.New(rand.NewPCG(seed, i)))
		n, err := anyProgram(t, words, code)
		if t.Failed() {
			t.Fatalf("program %d: words %x, code %x", i, words, code)
		}
		if said += n; err != nil {
			halts++
		}
	}
	t.Logf("%d programs: %d halt, %d bytes said", programs, halts, said)
}

// someProgram returns words that are addresses more often than not, and code
// that loads, stores and calls by them.
func someProgram(r *rand.Rand) (words [12]uint32, code []byte) {
	functions := []uint32{
		0x40003b30, 0x40003b8c, 0x400039d8, 0x40004a4c, 0x40004b1c, 0x40004a00, 0x40004b44, 0x400024cc, 0x4000df48,
		0x4000e190, 0x4000264c, 0x40002ecc, 0x40000f88, 0x40000f98, 0x4000e21c, 0x40009818, 0x40009834, 0x40003f4c,
	}
	for i := range words {
		switch w := r.Uint32(); r.IntN(6) {
		case 0:
			words[i] = functions[r.IntN(len(functions))]
		case 1:
			words[i] = 0x60000000 + w%0x18*0x100&^0xff
		case 2:
			words[i] = 0x3ff00000 + w%2*0x20c00
		case 3:
			words[i] = 0x3ffe8000 + w%0x18000&^3
		case 4:
			words[i] = w % 0x1000
		case 5:
			words[i] = w
		}
	}
	register := func() uint32 { return uint32(2 + r.IntN(12)) }
	for range 1 + r.IntN(200) {
		var word uint32
		switch n := r.IntN(20); {
		case n < 6:
			word = 0x006002 | register()<<8 | register()<<4 | r.Uint32()&0x1f<<16 // s32i
		case n < 12:
			word = 0x002002 | register()<<8 | register()<<4 | r.Uint32()&0x1f<<16 // l32i
		case n < 14:
			word = 0x0000c0 | register()<<8 // callx0
		case n < 15:
			word = 0x007000 // waiti 0
		case n < 16:
			word = 0x13e400 | register()<<4 // wsr.intenable
		case n < 17:
			word = 0xffff06 | r.Uint32()&0x3fc0 // j, some bytes back or in a circle
		case n < 19:
			word = 0x00a002 | register()<<4 | r.Uint32()&0xff0f00 // movi
		default:
			word = r.Uint32()
		}
		code = append(code, byte(word), byte(word>>8), byte(word>>16))
	}
	return words, code
}
