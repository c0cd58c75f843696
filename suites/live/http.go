package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// untilContinue is how long 100 Continue is awaited, after which a client sends
// the body all the same (RFC 9110, 10.1.1).
const untilContinue = time.Second

// apart is how long after one part of a request has arrived the next is written,
// so that the backend has read the one before the other comes.
const apart = 20 * time.Millisecond

// http holds one conversation, then proves that next is what the answers say.
func (r *run) http(ctx context.Context, t *vectors.HTTPTest) error {
	talk, err := r.prepare(ctx, t)
	if err != nil {
		return err
	}
	if talk.answers, err = r.converse(ctx, t, talk.requests); err != nil {
		return err
	}
	return r.conclude(ctx, talk)
}

// talk is a conversation: what is to be sent, and what came back.
type talk struct {
	test     *vectors.HTTPTest
	device   *device
	messages [2]message
	requests []filled
	answers  []answer
}

// prepare makes what a test sends.
func (r *run) prepare(ctx context.Context, t *vectors.HTTPTest) (*talk, error) {
	devices, err := r.lease(ctx, map[string]string{"a": "121"}, nil, false)
	if err != nil {
		return nil, err
	}
	d := devices["a"]
	if d.next >= last {
		return nil, notRun("device %s has no two numbers left", d.id)
	}
	c := &talk{test: t, device: d, messages: [2]message{r.seal(d, d.next), r.seal(d, d.next+1)}}
	f := filler{host: r.base.Host, base: r.base.EscapedPath(), device: d.id, nobody: r.name(), msg: [2]string{c.messages[0].msg, c.messages[1].msg}}
	for _, request := range t.Requests {
		done, err := f.fill(request.Text)
		if err != nil {
			return nil, err
		}
		c.requests = append(c.requests, done)
	}
	return c, nil
}

// conclude holds the answers against what is permitted, and proves next.
func (r *run) conclude(ctx context.Context, c *talk) error {
	for i, a := range c.answers {
		seqn := ""
		if c.requests[i].uses[0] || c.requests[i].uses[1] {
			seqn = fmt.Sprint(c.messages[0].seqn)
		}
		r.record(Exchange{What: fmt.Sprintf("request %d: %s", i, c.test.Comment), Device: c.device.id, SEQN: seqn, Next: c.device.stands(), Sent: c.requests[i].beginning(), Raw: true, Took: a.took}, a)
	}
	doubt := false // whether a message was accepted that was not answered
	next := c.device.next
	for i, a := range c.answers {
		outcome, err := r.outcome(c.test, i, a, c.messages)
		if err != nil {
			return err
		}
		expect := c.test.Requests[i].Expect
		if !slices.Contains(expect, outcome) {
			f := &finding{verdict: Fail, why: fmt.Sprintf("request %d was %s, and should be %s: %s", i, outcome, strings.Join(expect, " or "), a)}
			if outcome == vectors.Accepted {
				r.suspect(c.messages[0].seqn)
				f.broke = slices.DeleteFunc(slices.Clone(c.test.Reqs), unbroken)
			}
			return f
		}
		if first := expect[0]; !c.test.Free && outcome != first && (outcome == vectors.Accepted || first == vectors.Accepted) {
			r.permit(&c.test.Case, a)
		}
		if outcome == vectors.Accepted {
			r.accepted++
		}
		for k, used := range c.requests[i].uses {
			if used && outcome == vectors.Accepted {
				next = max(next, c.messages[k].seqn+1)
			}
			doubt = doubt || used && outcome == vectors.Closed && slices.Contains(expect, vectors.Accepted)
		}
	}
	c.device.next = next
	err := r.consistent(ctx, c.device, doubt)
	// What moves a device in another's name has come to where names are looked up.
	if f, is := err.(*finding); is && len(f.broke) > 0 && slices.Contains(c.test.Reqs, "REQ-HTTP-005") {
		f.broke = append(f.broke, "REQ-HTTP-005")
	}
	return err
}

// unbroken reports whether a requirement is one that no message breaks by being
// accepted: it is about refusals, or about what has to be accepted.
func unbroken(req string) bool {
	return slices.Contains([]string{"REQ-RSP-001", "REQ-RSP-003", "REQ-RSP-005", "REQ-SEQ-007", "REQ-SEQ-010", "REQ-HTTP-003"}, req)
}

// suspect takes every device of the target for touched: what was accepted in a
// name that no device has may have moved any of them.
func (r *run) suspect(seqn uint64) {
	for _, d := range r.devices {
		if d.lost == "" && !r.aside {
			if !slices.Contains(r.leased, d) {
				d.high = 0
				r.leased = append(r.leased, d)
			}
			d.high = max(d.high, seqn)
		}
	}
}

