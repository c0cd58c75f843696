package construct

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
)

// searchSplice fills two messages of one length before ${FILL}, this one and
// another, so that this one's blocks up to some block within ${FILL} and the
// other's behind it decrypt to base64 of harmless text throughout.
//
// The first block behind the seam decrypts to P ⊕ A ⊕ B: what the other sealed
// there, and the two ciphertext blocks before the seam. For one A ⊕ B of some
// millions, P can be chosen so that both P and P ⊕ A ⊕ B are base64 of harmless
// text.
func (b *builder) searchSplice(template string) error {
	before, behind, err := halves(b.recipe.Plain)
	if err != nil {
		return err
	}
	before2, behind2, err := halves(template)
	if err != nil {
		return err
	}
	if len(before) != len(before2) {
		return fmt.Errorf("%w: %d and %d bytes before %s", errSearch, len(before), len(before2), fill)
	}
	n := (len(before) + blockText - 1) / blockText // first block within the fill
	filling := strings.Repeat("x", (n+2)*blockText-len(before))
	text := []byte(before + filling + strings.ReplaceAll(behind, number, b.params.SEQN))
	other := []byte(before2 + filling + strings.ReplaceAll(behind2, number, b.params.SEQN))

	here, theirs := text[n*blockText:(n+1)*blockText], other[n*blockText:(n+1)*blockText]
	c, previous, err := b.before(text, n)
	if err != nil {
		return err
	}
	var ours [256][block]byte // ciphertext blocks that this message could have before the seam
	for i := range ours {
		sealBlock(c, &ours[i], previous, here, i)
	}
	if c, previous, err = b.before(other, n); err != nil {
		return err
	}
	var ct, seam [block]byte
	for try := range tries / 16 {
		sealBlock(c, &ct, previous, theirs, try)
		for i := range ours {
			if !crossable(&ct, &ours[i]) {
				continue
			}
			subtle.XORBytes(seam[:], ct[:], ours[i][:])
			if chosen, ok := bridge(seam); ok {
				spell(here, i)
				copy(other[(n+1)*blockText:], chosen)
				b.Text = text
				b.forge = func() error { return b.graft(other, n+1) }
				return nil
			}
		}
	}
	return errSearch
}

// crossings holds, for each place of a group of base64, the differences between
// two characters that both spell harmless bytes there.
var crossings = sync.OnceValue(func() *[4][256]bool {
	var used [4][256]bool
	eachHarmless(func(_ [3]byte, spelled [4]byte) bool {
		for place, c := range spelled {
			used[place][c] = true
		}
		return false
	})
	var table [4][256]bool
	for place := range used {
		for a := range used[place] {
			for b := range used[place] {
				if used[place][a] && used[place][b] {
					table[place][a^b] = true
				}
			}
		}
	}
	return &table
})

// crossable reports whether what stands behind the seam between two ciphertext
// blocks may be harmless with either of them before it.
func crossable(a, b *[block]byte) bool {
	table := crossings()
	for i := range a {
		if !table[i%4][a[i]^b[i]] {
			return false
		}
	}
	return true
}

// bridge returns 12 harmless bytes whose base64, changed by mask, is base64 of
// harmless bytes, if there are any.
func bridge(mask [block]byte) (chosen []byte, ok bool) {
	for i := 0; i < block; i += 4 {
		part, ok := bridgeGroup([4]byte(mask[i : i+4]))
		if !ok {
			return nil, false
		}
		chosen = append(chosen, part[:]...)
	}
	return chosen, true
}

// bridgeGroup does so for 3 bytes, by trying all of them.
func bridgeGroup(mask [4]byte) (chosen [3]byte, ok bool) {
	var read [3]byte
	eachHarmless(func(text [3]byte, spelled [4]byte) bool {
		chosen = text
		subtle.XORBytes(spelled[:], spelled[:], mask[:])
		n, err := base64.StdEncoding.Decode(read[:], spelled[:])
		ok = err == nil && n == len(read) && harmless(read[:])
		return ok
	})
	return chosen, ok
}

// eachHarmless calls visit for all groups of 3 harmless bytes and their base64,
// until it returns true.
func eachHarmless(visit func(text [3]byte, spelled [4]byte) bool) {
	var bytes []byte
	for c := byte(0); c < 0x80; c++ {
		if harmless([]byte{c}) {
			bytes = append(bytes, c)
		}
	}
	var spelled [4]byte
	for _, x := range bytes {
		for _, y := range bytes {
			for _, z := range bytes {
				text := [3]byte{x, y, z}
				base64.StdEncoding.Encode(spelled[:], text[:])
				if visit(text, spelled) {
					return
				}
			}
		}
	}
}

// graft puts the blocks of another message, from block n on, for this one's.
func (b *builder) graft(other []byte, n int) error {
	o := builder{Message: &Message{Text: other, Key: b.Key, IV: b.IV}, mode: b.mode}
	for _, step := range []func() error{o.inner, o.pad, o.encrypt} {
		if err := step(); err != nil {
			return err
		}
	}
	b.CT = append(b.CT[:n*block:n*block], o.CT[n*block:]...)
	return nil
}
