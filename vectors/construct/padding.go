package construct

import (
	"bytes"
	"crypto/md5"
	"crypto/subtle"
)

// maxPadding is what a length in one byte can say.
const maxPadding = 255

// padOps pads in other ways than PKCS#7. Where n stands below, it is the number
// of bytes that PKCS#7 would add, 1 to 16.
func (b *builder) padOps() ops {
	return ops{
		"pad": func(a *arguments) error {
			n := b.missing()
			p := bytes.Repeat([]byte{byte(n)}, n) // as it should be
			switch a.op.Style {
			case "x923": // zeros, then n
				clear(p[:n-1])
			case "iso7816": // 0x80, then zeros
				clear(p)
				p[0] = 0x80
			case "iso10126": // anything, then n
				noise := md5.Sum(append(bytes.Clone(b.Key), b.Inner...))
				copy(p[:n-1], noise[:])
			case "zero":
				clear(p)
			case "space":
				p = bytes.Repeat([]byte{' '}, n)
			case "last": // only the last byte is other: it is what n says
				p[n-1] = byte(a.n())
			case "xor": // the bytes from at on are changed; n must be large enough
				mask := a.hex()
				at := a.within(a.at(), n, len(mask))
				if a.err == nil {
					subtle.XORBytes(p[at:], p[at:], mask)
				}
			case "value": // n bytes, each of which is the n of the op
				p = bytes.Repeat([]byte{byte(a.n())}, n)
			case "count": // as many bytes as the op's n says, each saying so
				count := a.n()
				if count < 0 || count > maxPadding {
					return errBeyond
				}
				p = bytes.Repeat([]byte{byte(count)}, count)
			case "block": // PKCS#7, and then once more
				p = append(p, bytes.Repeat([]byte{block}, block)...)
			case "none": // nothing; inner has to fill its blocks
				p = nil
			case "bytes": // what hex says
				p = a.hex()
			default:
				return a.style()
			}
			b.Padded = append(b.Padded, p...)
			return a.err
		},
	}
}
