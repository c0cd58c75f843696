package live

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/suites/forgery"
	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// forgeries are what somebody on the wire does who has no key.
var forgeries = []native{
	{
		Case: vectors.Case{
			ID: "forgery/published", Comment: "one byte of a captured message is flipped, which raises its number for who skips what is not base64",
			Reqs: []string{"REQ-ENV-007", "REQ-ENV-006"}, Importance: "critical", Result: vectors.Invalid,
		},
		run: (*run).published,
	},
	{
		Case: vectors.Case{
			ID: "forgery/every-byte", Comment: "a captured message is edited in all usual ways, and then one bit of each of its bytes is flipped",
			Reqs: []string{"REQ-ENV-007"}, Importance: "critical", Result: vectors.Invalid,
		},
		run: (*run).everyByte,
	},
	{
		Case: vectors.Case{
			ID: "oracle/forged-block", Comment: "a block of a captured message behind one of the attacker's, whose last byte takes each of its values",
			Reqs: []string{"REQ-RSP-003", "REQ-RSP-005"}, Importance: "critical", Result: vectors.Valid,
		},
		run: (*run).forgedBlock,
	},
}

// published is the forgery that was published for backends made of CryptoJS and
// Buffer.from: the edit garbles one block, of which a lenient decoder of base64
// skips nearly everything, and changes one digit of SEQN in the next. Who makes
// the message here has helped luck along; who waits on the wire has to be
// patient.
func (r *run) published(ctx context.Context) error {
	devices, err := r.lease(ctx, map[string]string{"a": "121"}, nil, false)
	if err != nil {
		return err
	}
	d := devices["a"]
	f, err := r.forge(d)
	if err != nil {
		return err
	}
	a := r.post(ctx, "a message, as anybody on the way can capture it", d, f.captured)
	if err := a.trouble(); err != nil {
		return err
	}
	if !a.accepted {
		return r.blame(stuck, "the message that was to be captured, number %d, was refused: %s", f.captured.seqn, a)
	}
	d.next = f.captured.seqn + 1
	a = r.post(ctx, fmt.Sprintf("the same with byte %d xor %02x, which is done without the key", f.at, f.mask), d, f.forged)
	if err := a.trouble(); err != nil {
		return err
	}
	if !a.accepted {
		return r.prove(ctx, d)
	}
	own := r.post(ctx, "the device's own next message", d, r.seal(d, d.next))
	now := "accepted"
	if !own.accepted {
		now = "refused until then"
	}
	number := d.next
	d.next = f.forged.seqn + 1
	return &finding{
		verdict: Fail, dialect: "lenient-base64", broke: []string{"REQ-ENV-007", "REQ-ENV-006"},
		why: fmt.Sprintf("a message forged without the key was accepted: byte %d xor %02x turned SEQN %d into %d; the device's own next message, number %d, is %s", f.at, f.mask, f.captured.seqn, f.forged.seqn, number, now),
	}
}

// forged is a message, what became of it, and how.
type forged struct {
	captured, forged message
	at               int // byte of the decoded message
	mask             byte
}

// forge makes a message that can be forged. The edit reaches the first digits of
// the number only; the last of these is chosen that can be raised, so that the
// device stands no further ahead afterwards than it must.
func (r *run) forge(d *device) (f forged, err error) {
	params := construct.Params{Passphrase: []byte(d.passphrase)}
	for i := range params.Salt {
		params.Salt[i] = byte(r.rng.Uint32())
	}
	for skip := 4; skip >= 0; skip-- {
		for n := d.next; n < min(d.next+10, last); n++ { // some digits cannot be raised
			digits := strconv.FormatUint(n, 10)
			tail := digits[min(skip, len(digits)-1):]
			recipe := vectors.Construct{
				Plain: fmt.Sprintf(`{"data":{"note":"${FILL}"},"SEQN":%s}`, digits),
				Ops:   []vectors.Op{{Op: "search", Style: "text", Text: tail}},
			}
			if strings.Count(recipe.Plain, tail) != 1 {
				continue // the marker would be found elsewhere
			}
			var built *construct.Message
			if built, err = construct.Build(recipe, params); err == nil {
				return made(d, n, built, params)
			}
		}
	}
	return f, fmt.Errorf("a message of device %s that can be forged: %w", d.id, err)
}

