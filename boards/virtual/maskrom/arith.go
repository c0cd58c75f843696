package maskrom

// The arithmetic that the compiler's library leaves to the ROM. A division by
// zero is an illegal instruction there.

func (r *ROM) arg64(i int) uint64 {
	return uint64(r.cpu.A[i+1])<<32 | uint64(r.cpu.A[i])
}

func (r *ROM) return64(v uint64) error {
	r.cpu.A[2], r.cpu.A[3] = uint32(v), uint32(v>>32)
	r.spend(wideCycles)
	return nil
}

// What an arithmetic function costs in cycles, roughly.
const (
	divideCycles = 60
	wideCycles   = 200
)

func (r *ROM) divide32(op func(a, b uint32) uint32) error {
	a, b := r.cpu.A[2], r.cpu.A[3]
	if b == 0 {
		return r.trapDivide()
	}
	r.cpu.A[2] = op(a, b)
	r.spend(divideCycles)
	return nil
}

func (r *ROM) udivsi3() error { return r.divide32(func(a, b uint32) uint32 { return a / b }) }
func (r *ROM) umodsi3() error { return r.divide32(func(a, b uint32) uint32 { return a % b }) }

func (r *ROM) divsi3() error {
	return r.divide32(func(a, b uint32) uint32 { return uint32(int64(int32(a)) / int64(int32(b))) })
}

func (r *ROM) divide64(op func(a, b uint64) uint64) error {
	a, b := r.arg64(2), r.arg64(4)
	if b == 0 {
		return r.trapDivide()
	}
	return r.return64(op(a, b))
}

func (r *ROM) udivdi3() error { return r.divide64(func(a, b uint64) uint64 { return a / b }) }
func (r *ROM) umoddi3() error { return r.divide64(func(a, b uint64) uint64 { return a % b }) }

// divdi3: Go defines the quotient of the most negative number and -1 as the
// machine computes it.
func (r *ROM) divdi3() error {
	return r.divide64(func(a, b uint64) uint64 { return uint64(int64(a) / int64(b)) })
}

func (r *ROM) muldi3() error { return r.return64(r.arg64(2) * r.arg64(4)) }

func (r *ROM) umulsidi3() error {
	return r.return64(uint64(r.cpu.A[2]) * uint64(r.cpu.A[3]))
}
