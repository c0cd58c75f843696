package maskrom

// The ROM serves exceptions and interrupts by tables that programs change, in
// the manner of Tensilica's XTOS. The tables are in RAM, at their real places:
//
//	0x3fffc000  64 words: the code that each cause jumps to, in the vector's state
//	0x3fffc100  64 words: the C functions that a wrapper calls for it
//	0x3fffc200  interrupts that are enabled; those that the one being served lets through
//	0x3fffc208  from interrupt 14 down to 0: function, its argument
//	0x3fffc280  from interrupt 14 down to 0: the interrupts that may interrupt it; its own bit
const (
	excTable     = 0x3fffc000
	cTable       = 0x3fffc100
	intEnabled   = 0x3fffc200
	intAllowed   = 0x3fffc204
	intHandlers  = 0x3fffc278 // of interrupt 0; the others are below
	intPriority  = 0x3fffc2f0 // as above
	causes       = 64
	maskable     = 14 // interrupts 0 to 13; 14 cannot be masked and has its own vector
	kindsMask    = causes - 1
	edgeOrByHand = 0x3f80 // interrupts that are cleared, not lowered
)

// A frame holds what an exception interrupts, below its stack pointer: PC at
// 0, PS 4, SAR 8, the interrupts allowed 12, a0 16, a2..a15 20..72, cause 76.
const (
	frameSize    = 256
	framePC      = 0
	framePS      = 4
	frameSAR     = 8
	frameAllowed = 12
	frameA0      = 16
	frameA2      = 20
	frameCause   = 76
)

// frameReg is where register i is, which is not a1.
func frameReg(i int) uint32 {
	if i == 0 {
		return frameA0
	}
	return frameA2 + 4*uint32(i-2)
}

// Values of PS: exceptions of programs, and interrupt levels in them.
const (
	psEXCM     = 1 << 4
	psUM       = 1 << 5
	psIntLevel = 15
)

// Code of the ROM that tables point to or that functions return to.
const (
	atUnhandled     = 0x4000dc44
	atUnhandledInt  = 0x4000dc3c
	atSyscall       = 0x4000dbe4
	atAlloca        = 0x4000dbe0
	atCause3        = 0x40000590
	atInterrupt     = 0x4000048c
	atInterruptDone = 0x4000050c
	atWrapper       = 0x40000598
	atWrapperDone   = 0x400005e1
	atReturn        = 0x4000dc54
	atNoHandler     = 0x4000dbf8 // a C function that does nothing
	atFatal         = 0x40001878
	atFatalTrace    = 0x400017e0
	atUARTHandler   = 0x40003bbc
	atCallbackDone  = 0x40001dc0 // in the middle of ets_write_char; here for all callbacks
)

// loadVectors fills the tables as they are after reset.
func (r *ROM) loadVectors() error {
	var w words
	for cause := range uint32(causes) {
		at := uint32(atUnhandled)
		switch cause {
		case 1:
			at = atSyscall
		case 4:
			at = atInterrupt
		case 5:
			at = atAlloca
		case 12, 13, 14, 15:
			at = atCause3
		}
		w.set(excTable+4*cause, at)
		w.set(cTable+4*cause, atNoHandler)
	}
	w.set(intAllowed, 1<<32-1)
	for irq := range uint32(maskable + 1) {
		w.set(intHandlers-8*irq, atUnhandledInt)
		w.set(intHandlers-8*irq+4, irq)
		above := ^uint32(0) << (irq + 1)
		if irq == maskable {
			above = ^uint32(0) << irq
		}
		w.set(intPriority-8*irq, above)
		w.set(intPriority-8*irq+4, 1<<irq)
	}
	return w.store(r)
}

// guard installs the handlers that a program starts with.
func (r *ROM) guard() error {
	var w words
	for _, cause := range []uint32{0, 2, 3, 8, 9, 28, 29} {
		w.set(excTable+4*cause, atWrapper)
		w.set(cTable+4*cause, atFatal)
	}
	w.set(cTable+4*9, atFatalTrace)
	return w.store(r)
}

// words is memory to be written.
type words [][2]uint32

func (w *words) set(addr, v uint32) { *w = append(*w, [2]uint32{addr, v}) }

func (w words) store(r *ROM) error {
	for _, p := range w {
		if err := r.m.Write32(p[0], p[1]); err != nil {
			return err
		}
	}
	return nil
}

// frame is the one at a1, with the first error in its accesses.
type frame struct {
	r   *ROM
	at  uint32
	err error
}

func (r *ROM) frameHere() frame { return frame{r: r, at: r.cpu.A[1]} }

func (f *frame) get(off uint32) (v uint32) {
	if f.err == nil {
		v, f.err = f.r.m.Read32(f.at + off)
	}
	return v
}

func (f *frame) put(off, v uint32) {
	if f.err == nil {
		f.err = f.r.m.Write32(f.at+off, v)
	}
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}
