package maskrom_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"fmt"
	"strings"
	"testing"
)

const (
	keySetupEnc = 0x40009300
	keySetupDec = 0x40008dd0
	aesInit     = 0x40008ea4
	aesDecrypt  = 0x400092d4
	aesDeinit   = 0x400092e4
	hmacMD5     = 0x4000a2cc
	hmacMD5Vec  = 0x4000a160
	md5Vec      = 0x400097ac
	sha1Vec     = 0x4000a2ec
	sha1Init    = 0x4000b584
	sha1Update  = 0x4000b5a8
	sha1Final   = 0x4000b648
	pbkdf2      = 0x4000b840
	hmacSHA1Vec = 0x4000b8b4
	hmacSHA1    = 0x4000ba28

	digest = dram + 0x1001
)

func TestSHA1(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 30)
	for _, cut := range []int{0, 1, 55, 56, 63, 64, 65, 128, 300} {
		b := newBench(t)
		b.write(dram, text)
		const ctx = dram + 0x800
		b.call(sha1Init, ctx)
		b.call(sha1Update, ctx, dram, uint32(cut))
		b.call(sha1Update, ctx, dram+uint32(cut), uint32(len(text)-cut))
		b.call(sha1Final, digest, ctx)
		if got, want := b.read(digest, 20), sha1.Sum(text); !bytes.Equal(got, want[:]) {
			t.Errorf("cut at %d: % x, want % x", cut, got, want)
		}
		if got := b.read(ctx, 92); !bytes.Equal(got, make([]byte, 92)) {
			t.Errorf("cut at %d: the context is not cleared", cut)
		}
	}
}

// RFC 2202, cases 1, 2 and 6; but of case 1 the key for SHA-1 is that for MD5.
func TestHMAC(t *testing.T) {
	for i, tt := range []struct{ key, data, md5, sha1 string }{
		{strings.Repeat("\x0b", 16), "Hi There", "9294727a3638bb1c13f48ef8158bfc9d", "675b0b3a1b4ddf4e124872da6c2f632bfed957e9"},
		{"Jefe", "what do ya want for nothing?", "750c783e6ab0b503eaa86e310a5db738", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
		{strings.Repeat("\xaa", 80), "Test Using Larger Than Block-Size Key - Hash Key First", "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd", "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
	} {
		b := newBench(t)
		b.write(dram, []byte(tt.key))
		b.write(dram+0x100, []byte(tt.data))
		n := uint32(len(tt.data))
		b.write(dram+0x200, words(dram+0x100, dram+0x104))
		b.write(dram+0x220, words(4, n-4))
		key := []uint32{dram, uint32(len(tt.key))}
		for _, f := range []struct {
			name string
			addr uint32
			args []uint32
			want string
		}{
			{"hmac_md5", hmacMD5, []uint32{dram + 0x100, n, digest}, tt.md5},
			{"hmac_md5_vector", hmacMD5Vec, []uint32{2, dram + 0x200, dram + 0x220, digest}, tt.md5},
			{"hmac_sha1", hmacSHA1, []uint32{dram + 0x100, n, digest}, tt.sha1},
			{"hmac_sha1_vector", hmacSHA1Vec, []uint32{2, dram + 0x200, dram + 0x220, digest}, tt.sha1},
		} {
			ret := b.call(f.addr, append(key[:2:2], f.args...)...)
			if got := fmt.Sprintf("%x", b.read(digest, len(f.want)/2)); got != f.want || ret != 0 {
				t.Errorf("%s, case %d: %d, %s, want %s", f.name, i, ret, got, f.want)
			}
		}
		if got := b.call(hmacSHA1Vec, dram, 4, 6, dram+0x200, dram+0x220, digest); got != 1<<32-1 {
			t.Errorf("of six elements: %d", got)
		}
		if b.call(md5Vec, 2, dram+0x200, dram+0x220, digest); fmt.Sprintf("%x", b.read(digest, 16)) != fmt.Sprintf("%x", md5.Sum([]byte(tt.data))) {
			t.Errorf("md5_vector: % x", b.read(digest, 16))
		}
		if b.call(sha1Vec, 2, dram+0x200, dram+0x220, digest); fmt.Sprintf("%x", b.read(digest, 20)) != fmt.Sprintf("%x", sha1.Sum([]byte(tt.data))) {
			t.Errorf("sha1_vector: % x", b.read(digest, 20))
		}
	}
}

// RFC 6070.
func TestPBKDF2(t *testing.T) {
	for _, tt := range []struct {
		pass, salt string
		n          uint32
		want       string
	}{
		{"password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
		{"password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
		{"passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
	} {
		b := newBench(t)
		b.write(dram, append([]byte(tt.pass), 0))
		b.write(dram+0x100, []byte(tt.salt))
		ret := b.call(pbkdf2, dram, dram+0x100, uint32(len(tt.salt)), tt.n, digest, uint32(len(tt.want)/2))
		if got := fmt.Sprintf("%x", b.read(digest, len(tt.want)/2)); ret != 0 || got != tt.want {
			t.Errorf("%d iterations: %d, %s, want %s", tt.n, ret, got, tt.want)
		}
	}
}

func TestPBKDF2HasAnEnd(t *testing.T) {
	b := newBench(t)
	c := b.m.CPU
	c.PC, c.A[2], c.A[5], c.A[7] = pbkdf2, dram, 1<<32-1, 20
	b.halted()
}

// FIPS 197, A.1 and C.1.
func TestAES(t *testing.T) {
	b := newBench(t)
	b.write(dram+1, unhex(t, "2b7e151628aed2a6abf7158809cf4f3c"))
	b.call(keySetupEnc, dram+0x100, dram+1)
	for i, want := range map[uint32]uint32{0: 0x2b7e1516, 4: 0xa0fafe17, 9: 0x7a96b943, 43: 0xb6630ca6} {
		if got := b.word(dram + 0x100 + 4*i); got != want {
			t.Errorf("word %d of the schedule: %08x, want %08x", i, got, want)
		}
	}
	// FIPS 197 gives the inverse cipher's schedule in C.1, by rounds.
	b.write(dram+1, unhex(t, "000102030405060708090a0b0c0d0e0f"))
	b.call(keySetupDec, dram+0x200, dram+1)
	for i, want := range map[uint32]uint32{0: 0x13111d7f, 4: 0x13aa29be, 36: 0x8c56dff0, 40: 0x00010203} {
		if got := b.word(dram + 0x200 + 4*i); got != want {
			t.Errorf("word %d of the inverse schedule: %08x, want %08x", i, got, want)
		}
	}
	ctx := b.call(aesInit, dram+1, 16)
	if ctx != 0x3fffea80 {
		t.Fatalf("context 0x%08x", ctx)
	}
	b.write(dram+0x41, unhex(t, "69c4e0d86a7b0430d8cdb78070b4c55a"))
	b.call(aesDecrypt, ctx, dram+0x41, digest)
	if got := b.read(digest, 16); !bytes.Equal(got, unhex(t, "00112233445566778899aabbccddeeff")) {
		t.Errorf("plain block % x", got)
	}
	if b.call(aesDeinit, ctx); !bytes.Equal(b.read(ctx, 176), make([]byte, 176)) {
		t.Error("aes_decrypt_deinit leaves something")
	}
	if got := b.call(aesInit, dram+1, 24); got != 0 {
		t.Errorf("a key of 24 bytes: context 0x%08x", got)
	}
}
