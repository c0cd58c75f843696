package maskrom

import (
	"crypto/sha1"
	"encoding"
	"encoding/binary"
	"hash"
)

// The context of the ROM's SHA-1, 92 bytes in the program's memory: the state
// of five words, the length in bits of two, the unfinished block.
const (
	sha1Count  = 20
	sha1Block  = 28
	sha1Length = 92

	sha1Cycles = 4000 // for a block of 64 bytes; a round figure
)

// Go's way to write down an unfinished SHA-1: this, the state (big-endian),
// the unfinished block, the length in bytes (u64, big-endian).
const sha1Magic = "sha\x01"

func (r *ROM) sha1Init() error { return r.saveSHA1(r.cpu.A[2], sha1.New()) }

func (r *ROM) sha1Update() error {
	ctx, from, n := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	h, err := r.loadSHA1(ctx)
	if err != nil {
		return err
	}
	if err := r.feed(h, from, n); err != nil {
		return err
	}
	r.spend(int(n/sha1.BlockSize+1) * sha1Cycles)
	return r.saveSHA1(ctx, h)
}

// sha1Final is SHA1Final(digest, context). It clears the context.
func (r *ROM) sha1Final() error {
	h, err := r.loadSHA1(r.cpu.A[3])
	if err != nil {
		return err
	}
	r.spend(sha1Cycles)
	if err := r.writeAll(r.cpu.A[2], h.Sum(nil)); err != nil {
		return err
	}
	return r.fill(r.cpu.A[3], 0, sha1Length)
}

// feed hands n bytes of the program's memory to w.
func (r *ROM) feed(w hash.Hash, from, n uint32) error {
	for i := range n {
		b, err := r.m.Read8(from + i)
		if err != nil {
			return err
		}
		w.Write([]byte{b})
	}
	return nil
}

func (r *ROM) loadSHA1(ctx uint32) (hash.Hash, error) {
	p, err := r.m.ReadBytes(ctx, sha1Length)
	if err != nil {
		return nil, err
	}
	s := []byte(sha1Magic)
	for i := range 5 {
		s = binary.BigEndian.AppendUint32(s, binary.LittleEndian.Uint32(p[4*i:]))
	}
	s = append(s, p[sha1Block:]...)
	s = binary.BigEndian.AppendUint64(s, binary.LittleEndian.Uint64(p[sha1Count:])/8)
	h := sha1.New()
	return h, h.(encoding.BinaryUnmarshaler).UnmarshalBinary(s)
}

func (r *ROM) saveSHA1(ctx uint32, h hash.Hash) error {
	s, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return err
	}
	s = s[len(sha1Magic):]
	var p []byte
	for i := range 5 {
		p = binary.LittleEndian.AppendUint32(p, binary.BigEndian.Uint32(s[4*i:]))
	}
	p = binary.LittleEndian.AppendUint64(p, binary.BigEndian.Uint64(s[sha1Count+sha1.BlockSize:])*8)
	p = append(p, s[sha1Count:][:sha1.BlockSize]...)
	return r.writeAll(ctx, p)
}

// writeAll writes p byte by byte, as the ROM's code does it.
func (r *ROM) writeAll(to uint32, p []byte) error {
	for i, b := range p {
		if err := r.m.Write8(to+uint32(i), b); err != nil {
			return err
		}
	}
	return nil
}
