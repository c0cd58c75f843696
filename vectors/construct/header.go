package construct

import (
	"bytes"
	"crypto/subtle"
	"strings"
)

func (b *builder) headerOps() ops {
	return ops{
		"header": func(a *arguments) error {
			if len(b.Raw) < headerSize { // another op has cut it
				return errBeyond
			}
			switch a.op.Style {
			case "drop": // neither magic nor salt
				b.Raw = b.Raw[headerSize:]
			case "no-magic":
				b.Raw = b.Raw[len(magic):]
			case "no-salt":
				b.Raw = append([]byte(magic), b.Raw[headerSize:]...)
			case "lower":
				copy(b.Raw, strings.ToLower(magic))
			case "upper":
				copy(b.Raw, strings.ToUpper(magic))
			case "magic": // what hex says in its place
				b.Raw = append(a.hex(), b.Raw[len(magic):]...)
			case "xor": // at counts from the magic's first byte
				mask := a.hex()
				at := a.within(a.at(), headerSize, len(mask))
				if a.err == nil {
					subtle.XORBytes(b.Raw[at:], b.Raw[at:], mask)
				}
			case "twice":
				b.Raw = append(bytes.Clone(b.Raw[:headerSize]), b.Raw...)
			case "prepend":
				b.Raw = append(a.hex(), b.Raw...)
			case "cut": // all from the byte at on
				b.Raw = b.Raw[:a.within(a.at(), len(b.Raw), 0)]
			default:
				return a.style()
			}
			return a.err
		},
	}
}
