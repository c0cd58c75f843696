package maskrom

import (
	"crypto/aes"
	"encoding/binary"
	"math/bits"
)

// AES with keys of 128 bits, of which the ROM can only decrypt. A key is spread
// out into eleven round keys of four words, most significant byte first; for
// decryption they stand in the opposite order, the inner ones mixed.
const (
	aesRounds   = 10
	aesSchedule = 4 * (aesRounds + 1)
	aesContext  = 0x3fffea80 // the only one that aes_decrypt_init gives out

	aesCycles = 1500 // for a block; a round figure
)

// double8 multiplies by x in the field of AES.
func double8(b byte) byte { return b<<1 ^ b>>7*0x1b }

func multiply(a, b byte) (p byte) {
	for ; b != 0; a, b = double8(a), b>>1 {
		p ^= a * (b & 1)
	}
	return p
}

// substitute is the S-box: the inverse, and an affine transformation.
func substitute(b byte) byte {
	inverse := b
	for range 6 { // to the power of 254
		inverse = multiply(multiply(inverse, inverse), b)
	}
	inverse = multiply(inverse, inverse)
	s := inverse
	for range 4 {
		inverse = bits.RotateLeft8(inverse, 1)
		s ^= inverse
	}
	return s ^ 0x63
}

func eachByte(w uint32, f func(byte) byte) uint32 {
	var p [4]byte
	binary.BigEndian.PutUint32(p[:], w)
	for i, b := range p {
		p[i] = f(b)
	}
	return binary.BigEndian.Uint32(p[:])
}

// spread makes the round keys of a key of four words.
func spread(key [4]uint32) (w [aesSchedule]uint32) {
	copy(w[:], key[:])
	round := byte(1)
	for i := 4; i < len(w); i++ {
		t := w[i-1]
		if i%4 == 0 {
			t = eachByte(bits.RotateLeft32(t, 8), substitute) ^ uint32(round)<<24
			round = double8(round)
		}
		w[i] = w[i-4] ^ t
	}
	return w
}

// invert makes round keys those for decryption.
func invert(w [aesSchedule]uint32) (d [aesSchedule]uint32) {
	for i := range d {
		d[i] = w[4*(aesRounds-i/4)+i%4]
		if round := i / 4; round > 0 && round < aesRounds {
			d[i] = unmix(d[i])
		}
	}
	return d
}

func unmix(w uint32) (out uint32) {
	for i, factor := range []byte{14, 9, 13, 11} {
		out ^= bits.RotateLeft32(eachByte(w, func(b byte) byte { return multiply(b, factor) }), -8*i)
	}
	return out
}

// keySchedule is rijndaelKeySetupEnc, or rijndaelKeySetupDec(schedule, key).
func (r *ROM) keySchedule(to, from uint32, turn func([aesSchedule]uint32) [aesSchedule]uint32) error {
	p, err := r.bytesAt(from, 16)
	if err != nil {
		return err
	}
	var key [4]uint32
	for i := range key {
		key[i] = binary.BigEndian.Uint32(p[4*i:])
	}
	w := spread(key)
	if turn != nil {
		w = turn(w)
	}
	r.spend(aesCycles)
	var out words
	for i, v := range w {
		out.set(to+4*uint32(i), v)
	}
	return out.store(r)
}

func (r *ROM) keySetupEnc() error { return r.keySchedule(r.cpu.A[2], r.cpu.A[3], nil) }
func (r *ROM) keySetupDec() error { return r.keySchedule(r.cpu.A[2], r.cpu.A[3], invert) }

// aesDecryptInit is aes_decrypt_init(key, its length), which must be 16. It
// returns the context, or 0.
func (r *ROM) aesDecryptInit() error {
	if r.cpu.A[3] != 16 {
		r.cpu.A[2] = 0
		return nil
	}
	from := r.cpu.A[2]
	r.cpu.A[2] = aesContext
	return r.keySchedule(aesContext, from, invert)
}

// aesDecrypt is aes_decrypt(context, block, plain block). The key stands in the
// last round key.
func (r *ROM) aesDecrypt() error {
	ctx, from, to := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	p, err := r.decryptBlock(ctx, from)
	if err != nil {
		return err
	}
	return r.writeAll(to, p)
}

func (r *ROM) decryptBlock(ctx, from uint32) ([]byte, error) {
	var key []byte
	for i := uint32(aesSchedule - 4); i < aesSchedule; i++ {
		v, err := r.m.Read32(ctx + 4*i)
		if err != nil {
			return nil, err
		}
		key = binary.BigEndian.AppendUint32(key, v)
	}
	p, err := r.bytesAt(from, 16)
	if err != nil {
		return nil, err
	}
	c, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	c.Decrypt(p, p)
	r.spend(aesCycles)
	return p, nil
}

// aesDecryptDeinit is aes_decrypt_deinit(context), which forgets the key.
func (r *ROM) aesDecryptDeinit() error {
	return r.fill(r.cpu.A[2], 0, 4*aesSchedule)
}
