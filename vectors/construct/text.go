package construct

import (
	"encoding/binary"
	"unicode/utf16"
)

func (b *builder) textOps() ops {
	return ops{
		"search": b.search,

		// Spaces behind the text until the lengths that hang on it are what
		// the defect wants, however long SEQN is.
		"stretch": func(a *arguments) error {
			n := a.n()
			var is func(text int) int
			switch a.op.Style {
			case "padding": // bytes of PKCS#7 behind inner: 4, 8, 12 or 16
				is = func(text int) int { return block - (text+2)/3*4%block }
			case "inner": // = behind inner: 0, 1 or 2
				is = func(text int) int { return (3 - text%3) % 3 }
			case "outer": // = behind msg: 0, 1 or 2
				is = func(text int) int { return (3 - (headerSize+((text+2)/3*4/block+1)*block)%3) % 3 }
			default:
				return a.style()
			}
			for range 3 * 3 * block {
				if a.err != nil || is(len(b.Text)) == n {
					return a.err
				}
				b.Text = append(b.Text, ' ')
			}
			return errBeyond
		},

		// The text in another encoding, or after a byte order mark.
		"recode": func(a *arguments) error {
			switch a.op.Style {
			case "bom":
				b.Text = append([]byte("\ufeff"), b.Text...)
			case "utf-16le":
				b.Text = wide(binary.LittleEndian, string(b.Text))
			case "utf-16be":
				b.Text = wide(binary.BigEndian, string(b.Text))
			case "utf-16":
				b.Text = wide(binary.LittleEndian, "\ufeff"+string(b.Text))
			default:
				return a.style()
			}
			return nil
		},
	}
}

// wide returns text in UTF-16.
func wide(order binary.AppendByteOrder, text string) (p []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		p = order.AppendUint16(p, unit)
	}
	return p
}
