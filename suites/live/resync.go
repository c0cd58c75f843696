package live

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/vectors"
)

// A device that has lost count asks for the number that is next (PROTOCOL.md
// 3.9), which is optional for backends:
//
//	GET /sqn/{id}?nonce=HEX16   →   {"msg": envelope of {"SEQN":next,"nonce":"HEX16"}}
var resyncs = []native{
	resyncTest("next", "next, before and after messages, a gap and a refusal", (*run).resyncNext),
	resyncTest("fresh", "four questions: no two answers under one salt, each with its own nonce", (*run).resyncFresh),
	resyncTest("no-reading", "an answer that is sent back as a message is no reading", (*run).resyncReflected),
	resyncTest("nonces", "no nonce, one of another form, two: nothing is told", (*run).resyncNonces),
}

func resyncTest(name, comment string, test func(*run, context.Context) error) native {
	return native{
		vectors.Case{ID: "resync/" + name, Comment: comment, Reqs: []string{"REQ-SQN-001"}, Importance: "critical", Result: vectors.Acceptable},
		test,
	}
}

// told is what a backend says of next.
type told struct {
	msg   string
	salt  string
	next  uint64
	nonce string
	data  bool // it has data, too
}

// ask asks for next of a device. It returns nil where nothing is told, be it that
// the backend does not know the operation.
func (r *run) ask(ctx context.Context, what string, d *device, query string) (*told, answer, error) {
	base, data := strings.CutSuffix(r.base.String(), "/data")
	if !data {
		return nil, answer{}, skipped("the URL does not end in /data, beside which /sqn is")
	}
	began := time.Now()
	a := r.get(ctx, base+"/sqn/"+url.PathEscape(d.id)+query)
	a.took = time.Since(began)
	if a.err == nil {
		a.leak = a.leaks(message{from: d})
	}
	r.record(Exchange{What: what, Device: d.id, Next: d.stands(), Sent: "GET /sqn/" + url.PathEscape(d.id) + query, Took: a.took}, a)
	if err := a.trouble(); err != nil {
		return nil, a, err
	}
	var doc map[string]json.RawMessage
	var t told
	if a.status != http.StatusOK || json.Unmarshal(a.body, &doc) != nil || json.Unmarshal(doc["msg"], &t.msg) != nil || t.msg == "" {
		return nil, a, nil
	}
	return &t, a, t.open(d)
}

// get fetches a URL, on a connection of its own.
func (r *run) get(ctx context.Context, u string) answer {
	ctx, cancel := context.WithTimeout(ctx, r.target.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return answer{err: err}
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	return read(resp)
}

// open reads an answer as a device does.
func (t *told) open(d *device) error {
	var plain []byte
	raw, err := base64.StdEncoding.DecodeString(t.msg)
	if err == nil {
		plain, err = envelope.OpenPlain(d.passphrase, t.msg)
	}
	if err != nil {
		return failed("what was told of next of device %s is no envelope of it: %v", d.id, err)
	}
	t.salt = string(raw[headerSize-envelope.SaltSize : headerSize])
	var doc map[string]json.RawMessage
	if json.Unmarshal(plain, &doc) != nil || json.Unmarshal(doc["SEQN"], &t.next) != nil || json.Unmarshal(doc["nonce"], &t.nonce) != nil {
		return failed("what was told of next of device %s has not both SEQN and nonce", d.id)
	}
	_, t.data = doc["data"]
	return nil
}

// nonce returns a nonce of 16 hexadecimal digits.
func (r *run) nonce() string { return fmt.Sprintf("%016x", r.rng.Uint64()) }

// resync asks for next, and holds the answer against what it should be.
func (r *run) resync(ctx context.Context, what string, d *device) (*told, error) {
	nonce := r.nonce()
	t, a, err := r.ask(ctx, what, d, "?nonce="+nonce)
	switch {
	case err != nil:
		return nil, err
	case t == nil && r.synced:
		return nil, failed("%s: next of device %s was told before, and now it is not: %s", what, d.id, a)
	case t == nil:
		return nil, skipped("the backend does not tell next, which it need not: %s", shorten(a.String()))
	case t.nonce != nonce:
		return nil, failed("%s: nonce %s was asked for, and %q came back, so that an old answer passes for a new one", what, nonce, t.nonce)
	case t.next != d.next:
		return nil, failed("%s: next of device %s is said to be %d, and is %d", what, d.id, t.next, d.next)
	}
	r.synced = true
	return t, nil
}

// resyncNext asks before and after whatever moves next, and what does not.
func (r *run) resyncNext(ctx context.Context) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	if _, err := r.resync(ctx, "at first", d); err != nil {
		return err
	}
	for _, step := range []struct {
		what   string
		up     uint64
		accept bool
	}{{"after a message", 0, true}, {"after a gap of seven", 7, true}, {"after a replay was refused", 0, false}} {
		n := d.next + step.up
		if !step.accept {
			n = d.next - 1
		}
		if n > last {
			return notRun("device %s has no number left", d.id)
		}
		a := r.post(ctx, fmt.Sprintf("number %d", n), d, r.seal(d, n))
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted != step.accept {
			return r.blame(stuck, "number %d of device %s was %s, where next is %d: %s", n, d.id, verb(a), d.next, a)
		}
		if a.accepted {
			d.next = n + 1
		}
		if _, err := r.resync(ctx, step.what, d); err != nil {
			return err
		}
	}
	return r.prove(ctx, d)
}