// made takes apart what a search has made: the message as it was sealed, and
// what was done to it.
func made(d *device, n uint64, built *construct.Message, params construct.Params) (f forged, err error) {
	captured, err := construct.Build(vectors.Construct{Plain: string(built.Text)}, params)
	if err != nil {
		return f, err
	}
	f.captured = message{from: d, seqn: n, msg: captured.Msg}
	f.forged = message{from: d, msg: built.Msg}
	for i := range built.Raw {
		if mask := built.Raw[i] ^ captured.Raw[i]; mask != 0 {
			f.at, f.mask = i, mask
		}
	}
	f.forged.seqn, err = loose(d.passphrase, built.Raw)
	return f, err
}

var looseNumber = regexp.MustCompile(`"SEQN":([0-9]+)`)

// loose returns the number that a backend reads in a message that skips what is
// not base64.
func loose(passphrase string, raw []byte) (uint64, error) {
	key, iv := construct.Derive([]byte(passphrase), raw[8:headerSize])
	block, err := aes.NewCipher(key)
	if err != nil {
		return 0, err
	}
	text := bytes.Clone(raw[headerSize:])
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, text)
	text = text[:len(text)-min(len(text), int(text[len(text)-1]))]
	kept := strings.Map(func(c rune) rune {
		if c == '+' || c == '/' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			return c
		}
		return -1
	}, string(text))
	plain, err := base64.RawStdEncoding.DecodeString(kept)
	found := looseNumber.FindSubmatch(plain)
	if err != nil || found == nil {
		return 0, fmt.Errorf("what was forged has no number for anybody: %q", plain)
	}
	return strconv.ParseUint(string(found[1]), 10, 64)
}

// everyByte edits a message that was captured and held back, which must be
// refused each time, and delivers it at the end, which must be accepted.
func (r *run) everyByte(ctx context.Context) error {
	devices, err := r.lease(ctx, map[string]string{"a": "121"}, nil, false)
	if err != nil {
		return err
	}
	d := devices["a"]
	m := r.seal(d, d.next)
	edits, err := forgery.Edits(m.msg)
	if err != nil {
		return err
	}
	sweep, err := forgery.Sweep(m.msg)
	if err != nil {
		return err
	}
	for _, e := range append(edits, sweep...) {
		edited := m
		edited.msg = e.Msg
		a := r.post(ctx, "the message "+e.Name, d, edited)
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted {
			d.next++
			f := &finding{verdict: Fail, why: fmt.Sprintf("a message that was edited without the key was accepted, %s: %s", e.Name, a), broke: []string{e.Req}}
			if e.Req != "REQ-ENV-007" {
				f.broke = append(f.broke, "REQ-ENV-007")
			}
			return f
		}
	}
	a := r.post(ctx, "the message as it was sealed", d, m)
	if err := a.trouble(); err != nil {
		return err
	}
	if !a.accepted {
		return r.blame(stuck, "after %d edits of it were refused, so was the message itself, number %d: %s", len(edits)+len(sweep), m.seqn, a)
	}
	d.next++
	return r.prove(ctx, d)
}

// forgedBlock asks what an attacker asks who reads a message block by block: any
// block of it, here the second, behind one of his own, in a message of just
// these two.
func (r *run) forgedBlock(ctx context.Context) error {
	devices, err := r.lease(ctx, map[string]string{"a": "121"}, nil, false)
	if err != nil {
		return err
	}
	d := devices["a"]
	m := r.seal(d, max(d.next, 1)-1)
	raw, err := base64.StdEncoding.DecodeString(m.msg)
	if err != nil {
		return fmt.Errorf("the message of the sweep: %w", err)
	}
	forged := bytes.Clone(raw[:headerSize+aes.BlockSize])
	for i := range aes.BlockSize {
		forged[headerSize+i] = byte(r.rng.Uint32())
	}
	forged = append(forged, raw[headerSize+aes.BlockSize:headerSize+2*aes.BlockSize]...)
	probes, err := swept(d, m, forged, headerSize+aes.BlockSize-1)
	if err != nil {
		return err
	}
	if err := r.alike(ctx, []string{"http-status", "headers", "body", "connection"}, probes); err != nil {
		return err
	}
	return r.prove(ctx, d)
}
