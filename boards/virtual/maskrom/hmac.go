package maskrom

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"hash"
)

// What the ROM builds on its hashes: HMAC, and keys from passphrases. The
// functions return 0, or -1 where they refuse.

// bytesAt reads n bytes one by one.
func (r *ROM) bytesAt(from, n uint32) ([]byte, error) {
	var p []byte
	for i := range n {
		b, err := r.m.Read8(from + i)
		if err != nil {
			return nil, err
		}
		p = append(p, b)
	}
	return p, nil
}

// authenticate is hmac_md5 or hmac_sha1(key, its length, data, its length,
// mac).
func (r *ROM) authenticate(h func() hash.Hash, cycles int) error {
	a := r.cpu.A
	key, err := r.bytesAt(a[2], a[3])
	if err != nil {
		return err
	}
	mac := hmac.New(h, key)
	if err := r.feed(mac, a[4], a[5]); err != nil {
		return err
	}
	r.spend((int(a[5]/64) + 4) * cycles)
	return r.status(true, r.writeAll(a[6], mac.Sum(nil)))
}

func (r *ROM) hmacMD5() error  { return r.authenticate(md5.New, md5Cycles) }
func (r *ROM) hmacSHA1() error { return r.authenticate(sha1.New, sha1Cycles) }

// gather hands the elements of two arrays to h: addresses, and lengths.
func (r *ROM) gather(h hash.Hash, n, addrs, lens uint32) (bytes int, err error) {
	for i := range n {
		addr, err := r.m.Read32(addrs + 4*i)
		if err != nil {
			return bytes, err
		}
		size, err := r.m.Read32(lens + 4*i)
		if err != nil {
			return bytes, err
		}
		if err := r.feed(h, addr, size); err != nil {
			return bytes, err
		}
		bytes += int(size)
	}
	return bytes, nil
}

// vector is md5_vector or sha1_vector(elements, addresses, lengths, digest).
func (r *ROM) vector(h hash.Hash, cycles int) error {
	a := r.cpu.A
	n, err := r.gather(h, a[2], a[3], a[4])
	if err != nil {
		return err
	}
	r.spend((n/64 + 1) * cycles)
	return r.status(true, r.writeAll(a[5], h.Sum(nil)))
}

func (r *ROM) md5Vector() error  { return r.vector(md5.New(), md5Cycles) }
func (r *ROM) sha1Vector() error { return r.vector(sha1.New(), sha1Cycles) }

// authenticateVector is hmac_md5_vector or hmac_sha1_vector(key, its length,
// elements, addresses, lengths, mac), of five elements at most.
func (r *ROM) authenticateVector(h func() hash.Hash, cycles int) error {
	a := r.cpu.A
	if a[4] > 5 {
		r.cpu.A[2] = 1<<32 - 1
		return nil
	}
	key, err := r.bytesAt(a[2], a[3])
	if err != nil {
		return err
	}
	mac := hmac.New(h, key)
	n, err := r.gather(mac, a[4], a[5], a[6])
	if err != nil {
		return err
	}
	r.spend((n/64 + 4) * cycles)
	return r.status(true, r.writeAll(a[7], mac.Sum(nil)))
}

func (r *ROM) hmacMD5Vector() error  { return r.authenticateVector(md5.New, md5Cycles) }
func (r *ROM) hmacSHA1Vector() error { return r.authenticateVector(sha1.New, sha1Cycles) }

// mostIterations is how many iterations pbkdf2 may have, over all of the key:
// the chip would take more than ten minutes for them.
const mostIterations = 1 << 20

// pbkdf2 is pbkdf2_sha1(passphrase, salt, its length, iterations, key, its
// length).
func (r *ROM) pbkdf2() error {
	a := r.cpu.A
	if n := uint64(a[5]) * (uint64(a[7]) + sha1.Size - 1) / sha1.Size; n > mostIterations {
		return fmt.Errorf("%d iterations, more than the %d that are waited for", n, mostIterations)
	}
	n, err := r.length(a[2])
	if err != nil {
		return err
	}
	pass, err := r.bytesAt(a[2], n)
	if err != nil {
		return err
	}
	salt, err := r.bytesAt(a[3], a[4])
	if err != nil {
		return err
	}
	prf := hmac.New(sha1.New, pass)
	sum := func(p []byte) []byte {
		prf.Reset()
		prf.Write(p)
		return prf.Sum(nil)
	}
	for block := uint32(1); (block-1)*sha1.Size < a[7]; block++ {
		u := sum(binary.BigEndian.AppendUint32(salt[:len(salt):len(salt)], block))
		t := append([]byte(nil), u...)
		for i := uint32(1); i < a[5]; i++ {
			u = sum(u)
			for j := range t {
				t[j] ^= u[j]
			}
		}
		done := (block - 1) * sha1.Size
		if err := r.writeAll(a[6]+done, t[:min(sha1.Size, a[7]-done)]); err != nil {
			return err
		}
		r.spend(int(a[5]) * 4 * sha1Cycles)
	}
	return r.status(true, nil)
}
