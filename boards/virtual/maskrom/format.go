package maskrom

import "strconv"

// formatter is ets_printf's way with a format: flags "-" and "0", a width, a
// precision that is read and ignored, the length l or ll, and the verbs
// d u x X p c s %. Anything else is printed as it stands.
type formatter struct {
	put  func(c byte)
	load func(addr uint32) (byte, error) // a byte of the guest's memory
	next func() (uint32, error)          // the next argument
	wide func() (uint64, error)          // the next argument of 64 bits
}

// verb is one conversion as it stands in the format.
type verb struct {
	left, zero bool
	width      int
	long       int // how many l
	kind       byte
	len        uint32 // bytes after the percent sign
}

func (f *formatter) print(format uint32) error {
	for {
		c, err := f.load(format)
		if err != nil || c == 0 {
			return err
		}
		format++
		if c != '%' {
			f.put(c)
			continue
		}
		v, err := f.parse(format)
		if err != nil {
			return err
		}
		if v.kind == 0 { // the format ends inside
			return nil
		}
		format += v.len
		if err := f.convert(v); err != nil {
			return err
		}
	}
}

func (f *formatter) parse(at uint32) (verb, error) {
	var v verb
	precision := false
	for {
		c, err := f.load(at + v.len)
		if err != nil {
			return v, err
		}
		v.len++
		digit := c >= '0' && c <= '9'
		switch {
		case c == '-' && v.width == 0 && !precision:
			v.left = true
		case c == '0' && v.width == 0 && !precision:
			v.zero = true
		case digit && !precision:
			v.width = min(v.width*10+int(c-'0'), maxWidth)
		case c == '.':
			precision = true
		case digit:
		case c == 'l':
			v.long++
		default:
			v.kind = c
			return v, nil
		}
	}
}

// maxWidth bounds the padding that a broken format can ask for.
const maxWidth = 1 << 16

func (f *formatter) convert(v verb) error {
	switch v.kind {
	case 'd', 'u', 'x', 'X', 'p':
		return f.number(v)
	case 's':
		addr, err := f.next()
		if err != nil {
			return err
		}
		s, err := f.str(addr)
		if err != nil {
			return err
		}
		f.padded(v, "", s)
	case 'c':
		c, err := f.next()
		if err != nil {
			return err
		}
		f.put(byte(c))
	case '%':
		f.put('%')
	default:
		f.put('%')
		f.put(v.kind)
	}
	return nil
}

func (f *formatter) number(v verb) error {
	var u uint64
	if v.long >= 2 {
		wide, err := f.wide()
		if err != nil {
			return err
		}
		u = wide
	} else {
		w, err := f.next()
		if err != nil {
			return err
		}
		u = uint64(w)
		if v.kind == 'd' {
			u = uint64(int64(int32(w)))
		}
	}
	sign := ""
	switch {
	case v.kind == 'd' && int64(u) < 0:
		sign, u = "-", -u
	case v.kind == 'p':
		sign = "0x"
	}
	f.padded(v, sign, digits(u, v.kind))
	return nil
}

func digits(u uint64, kind byte) string {
	switch kind {
	case 'x', 'p':
		return strconv.FormatUint(u, 16)
	case 'X':
		s := []byte(strconv.FormatUint(u, 16))
		for i, c := range s {
			if c >= 'a' {
				s[i] = c - 'a' + 'A'
			}
		}
		return string(s)
	}
	return strconv.FormatUint(u, 10)
}

// padded puts sign and s, filled up to the width: zeros go after the sign.
func (f *formatter) padded(v verb, sign, s string) {
	pad := v.width - len(sign) - len(s)
	fill := byte(' ')
	if v.zero && !v.left {
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
}

func (f *formatter) repeat(c byte, n int) {
	for ; n > 0; n-- {
		f.put(c)
	}
}

func (f *formatter) text(s string) {
	for i := range len(s) {
		f.put(s[i])
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
