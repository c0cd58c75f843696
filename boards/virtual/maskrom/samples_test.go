package maskrom_test

import random "math/rand/v2"

// anyNumber returns one of any size, and often an odd one.
func anyNumber(r *random.Rand) uint32 {
	switch r.IntN(4) {
	case 0:
		return r.Uint32N(16)
	case 1:
		return []uint32{0, 1, 0xffffffff, 0x80000000, 0x7fffffff, 0xffff, 0x10000}[r.IntN(7)]
	}
	return r.Uint32() >> r.IntN(32)
}

// anyFloat returns the bits of one of any kind.
func anyFloat(r *random.Rand) uint32 {
	if r.IntN(3) == 0 {
		return []uint32{0, 0x80000000, 0x7f800000, 0xff800000, 0x3f800000, 0x00000001, 0x007fffff, 0x00800000, 0x4f000000, 0xcf000000, 0x4f800000, 0x7f800111, 0xffc00222}[r.IntN(13)]
	}
	if r.IntN(2) == 0 {
		return 0x3f800000 + r.Uint32N(0x0a000000) - 0x05000000 | r.Uint32()&0x80000000
	}
	return r.Uint32()
}

// anyDouble returns the two words of one of any kind, the low one first.
func anyDouble(r *random.Rand) (low, high uint32) {
	if r.IntN(3) == 0 {
		return 0, []uint32{0, 0x80000000, 0x7ff00000, 0xfff00000, 0x3ff00000, 0x41e00000, 0xc1e00000, 0x00100000, 0x000fffff, 0x7ff00111, 0xfff80222}[r.IntN(11)]
	}
	if r.IntN(2) == 0 {
		return r.Uint32(), 0x3ff00000 + r.Uint32N(0x08000000) - 0x04000000 | r.Uint32()&0x80000000
	}
	return r.Uint32(), r.Uint32()
}

func anyNumbers(n int) func(*random.Rand, []byte) []uint32 {
	return func(r *random.Rand, _ []byte) (args []uint32) {
		for range n {
			args = append(args, anyNumber(r))
		}
		return args
	}
}

// divisor is anyNumbers with the words from i on not all zero, which traps.
func divisor(n, i int) func(*random.Rand, []byte) []uint32 {
	return func(r *random.Rand, m []byte) []uint32 {
		args := anyNumbers(n)(r, m)
		args[i] |= 1 << r.IntN(32)
		return args
	}
}

func anyFloats(n int) func(*random.Rand, []byte) []uint32 {
	return func(r *random.Rand, _ []byte) (args []uint32) {
		for range n {
			args = append(args, anyFloat(r))
		}
		return args
	}
}

func anyDoubles(n int) func(*random.Rand, []byte) []uint32 {
	return func(r *random.Rand, _ []byte) (args []uint32) {
		for range n {
			low, high := anyDouble(r)
			args = append(args, low, high)
		}
		return args
	}
}

// areas are two places in the scratch memory, full of little variety, and a
// length.
func areas(r *random.Rand, m []byte) []uint32 {
	for i := range m {
		m[i] = "ab"[r.IntN(2)]
	}
	m[len(m)-1] = 0
	n := r.Uint32N(64)
	return []uint32{scratch + r.Uint32N(256), scratch + 512 + r.Uint32N(64), n}
}

// overlap is areas that may overlap.
func overlap(r *random.Rand, m []byte) []uint32 {
	areas(r, m)
	return []uint32{scratch + r.Uint32N(128), scratch + r.Uint32N(128), r.Uint32N(128)}
}

// fill is an area, a byte, and a length.
func fill(r *random.Rand, m []byte) []uint32 {
	a := areas(r, m)
	return []uint32{a[0], anyNumber(r), a[2]}
}

func area(r *random.Rand, m []byte) []uint32 {
	a := areas(r, m)
	return []uint32{a[0], a[2]}
}

// texts are two texts and a length.
func texts(r *random.Rand, m []byte) []uint32 {
	a := areas(r, m)
	for _, at := range a[:2] {
		m[at-scratch+r.Uint32N(20)] = 0
	}
	if r.IntN(3) == 0 {
		copy(m[a[1]-scratch:], m[a[0]-scratch:][:32])
	}
	return a
}

// format is a format of the kinds that there are, and what it may print.
func format(r *random.Rand, m []byte) []uint32 {
	const specs = "duxXpcs%DUi+"
	text := ""
	args := []uint32{scratch}
	for range r.IntN(4) + 1 {
		text += []string{"", "a\n", " = ", "\r"}[r.IntN(4)] + "%"
		text += []string{"", "0", "-", "-0"}[r.IntN(4)]
		text += []string{"", "2", "5", "10", "7.3"}[r.IntN(5)]
		spec := specs[r.IntN(len(specs))]
		text += string(spec)
		switch spec {
		case '%', 'i', '+':
		case 's':
			args = append(args, scratch+512)
		case 'c':
			args = append(args, 'A'+r.Uint32N(26))
		default:
			args = append(args, anyNumber(r))
		}
	}
	copy(m, text)
	copy(m[512:], "text")
	return args
}

