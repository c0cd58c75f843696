package live

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/vectors"
)

// probe is one message that must be refused, and what it is refused for.
type probe struct {
	class, what string
	to          *device
	message     message
	lenient     bool     // not every profile refuses it; whether this one does is another test's affair
	reqs        []string // that are broken if it is accepted
}

// oracle sends messages that are refused for different reasons and compares the
// answers.
func (r *run) oracle(ctx context.Context, t *vectors.OracleTest) error {
	devices, err := r.lease(ctx, t.Initial, nil, false)
	if err != nil {
		return err
	}
	if slices.Contains(t.Observe, "time") {
		err = r.times(ctx, t, devices)
	} else if probes, made := r.probes(t, devices); made != nil {
		err = made
	} else {
		err = r.alike(ctx, t.Observe, probes)
	}
	if err != nil {
		return err
	}
	for _, letter := range sorted(devices) {
		if err := r.prove(ctx, devices[letter]); err != nil {
			return err
		}
	}
	return nil
}

// probes makes the messages of all classes, or of the sweep.
func (r *run) probes(t *vectors.OracleTest, devices map[string]*device) ([]probe, error) {
	var all []probe
	if t.Sweep != nil {
		return r.sweep(t, devices["a"])
	}
	for _, class := range slices.Sorted(maps.Keys(t.Classes)) {
		for _, s := range t.Classes[class] {
			m, to, what, err := r.resolve(s, devices, nil)
			if err != nil {
				return nil, err
			}
			p := probe{class: class, what: what, to: to, message: m, reqs: []string{"REQ-SEQ-001"}}
			if f, known := r.suite.Find(s.Vector); known {
				p.reqs = f.Test.Common().Reqs
				p.lenient = f.Test.Common().Result == vectors.Acceptable
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// sweep makes one message, as it could have been captured, and then changes one
// byte of its ciphertext to each of its values, which needs no key.
func (r *run) sweep(t *vectors.OracleTest, d *device) ([]probe, error) {
	seqn, err := d.own(t.Sweep.Construct.SEQN)
	if err != nil {
		return nil, err
	}
	m, err := r.build(d, seqn, t.Sweep.Construct)
	if err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(m.msg)
	if err != nil {
		return nil, fmt.Errorf("the message of the sweep: %w", err)
	}
	at := t.Sweep.At + len(raw)
	if t.Sweep.At >= 0 {
		at = headerSize + t.Sweep.At
	}
	return swept(d, m, raw, at)
}

// headerSize is that of "Salted__" and the salt.
const headerSize = 16

// swept returns a message with the byte at each of its 256 values.
func swept(d *device, m message, raw []byte, at int) (all []probe, err error) {
	if at < headerSize || at >= len(raw) {
		return nil, fmt.Errorf("byte %d of a message of %d bytes is none of its ciphertext", at, len(raw))
	}
	for value := range 256 {
		changed := bytes.Clone(raw)
		changed[at] ^= byte(value)
		m.msg = base64.StdEncoding.EncodeToString(changed)
		all = append(all, probe{class: stage(d.passphrase, m.msg), what: fmt.Sprintf("byte %d of %d xor %02x", at, len(raw), value), to: d, message: m, reqs: []string{"REQ-SEQ-001", "REQ-ENV-007"}})
	}
	return all, nil
}

// wrongPadding is the stage that an attacker asks for.
const wrongPadding = "padding that is wrong"

// stage says in words why a message is refused whose number was used, or would
// be if it were not.
func stage(passphrase, msg string) string {
	_, err := envelope.Open(passphrase, msg)
	switch {
	case err == nil:
		return "a number that was used"
	case errors.Is(err, envelope.ErrPadding):
		return wrongPadding
	case errors.Is(err, envelope.ErrInnerBase64):
		return "padding that is right over what is no base64"
	}
	return "padding and base64 that are right over what is no reading"
}

// line is a connection on which one request follows the other.
type line struct {
	run   *run
	conn  net.Conn
	in    *bufio.Reader
	quiet bool // what is sent is not recorded
}

// ask sends a probe, and reports whether the backend had closed the connection
// after the answer before without saying so. Then another one is opened.
func (l *line) ask(ctx context.Context, p probe) (a answer, closed bool) {
	if l.conn != nil {
		if a = l.send(p); a.err == nil {
			return a, false
		}
		l.close()
		closed = true
	}
	var err error
	if l.conn, err = l.run.dial(ctx); err != nil {
		return answer{err: err}, closed
	}
	l.in = bounded(l.conn)
	a = l.send(p)
	return a, closed && a.err == nil // or else it is this message that it ends the connection at
}

func (l *line) send(p probe) answer {
	if err := l.conn.SetDeadline(time.Now().Add(l.run.target.Timeout)); err != nil {
		return answer{err: err}
	}
	request := l.run.raw(p.to, p.message)
	began := time.Now()
	if _, err := l.conn.Write(request); err != nil {
		return answer{err: err}
	}
	a := next(l.in, http.MethodPost)
	a.took = time.Since(began)
	if a.err == nil {
		a.leak = a.leaks(p.message)
	}
	if !l.quiet {
		l.run.record(Exchange{What: p.what, Device: p.to.id, SEQN: fmt.Sprint(p.message.seqn), Next: p.to.stands(), Sent: p.message.msg, Took: a.took}, a)
	}
	if a.closes {
		l.close()
	}
	return a
}

func (l *line) close() {
	if l.conn != nil {
		l.conn.Close()
		l.conn = nil
	}
}
