package lx106

// Memory is one contiguous piece of memory that the core reaches without the
// bus: the data RAM for loads and stores, or whatever it executes from.
//
// Code is decoded once and remembered, so whoever changes Data tells it by
// Invalidate; for the stores of the core that is the bus. The data RAM, which
// these reach without it, must not be executed from.
type Memory struct {
	Base uint32 // address of Data[0], a multiple of four
	Data []byte // of a length that is one too

	code []inst // one slot per byte address; empty until executed from
}

// Invalidate forgets what was decoded from the n bytes at offset off.
func (m *Memory) Invalidate(off, n int) {
	if m.code == nil {
		return
	}
	lo := max(off-2, 0) // an instruction has at most three bytes
	hi := min(off+n, len(m.code))
	if lo < hi {
		clear(m.code[lo:hi])
	}
}

// Contains reports whether addr lies in m.
func (m *Memory) Contains(addr uint32) bool {
	return addr-m.Base < uint32(len(m.Data))
}