// consistent proves next. With doubt, a message that was not answered may have
// been accepted all the same.
func (r *run) consistent(ctx context.Context, d *device, doubt bool) error {
	if !doubt {
		return r.prove(ctx, d)
	}
	a := r.post(ctx, "was the message accepted that was not answered?", d, r.seal(d, d.next))
	if err := a.trouble(); err != nil {
		return err
	}
	d.next++
	if a.accepted {
		return nil
	}
	return r.prove(ctx, d)
}

// outcome names what became of a request.
func (r *run) outcome(t *vectors.HTTPTest, i int, a answer, messages [2]message) (string, error) {
	var wait net.Error
	switch {
	case errors.As(a.err, &wait) && wait.Timeout() && t.End == "silence":
		return "", hung("request %d, which does not end, was neither answered nor closed within %s", i, r.target.Patience)
	case errors.As(a.err, &wait) && wait.Timeout():
		return "", hung("request %d was neither answered nor closed within %s", i, r.target.Timeout)
	case errors.Is(a.err, errNoHTTP):
		return vectors.Refused, nil // to a client that is no acceptance
	case a.err != nil:
		return vectors.Closed, nil
	}
	for _, m := range messages {
		if a.leak = a.leaks(m); a.leak != "" {
			return "", a.trouble()
		}
	}
	if a.accepted {
		return vectors.Accepted, nil
	}
	return vectors.Refused, nil
}

// converse sends the requests of one connection and reads their answers. Where
// the backend says that it closes the connection, the next request that is not
// pipelined goes over another.
func (r *run) converse(ctx context.Context, t *vectors.HTTPTest, requests []filled) ([]answer, error) {
	var answers []answer
	var l *wire
	for i, request := range requests {
		if l == nil {
			conn, err := r.dial(ctx)
			if err != nil {
				return nil, err
			}
			defer conn.Close()
			l = &wire{conn: conn, in: bounded(conn)}
		}
		final := i == len(requests)-1
		if t.Pipelined && i == 0 {
			l.write(slices.Concat(pieces(requests)...), t.Bytewise, t.End)
		} else if !t.Pipelined {
			end := ""
			if final {
				end = t.End
			}
			l.write(request.pieces, t.Bytewise, end)
		}
		patience := r.target.Timeout
		if final && t.End == "silence" {
			patience = r.target.Patience
		}
		if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
			return nil, err
		}
		a := next(l.in, request.method)
		answers = append(answers, a)
		if a.closes && !t.Pipelined {
			l = nil
		}
	}
	return answers, nil
}

func pieces(requests []filled) (all [][]piece) {
	for _, request := range requests {
		all = append(all, request.pieces)
	}
	return all
}

// wire is a connection, and what comes over it.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
}

// write sends pieces, aside, so that a backend that answers before it has read
// all is heard. It gives up where the connection ends: the answer tells.
func (l *wire) write(pieces []piece, bytewise bool, end string) {
	wait := slices.ContainsFunc(pieces, func(p piece) bool { return p.await })
	send := func() {
		for i, p := range pieces {
			switch {
			case p.await:
				l.interim()
			case i > 0 && !bytewise:
				if tcp, ok := l.conn.(*net.TCPConn); ok {
					delivered(tcp)
				}
				<-time.After(apart)
			}
			if _, err := io.Copy(l.conn, sized(p.bytes, bytewise)); err != nil {
				return
			}
		}
		if tcp, ok := l.conn.(*net.TCPConn); ok && end == "half-close" {
			tcp.CloseWrite()
		}
	}
	if wait { // the reader is needed here meanwhile
		send()
		return
	}
	go send()
}

// interim waits for 100 Continue, or for what comes in its place, which stays
// to be read.
func (l *wire) interim() {
	if l.conn.SetReadDeadline(time.Now().Add(untilContinue)) != nil {
		return
	}
	l.in.Peek(1)
	l.conn.SetReadDeadline(time.Time{})
}

// sized reads bytes as they are to be written: all at once, or one by one.
func sized(p []byte, bytewise bool) io.Reader {
	if bytewise {
		return &dribble{p}
	}
	return strings.NewReader(string(p))
}

// dribble hands out one byte at a time.
type dribble struct{ rest []byte }

func (d *dribble) Read(p []byte) (int, error) {
	if len(d.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, d.rest[:1])
	d.rest = d.rest[n:]
	return n, nil
}

// beginning returns what fits of a request into a record.
func (f filled) beginning() string {
	var b strings.Builder
	for _, p := range f.pieces {
		if b.Write(p.bytes); b.Len() > maxShown {
			break
		}
	}
	return b.String()
}
