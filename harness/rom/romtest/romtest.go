// Package romtest is an ESP8266 in its serial loader, for the tests of those
// who speak to one. It answers from memory, at once, and can be told to fail.
//
// A [Chip] is a [boards.Port] without a second end: a Write is carried out
// before it returns, and a Read that finds nothing reports its timeout without
// waiting for it, so a test of what happens after three seconds takes none. A
// Read without a timeout waits, as on any port.
//
// What it knows of the loader it knows on its own: SYNC answered eight times,
// values and error bytes left over, blocks counted before they are checked, the
// erase that forgets what it did. It runs no code; resetting it with GPIO0 high
// makes it say Boot and fall silent.
package romtest

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/slip"
)

var _ boards.Port = (*Chip)(nil)

// Chip is the fake. Its fields may be changed until the first call, and read
// when nothing uses the port.
type Chip struct {
	Flash   []byte            // 4 MiB of FF, as new
	Regs    map[uint32]uint32 // what READ_REG reads
	FlashID uint32            // what the flash answers to 9F
	Busy    int               // how often its status is asked for before it is ready
	Boot    string            // what a reset into flash prints
	Deaf    int               // how many SYNC go unanswered after a reset

	Commands []rom.OpCode    // what was asked, in order
	Timeouts []time.Duration // what reads were given, without repetitions
	Faults   []Fault         // those that are still to come

	mu      sync.Mutex
	changed sync.Cond
	closed  bool
	in, out bytes.Buffer
	timeout time.Duration

	dtr, rts  bool
	held      bool // in reset since the port was last used
	low       bool // GPIO0 has been low since
	listening bool
	deaf      int
	loader    loader
}

// New returns a chip that waits in its loader, with a MAC that is nobody's.
func New() *Chip {
	c := &Chip{
		Flash: bytes.Repeat([]byte{0xFF}, 4<<20),
		Regs: map[uint32]uint32{
			0x40001000: 0xFFF0C101,
			0x60000014: 451,
			0x3FF00050: 0x01000000,
			0x3FF00054: 0x00000000,
			0x3FF00058: 0x00008000,
			0x3FF0005C: 0x007AE582,
			0x6000021C: 0x80000051,
			0x60000220: 0x5C000000,
			0x60000224: 0x700000AA,
			0x60000240: 0,
			0x60000200: 0,
		},
		FlashID:   0x1640EF,
		timeout:   -1,
		listening: true,
	}
	c.changed.L = &c.mu
	c.loader = loader{chip: c}
	return c
}

// Write hands bytes to the chip, which has answered when Write returns.
func (c *Chip) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return 0, io.ErrClosedPipe
	}
	c.leaveReset()
	if c.held || !c.listening {
		return len(p), nil
	}
	c.in.Write(p)
	frames := slip.NewReader(&c.in, 8192)
	for {
		packet, err := frames.ReadPacket()
		if err == io.EOF {
			break
		}
		if err == nil {
			c.receive(packet)
		}
	}
	c.changed.Broadcast()
	return len(p), nil
}

// receive carries out one request, or the fault that lies in wait for it.
func (c *Chip) receive(packet []byte) {
	if len(packet) < 8 {
		return
	}
	op := rom.OpCode(packet[1])
	c.Commands = append(c.Commands, op)
	fault, struck := c.strike(op)
	if struck && fault.Do == Ignore {
		return
	}
	if op == rom.Sync && c.deaf > 0 {
		c.deaf--
		return
	}
	answers := c.loader.answer(op, packet, fault)
	for _, a := range answers {
		c.out.Write(fault.distort(a))
	}
}

// Read returns what the chip has sent.
func (c *Chip) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leaveReset()
	for c.out.Len() == 0 && !c.closed {
		if c.timeout >= 0 {
			return 0, os.ErrDeadlineExceeded
		}
		c.changed.Wait()
	}
	if c.closed {
		return 0, io.EOF
	}
	return c.out.Read(p)
}

// Say makes the chip send bytes that nobody asked for.
func (c *Chip) Say(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.out.Write(p)
	c.changed.Broadcast()
}

// Close ends the port; a Read that waits returns [io.EOF].
func (c *Chip) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	c.changed.Broadcast()
	return nil
}

// SetReadTimeout notes d in Timeouts, rounded up to 100 ms.
func (c *Chip) SetReadTimeout(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timeout = d
	const unit = 100 * time.Millisecond
	d = (d + unit - 1).Truncate(unit)
	if n := len(c.Timeouts); n == 0 || c.Timeouts[n-1] != d {
		c.Timeouts = append(c.Timeouts, d)
	}
	return nil
}

// SetBaud does nothing: the loader adapts to any speed.
func (c *Chip) SetBaud(int) error { return nil }

// SetDTR moves the line that, with RTS off, pulls GPIO0 low.
func (c *Chip) SetDTR(asserted bool) error { return c.SetLines(asserted, c.rts) }

// SetRTS moves the line that, with DTR off, holds the chip in reset.
func (c *Chip) SetRTS(asserted bool) error { return c.SetLines(c.dtr, asserted) }

// SetLines moves both lines at once.
func (c *Chip) SetLines(dtr, rts bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dtr, c.rts = dtr, rts
	switch {
	case !dtr && rts:
		c.held, c.low = true, false
		c.in.Reset()
		c.out.Reset()
	case dtr && !rts:
		c.low = true
	}
	c.changed.Broadcast()
	return nil
}

// leaveReset lets a chip go whose reset line has been released, when the port
// is next used. It enters the loader if GPIO0 was low at any time since: a fake
// without a clock cannot tell a settled line from one on its way.
func (c *Chip) leaveReset() {
	if !c.held || !c.dtr && c.rts {
		return
	}
	c.held = false
	c.listening = c.low
	c.deaf = c.Deaf
	c.loader = loader{chip: c}
	if !c.listening {
		c.out.WriteString(c.Boot)
	}
}

// word returns the i-th u32 of p, or 0 beyond its end.
func word(p []byte, i int) uint32 {
	if len(p) < 4*i+4 {
		return 0
	}
	return binary.LittleEndian.Uint32(p[4*i:])
}
