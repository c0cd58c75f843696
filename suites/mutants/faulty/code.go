// Package faulty is codecs with one fault each, to show that the vectors catch
// every one of them without a network.
//
// A codec is written here once more, step by step, so that a fault is one step
// replaced. Without a fault it does as the reference server does, and the tests
// hold it to that.
package faulty

import (
	"context"
	"fmt"
	"math/big"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
)

// Code is a codec whose steps can be replaced. It implements [codec.Codec].
type Code struct {
	derive  func(passphrase, salt []byte) (key, iv []byte)
	outer   func(text []byte) (raw []byte, ok bool)
	header  func(raw []byte) (salt, ciphertext []byte, refused vectors.Stage)
	decrypt func(key, iv, ciphertext []byte) []byte
	unpad   func(padded []byte) (inner []byte, ok bool)
	inner   func(text []byte) (plain []byte, ok bool)
	utf8    func(plain []byte) (text []byte, ok bool)
	fields  func(text []byte) (data, number []byte, refused vectors.Stage)
	number  func(value []byte) (n *big.Int, ok bool)
	inRange func(n *big.Int) bool
	admit   func(next, n *big.Int) bool
	after   func(next, n *big.Int) string
	keep    func(data []byte) []byte
}

// New returns code without a fault.
func New() *Code {
	return &Code{
		derive: derive, outer: strictBase64, header: header, decrypt: decryptCBC, unpad: unpad,
		inner: strictBase64, utf8: func(p []byte) ([]byte, bool) { return p, utf8.Valid(p) }, fields: fields,
		number:  plainInteger,
		inRange: func(n *big.Int) bool { return n.Sign() >= 0 && n.Cmp(big.NewInt(seqn.Max)) <= 0 },
		admit:   func(next, n *big.Int) bool { return n.Cmp(next) >= 0 },
		after:   func(_, n *big.Int) string { return new(big.Int).Add(n, big.NewInt(1)).String() },
		keep:    func(data []byte) []byte { return data },
	}
}

// refuse is the answer of code that refuses at a stage.
func refuse(at vectors.Stage) error { return codec.Rejected{Stage: at} }

// crash turns a panic into what it is to a caller.
func crash(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %v", codec.ErrCrashed, p)
	}
}

// KDF implements [codec.Codec].
func (c *Code) KDF(_ context.Context, passphrase, salt []byte) (key, iv []byte, err error) {
	defer crash(&err)
	key, iv = c.derive(passphrase, salt)
	return key, iv, nil
}

// Open implements [codec.Codec].
func (c *Code) Open(_ context.Context, passphrase []byte, msg string) (text []byte, err error) {
	defer crash(&err)
	raw, ok := c.outer([]byte(msg))
	if !ok {
		return nil, refuse(vectors.StageOuterBase64)
	}
	salt, ciphertext, refused := c.header(raw)
	if refused != "" {
		return nil, refuse(refused)
	}
	key, iv := c.derive(passphrase, salt)
	inner, ok := c.unpad(c.decrypt(key, iv, ciphertext))
	if !ok {
		return nil, refuse(vectors.StagePadding)
	}
	if text, ok = c.inner(inner); !ok {
		return nil, refuse(vectors.StageInnerBase64)
	}
	return text, nil
}

// Payload implements [codec.Codec].
func (c *Code) Payload(_ context.Context, next string, plain []byte) (r codec.Reading, err error) {
	defer crash(&err)
	text, ok := c.utf8(plain)
	if !ok {
		return r, refuse(vectors.StageInnerUTF8)
	}
	data, value, refused := c.fields(text)
	if refused != "" {
		return r, refuse(refused)
	}
	n, ok := c.number(value)
	if !ok || !c.inRange(n) {
		return r, refuse(vectors.StageSEQNType)
	}
	before, ok := new(big.Int).SetString(next, 10)
	if !ok {
		return r, fmt.Errorf("%w: next is %q", codec.ErrErrored, next)
	}
	if !c.admit(before, n) {
		return r, refuse(vectors.StageSEQNReplay)
	}
	return codec.Reading{Next: c.after(before, n), Data: c.keep(data)}, nil
}