// anyBytes fills all but the last quarter of the memory at random.
func anyBytes(r *random.Rand, m []byte) {
	for i := range len(m) * 3 / 4 {
		m[i] = byte(r.Uint32())
	}
}

const output = scratch + scratchSize*3/4

// keyed is a key, data, and where a digest goes.
func keyed(r *random.Rand, m []byte) []uint32 {
	anyBytes(r, m)
	return []uint32{scratch + r.Uint32N(64), r.Uint32N(130), scratch + 0x100 + r.Uint32N(64), r.Uint32N(200), output + r.Uint32N(8)}
}

// password is one, a salt, few iterations, and where a key goes.
func password(r *random.Rand, m []byte) []uint32 {
	anyBytes(r, m)
	m[r.IntN(40)] = 0
	return []uint32{scratch, scratch + 0x100, r.Uint32N(40), 1 + r.Uint32N(3), output, r.Uint32N(50)}
}

// keyOf is where round keys go, and a key.
func keyOf(r *random.Rand, m []byte) []uint32 {
	anyBytes(r, m)
	return []uint32{output, scratch + r.Uint32N(64)}
}

// anyKey is a key and its length.
func anyKey(r *random.Rand, m []byte) []uint32 {
	anyBytes(r, m)
	return []uint32{scratch + r.Uint32N(64), []uint32{16, 16, 24, 0}[r.IntN(4)]}
}

// samples are the functions, by the addresses that they have on every chip.
// The small ROM has some of them.
var samples = []sample{
	{"srand", 0x400005f0, 0, false, anyNumbers(1)},
	{"rand", 0x40000600, 1, false, anyNumbers(0)},
	{"__muldi3", 0x40000650, 2, true, anyNumbers(4)},
	{"ets_printf", 0x400024cc, 1, false, format},
	{"strcmp", 0x4000bdc8, 1, false, texts},
	{"strcpy", 0x4000bec8, 1, false, texts},
	{"strlen", 0x4000bf4c, 1, true, texts},
	{"strncmp", 0x4000bfa8, 1, false, texts},
	{"strncpy", 0x4000c0a0, 1, false, texts},
	{"strstr", 0x4000e1e0, 1, false, texts},
	{"bzero", 0x4000de84, 0, true, area},
	{"memcmp", 0x4000dea8, 1, true, areas},
	{"memcpy", 0x4000df48, 1, true, areas},
	{"memmove", 0x4000e04c, 1, true, overlap},
	{"memset", 0x4000e190, 1, true, fill},
	{"__divsi3", 0x4000dc88, 1, false, divisor(2, 1)},
	{"__udivsi3", 0x4000e21c, 1, true, divisor(2, 1)},
	{"__umodsi3", 0x4000e268, 1, true, divisor(2, 1)},
	{"__divdi3", 0x4000ce60, 2, false, divisor(4, 2)},
	{"__udivdi3", 0x4000d310, 2, true, divisor(4, 2)},
	{"__umoddi3", 0x4000d770, 2, true, divisor(4, 2)},
	{"__umulsidi3", 0x4000dcf0, 2, true, anyNumbers(2)},
	{"__addsf3", 0x4000c180, 1, false, anyFloats(2)},
	{"__subsf3", 0x4000c268, 1, false, anyFloats(2)},
	{"__mulsf3", 0x4000c3dc, 1, false, anyFloats(2)},
	{"__fixunssfsi", 0x4000c4c4, 1, false, anyFloats(1)},
	{"__adddf3", 0x4000c538, 2, false, anyDoubles(2)},
	{"__subdf3", 0x4000c688, 2, false, anyDoubles(2)},
	{"__muldf3", 0x4000c8f0, 2, false, anyDoubles(2)},
	{"__divdf3", 0x4000cb94, 2, false, anyDoubles(2)},
	{"__fixdfsi", 0x4000ccb8, 1, false, anyDoubles(1)},
	{"__fixunsdfsi", 0x4000cd00, 1, false, anyDoubles(1)},
	{"__truncdfsf2", 0x4000cd5c, 1, false, anyDoubles(1)},
	{"__extendsfdf2", 0x4000cdfc, 2, false, anyFloats(1)},
	{"__floatunsisf", 0x4000e2a4, 1, false, anyNumbers(1)},
	{"__floatsisf", 0x4000e2ac, 1, false, anyNumbers(1)},
	{"__floatunsidf", 0x4000e2e8, 2, false, anyNumbers(1)},
	{"__floatsidf", 0x4000e2f0, 2, false, anyNumbers(1)},
	{"hmac_md5", 0x4000a2cc, 1, false, keyed},
	{"hmac_sha1", 0x4000ba28, 1, false, keyed},
	{"pbkdf2_sha1", 0x4000b840, 1, false, password},
	{"rijndaelKeySetupDec", 0x40008dd0, 0, false, keyOf},
	{"rijndaelKeySetupEnc", 0x40009300, 0, false, keyOf},
	{"aes_decrypt_init", 0x40008ea4, 1, false, anyKey},
}
