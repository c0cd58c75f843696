package maskrom

// format is how numbers of a precision are written down. Its methods are what
// the ROM's operations return where that is not a number: which operand, with
// which sign, and whether it is made quiet. IEEE 754 leaves that open, and no
// two processors agree.
type format struct {
	sign, inf, quiet uint64
	low              uint64 // the second word of a number
}

var (
	single = format{sign: 1 << 31, inf: 0xff << 23, quiet: 1 << 22}
	double = format{sign: 1 << 63, inf: 0x7ff << 52, quiet: 1 << 51, low: 1<<32 - 1}
)

// special reports whether v is infinite or not a number.
func (f *format) special(v uint64) bool { return v&f.inf == f.inf }

func (f *format) nan(v uint64) bool { return v&^f.sign > f.inf }

func (f *format) sum(a, b uint64) uint64 {
	switch {
	case !f.special(a):
		return b
	case !f.special(b):
		return a
	case (a^b)&f.sign != 0:
		return a | f.quiet
	case !f.nan(a):
		return b
	}
	return a
}

func (f *format) difference(a, b uint64) uint64 { return f.sum(a, b^f.sign) }

func (f *format) product(a, b uint64) uint64 {
	sign := (a ^ b) & f.sign
	switch {
	case f.special(a) && b&^f.sign == 0:
		return a | f.quiet
	case f.special(b) && a&^f.sign == 0:
		return (b | f.quiet) &^ f.low
	case f.nan(b):
		return b&^f.sign | sign
	}
	return a&^f.sign | sign
}

func (f *format) quotient(a, b uint64) uint64 {
	sign := (a ^ b) & f.sign
	switch {
	case f.special(a) && f.special(b):
		return a&^f.sign | sign | f.quiet
	case f.special(a):
		return a&^f.sign | sign
	case f.nan(b):
		return b
	}
	return sign | f.inf | f.quiet // nothing by nothing
}
