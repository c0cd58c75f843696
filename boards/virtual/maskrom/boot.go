package maskrom

import (
	"encoding/binary"
	"errors"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers that the ROM reads or writes while it starts.
const (
	gpioIn    = 0x60000318 // 18:16 boot mode, 31:29 SDIO
	rtcReason = 0x60000714 // 3:0
	rtcState  = 0x60000718 // 13:8 what woke the chip
	rtcCtl    = 0x60000700 // 31 software reset
)

// Boot modes, GPIO15<<2 | GPIO0<<1 | GPIO2.
const (
	modeRemap    = 0
	modeDownload = 1
	modeJump     = 2
	modeFlash    = 3
)

var errRemap = errors.New("maskrom: boot mode 0 (remap) is not known")

// reset is everything from the reset vector to the first thing that waits or
// runs.
func (r *ROM) reset() (Outcome, error) {
	r.State = State{seed: 1}
	if err := r.loadROMData(); err != nil {
		return Waits, err
	}
	if err := r.uartAttach(); err != nil {
		return Waits, err
	}
	if err := r.uartInitFor(0); err != nil {
		return Waits, err
	}
	cause, err := r.resetReason()
	if err != nil {
		return Waits, err
	}
	straps, err := r.m.Read32(gpioIn)
	if err != nil {
		return Waits, err
	}
	mode := straps >> 16 & 7
	r.print("\n ets Jan  8 2013,rst cause:%d, boot mode:(%d,%d)\n\n", cause, mode, straps>>29)
	switch cause {
	case 3, 5, 6: // the straps do not count
		return r.bootFlash()
	case 4:
		r.print("wdt reset\n")
	case 1, 2:
	default:
		r.print("unknown reset\n")
		return r.fail("reset for an unknown cause"), nil
	}
	switch mode {
	case modeDownload:
		return r.listen()
	case modeJump:
		return r.enter(soc.IRAMBase)
	case modeFlash:
		if err := r.flashAttach(); err != nil {
			return Waits, err
		}
		return r.bootFlash()
	case modeRemap:
		return Waits, errRemap
	}
	r.print("waiting for host\n")
	return r.hang("boot mode is SDIO"), nil
}

// setUserStart is ets_set_user_start(entry): what main calls once it is done
// with the straps. Booting from flash sets it too.
func (r *ROM) setUserStart() error { return r.m.Write32(userStart, r.cpu.A[2]) }

const userStart = 0x3fffdcd0

// fail is the end of a boot that cannot go on.
func (r *ROM) fail(why string) Outcome {
	r.print("ets_main.c ")
	return r.hang(why)
}

// enter starts a program. Its watchdog is off, unless a program before it
// switched it on and asked for the reset itself: the chip sees to that.
func (r *ROM) enter(entry uint32) (Outcome, error) {
	if err := r.m.Write32(uartIntEna, 1); err != nil {
		return Waits, err
	}
	if err := r.guard(); err != nil {
		return Waits, err
	}
	if err := r.m.Write32(userStart, entry); err != nil {
		return Waits, err
	}
	c := r.cpu
	c.A[0], c.A[1] = userDone, stackTop
	c.PS = 0x20
	c.INTENABLE = 0
	c.VECBASE = soc.ROMBase
	c.PC = entry
	r.Phase = InApp
	return Ran, nil
}

// bootFlash loads the image at the start of the flash and starts it.
func (r *ROM) bootFlash() (Outcome, error) {
	im := imageReader{r: r}
	entry, err := im.load()
	var fault *soc.Fault
	switch {
	case err == nil:
		return r.enter(entry)
	case errors.As(err, &fault):
		return r.hang("loading the image: " + err.Error()), nil
	case errors.Is(err, errImage):
		return r.fail(err.Error()), nil
	}
	return Waits, err
}

var errImage = errors.New("no image that boots")

// imageReader reads flash as the ROM does, in chunks of 16 bytes. The log
// tells where in its chunk each segment begins and ends.
type imageReader struct {
	r    *ROM
	sum  byte
	used int    // "ho", how much of the chunk is behind us
	base uint32 // flash address of the chunk
}

const chunk = 16

func (im *imageReader) read(addr uint32, n int) ([]byte, error) {
	size, err := im.r.m.Read32(chipSize)
	if err != nil {
		return nil, err
	}
	if uint64(addr)+uint64(n) > uint64(size) {
		return nil, errImage
	}
	p := make([]byte, n)
	im.r.await()
	im.r.m.Flash.Read(addr, p)
	return p, nil
}

func (im *imageReader) load() (entry uint32, err error) {
	header, err := im.read(0, chunk)
	if err != nil {
		return 0, err
	}
	if header[0] != 0xe9 {
		return 0, errImage
	}
	entry = binary.LittleEndian.Uint32(header[4:])
	if err := im.r.readMode(uint32(header[2])); err != nil {
		return 0, err
	}
	im.sum, im.base, im.used = 0xef, chunk, 0
	segment := header[8:]
	for left := int(header[1]); left > 0; left-- {
		segment, err = im.segment(segment, left == 1)
		if err != nil {
			return 0, err
		}
	}
	return entry, nil
}

// segment loads one segment and returns the header of the next one.
func (im *imageReader) segment(header []byte, last bool) (next []byte, err error) {
	addr, size := binary.LittleEndian.Uint32(header), binary.LittleEndian.Uint32(header[4:])
	room := uint32(chunk - im.used)
	im.r.print("load 0x%08x, len %d, room %d \n", addr, int32(size), room)
	if err := im.copy(addr, im.base+uint32(im.used), size); err != nil {
		return nil, err
	}
	tail := int(size)
	if size >= room {
		tail = int((size - room) % chunk)
		im.base += chunk + (size - room - uint32(tail))
		im.used = 0
	}
	im.r.print("tail %d\nchksum 0x%02x\n", tail, im.sum)
	if last {
		return nil, im.check()
	}
	at := im.base + uint32(im.used+tail)
	if left := chunk - im.used - tail; left >= 8 {
		im.used += tail + 8
	} else {
		im.r.print("ho %d tail %d room %d\n", im.used, tail, left)
		im.used = 8 - left
		im.base += chunk
	}
	return im.read(at, 8)
}

// copy moves n bytes from flash to memory, and counts them in the sum.
func (im *imageReader) copy(to, from, n uint32) error {
	for n > 0 {
		k := min(n, 4096)
		p, err := im.read(from, int(k))
		if err != nil {
			return err
		}
		if err := im.r.m.WriteBytes(to, p); err != nil {
			return err
		}
		for _, b := range p {
			im.sum ^= b
		}
		to, from, n = to+k, from+k, n-k
	}
	return nil
}

// check compares the sum with the last byte of the chunk in hand.
func (im *imageReader) check() error {
	im.r.print("csum 0x%02x\n", im.sum)
	p, err := im.read(im.base, chunk)
	if err != nil {
		return err
	}
	if p[chunk-1] != im.sum {
		im.r.print("csum err\n")
		return errImage
	}
	return nil
}

// resetReason is rtc_get_reset_reason: of a wake-up, the RTC also knows who
// caused it.
func (r *ROM) resetReason() (uint32, error) {
	v, err := r.m.Read32(rtcReason)
	if v &= 0xf; v != 5 || err != nil {
		return v, err
	}
	v, err = r.m.Read32(rtcState)
	switch v >> 8 & 0x3f {
	case 1:
		return 6, err
	case 8:
		return 5, err
	}
	return 0, err
}
