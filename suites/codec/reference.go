package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/vectors"
)

// Reference is the reference server's codec and window, with the stage of each
// refusal.
type Reference struct{}

// stages is where each of the reference server's refusals belongs.
var stages = []struct {
	err   error
	stage vectors.Stage
}{
	{envelope.ErrOuterBase64, vectors.StageOuterBase64},
	{envelope.ErrMagic, vectors.StageMagic},
	{envelope.ErrLength, vectors.StageLength},
	{envelope.ErrPadding, vectors.StagePadding},
	{envelope.ErrInnerBase64, vectors.StageInnerBase64},
	{envelope.ErrJSON, vectors.StageInnerJSON},
	{envelope.ErrKeys, vectors.StageFields},
	{envelope.ErrSEQN, vectors.StageSEQNType},
	{seqn.ErrRange, vectors.StageSEQNType},
	{seqn.ErrReplayed, vectors.StageSEQNReplay},
	{seqn.ErrGap, vectors.StageSEQNReplay},
}

// refusal returns err as a Codec says it.
func refusal(err error) error {
	for _, s := range stages {
		if errors.Is(err, s.err) {
			return Rejected{s.stage}
		}
	}
	return fmt.Errorf("%w: the reference server refuses for a reason of no stage: %w", ErrErrored, err)
}

// KDF implements [Codec].
func (Reference) KDF(_ context.Context, passphrase, salt []byte) (key, iv []byte, err error) {
	if len(salt) != envelope.SaltSize {
		return nil, nil, fmt.Errorf("%w: a salt of %d bytes, want %d", ErrErrored, len(salt), envelope.SaltSize)
	}
	k, v := envelope.DeriveKey(string(passphrase), [envelope.SaltSize]byte(salt))
	return k[:], v[:], nil
}

// Open implements [Codec].
func (Reference) Open(_ context.Context, passphrase []byte, msg string) ([]byte, error) {
	text, err := envelope.OpenPlain(string(passphrase), msg)
	if err != nil {
		return nil, refusal(err)
	}
	return text, nil
}

// Payload implements [Codec].
func (Reference) Payload(_ context.Context, next string, text []byte) (Reading, error) {
	n, err := strconv.ParseUint(next, 10, 64)
	if err != nil {
		return Reading{}, fmt.Errorf("%w: next is no number of the protocol: %w", ErrErrored, err)
	}
	if !utf8.Valid(text) { // the reference server calls it no JSON
		return Reading{}, Rejected{vectors.StageInnerUTF8}
	}
	r, err := envelope.Read(text)
	if err != nil {
		return Reading{}, refusal(err)
	}
	w := seqn.Window{Next: n}
	if err := w.Accept(r.SEQN); err != nil {
		return Reading{}, refusal(err)
	}
	return Reading{Next: strconv.FormatUint(w.Next, 10), Data: bytes.Clone(r.Data)}, nil
}
