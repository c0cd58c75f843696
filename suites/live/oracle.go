package live

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// probe is one message that must be refused, and what it is refused for.
type probe struct {
	class, what string
	to          *device
	message     message
	lenient     bool // profiles below strict may accept it
}

// oracle sends messages that are refused for different reasons and compares the
// answers.
func (r *run) oracle(ctx context.Context, t *vectors.OracleTest) error {
	devices, err := r.lease(ctx, t.Initial, nil, false)
	if err != nil {
		return err
	}
	probes, err := r.probes(t, devices)
	if err != nil {
		return err
	}
	if slices.Contains(t.Observe, "time") {
		err = r.times(ctx, t, probes)
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
			p := probe{class: class, what: what, to: to, message: m}
			if f, known := r.suite.Find(s.Vector); known {
				p.lenient = f.Test.Common().Result == vectors.Acceptable && !r.target.Strict
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// sweep makes one message with one byte at each of its values: one text, one
// salt, so that the byte is all in which they differ.
func (r *run) sweep(t *vectors.OracleTest, d *device) ([]probe, error) {
	seqn, err := d.own(t.Sweep.Construct.SEQN)
	if err != nil {
		return nil, err
	}
	state := *r.rng
	var all []probe
	for value := range 256 {
		*r.rng = state
		recipe := t.Sweep.Construct
		recipe.Ops = append(slices.Clone(recipe.Ops), vectors.Op{Op: "xor", At: &t.Sweep.At, Hex: hex.EncodeToString([]byte{byte(value)})})
		m, err := r.build(d, seqn, recipe)
		if err != nil {
			return nil, err
		}
		all = append(all, probe{class: fmt.Sprintf("xor %02x", value), what: fmt.Sprintf("byte %d of the ciphertext xor %02x", t.Sweep.At, value), to: d, message: m})
	}
	return all, nil
}

// alike sends the probes, one after the other on one connection as far as the
// backend keeps it, and compares all answers with the first.
func (r *run) alike(ctx context.Context, observe []string, probes []probe) error {
	line := &line{run: r}
	defer line.close()
	seen := make([]answer, len(probes)+1)
	// The first once more, at the end: what differs then says nothing.
	for i, p := range append(probes, probes[0]) {
		a, closed := line.ask(ctx, p)
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted {
			p.to.next = max(p.to.next, p.message.seqn+1)
			if !p.lenient {
				return failed("%s was accepted", p.what)
			}
			r.result.note("%s is accepted, which this profile permits", p.what)
		}
		if seen[i] = a; closed {
			seen[i-1].closes = true
		}
	}
	first, again := seen[0], seen[len(probes)]
	again.closes = first.closes // nothing follows that could show it
	for _, o := range observe {
		var skip []string
		if o == "headers" {
			skip = differing(first.header, again.header)
		} else if sign(o, first, nil) != sign(o, again, nil) {
			r.result.note("%s differs between rejections for the same reason, and is not compared", o)
			continue
		}
		for i, p := range probes {
			if want, got := sign(o, first, skip), sign(o, seen[i], skip); want != got && !seen[i].accepted {
				return failed("%s of the rejection tells %s from %s: %s, and %s", o, probes[0].what, p.what, want, got)
			}
		}
	}
	return nil
}

// sign is what is compared of an answer.
func sign(observable string, a answer, skip []string) string {
	switch observable {
	case "http-status":
		return fmt.Sprint(a.status)
	case "body":
		return fmt.Sprintf("%q", a.body)
	case "connection":
		return map[bool]string{true: "closed", false: "kept"}[a.closes]
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		if name != "Date" && !slices.Contains(skip, name) {
			lines = append(lines, name+": "+strings.Join(a.header[name], ", "))
		}
	}
	return strings.Join(lines, " | ")
}

// differing returns the names of the headers that are in both and differ.
func differing(a, b http.Header) (names []string) {
	for name := range a {
		if b[name] != nil && !slices.Equal(a[name], b[name]) {
			names = append(names, name)
		}
	}
	return names
}

// line is a connection on which one request follows the other.
type line struct {
	run  *run
	conn net.Conn
	in   *bufio.Reader
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
	l.in = bufio.NewReader(l.conn)
	return l.send(p), closed
}

func (l *line) send(p probe) answer {
	if err := l.conn.SetDeadline(time.Now().Add(l.run.target.Timeout)); err != nil {
		return answer{err: err}
	}
	if _, err := l.conn.Write(l.run.raw(p.to, p.message)); err != nil {
		return answer{err: err}
	}
	a := next(l.in, http.MethodPost)
	if a.err == nil {
		a.leak = a.leaks(p.message)
	}
	l.run.record(Exchange{What: p.what, Device: p.to.id, SEQN: fmt.Sprint(p.message.seqn), Next: p.to.stands(), Sent: p.message.msg, Took: a.took}, a)
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
