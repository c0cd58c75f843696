package envelope

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// bad marks a byte that is not in the base64 alphabet. It is above every group
// of four sextets.
const bad = 1 << 24

// sextets holds the value of each byte at each place of a group of four,
// shifted to where it goes in the group's 24 bits.
var sextets = func() (table [4][256]uint32) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for place := range table {
		for c := range table[place] {
			table[place][c] = bad
		}
		for value, c := range []byte(alphabet) {
			table[place][c] = uint32(value) << (18 - 6*place)
		}
	}
	return table
}()

var errGroups = errors.New("not a whole number of groups of 4")

// decode decodes src into dst, which has room for 3 bytes for each 4 and may be
// src itself, and returns the part of dst that holds the result. It takes the
// canonical spelling of RFC 4648 and no other: padded, and the bits that padding
// leaves over are zero. The decoder of encoding/base64, even the strict one,
// skips line breaks, which would make the text malleable; and it takes twice as
// long, which [Open] would feel, since this is the largest part of its work.
func decode(dst, src []byte) ([]byte, error) {
	size := len(src)
	if size%4 != 0 {
		return nil, fmt.Errorf("%w: %d bytes", errGroups, size)
	}
	n := 0
	for len(src) > 8 {
		// Two groups at once, none of them the last. Of the 8 bytes written,
		// the last 2 are room that what follows will use.
		high, low := group((*[4]byte)(src)), group((*[4]byte)(src[4:]))
		if high|low >= bad {
			return nil, fmt.Errorf("illegal from byte %d on", size-len(src))
		}
		binary.BigEndian.PutUint64(dst[n:], uint64(high)<<40|uint64(low)<<16)
		n += 6
		src = src[8:]
	}
	for ; len(src) > 0; src = src[4:] {
		last := (*[4]byte)(src)
		bits, bytes := group(last), 3
		if bits >= bad && len(src) == 4 {
			bits, bytes = padded(last)
		}
		if bits >= bad {
			return nil, fmt.Errorf("illegal or not canonical from byte %d on", size-len(src))
		}
		dst[n], dst[n+1], dst[n+2] = byte(bits>>16), byte(bits>>8), byte(bits)
		n += bytes
	}
	return dst[:n], nil
}

// group returns the 24 bits of a group, or bad and above.
func group(g *[4]byte) uint32 {
	return sextets[0][g[0]] | sextets[1][g[1]] | sextets[2][g[2]] | sextets[3][g[3]]
}

// padded returns the bits of a group that ends in = or ==, and how many bytes
// they are, or bad and above.
func padded(g *[4]byte) (bits uint32, bytes int) {
	bits, bytes = sextets[0][g[0]]|sextets[1][g[1]], 1
	if g[2] != '=' {
		bits, bytes = bits|sextets[2][g[2]], 2
	}
	if g[3] != '=' || bits<<(8+8*bytes) != 0 { // bits left over below those of the bytes
		return bad, 0
	}
	return bits, bytes
}
