package soc_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers of SPI0, and its commands.
const (
	spiCmd    = 0x60000200
	spiAddr   = 0x60000204
	spiStatus = 0x60000210
	spiUser   = 0x6000021c
	spiUser1  = 0x60000220
	spiUser2  = 0x60000224
	spiW0     = 0x60000240

	spiRead         = 1 << 31
	spiWriteEnable  = 1 << 30
	spiWriteDisable = 1 << 29
	spiReadID       = 1 << 28
	spiReadStatus   = 1 << 27
	spiWriteStatus  = 1 << 26
	spiProgram      = 1 << 25
	spiSectorErase  = 1 << 24
	spiBlockErase   = 1 << 23
	spiChipErase    = 1 << 22
	spiWake         = 1 << 20
	spiUserDefined  = 1 << 18
)

// do starts a command, makes sure that the controller is done with it, and lets
// the flash do its part.
func (b *bench) do(cmd uint32) {
	b.t.Helper()
	b.set(spiCmd, cmd)
	b.want("the command clears itself", spiCmd, 0)
	b.Advance(b.Flash.Wait())
}

// words returns W0.. as n bytes.
func (b *bench) words(n int) []byte {
	b.t.Helper()
	p, err := b.ReadBytes(spiW0, (n+3)&^3)
	if err != nil {
		b.t.Fatal(err)
	}
	return p[:n]
}

func TestSPIRead(t *testing.T) {
	b := newBench(t, soc.Config{Flash: flashOf(t, nor.MinSize)})
	for _, tt := range []struct {
		addr uint32
		n    int
	}{{0, 32}, {0x1234, 4}, {0x11, 5}, {nor.MinSize - 2, 4}, {0xff0000, 64}, {8, 0}} {
		b.set(spiW0, 0xaaaaaaaa)
		b.set(spiAddr, tt.addr|uint32(tt.n)<<24)
		b.do(spiRead)
		want := make([]byte, tt.n)
		if b.Flash.Read(tt.addr, want); !bytes.Equal(b.words(tt.n), want) {
			t.Errorf("%d bytes at 0x%x: % x, want % x", tt.n, tt.addr, b.words(tt.n), want)
		}
		if tt.n == 0 {
			b.want("nothing is read", spiW0, 0xaaaaaaaa)
		}
	}
}

// The buffer ends the transfers: one that is longer has no meaning here.
func TestSPILimit(t *testing.T) {
	b := newBench(t, soc.Config{})
	for _, cmd := range []uint32{spiRead, spiProgram} {
		for n, ok := range map[uint32]bool{64: true, 65: false, 255: false} {
			b.set(spiAddr, n<<24)
			if err := b.Write32(spiCmd, cmd); (err == nil) != ok {
				t.Errorf("command 0x%x of %d bytes: %v", cmd, n, err)
			}
		}
	}
}

func TestSPIProgram(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.set(spiW0, 0x44332211)
	b.set(spiW0+4, 0x88776655)
	b.set(spiAddr, 0x1fd|6<<24)
	b.do(spiProgram)
	if b.Flash.Data[0x1fd] != 0xff {
		t.Error("programs without write enable")
	}
	b.do(spiWriteEnable)
	b.do(spiProgram)
	if got := b.Flash.Data[0x1fc:0x201]; !bytes.Equal(got, []byte{0xff, 0x11, 0x22, 0x33, 0xff}) {
		t.Errorf("end of the page: % x", got)
	}
	if got := b.Flash.Data[0x100:0x104]; !bytes.Equal(got, []byte{0x44, 0x55, 0x66, 0xff}) {
		t.Errorf("wrapped to its start: % x", got)
	}
	b.set(spiW0, 0xf0f0f0f0)
	b.set(spiAddr, 0x1fd|1<<24)
	b.do(spiWriteEnable)
	b.do(spiProgram)
	if got := b.Flash.Data[0x1fd]; got != 0x10 {
		t.Errorf("11 and f0: %02x", got)
	}
}

func TestSPIErase(t *testing.T) {
	for _, tt := range []struct {
		cmd      uint32
		from, to int
	}{
		{spiSectorErase, 0x21000, 0x22000},
		{spiBlockErase, 0x20000, 0x30000},
		{spiChipErase, 0, nor.MinSize},
	} {
		b := newBench(t, soc.Config{})
		if err := b.Flash.Put(0, make([]byte, nor.MinSize)); err != nil {
			t.Fatal(err)
		}
		b.set(spiAddr, 0x21234)
		b.do(tt.cmd)
		if bytes.Contains(b.Flash.Data, []byte{0xff}) {
			t.Errorf("0x%x erases without write enable", tt.cmd)
		}
		b.do(spiWriteEnable)
		b.do(tt.cmd)
		if n := bytes.Count(b.Flash.Data, []byte{0xff}); n != tt.to-tt.from || b.Flash.Data[tt.from] != 0xff || b.Flash.Data[tt.to-1] != 0xff {
			t.Errorf("0x%x erases %d bytes, want 0x%x..0x%x", tt.cmd, n, tt.from, tt.to)
		}
	}
}

