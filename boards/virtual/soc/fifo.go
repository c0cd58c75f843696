package soc

// fifo holds up to 128 bytes, as each direction of a UART does.
type fifo struct {
	data [128]byte
	head int // of the next to leave
	n    int
}

// push reports whether there was room for b.
func (f *fifo) push(b byte) bool {
	if f.n == len(f.data) {
		return false
	}
	f.data[(f.head+f.n)%len(f.data)] = b
	f.n++
	return true
}

func (f *fifo) pop() (b byte, ok bool) {
	if f.n == 0 {
		return 0, false
	}
	b = f.data[f.head]
	f.head = (f.head + 1) % len(f.data)
	f.n--
	return b, true
}
