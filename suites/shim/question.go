package shim

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"

	"github.com/espalier-hil/espalier/suites/codec"
)

// question is one line to the program. Fields stand in this order, without
// blanks; every value but v and seq is a text. Nothing in it tells which test
// it is, or what is expected of it.
type question struct {
	V             int     `json:"v"` // version of the protocol
	Seq           int64   `json:"seq"`
	Op            string  `json:"op"`
	PassphraseHex *string `json:"passphraseHex,omitempty"` // kdf, open
	SaltHex       string  `json:"saltHex,omitempty"`       // kdf
	Msg           *string `json:"msg,omitempty"`           // open
	Next          string  `json:"next,omitempty"`          // payload
	PlainHex      *string `json:"plainHex,omitempty"`      // payload
}

// line returns the question with its line feed.
func (q question) line() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(q); err != nil {
		panic("shim: internal error: " + err.Error()) // texts and numbers always encode
	}
	return b.Bytes()
}

func hexOf(p []byte) *string {
	text := hex.EncodeToString(p)
	return &text
}

// KDF implements [codec.Codec].
func (s *Shim) KDF(ctx context.Context, passphrase, salt []byte) (key, iv []byte, err error) {
	a, err := s.ask(ctx, question{Op: "kdf", PassphraseHex: hexOf(passphrase), SaltHex: hex.EncodeToString(salt)})
	if err == nil {
		err = a.refusal("keyHex", "ivHex")
	}
	if err != nil {
		return nil, nil, err
	}
	if key, err = a.bytes("keyHex"); err != nil {
		return nil, nil, err
	}
	if iv, err = a.bytes("ivHex"); err != nil {
		return nil, nil, err
	}
	return key, iv, nil
}

// Open implements [codec.Codec].
func (s *Shim) Open(ctx context.Context, passphrase []byte, msg string) ([]byte, error) {
	a, err := s.ask(ctx, question{Op: "open", PassphraseHex: hexOf(passphrase), Msg: &msg})
	if err == nil {
		err = a.refusal("plainHex")
	}
	if err != nil {
		return nil, err
	}
	return a.bytes("plainHex")
}

// Payload implements [codec.Codec].
func (s *Shim) Payload(ctx context.Context, next string, text []byte) (codec.Reading, error) {
	a, err := s.ask(ctx, question{Op: "payload", Next: next, PlainHex: hexOf(text)})
	if err == nil {
		data := "data"
		if _, inHex := a.out["dataHex"]; inHex {
			data = "dataHex"
		}
		err = a.refusal("next", data)
	}
	if err != nil {
		return codec.Reading{}, err
	}
	reading := codec.Reading{Next: a.out["next"], Data: json.RawMessage(a.out["data"])}
	if _, inHex := a.out["dataHex"]; inHex {
		if reading.Data, err = a.bytes("dataHex"); err != nil {
			return codec.Reading{}, err
		}
	}
	return reading, nil
}