// resyncFresh asks twice with one nonce: under one salt, both answers would be
// the same, and under the salt of any message they would give away where it is
// equal to them.
func (r *run) resyncFresh(ctx context.Context) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	salts := map[string]bool{}
	for i := range 4 {
		t, err := r.resync(ctx, fmt.Sprintf("question %d", i+1), d)
		if err != nil {
			return err
		}
		if salts[t.salt] {
			return failed("two answers are sealed under the same salt, %x", t.salt)
		}
		salts[t.salt] = true
	}
	return r.prove(ctx, d)
}

// resyncReflected sends an answer back as a message of the device.
func (r *run) resyncReflected(ctx context.Context) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	t, err := r.resync(ctx, "an answer to send back", d)
	if err != nil {
		return err
	}
	if t.data {
		return failed("the answer has data, so that it passes for a reading: whoever hears it can send it back")
	}
	a := r.post(ctx, "the answer, sent back as a message", d, message{from: d, seqn: t.next, msg: t.msg})
	if err := a.trouble(); err != nil {
		return err
	}
	if a.accepted {
		d.next++
		return failed("the answer was accepted as a reading: %s", a)
	}
	return r.prove(ctx, d)
}

// resyncNonces asks in ways that are none.
func (r *run) resyncNonces(ctx context.Context) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	if _, err := r.resync(ctx, "a question as it should be", d); err != nil {
		return err
	}
	nonce := r.nonce()
	for _, bad := range []struct{ what, query string }{
		{"no query", ""},
		{"an empty nonce", "?nonce="},
		{"a digit too few", "?nonce=" + nonce[1:]},
		{"a digit too many", "?nonce=" + nonce + "0"},
		{"no hexadecimal digits", "?nonce=" + strings.Repeat("g", 16)},
		{"a quote, which ends the text that is sealed", "?nonce=" + nonce[:15] + "%22"},
		{"two nonces", "?nonce=" + nonce + "&nonce=" + r.nonce()},
	} {
		t, a, err := r.ask(ctx, bad.what, d, bad.query)
		if err != nil {
			return err
		}
		if t != nil {
			return failed("%s: next was told all the same: %s", bad.what, shorten(a.String()))
		}
	}
	nobody := r.stranger(nil)
	t, _, err := r.ask(ctx, "a device that there is not", nobody, "?nonce="+nonce)
	if err != nil {
		return err
	}
	if t != nil {
		return failed("next was told of device %s, which nobody has provisioned", nobody.id)
	}
	return r.prove(ctx, d)
}
