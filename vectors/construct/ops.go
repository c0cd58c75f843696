package construct

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

type ops = map[string]func(vectors.Op) error

var errStyle = errors.New("there is no such style")

func (b *builder) textOps() ops { return ops{} }

func (b *builder) innerOps() ops {
	return ops{
		"inner-raw": func(op vectors.Op) (err error) {
			b.Inner, err = hex.DecodeString(op.Hex)
			return err
		},
	}
}

func (b *builder) padOps() ops {
	return ops{
		"pad": func(op vectors.Op) error {
			n := block - len(b.Inner)%block
			switch op.Style {
			case "x923": // zeros, then the length
				b.Padded = append(append(b.Padded, make([]byte, n-1)...), byte(n))
			case "zero":
				b.Padded = append(b.Padded, make([]byte, n)...)
			case "bytes": // what hex says
				p, err := hex.DecodeString(op.Hex)
				if err != nil {
					return err
				}
				b.Padded = append(b.Padded, p...)
			default:
				return fmt.Errorf("%w: %q", errStyle, op.Style)
			}
			return nil
		},
	}
}

func (b *builder) rekey(op vectors.Op) error {
	switch op.Style {
	case "passphrase": // another passphrase than the one given
		b.Key, b.IV = Derive([]byte(op.Text), b.params.Salt[:])
	default:
		return fmt.Errorf("%w: %q", errStyle, op.Style)
	}
	return nil
}

func (b *builder) ciphertextOps() ops {
	return ops{
		"xor": func(op vectors.Op) error {
			mask, err := hex.DecodeString(op.Hex)
			if err != nil {
				return err
			}
			at, err := index(*op.At, len(b.CT), len(mask))
			if err != nil {
				return err
			}
			for i, m := range mask {
				b.CT[at+i] ^= m
			}
			return nil
		},
		"truncate": func(op vectors.Op) error { // to n bytes
			if *op.N > len(b.CT) {
				return fmt.Errorf("to %d of %d bytes", *op.N, len(b.CT))
			}
			b.CT = b.CT[:*op.N]
			return nil
		},
		"append": func(op vectors.Op) error {
			p, err := hex.DecodeString(op.Hex)
			b.CT = append(b.CT, p...)
			return err
		},
		"swap-blocks": func(op vectors.Op) error {
			i, err := b.block(*op.Block)
			if err != nil {
				return err
			}
			j, err := b.block(*op.To)
			if err != nil {
				return err
			}
			first := bytes.Clone(b.CT[i : i+block])
			copy(b.CT[i:], b.CT[j:j+block])
			copy(b.CT[j:], first)
			return nil
		},
	}
}

func (b *builder) headerOps() ops {
	return ops{
		"header": func(op vectors.Op) error {
			switch op.Style {
			case "drop": // neither magic nor salt
				b.Raw = b.Raw[headerSize:]
			default:
				return fmt.Errorf("%w: %q", errStyle, op.Style)
			}
			return nil
		},
	}
}

func (b *builder) outerOps() ops {
	return ops{
		"outer-text": func(op vectors.Op) error {
			switch op.Style {
			case "append":
				b.Msg += op.Text
			case "no-padding":
				b.Msg = strings.TrimRight(b.Msg, "=")
			case "url-alphabet":
				b.Msg = base64.URLEncoding.EncodeToString(b.Raw)
			default:
				return fmt.Errorf("%w: %q", errStyle, op.Style)
			}
			return nil
		},
	}
}

// block returns where a block of the ciphertext begins; below 0 it counts from
// the end.
func (b *builder) block(n int) (int, error) {
	if n < 0 {
		n += len(b.CT) / block
	}
	return index(n*block, len(b.CT), block)
}

// index returns where size bytes at at begin in total; below 0 at counts from
// the end.
func index(at, total, size int) (int, error) {
	if at < 0 {
		at += total
	}
	if at < 0 || at+size > total {
		return 0, fmt.Errorf("byte %d and %d more of %d", at, size-1, total)
	}
	return at, nil
}
