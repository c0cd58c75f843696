package maskrom

import (
	"strconv"
	"strings"
)

// formatter is ets_vprintf's way with a format, in which a conversion is
//
//	%  -  0  width  .precision  l  l  kind
//
// each part at most once and in this order; kinds are d D u U x X p b B c C s S
// and %. A precision is not heeded, but fills with zeros. Any other kind is
// printed with its percent sign, and what stood before it is forgotten.
type formatter struct {
	put  func(c byte)
	load func(addr uint32) (byte, error) // a byte of the guest's memory
	next func() (uint32, error)          // the next argument
	wide func() (uint64, error)          // the next argument of 64 bits

	n    int      // characters, as the function returns their number: some are not counted
	last int      // what is left of the length of the last field, after counting down past zero
	buf  [64]byte // digits of the last number, the first one first
}

// verb is one conversion as it stands in the format.
type verb struct {
	left, zero bool
	width      int
	long       int // how many l
	kind       byte
}

func (f *formatter) print(format uint32) error {
	for {
		c, err := f.take(&format)
		if err != nil || c == 0 {
			return err
		}
		if c != '%' {
			f.char(c)
			continue
		}
		v, err := f.parse(&format)
		if err != nil {
			return err
		}
		if err := f.convert(v); err != nil {
			return err
		}
	}
}

func (f *formatter) char(c byte) {
	f.put(c)
	f.n++
}

func (f *formatter) take(at *uint32) (byte, error) {
	c, err := f.load(*at)
	*at++
	return c, err
}

// parse reads a conversion. A format that ends in it has kind 0: the function
// does not notice, and reads on behind it.
func (f *formatter) parse(at *uint32) (v verb, err error) {
	var c byte
	take := func() {
		if err == nil {
			c, err = f.take(at)
		}
	}
	digits := func() (n int) {
		for err == nil && c >= '0' && c <= '9' {
			n = min(n*10+int(c-'0'), maxWidth)
			take()
		}
		return n
	}
	take()
	if c == '-' {
		v.left = true
		take()
	}
	if c == '0' {
		v.zero = true
		take()
	}
	v.width = digits()
	if c == '.' {
		v.zero = true
		take()
		digits()
	}
	for c == 'l' && v.long < 2 {
		v.long++
		take()
	}
	v.kind = c
	return v, err
}

// maxWidth bounds the padding that a broken format can ask for.
const maxWidth = 1 << 16

func (f *formatter) convert(v verb) error {
	switch v.kind {
	case 'd', 'D', 'u', 'U', 'x', 'X', 'p', 'b', 'B':
		return f.number(v)
	case 's', 'S':
		addr, err := f.next()
		if err != nil {
			return err
		}
		s := "<null>"
		if addr != 0 {
			if s, err = f.str(addr); err != nil {
				return err
			}
		}
		f.field(v, "", s, len(s))
	case 'c', 'C':
		c, err := f.next()
		if err != nil {
			return err
		}
		f.char(byte(c))
	case '%':
		f.put('%') // does not count
		f.field(v, "", "", f.last)
	default:
		f.char('%')
		f.char(v.kind)
		f.field(v, "", "", f.last)
	}
	return nil
}

// number converts an integer. Of 64 bits, only d looks at the upper half.
func (f *formatter) number(v verb) error {
	var u uint64
	var err error
	if v.long == 2 {
		u, err = f.wide()
	} else {
		var w uint32
		w, err = f.next()
		u = uint64(int64(int32(w)))
	}
	if err != nil {
		return err
	}
	sign := ""
	switch signed := v.kind == 'd' || v.kind == 'D'; {
	case !signed:
		u &= 1<<32 - 1
	case int64(u) < 0:
		sign, u = "-", -u
	}
	var s string
	switch v.kind {
	case 'b', 'B':
		s = f.bits(v, u)
	case 'x', 'X', 'p':
		s = strconv.FormatUint(u, 16)
	default:
		s = strconv.FormatUint(u, 10)
	}
	switch v.kind {
	case 'X':
		s = strings.ToUpper(s)
	case 'p':
		f.put('0') // neither counts
		f.put('x')
		v.width, v.zero = 8, true
	}
	copy(f.buf[:], s)
	f.field(v, sign, s, len(s))
	return nil
}

// bits are those of u from the lowest on, one short of the width: the last
// character is whatever lay there.
func (f *formatter) bits(v verb, u uint64) string {
	n := v.width
	if n == 0 {
		n = 32
		if v.long == 2 {
			n = 64
		}
	}
	n = min(n, len(f.buf))
	s := append([]byte(nil), f.buf[:n]...)
	for i := range n - 1 {
		s[i] = '.'
		if u>>i&1 != 0 {
			s[i] = '1'
		}
	}
	return string(s)
}

// field puts sign and s, filled up to the width as if s had length n: zeros go
// after the sign.
func (f *formatter) field(v verb, sign, s string, n int) {
	pad := v.width - n - len(sign)
	fill := byte(' ')
	if v.zero {
		fill = '0'
		f.text(sign)
		sign = ""
	}
	if !v.left {
		f.repeat(fill, pad)
	}
	f.text(sign)
	f.text(s)
	if v.left {
		f.repeat(' ', pad)
	}
	f.last = min(n-1, -1)
}

func (f *formatter) repeat(c byte, n int) {
	for ; n > 0; n-- {
		f.char(c)
	}
}

func (f *formatter) text(s string) {
	for i := range len(s) {
		f.char(s[i])
	}
}

func (f *formatter) str(addr uint32) (string, error) {
	var s []byte
	for {
		c, err := f.load(addr)
		if err != nil || c == 0 {
			return string(s), err
		}
		s = append(s, c)
		addr++
	}
}
