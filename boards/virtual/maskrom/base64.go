package maskrom

import "encoding/base64"

// Base64 with lines of 72 characters. What the functions return is taken from
// the ROM's heap, which mem_init must have set up.

const base64Line = 72

// base64Encode is base64_encode(data, its length, *length of the text). It
// returns the text, with a line feed after each line, and a zero.
func (r *ROM) base64Encode() error {
	p, err := r.bytesAt(r.cpu.A[2], r.cpu.A[3])
	if err != nil {
		return err
	}
	out := r.cpu.A[4]
	n := uint32(len(p)) * 4 / 3
	at, err := r.allocate(n + (n+4)/72 + 5)
	if at == 0 || err != nil {
		r.cpu.A[2] = 0
		return err
	}
	text := base64.StdEncoding.EncodeToString(p)
	var lines []byte
	for len(text) > 0 {
		k := min(base64Line, len(text))
		lines = append(append(lines, text[:k]...), '\n')
		text = text[k:]
	}
	r.spend(16 * len(lines))
	if out != 0 {
		if err := r.m.Write32(out, uint32(len(lines))); err != nil {
			return err
		}
	}
	r.cpu.A[2] = at
	return r.writeAll(at, append(lines, 0))
}

// base64Decode is base64_decode(text, its length, *length of the data). It
// passes over characters that are none of its own, and returns 0 for a text
// whose length is wrong.
func (r *ROM) base64Decode() error {
	p, err := r.bytesAt(r.cpu.A[2], r.cpu.A[3])
	if err != nil {
		return err
	}
	out := r.cpu.A[4]
	r.cpu.A[2] = 0
	var digits []byte
	for _, c := range p {
		if c == '=' || value64(c) >= 0 {
			digits = append(digits, c)
		}
	}
	if len(digits) == 0 || len(digits)%4 != 0 {
		return nil
	}
	at, err := r.allocate(uint32(len(digits)/4*3 + 0))
	if at == 0 || err != nil {
		return err
	}
	r.spend(16 * len(p))
	var data []byte
	pad := 0
	for i := 0; i < len(digits) && pad == 0; i += 4 {
		var v [4]int
		for j := range v {
			if v[j] = value64(digits[i+j]); digits[i+j] == '=' {
				v[j] = 0
				pad++
			}
		}
		data = append(data, byte(v[0]<<2|v[1]>>4), byte(v[1]<<4|v[2]>>2), byte(v[2]<<6|v[3]))
	}
	if pad > 2 {
		return r.free(at)
	}
	if err := r.writeAll(at, data); err != nil {
		return err
	}
	r.cpu.A[2] = at
	return r.m.Write32(out, uint32(len(data)-pad))
}

// value64 is what a character stands for, or -1.
func value64(c byte) int {
	switch {
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= 'a' && c <= 'z':
		return int(c-'a') + 26
	case c >= '0' && c <= '9':
		return int(c-'0') + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return -1
}
