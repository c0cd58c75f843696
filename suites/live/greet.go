package live

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// Sentinels of [Engine.Greet].
var (
	// ErrUnreachable reports a backend that gives no answer of HTTP.
	ErrUnreachable = errors.New("live: the backend does not answer")

	// ErrStranger reports a backend that refuses well-made messages of a device
	// in every dialect: the id, the passphrase or next is another one there, and
	// nothing can be said of it.
	ErrStranger = errors.New("live: the backend accepts nothing from the device")
)

// FirstExchange is the id of the result of [Engine.Greet].
const FirstExchange = "first/exchange"

// wrongKeys are the derivations that a backend can be found to use at once, by
// the op that makes them.
var wrongKeys = []struct{ style, dialect, words string }{
	{"sha256", "sha256-kdf", "SHA-256 in place of MD5, as openssl enc does by default"},
	{"hex", "hex-passphrase", "the passphrase taken for hexadecimal digits"},
	{"iv-before-key", "iv-before-key", "the IV taken before the key"},
	{"aes-128", "", "AES-128"},
	{"pbkdf2", "pbkdf2-kdf", "PBKDF2"},
	{"no-salt", "unsalted-kdf", "no salt"},
	{"trimmed", "", "a blank behind the passphrase"},
	{"zero-iv", "", "an IV of zeros"},
	{"ecb", "", "ECB"},
	{"ctr", "", "CTR"},
	{"salt-from-7", "", "the salt taken from byte 7 on"},
}

// wrongTexts are what a backend can have made of a passphrase before it used it.
var wrongTexts = []struct {
	words string
	made  func(passphrase string) string
}{
	{"the passphrase without the spaces around it", strings.TrimSpace},
	{"the passphrase up to its first NUL", func(s string) string { before, _, _ := strings.Cut(s, "\x00"); return before }},
	{"the passphrase in Latin-1", latin1},
	{"the passphrase in lower case", strings.ToLower},
	{"the passphrase in upper case", strings.ToUpper},
}

// latin1 encodes a text in Latin-1, as far as it has its characters.
func latin1(s string) string {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			return s
		}
		b = append(b, byte(r))
	}
	return string(b)
}

// Greet sends the first message of each device, which tells a passphrase that is
// wrong from a backend that is. The result is FAIL where the backend can be
// talked to and gets already this wrong; the error wraps ErrUnreachable,
// ErrStranger or ctx's, and nothing else needs to be tried then.
func (e *Engine) Greet(ctx context.Context) (Result, error) {
	r := e.begin(FirstExchange)
	r.result.Reqs = []string{"REQ-RSP-001", "REQ-SEQ-001", "REQ-KDF-001", "REQ-KDF-002", "REQ-ENV-001"}
	var err error
	for _, d := range e.devices {
		r.hush(d.passphrase)
		if err = r.greet(ctx, d); err != nil {
			break
		}
	}
	r.result.settle(err, nil)
	r.result.Why = r.clean(r.result.Why)
	r.result.Took = time.Since(r.began)
	var f *finding
	if errors.As(err, &f) {
		err = nil
	}
	return *r.result, err
}

