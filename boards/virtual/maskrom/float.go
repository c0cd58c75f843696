package maskrom

import "math"

// The floating point arithmetic that the compiler's library leaves to the ROM,
// in IEEE 754's single and double precision, rounded to nearest. What is no
// number is in nan.go.

func (r *ROM) singles() (a, b float32) {
	return math.Float32frombits(r.cpu.A[2]), math.Float32frombits(r.cpu.A[3])
}

func (r *ROM) doubles() (a, b float64) {
	return math.Float64frombits(r.arg64(2)), math.Float64frombits(r.arg64(4))
}

func (r *ROM) return32(v uint32) error {
	r.cpu.A[2] = v
	r.spend(divideCycles)
	return nil
}

// single returns v, or what the ROM's operation makes of operands of which v
// is not a number.
func (r *ROM) single(v float32, nan func(f *format, a, b uint64) uint64) error {
	if v != v {
		return r.return32(uint32(nan(&single, uint64(r.cpu.A[2]), uint64(r.cpu.A[3]))))
	}
	return r.return32(math.Float32bits(v))
}

func (r *ROM) double(v float64, nan func(f *format, a, b uint64) uint64) error {
	if v != v {
		return r.return64(nan(&double, r.arg64(2), r.arg64(4)))
	}
	return r.return64(math.Float64bits(v))
}

func (r *ROM) addsf3() error { a, b := r.singles(); return r.single(a+b, (*format).sum) }
func (r *ROM) subsf3() error { a, b := r.singles(); return r.single(a-b, (*format).difference) }
func (r *ROM) mulsf3() error { a, b := r.singles(); return r.single(a*b, (*format).product) }
func (r *ROM) adddf3() error { a, b := r.doubles(); return r.double(a+b, (*format).sum) }
func (r *ROM) subdf3() error { a, b := r.doubles(); return r.double(a-b, (*format).difference) }
func (r *ROM) muldf3() error { a, b := r.doubles(); return r.double(a*b, (*format).product) }
func (r *ROM) divdf3() error { a, b := r.doubles(); return r.double(a/b, (*format).quotient) }

func (r *ROM) floatsisf() error   { return r.return32(math.Float32bits(float32(int32(r.cpu.A[2])))) }
func (r *ROM) floatunsisf() error { return r.return32(math.Float32bits(float32(r.cpu.A[2]))) }
func (r *ROM) floatsidf() error   { return r.return64(math.Float64bits(float64(int32(r.cpu.A[2])))) }
func (r *ROM) floatunsidf() error { return r.return64(math.Float64bits(float64(r.cpu.A[2]))) }

// extendsfdf2 and truncdfsf2 keep of what is no number only the sign.
func (r *ROM) extendsfdf2() error {
	a, _ := r.singles()
	if a != a {
		return r.return64(uint64(r.cpu.A[2]>>31)<<63 | double.inf | double.quiet)
	}
	return r.return64(math.Float64bits(float64(a)))
}

func (r *ROM) truncdfsf2() error {
	a, _ := r.doubles()
	if a != a {
		return r.return32(r.cpu.A[3]&(1<<31) | uint32(single.inf|single.quiet))
	}
	return r.return32(math.Float32bits(float32(a)))
}

func (r *ROM) fixdfsi() error    { a, _ := r.doubles(); return r.return32(integer(a, math.MaxInt32)) }
func (r *ROM) fixunsdfsi() error { a, _ := r.doubles(); return r.return32(integer(a, math.MaxUint32)) }
func (r *ROM) fixunssfsi() error {
	a, _ := r.singles()
	return r.return32(integer(float64(a), math.MaxUint32))
}

// integer is v rounded towards zero: top if that is larger, or no number; the
// most negative number of 32 bits if it is smaller than that, even where the
// result has no sign.
func integer(v float64, top uint32) uint32 {
	switch {
	case v != v || v >= float64(top):
		return top
	case v <= math.MinInt32:
		return 1 << 31
	}
	return uint32(int64(v))
}
