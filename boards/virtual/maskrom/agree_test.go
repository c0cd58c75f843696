package maskrom_test

import (
	"bytes"
	"fmt"
	random "math/rand/v2"
	"os"
	"testing"

	"github.com/espalier-hil/espalier/boards/smallrom"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// romEnv names a dump of the chip's mask ROM, whose functions are then called,
// too: make romcheck ROM=FILE.
const romEnv = "ESPALIER_ROM"

// caller is a chip whose ROM's functions can be called, whether the ROM is ours
// or executed.
type caller struct {
	m   *soc.Machine
	rom *maskrom.ROM // nil: executed
}

// newCaller returns a chip that waits in its loader.
func newCaller(t testing.TB, rom []byte) *caller {
	t.Helper()
	cfg := soc.Config{FlashSize: 1 << 20, MaskROM: rom}
	if rom == nil {
		cfg.ROMWord = maskrom.Word
	}
	m, err := soc.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{m: m}
	if rom == nil {
		c.rom = maskrom.New(m)
	}
	m.Reset(soc.Power, soc.StrapDownload)
	if err := c.run(func() bool { return m.UART0.Measuring() }); err != nil {
		t.Fatal(err)
	}
	m.UART0.Autobaud(false)
	m.UART0.TakeSent()
	return c
}

// patience is in slices of 1000 instructions, or calls of our ROM.
const patience = 20_000

// run goes on until there is nothing more to wait for.
func (c *caller) run(until func() bool) error {
	for range patience {
		stop, err := c.m.Run(1000)
		if stop == lx106.Trapped {
			_, err = c.rom.Step()
		}
		if err != nil {
			return err
		}
		if until() {
			return nil
		}
	}
	return fmt.Errorf("no end: PC 0x%08x", c.m.CPU.PC)
}

// result is what a call leaves: its registers, what it printed, and the memory
// that it was given.
type result struct {
	a2, a3 uint32
	said   string
	memory []byte
	err    string
}

const (
	scratch     = 0x3ffe9000
	scratchSize = 0x400
)

// call calls a function with the scratch memory as given.
func (c *caller) call(t testing.TB, addr uint32, memory []byte, args ...uint32) (r result) {
	t.Helper()
	cpu := c.m.CPU
	if err := c.m.WriteBytes(scratch, memory); err != nil {
		t.Fatal(err)
	}
	if err := c.m.WriteBytes(back, []byte{0x06, 0xff, 0xff, 0}); err != nil { // j .
		t.Fatal(err)
	}
	cpu.PS, cpu.INTENABLE = 0x20, 0
	cpu.A[0], cpu.A[1], cpu.PC = back, stack, addr
	for i, arg := range args {
		if i < 6 {
			cpu.A[2+i] = arg
		} else if err := c.m.Write32(stack+4*uint32(i-6), arg); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.run(func() bool { return cpu.PC == back }); err != nil {
		r.err = err.Error()
		return r
	}
	r.a2, r.a3 = cpu.A[2], cpu.A[3]
	for _, s := range c.m.UART0.TakeSent() {
		r.said += string(s.Byte)
	}
	r.memory, _ = c.m.ReadBytes(scratch, scratchSize)
	return r
}

// sample is a function with what it is given, at random.
type sample struct {
	name    string
	addr    uint32
	results int // registers that hold the result
	small   bool
	args    func(r *random.Rand, memory []byte) []uint32
}

// TestROMFunctionsAgree calls functions of ours and of ROMs that are executed with
// the same arguments.
func TestROMFunctionsAgree(t *testing.T) {
	roms := map[string][]byte{"small": smallrom.ROM}
	if path := os.Getenv(romEnv); path != "" {
		p, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		roms["dump"] = p
	}
	const calls = 100
	for name, rom := range roms {
		for _, s := range samples {
			if name == "small" && !s.small {
				continue
			}
			t.Run(name+"/"+s.name, func(t *testing.T) {
				ours, theirs := newCaller(t, nil), newCaller(t, rom)
				r := random.New(random.NewPCG(1, uint64(s.addr)))
				for range calls {
					memory := make([]byte, scratchSize)
					args := s.args(r, memory)
					a, b := ours.call(t, s.addr, memory, args...), theirs.call(t, s.addr, memory, args...)
					if s.results < 2 {
						a.a3, b.a3 = 0, 0
					}
					if s.results < 1 {
						a.a2, b.a2 = 0, 0
					}
					if a.a2 != b.a2 || a.a3 != b.a3 || a.said != b.said || a.err != b.err {
						t.Fatalf("%08x: ours %08x %08x %q %s; executed %08x %08x %q %s", args, a.a3, a.a2, a.said, a.err, b.a3, b.a2, b.said, b.err)
					}
					if !bytes.Equal(a.memory, b.memory) {
						t.Fatalf("%08x: different memory", args)
					}
				}
			})
		}
	}
}
