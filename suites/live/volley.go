package live

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// shot is one message of a burst, on a connection of its own.
type shot struct {
	to      *device
	message message
	conn    net.Conn
	in      *bufio.Reader
	request []byte
	op      Op
}

// burst sends all messages of a round at once and returns what became of each.
func (r *run) burst(ctx context.Context, salvos []vectors.Salvo, lastByte bool, devices map[string]*device) ([]Op, error) {
	var shots []*shot
	for _, salvo := range salvos {
		d := devices[salvo.Device]
		n, err := d.own(salvo.SEQN)
		if err != nil {
			return nil, err
		}
		var m message
		for i := range salvo.Copies {
			if i == 0 || !salvo.SameBytes {
				m = r.seal(d, n)
			}
			shots = append(shots, &shot{to: d, message: m, request: r.raw(d, m)})
		}
	}
	// The salvos are mixed, so that their order is no hint.
	r.rng.Shuffle(len(shots), func(i, j int) { shots[i], shots[j] = shots[j], shots[i] })
	return r.volley(ctx, shots, lastByte)
}

// volley fires shots on connections that are warm, and closes those.
func (r *run) volley(ctx context.Context, shots []*shot, lastByte bool) ([]Op, error) {
	defer func() {
		for _, s := range shots {
			if s.conn != nil {
				s.conn.Close()
			}
		}
	}()
	if err := r.warm(ctx, shots); err != nil {
		return nil, err
	}
	if err := r.fire(ctx, shots, lastByte); err != nil {
		return nil, err
	}
	var ops []Op
	for _, s := range shots {
		ops = append(ops, s.op)
		r.result.record(Exchange{What: "one of " + fmt.Sprint(len(shots)) + " at once", Device: s.to.id, SEQN: fmt.Sprint(s.op.SEQN), Next: s.to.stands(), Sent: s.message.msg,
			Answer: string(s.op.Outcome), Outcome: s.op.Outcome, At: max(0, s.op.Called.Sub(r.began)), Took: s.op.Returned.Sub(s.op.Called)})
	}
	return ops, nil
}

// idle returns a message that is refused and changes nothing.
func (r *run) idle(d *device) message {
	if d.next > 0 {
		return r.seal(d, d.next-1)
	}
	m := r.seal(d, 0)
	m.msg = "U2FsdGVkX18="
	return m
}

// warm opens a connection for each shot and has one message refused on it, so
// that the backend has accepted it, made whatever it makes of one, and waits for
// the next request. Where the backend closes it then, another one is opened, and
// stays cold; if it closes all of them, none is warmed again.
func (r *run) warm(ctx context.Context, shots []*shot) error {
	open := func(s *shot) (err error) {
		if s.conn, err = r.dial(ctx); err == nil {
			s.in = bounded(s.conn)
		}
		return err
	}
	for _, s := range shots {
		if err := open(s); err != nil {
			return err
		}
		if r.cold {
			continue
		}
		if _, err := s.conn.Write(r.raw(s.to, r.idle(s.to))); err != nil {
			return failed("a connection was closed before its first request was whole: %v", err)
		}
	}
	if r.cold {
		return nil
	}
	warm := false
	defer func() { r.cold = !warm }()
	for _, s := range shots {
		if a := next(s.in, http.MethodPost); a.err == nil && !a.closes {
			warm = true
			continue
		}
		s.conn.Close()
		if err := open(s); err != nil {
			return err
		}
	}
	return nil
}

// fire releases all shots and waits for their answers. With lastByte, all but
// the last byte of each request is with the backend before the first request is
// whole: a message that is sent and refused meanwhile gives it the time to read.
// Then the last bytes are written by one loop, which takes microseconds.
func (r *run) fire(ctx context.Context, shots []*shot, lastByte bool) error {
	held := func(s *shot) int {
		if lastByte {
			return len(s.request) - 1
		}
		return 0
	}
	for _, s := range shots {
		if _, err := s.conn.Write(s.request[:held(s)]); err != nil {
			return failed("a connection was closed before its request was whole: %v", err)
		}
	}
	if lastByte {
		if a := r.exchange(ctx, shots[0].to, r.idle(shots[0].to)); a.err != nil {
			return a.trouble()
		}
	}
	var answers sync.WaitGroup
	for _, s := range shots {
		s.op = Op{Device: s.to.id, SEQN: s.message.seqn, Outcome: Unanswered, Called: time.Now()}
		if _, err := s.conn.Write(s.request[held(s):]); err != nil {
			s.op.Returned = time.Now()
			continue
		}
		answers.Go(func() {
			a := next(s.in, http.MethodPost)
			s.op.Returned = time.Now()
			s.op.Outcome = a.outcome()
		})
	}
	answers.Wait()
	return nil
}

// outcome is what an answer stands for.
func (a answer) outcome() Outcome {
	switch {
	case a.err != nil:
		return Unanswered
	case a.accepted:
		return Accepted
	}
	return Refused
}
