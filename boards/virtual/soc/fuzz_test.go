package soc_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// blocks are where accesses of the fuzzer go, apart from anywhere.
var blocks = [...]uint32{
	0x3ff00000, 0x3ff20c00, 0x3ff20e00, 0x60000000, 0x60000200, 0x60000300, 0x60000600, 0x60000700,
	0x60000800, 0x60000900, 0x60000f00, soc.RTCRAMBase, soc.LinkBase, soc.DRAMBase, soc.IRAMBase, soc.WindowBase,
}

// FuzzRegisters reads, writes, waits and resets at random: whatever a program
// does, the machine answers with a value or an error.
func FuzzRegisters(f *testing.F) {
	step := func(op, block, off byte, v uint32) []byte {
		return binary.LittleEndian.AppendUint32([]byte{op, block, off}, v)
	}
	f.Add(step(1, 4, 0x00, 1<<30), true)                                                                                                    // write enable
	f.Add(append(step(1, 6, 0x00, 1), step(1, 6, 0x08, 0xc0)...), false)                                                                    // FRC1 at its fastest
	f.Add(append(step(1, 9, 0x00, 1), step(5, 0, 0xff, 0xffffffff)...), false)                                                              // watchdog
	f.Add(append(step(1, 3, 0x14, 0), append(step(4, 0, 0, 7), step(5, 0, 9, 9)...)...), true)                                              // UART at divider 0
	f.Add(append(step(1, 12, 0x04, 1), step(0, 12, 0x08, 0)...), false)                                                                     // link
	f.Add(append(step(1, 7, 0x18, 8), append(step(1, 7, 0x44, 0x20), append(step(1, 7, 0x08, 1<<20), step(5, 0, 0, 999)...)...)...), false) // deep sleep
	f.Add(append(step(1, 3, 0x24, 0x81000001), append(step(4, 0, 9, 9600), step(5, 0, 0, 999)...)...), true)                                // silence on RX
	f.Fuzz(func(t *testing.T, script []byte, paced bool) {
		m, err := soc.New(soc.Config{FlashSize: nor.MinSize, Paced: paced, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.EOF }})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		m.Reset(soc.Power, soc.StrapFlash)
		for ; len(script) >= 7; script = script[7:] {
			addr := blocks[script[1]%byte(len(blocks))] + uint32(script[2])
			v := binary.LittleEndian.Uint32(script[3:])
			before := m.Now()
			switch script[0] % 8 {
			case 0:
				m.Read32(addr)
			case 1:
				m.Write32(addr, v)
			case 2:
				m.Read8(v)
				m.Read16(v)
				m.Read32(v &^ 3)
			case 3:
				m.Write8(v, script[2])
				m.Write16(v, uint16(script[2]))
				m.Write32(v&^3, addr)
			case 4:
				m.UART0.SetHostBaud(int(int32(v)))
				m.UART0.HostSends(time.Duration(v))
				m.UART0.Offer(make([]byte, script[2]))
				m.UART0.Hear([]soc.Heard{{Byte: script[2], Flaw: soc.Flaw(v)}})
			case 5:
				m.Advance(time.Duration(v % uint32(time.Millisecond)))
			case 6:
				m.CPU.PC = addr
				m.Run(uint64(script[2]))
			case 7:
				m.Reset(soc.Cause(1+v%5), script[2])
			}
			if m.Now() < before {
				t.Fatalf("time runs back from %v to %v", before, m.Now())
			}
			if at, ok := m.NextEvent(); ok && at+1 < m.Now() {
				t.Fatalf("an event of %v is still to come at %v", at, m.Now())
			}
			if n := len(m.UART0.TakeTX()); n > 1<<20 {
				t.Fatalf("%d bytes sent in one step", n)
			}
		}
	})
}
