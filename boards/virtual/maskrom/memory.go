package maskrom

// The string functions of the ROM's C library. They touch memory as the chip
// lets them: a copy into IRAM works by words or not at all.

const compareCycles = 4 // for a byte

// copyUp copies n bytes from the first on, by words where the addresses allow
// it.
func (r *ROM) copyUp(to, from, n uint32) error {
	r.spend(int(n / 2))
	if to%4 == 0 && from%4 == 0 {
		for ; n >= 4; to, from, n = to+4, from+4, n-4 {
			v, err := r.m.Read32(from)
			if err != nil {
				return err
			}
			if err := r.m.Write32(to, v); err != nil {
				return err
			}
		}
	}
	for i := range n {
		if err := r.moveByte(to+i, from+i); err != nil {
			return err
		}
	}
	return nil
}

func (r *ROM) moveByte(to, from uint32) error {
	b, err := r.m.Read8(from)
	if err != nil {
		return err
	}
	return r.m.Write8(to, b)
}

func (r *ROM) memcpy() error { return r.copyUp(r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]) }

// memmove begins at the end where its operands overlap so.
func (r *ROM) memmove() error {
	to, from, n := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	if to <= from || to >= from+n {
		return r.copyUp(to, from, n)
	}
	r.spend(int(n / 2))
	for ; n > 0; n-- {
		if err := r.moveByte(to+n-1, from+n-1); err != nil {
			return err
		}
	}
	return nil
}

func (r *ROM) memset() error { return r.fill(r.cpu.A[2], byte(r.cpu.A[3]), r.cpu.A[4]) }
func (r *ROM) bzero() error  { return r.fill(r.cpu.A[2], 0, r.cpu.A[3]) }

func (r *ROM) fill(to uint32, c byte, n uint32) error {
	r.spend(int(n / 4))
	for ; n > 0 && to%4 != 0; to, n = to+1, n-1 {
		if err := r.m.Write8(to, c); err != nil {
			return err
		}
	}
	for ; n >= 4; to, n = to+4, n-4 {
		if err := r.m.Write32(to, uint32(c)*0x01010101); err != nil {
			return err
		}
	}
	for ; n > 0; to, n = to+1, n-1 {
		if err := r.m.Write8(to, c); err != nil {
			return err
		}
	}
	return nil
}

// compare returns the difference of the first two bytes that differ; a zero
// ends it where strings are compared.
func (r *ROM) compare(n uint32, strings bool) error {
	a, b := r.cpu.A[2], r.cpu.A[3]
	r.cpu.A[2] = 0
	for i := range n {
		x, err := r.m.Read8(a + i)
		if err != nil {
			return err
		}
		y, err := r.m.Read8(b + i)
		if err != nil {
			return err
		}
		r.spend(compareCycles)
		if x != y {
			r.cpu.A[2] = uint32(x) - uint32(y)
			return nil
		}
		if strings && x == 0 {
			return nil
		}
	}
	return nil
}

func (r *ROM) memcmp() error  { return r.compare(r.cpu.A[4], false) }
func (r *ROM) strncmp() error { return r.compare(r.cpu.A[4], true) }
func (r *ROM) strcmp() error  { return r.compare(1<<32-1, true) }

func (r *ROM) strlen() error {
	n, err := r.length(r.cpu.A[2])
	if err == nil {
		r.cpu.A[2] = n
	}
	return err
}

func (r *ROM) strcpy() error {
	n, err := r.length(r.cpu.A[3])
	if err != nil {
		return err
	}
	return r.copyUp(r.cpu.A[2], r.cpu.A[3], n+1)
}

func (r *ROM) length(addr uint32) (n uint32, err error) {
	for {
		c, err := r.m.Read8(addr + n)
		if err != nil || c == 0 {
			r.spend(int(n))
			return n, err
		}
		n++
	}
}

// strncpy fills up with zeros what the string leaves of n bytes.
func (r *ROM) strncpy() error {
	to, from, n := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	r.spend(int(n))
	for i := range n {
		c, err := r.m.Read8(from + i)
		if err != nil {
			return err
		}
		if c == 0 {
			return r.fill(to+i, 0, n-i)
		}
		if err := r.m.Write8(to+i, c); err != nil {
			return err
		}
	}
	return nil
}

// strstr returns where the second string is in the first, or 0.
func (r *ROM) strstr() error {
	in, what := r.cpu.A[2], r.cpu.A[3]
	for ; ; in++ {
		for i := uint32(0); ; i++ {
			want, err := r.m.Read8(what + i)
			if err != nil {
				return err
			}
			if want == 0 {
				r.cpu.A[2] = in
				return nil
			}
			got, err := r.m.Read8(in + i)
			if err != nil {
				return err
			}
			r.spend(compareCycles)
			if got == 0 {
				r.cpu.A[2] = 0
				return nil
			}
			if got != want {
				break
			}
		}
	}
}
