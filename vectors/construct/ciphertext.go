package construct

import (
	"bytes"
	"crypto/subtle"
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// ciphertextOps is what somebody can do to a message without the key.
func (b *builder) ciphertextOps() ops {
	return ops{
		"xor": func(a *arguments) error {
			mask := a.hex()
			at := a.within(a.at(), len(b.CT), len(mask))
			if a.err == nil {
				subtle.XORBytes(b.CT[at:], b.CT[at:], mask)
			}
			return a.err
		},
		"truncate": func(a *arguments) error { // from the byte at on
			at := a.within(a.at(), len(b.CT), 0)
			b.CT = b.CT[:at]
			return a.err
		},
		"append": func(a *arguments) error {
			b.CT = append(b.CT, a.hex()...)
			return a.err
		},
		"swap-blocks": func(a *arguments) error {
			i, j := b.one(a, a.block()), b.one(a, a.to())
			if a.err == nil {
				first := bytes.Clone(i)
				copy(i, j)
				copy(j, first)
			}
			return a.err
		},
		"drop-block": func(a *arguments) error {
			at := b.begin(a, a.block())
			if a.err == nil {
				b.CT = slices.Delete(b.CT, at, at+block)
			}
			return a.err
		},
		"duplicate-block": func(a *arguments) error { // once more, before the block to; behind the last, at the end
			text, to := bytes.Clone(b.one(a, a.block())), a.to()
			at := to * block
			if to < 0 || at > len(b.CT) {
				at = b.begin(a, to)
			}
			if a.err == nil {
				b.CT = slices.Insert(b.CT, at, text...)
			}
			return a.err
		},
		"splice": func(a *arguments) error { // the blocks from block on are those of another message from its to on
			if a.op.Plain == "" {
				return fmt.Errorf("%w: plain", errMissing)
			}
			other, err := Build(vectors.Construct{Plain: a.op.Plain}, b.params)
			if err != nil {
				return err
			}
			from, to := b.begin(a, a.block()), a.to()*block
			if a.err == nil && (to < 0 || to >= len(other.CT)) {
				a.fail(errBeyond)
			}
			if a.err == nil {
				b.CT = append(b.CT[:from:from], other.CT[to:]...)
			}
			return a.err
		},
	}
}

// begin returns where a block of the ciphertext begins; below 0 it counts from
// the end.
func (b *builder) begin(a *arguments, n int) int {
	if n < 0 {
		n += len(b.CT) / block
	}
	if n < 0 || n > len(b.CT)/block {
		a.fail(errBeyond)
		return 0
	}
	return a.within(n*block, len(b.CT), block)
}

// one returns one block of the ciphertext itself.
func (b *builder) one(a *arguments, n int) []byte {
	at := b.begin(a, n)
	if a.err != nil {
		return nil
	}
	return b.CT[at : at+block]
}
