package maskrom

import (
	"crypto/md5"
	"encoding"
	"encoding/binary"
	"hash"
)

// The context of the ROM's MD5, 88 bytes in the program's memory: the state
// of four words, the length in bits of two, the unfinished block.
const (
	md5State  = 0
	md5Count  = 16
	md5Block  = 24
	md5Length = 88

	md5Cycles = 2100 // for a block of 64 bytes, as measured of compiled C
)

// Go's way to write down an unfinished MD5: this, the state (big-endian), the
// unfinished block, the length in bytes (u64, big-endian).
const md5Magic = "md5\x01"

func (r *ROM) md5Init() error { return r.saveMD5(r.cpu.A[2], md5.New()) }

func (r *ROM) md5Update() error {
	ctx, from, n := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	h, err := r.loadMD5(ctx)
	if err != nil {
		return err
	}
	for i := range n {
		b, err := r.m.Read8(from + i)
		if err != nil {
			return err
		}
		h.Write([]byte{b})
	}
	r.spend(int(n/md5.BlockSize+1) * md5Cycles)
	return r.saveMD5(ctx, h)
}

// md5Final is MD5Final(digest, context).
func (r *ROM) md5Final() error {
	h, err := r.loadMD5(r.cpu.A[3])
	if err != nil {
		return err
	}
	r.spend(md5Cycles)
	return r.m.WriteBytes(r.cpu.A[2], h.Sum(nil))
}

func (r *ROM) loadMD5(ctx uint32) (hash.Hash, error) {
	p, err := r.m.ReadBytes(ctx, md5Length)
	if err != nil {
		return nil, err
	}
	s := []byte(md5Magic)
	for i := range 4 {
		s = binary.BigEndian.AppendUint32(s, binary.LittleEndian.Uint32(p[md5State+4*i:]))
	}
	s = append(s, p[md5Block:]...)
	s = binary.BigEndian.AppendUint64(s, binary.LittleEndian.Uint64(p[md5Count:])/8)
	h := md5.New()
	return h, h.(encoding.BinaryUnmarshaler).UnmarshalBinary(s)
}

func (r *ROM) saveMD5(ctx uint32, h hash.Hash) error {
	s, err := h.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return err
	}
	s = s[len(md5Magic):]
	var p []byte
	for i := range 4 {
		p = binary.LittleEndian.AppendUint32(p, binary.BigEndian.Uint32(s[4*i:]))
	}
	s = s[md5Count:]
	p = binary.LittleEndian.AppendUint64(p, binary.BigEndian.Uint64(s[md5.BlockSize:])*8)
	p = append(p, s[:md5.BlockSize]...)
	return r.m.WriteBytes(ctx, p)
}
