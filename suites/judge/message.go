package judge

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// What is compared of a derivation.
const (
	ofKey aspect = "key"
	ofIV  aspect = "iv"
)

// kdf judges a derivation.
func (j *judge) kdf(ctx context.Context, r *Result, t *vectors.KDFTest) {
	raw, err := unhex(t.PassphraseHex, t.SaltHex)
	if err != nil {
		r.broken(err)
		return
	}
	gotKey, gotIV, err := j.codec.KDF(ctx, raw[0], raw[1])
	switch {
	case r.trouble("kdf", err):
	case err != nil:
		r.end(Fail, "expected key and iv, got a refusal: every passphrase has a key")
	default:
		j.derived(r, hex.EncodeToString(gotKey), hex.EncodeToString(gotIV), t.KeyHex, t.IVHex, t.WrongKeys)
	}
}

// derived compares key and IV, and reports whether they are right.
func (j *judge) derived(r *Result, gotKey, gotIV, wantKey, wantIV string, mistakes []vectors.KDFMistake) bool {
	if !j.differs(ofKey, gotKey != wantKey) && !j.differs(ofIV, gotIV != wantIV) {
		r.end(Pass, "got key %s, iv %s", gotKey, gotIV)
		return true
	}
	for _, m := range mistakes {
		if m.KeyHex == gotKey && m.IVHex == gotIV {
			r.Dialects = union(r.Dialects, []string{m.Dialect})
		}
	}
	r.end(Fail, "expected key %s, iv %s, got key %s, iv %s", wantKey, wantIV, cut(gotKey), cut(gotIV))
	return false
}

// envelope judges a message: what opening it gives, and what reading that text
// gives in turn.
func (j *judge) envelope(ctx context.Context, r *Result, g *vectors.Group, t *vectors.EnvelopeTest) {
	raw, err := unhex(g.PassphraseHex)
	if err != nil {
		r.broken(err)
		return
	}
	if s, ok := j.open(ctx, r, raw[0], t.Msg); ok {
		if !s.refused && !j.read(ctx, r, g.Next, &s) {
			return
		}
		j.outcome(r, &t.Case, s)
	}
}

// payload judges the reading of a text.
func (j *judge) payload(ctx context.Context, r *Result, g *vectors.Group, t *vectors.PayloadTest) {
	raw, err := unhex(t.PlainHex)
	if err != nil {
		r.broken(err)
		return
	}
	s := seen{text: raw[0]}
	if !j.read(ctx, r, g.Next, &s) {
		return
	}
	if s.unread {
		r.trouble("payload", codec.ErrUnimplemented)
		return
	}
	j.outcome(r, &t.Case, s)
}

// device judges what a board is held to as known answers for code: the
// derivation, the message that the board makes, and the reading in it.
func (j *judge) device(ctx context.Context, r *Result, t *vectors.DeviceTest) {
	raw, err := unhex(t.PassphraseHex, t.SaltHex)
	if err != nil {
		r.broken(err)
		return
	}
	gotKey, gotIV, err := j.codec.KDF(ctx, raw[0], raw[1])
	derives := !errors.Is(err, codec.ErrUnimplemented)
	switch {
	case derives && r.trouble("kdf", err):
		return
	case derives && err != nil:
		r.end(Fail, "expected key and iv, got a refusal: every passphrase has a key")
		return
	case derives && !j.derived(r, hex.EncodeToString(gotKey), hex.EncodeToString(gotIV), t.KeyHex, t.IVHex, nil):
		return
	}
	recipe := vectors.Construct{Plain: `{"data":` + t.Data + `,"SEQN":${SEQN}}`}
	plain, err := construct.Text(recipe, t.SEQN)
	if err != nil {
		r.broken(err)
		return
	}
	after, err := successor(t.SEQN)
	if err != nil {
		r.broken(err)
		return
	}
	s, ok := j.open(ctx, r, raw[0], t.Msg)
	switch {
	case !ok && r.Verdict == NotRun && derives:
		r.end(Pass, "key and iv are right; the message was not judged, for the code does not implement open")
		r.Partly = true
		return
	case !ok || !s.refused && !j.read(ctx, r, t.SEQN, &s):
		return
	}
	want := hex.EncodeToString(plain)
	j.outcome(r, &vectors.Case{Result: vectors.Valid, Expect: &vectors.Outcome{Accept: true, PlainHex: &want, Next: after, Data: t.Data}}, s)
	r.Partly = r.Verdict == Pass && (r.Partly || !derives)
}

// open opens msg. ok is false where no answer came, and the verdict is set.
func (j *judge) open(ctx context.Context, r *Result, passphrase []byte, msg string) (s seen, ok bool) {
	text, err := j.codec.Open(ctx, passphrase, msg)
	if r.trouble("open", err) {
		return seen{}, false
	}
	var refusal codec.Rejected
	if errors.As(err, &refusal) {
		return seen{refused: true, stage: refusal.Stage}, true
	}
	return seen{opened: true, text: bytes.Clone(text)}, true
}

// read reads the text of s. It is false where no answer came, and the verdict
// is set; that reading is not implemented is an answer.
func (j *judge) read(ctx context.Context, r *Result, next string, s *seen) bool {
	got, err := j.codec.Payload(ctx, next, s.text)
	if errors.Is(err, codec.ErrUnimplemented) {
		s.unread = true
		return true
	}
	if r.trouble("payload", err) {
		return false
	}
	var refusal codec.Rejected
	if errors.As(err, &refusal) {
		s.refused, s.stage = true, refusal.Stage
		return true
	}
	s.reading = got
	return true
}

// unhex decodes what a file holds in hex.
func unhex(texts ...string) ([][]byte, error) {
	var all [][]byte
	for _, t := range texts {
		p, err := hex.DecodeString(t)
		if err != nil {
			return nil, fmt.Errorf("hex %q: %w", cut(t), err)
		}
		all = append(all, p)
	}
	return all, nil
}
