// Package construct executes the recipes of the vectors: it makes a message,
// layer by layer, with the one defect that a recipe describes, for any
// passphrase, salt and SEQN.
//
// It shares no code with the reference server, so that each can be the other's
// check.
package construct

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
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
	Padded []byte // Inner ‖ padding; whole blocks, in a well-made message
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
// replaced.
func Text(c vectors.Construct, seqn string) ([]byte, error) {
	text := []byte(c.Plain)
	if c.PlainHex != "" {
		var err error
		if text, err = hex.DecodeString(c.PlainHex); err != nil {
			return nil, fmt.Errorf("%w: plainHex: %w", ErrRecipe, err)
		}
	}
	return []byte(strings.ReplaceAll(string(text), "${SEQN}", seqn)), nil
}

// Build makes the message of the recipe. Errors wrap ErrRecipe and name the op.
func Build(c vectors.Construct, p Params) (*Message, error) {
	m := &Message{}
	m.Key, m.IV = Derive(p.Passphrase, p.Salt[:])
	var err error
	if m.Text, err = Text(c, p.SEQN); err != nil {
		return nil, err
	}
	b := builder{Message: m, params: p, ops: c.Ops}
	for _, layer := range []struct {
		make func() error
		ops  map[string]func(vectors.Op) error
	}{
		{nil, b.textOps()},
		{b.inner, b.innerOps()},
		{b.pad, b.padOps()},
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
	return m, nil
}

// builder carries a message up the layers.
type builder struct {
	*Message
	params Params
	ops    []vectors.Op // that are still to be done
	padded bool         // an op has padded already
}

// run does the ops at the head of the list that belong to one layer.
func (b *builder) run(layer map[string]func(vectors.Op) error) error {
	for len(b.ops) > 0 {
		op := b.ops[0]
		do, mine := layer[op.Op]
		if !mine {
			return nil
		}
		if err := do(op); err != nil {
			return fmt.Errorf("%w: op %s: %w", ErrRecipe, op.Op, err)
		}
		b.ops = b.ops[1:]
	}
	return nil
}

func (b *builder) inner() error {
	b.Inner = []byte(base64.StdEncoding.EncodeToString(b.Text))
	return nil
}

// pad only clears the way: padOps adds PKCS#7 if no op pads otherwise.
func (b *builder) pad() error {
	b.Padded = append([]byte(nil), b.Inner...)
	b.padded = len(b.ops) > 0 && b.ops[0].Op == "pad"
	if !b.padded {
		n := block - len(b.Inner)%block
		b.Padded = append(b.Padded, strings.Repeat(string(rune(n)), n)...)
	}
	return nil
}

func (b *builder) encrypt() error {
	if len(b.ops) > 0 && b.ops[0].Op == "rekey" {
		if err := b.run(map[string]func(vectors.Op) error{"rekey": b.rekey}); err != nil {
			return err
		}
	}
	if len(b.Padded)%block != 0 {
		return fmt.Errorf("%w: %d bytes of padded text are no whole blocks", ErrRecipe, len(b.Padded))
	}
	c, err := aes.NewCipher(b.Key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecipe, err)
	}
	b.CT = make([]byte, len(b.Padded))
	cipher.NewCBCEncrypter(c, b.IV).CryptBlocks(b.CT, b.Padded)
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

// Derive is OpenSSL's EVP_BytesToKey with MD5 and one iteration: 32 bytes of
// key, 16 of IV.
func Derive(passphrase, salt []byte) (key, iv []byte) {
	var all, d []byte
	for len(all) < 48 {
		sum := md5.Sum(append(append(append([]byte(nil), d...), passphrase...), salt...))
		d = sum[:]
		all = append(all, d...)
	}
	return all[:32], all[32:]
}