func TestSPIStatus(t *testing.T) {
	b := newBench(t, soc.Config{})
	status := func(what string, want uint32) {
		t.Helper()
		b.set(spiStatus, 0xdeadbeef)
		b.do(spiReadStatus)
		b.want(what, spiStatus, want)
	}
	status("fresh", 0)
	b.do(spiWriteEnable)
	status("write enabled", 2)
	b.do(spiWriteDisable)
	status("write disabled", 0)
	b.set(spiStatus, 0x1c)
	b.do(spiWriteStatus)
	status("status written without write enable", 0)
	b.do(spiWriteEnable)
	b.set(spiStatus, 0x1c)
	b.do(spiWriteStatus)
	status("locked", 0x1c)
	b.do(spiWriteEnable)
	b.set(spiAddr, 1<<24)
	b.do(spiProgram)
	if b.Flash.Data[0] != 0xff {
		t.Error("programs what is locked")
	}
	status("still locked", 0x1c)
	b.do(spiWriteEnable)
	b.set(spiStatus, 0)
	b.do(spiWriteStatus)
	b.do(spiWriteEnable)
	b.do(spiProgram)
	if b.Flash.Data[0] != 0 {
		t.Error("does not program what is unlocked")
	}
	b.do(spiWake)
	b.do(0)
}

func TestSPIReadID(t *testing.T) {
	for size, id := range map[int]uint32{1 << 20: 0x1440ef, 4 << 20: 0x1640ef} {
		b := newBench(t, soc.Config{FlashSize: size})
		b.do(spiReadID)
		b.want("by the controller's command", spiW0, id)
		// As flashers do it.
		b.set(spiUser1, 23<<8)
		b.set(spiUser, 1<<31|1<<28)
		b.set(spiUser2, 7<<28|0x9f)
		b.set(spiW0, 0)
		b.do(spiUserDefined)
		b.want("by its bytes", spiW0, id)
		b.set(spiUser1, 7<<8)
		b.set(spiW0, 0)
		b.do(spiUserDefined)
		b.want("8 bits of it", spiW0, id&0xff)
		b.set(spiUser1, 16<<8)
		b.do(spiUserDefined)
		b.want("17 bits take three bytes", spiW0, id)
	}
}

// user runs a command byte by byte: out bytes are sent from W0, in received.
func (b *bench) user(command byte, addr uint32, out, in int) error {
	b.t.Helper()
	user, user1 := uint32(1<<31), uint32(0)
	if addr != noAddr {
		user, user1 = user|1<<30, user1|23<<26
		b.set(spiAddr, addr<<8)
	}
	if out > 0 {
		user, user1 = user|1<<27, user1|uint32(8*out-1)<<17
	}
	if in > 0 {
		user, user1 = user|1<<28, user1|uint32(8*in-1)<<8
	}
	b.set(spiUser, user)
	b.set(spiUser1, user1)
	b.set(spiUser2, 7<<28|uint32(command))
	err := b.Write32(spiCmd, spiUserDefined)
	b.Advance(b.Flash.Wait())
	return err
}

const noAddr = 1 << 31

func TestSPIUser(t *testing.T) {
	b := newBench(t, soc.Config{})
	try := func(command byte, addr uint32, out, in int) {
		t.Helper()
		if err := b.user(command, addr, out, in); err != nil {
			t.Fatalf("command %02x: %v", command, err)
		}
	}
	b.set(spiW0, 0x44332211)
	try(0x02, 0x300, 4, 0)
	if b.Flash.Data[0x300] != 0xff {
		t.Error("programs without write enable")
	}
	try(0x06, noAddr, 0, 0)
	try(0x02, 0x300, 4, 0)
	b.set(spiW0, 0)
	try(0x03, 0x301, 0, 2)
	b.want("read back", spiW0, 0x3322)
	try(0x06, noAddr, 0, 0)
	try(0x05, noAddr, 0, 1)
	b.want("status", spiW0, 0x3302)
	try(0x04, noAddr, 0, 0)
	try(0x05, noAddr, 0, 1)
	b.want("status", spiW0, 0x3300)
	for _, command := range []byte{0x20, 0xd8, 0xc7} {
		if err := b.Flash.Put(0, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
		addr := uint32(0)
		if command == 0xc7 {
			addr = noAddr
		}
		try(0x06, noAddr, 0, 0)
		if try(command, addr, 0, 0); b.Flash.Data[0] != 0xff {
			t.Errorf("command %02x does not erase", command)
		}
	}
	try(0x06, noAddr, 0, 0)
	b.set(spiW0, 0x1c)
	if try(0x01, noAddr, 1, 0); b.Flash.Status() != 0x1c {
		t.Errorf("status %02x", b.Flash.Status())
	}
	// 512 bits are the longest transfer.
	b.Flash.Put(0, bytes.Repeat([]byte{1, 2, 3, 4}, 16))
	if try(0x03, 0, 0, 64); binary.LittleEndian.Uint32(b.words(64)[60:]) != 0x04030201 {
		t.Errorf("% x", b.words(64))
	}
}

func TestSPIUnknown(t *testing.T) {
	b := newBench(t, soc.Config{})
	for _, nothing := range []uint32{0, 1, 23, 1 << 17} {
		b.do(nothing)
	}
	for _, cmd := range []uint32{1 << 19, 1 << 21, spiRead | spiProgram, spiWriteEnable | 1} {
		if err := b.Write32(spiCmd, cmd); err == nil {
			t.Errorf("command 0x%x is accepted", cmd)
		}
	}
}
