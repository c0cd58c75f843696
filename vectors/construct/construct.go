// Package construct executes the recipes of the vectors: it makes a message,
// layer by layer, with the one defect that a recipe describes, for any
// passphrase, salt and SEQN.
//
// It shares no code with the reference server, so that each can be the other's
// check.
package construct

import (
	"bytes"
	"crypto/aes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// ErrRecipe reports a recipe that cannot be executed: an unknown op, or one
// that reaches beyond the message.
var ErrRecipe = errors.New("construct: recipe cannot be executed")

// Sizes in bytes.
const (
	SaltSize   = 8
	headerSize = 16 // "Salted__" ‖ salt
	block      = aes.BlockSize
)

const magic = "Salted__"

// What a template leaves open.
const (
	number = "${SEQN}"
	fill   = "${FILL}" // what an op searches for
)

// Params is what one message is made with.
type Params struct {
	Passphrase []byte
	Salt       [SaltSize]byte
	SEQN       string // stands for ${SEQN}, in decimal
}

// Message is a message with the layers that it was made of, each after the
// recipe's ops on it.
type Message struct {
	Text   []byte // what is sealed: JSON, in a well-made message
	Inner  []byte // base64 of Text
	Padded []byte // Inner ‖ padding; whole blocks
	Key    []byte // 32 bytes
	IV     []byte // 16 bytes
	CT     []byte // ciphertext
	Raw    []byte // "Salted__" ‖ salt ‖ CT
	Msg    string // base64 of Raw
}

// Static returns the parameters of the file that c stands in.
func Static(c vectors.Construct, passphrase []byte) (Params, error) {
	salt, err := hex.DecodeString(c.SaltHex)
	if err != nil || len(salt) != SaltSize {
		return Params{}, fmt.Errorf("%w: salt %q", ErrRecipe, c.SaltHex)
	}
	return Params{passphrase, [SaltSize]byte(salt), c.SEQN}, nil
}

// Text returns what the recipe seals, before any op: its template with ${SEQN}
// replaced. Errors wrap ErrRecipe.
func Text(c vectors.Construct, seqn string) ([]byte, error) {
	text := []byte(c.Plain)
	if c.PlainHex != "" {
		var err error
		if text, err = hex.DecodeString(c.PlainHex); err != nil {
			return nil, fmt.Errorf("%w: plainHex: %w", ErrRecipe, err)
		}
	}
	return bytes.ReplaceAll(text, []byte(number), []byte(seqn)), nil
}

// Build makes the message of the recipe. Errors wrap ErrRecipe and name the op.
func Build(c vectors.Construct, p Params) (*Message, error) {
	b := builder{Message: &Message{}, recipe: c, params: p, ops: c.Ops, mode: cbc}
	b.Key, b.IV = Derive(p.Passphrase, p.Salt[:])
	for _, layer := range []struct {
		make func() error
		ops  ops
	}{
		{b.text, b.textOps()},
		{b.inner, b.innerOps()},
		{b.pad, b.padOps()},
		{nil, b.keyOps()},
		{b.encrypt, b.ciphertextOps()},
		{b.header, b.headerOps()},
		{b.encode, b.outerOps()},
	} {
		if layer.make != nil {
			if err := layer.make(); err != nil {
				return nil, err
			}
		}
		if err := b.run(layer.ops); err != nil {
			return nil, err
		}
	}
	if len(b.ops) > 0 {
		return nil, fmt.Errorf("%w: no layer knows the op %q, or it stands behind one of a later layer", ErrRecipe, b.ops[0].Op)
	}
	return b.Message, nil
}

// builder carries a message up the layers.
type builder struct {
	*Message
	recipe vectors.Construct
	params Params
	ops    []vectors.Op // that are still to be done
	mode   mode         // of the cipher
	forge  func() error // what a search has found, to be done to the ciphertext
}

// ops are what one layer can do to what it hands on, by name.
type ops = map[string]func(*arguments) error

// run does the ops at the head of the list that belong to one layer.
func (b *builder) run(layer ops) error {
	for len(b.ops) > 0 {
		op := b.ops[0]
		do, mine := layer[op.Op]
		if !mine {
			return nil
		}
		if err := do(&arguments{op: op}); err != nil {
			return fmt.Errorf("%w: op %s: %w", ErrRecipe, op.Op, err)
		}
		b.ops = b.ops[1:]
	}
	return nil
}

// text leaves ${FILL} to the op that knows what to fill it with.
func (b *builder) text() (err error) {
	if b.Text, err = Text(b.recipe, b.params.SEQN); err != nil {
		return err
	}
	searches := len(b.ops) > 0 && b.ops[0].Op == "search"
	if strings.Contains(string(b.Text), fill) != searches {
		return fmt.Errorf("%w: %s and the op search come together", ErrRecipe, fill)
	}
	return nil
}

func (b *builder) inner() error {
	b.Inner = []byte(base64.StdEncoding.EncodeToString(b.Text))
	return nil
}

// pad leaves the padding to the op, if one stands next.
func (b *builder) pad() error {
	b.Padded = bytes.Clone(b.Inner)
	if len(b.ops) == 0 || b.ops[0].Op != "pad" {
		n := b.missing()
		b.Padded = append(b.Padded, bytes.Repeat([]byte{byte(n)}, n)...)
	}
	return nil
}

// missing returns how many bytes of padding inner wants, 1 to 16.
func (b *builder) missing() int { return block - len(b.Inner)%block }

func (b *builder) encrypt() error {
	if len(b.Padded)%block != 0 {
		return fmt.Errorf("%w: %d bytes of padded text are no whole blocks", ErrRecipe, len(b.Padded))
	}
	c, err := aes.NewCipher(b.Key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecipe, err)
	}
	b.CT = make([]byte, len(b.Padded))
	b.mode(c, b.IV, b.CT, b.Padded)
	if b.forge != nil {
		return b.forge()
	}
	return nil
}

func (b *builder) header() error {
	b.Raw = append(append([]byte(magic), b.params.Salt[:]...), b.CT...)
	return nil
}

func (b *builder) encode() error {
	b.Msg = base64.StdEncoding.EncodeToString(b.Raw)
	return nil
}