// greet sends the first message of one device, and others if it is refused.
func (r *run) greet(ctx context.Context, d *device) error {
	a := r.post(ctx, "the first message", d, r.seal(d, d.next))
	switch {
	case a.err != nil && ctx.Err() != nil:
		return ctx.Err()
	case a.err != nil:
		return r.unreachable(a)
	case a.accepted:
		d.next++
		return nil
	case a.status == http.StatusBadRequest && bytes.Contains(a.body, []byte("HTTPS")): // what Go and nginx say
		return fmt.Errorf("%w: POST %s: %s: it speaks TLS there, and devices speak plain HTTP", ErrUnreachable, r.base, shorten(a.String()))
	case yes(a):
		return against("REQ-RSP-001", "the first message of device %s is answered %s, and OK is 200 {\"status\":\"OK\"}", d.id, shorten(r.clean(a.String())))
	}
	if d.next+farthest < last {
		jump := r.post(ctx, "a number that is higher by 2^20", d, r.seal(d, d.next+farthest))
		if jump.accepted {
			r.result.note("device %s stood above %d: the first message was refused, one with %d more accepted", d.id, d.next, farthest)
			d.next += farthest + 1
			return nil
		}
	}
	tries := 0
	for _, w := range otherwise(d.passphrase) {
		m, err := r.build(d, d.next, vectors.Construct{Plain: `{"data":{"value":300},"SEQN":${SEQN}}`, Ops: []vectors.Op{w.op}})
		if err != nil {
			continue // not every passphrase can be taken so
		}
		tries++
		if b := r.post(ctx, "sealed another way: "+w.words, d, m); b.accepted {
			return &finding{
				verdict: Fail, dialect: w.dialect, broke: []string{w.req},
				why: fmt.Sprintf("device %s is heard only when its messages are sealed another way: %s", d.id, w.words),
			}
		}
	}
	return fmt.Errorf("%w %s: a well-made message with number %d is answered %s, and so are others, sealed in %d other ways. %s",
		ErrStranger, d.id, d.next, shorten(r.clean(a.String())), tries, r.advice(d, a))
}

// way is another way to seal a message, and what a backend breaks that hears it.
type way struct {
	op                  vectors.Op
	words, dialect, req string
}

// otherwise returns the ways in which a message under a passphrase can be sealed
// otherwise.
func otherwise(passphrase string) (list []way) {
	for _, w := range wrongKeys {
		req := "REQ-KDF-001"
		if w.style == "salt-from-7" {
			req = "REQ-ENV-001"
		}
		list = append(list, way{vectors.Op{Op: "rekey", Style: w.style}, w.words, w.dialect, req})
	}
	for _, w := range wrongTexts {
		if text := w.made(passphrase); text != passphrase {
			list = append(list, way{vectors.Op{Op: "rekey", Style: "passphrase", Text: text}, w.words, "", "REQ-KDF-002"})
		}
	}
	return list
}

// advice says what to look at where a device is refused.
func (r *run) advice(d *device, a answer) string {
	switch {
	case a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed:
		return fmt.Sprintf("Is the URL right? Devices post to %s/%s", r.base, d.id)
	case a.status/100 == 3:
		return fmt.Sprintf("It sends elsewhere (%s); name that URL", a.header.Get("Location"))
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return "It wants to know who asks; let the tests past that"
	}
	return fmt.Sprintf("Is the device known there, under this passphrase, with next no higher than %d? If so, the backend opens no envelope", d.next+farthest)
}

// yes reports whether an answer means OK and does not say so.
func yes(a answer) bool {
	text := bytes.ToLower(a.body)
	return a.status/100 == 2 && bytes.Contains(text, []byte("ok")) && !bytes.Contains(text, []byte("not ok"))
}

// unreachable says why there is no answer, and what to do.
func (r *run) unreachable(a answer) error {
	var wait net.Error
	var name *net.DNSError
	text := a.err.Error()
	why := "the connection ended without an answer; is this an HTTP server?"
	switch {
	case errors.As(a.err, &name):
		why = "there is no such host; is the name right?"
	case errors.Is(a.err, syscall.ECONNREFUSED):
		why = "nothing listens there; is the backend up, and the port right?"
	case errors.As(a.err, &wait) && wait.Timeout():
		why = fmt.Sprintf("nothing came within %s; a slow backend may have --timeout", r.target.Timeout)
	case strings.Contains(text, `\x15\x03`):
		why = "it answers in TLS, and devices speak plain HTTP"
	case strings.Contains(text, "does not end"), strings.Contains(text, "malformed"):
		why = "what it answers is no HTTP of this protocol"
	}
	return fmt.Errorf("%w: POST %s: %w: %s", ErrUnreachable, r.base, a.err, why)
}
