package live

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/vectors"
)

// concurrency runs the rounds of a burst. A round that leaves next where it
// should not be, or whose answers nothing explains, ends the test.
func (r *run) concurrency(ctx context.Context, t *vectors.ConcurrencyTest) error {
	devices, err := r.lease(ctx, t.Initial, nil, false)
	if err != nil {
		return err
	}
	began := map[string]uint64{}
	for letter, d := range devices {
		began[letter] = d.next
	}
	for round := range t.Rounds {
		for letter, d := range devices {
			d.shift += int64(d.next) - int64(began[letter])
			began[letter] = d.next
		}
		ops, err := r.burst(ctx, t, devices)
		if err != nil {
			return err
		}
		for _, letter := range sorted(devices) {
			if err := r.explain(round, t.Predicate, devices[letter], ops); err != nil {
				return err
			}
			if err := r.prove(ctx, devices[letter]); err != nil {
				return err
			}
		}
	}
	r.result.note("%d rounds; a window that is much shorter than the time between two messages of a burst is not seen", t.Rounds)
	return nil
}

// explain judges the answers of one device, and moves its next behind those that
// were accepted.
func (r *run) explain(round int, predicate string, d *device, all []Op) error {
	var ops []Op
	accepted, silent, high := 0, 0, d.next
	for _, op := range all {
		if op.Device != d.id {
			continue
		}
		ops = append(ops, op)
		switch op.Outcome {
		case Accepted:
			accepted++
			high = max(high, op.SEQN+1)
		case Unanswered:
			silent++
		}
	}
	if silent > 0 {
		return failed("round %d: %d of %d messages at once were not answered", round, silent, len(ops))
	}
	if predicate == vectors.ExactlyOneOK && accepted != 1 {
		return failed("round %d: %d of %d messages with one number, %d, were accepted, and it should be one", round, accepted, len(ops), d.next)
	}
	if !Explained(d.next, ops) {
		return failed("round %d: no order of %d messages from number %d on explains which %d were accepted", round, len(ops), d.next, accepted)
	}
	d.next = high
	return nil
}

// shot is one message of a burst, on a connection of its own.
type shot struct {
	to      *device
	message message
	conn    net.Conn
	request []byte
	op      Op
}

// burst sends all messages of a round at once and returns what became of each.
func (r *run) burst(ctx context.Context, t *vectors.ConcurrencyTest, devices map[string]*device) ([]Op, error) {
	var shots []*shot
	defer func() {
		for _, s := range shots {
			s.conn.Close()
		}
	}()
	for _, salvo := range t.Burst {
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
			conn, err := r.dial(ctx)
			if err != nil {
				return nil, err
			}
			shots = append(shots, &shot{to: d, message: m, conn: conn, request: r.raw(d, m)})
		}
	}
	// The salvos are mixed, so that their order is no hint.
	r.rng.Shuffle(len(shots), func(i, j int) { shots[i], shots[j] = shots[j], shots[i] })
	if err := fire(shots, t.Release == vectors.LastByte); err != nil {
		return nil, err
	}
	var ops []Op
	for _, s := range shots {
		ops = append(ops, s.op)
		r.result.record(Exchange{What: "one of " + fmt.Sprint(len(shots)) + " at once", Device: s.to.id, SEQN: fmt.Sprint(s.op.SEQN),
			Sent: s.message.msg, Answer: string(s.op.Outcome), Outcome: s.op.Outcome, Took: s.op.Returned.Sub(s.op.Called)})
	}
	return ops, nil
}

// fire releases all shots and waits for their answers. With lastByte, all but
// the last byte of each request is on its way before the first request is
// whole; then the last bytes are written by one loop, which takes microseconds.
func fire(shots []*shot, lastByte bool) error {
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
	var answers sync.WaitGroup
	for _, s := range shots {
		s.op = Op{Device: s.to.id, SEQN: s.message.seqn, Outcome: Unanswered, Called: time.Now()}
		if _, err := s.conn.Write(s.request[held(s):]); err != nil {
			s.op.Returned = time.Now()
			continue
		}
		answers.Go(func() {
			a := receive(s.conn)
			s.op.Returned = time.Now()
			switch {
			case a.err != nil:
			case a.accepted:
				s.op.Outcome = Accepted
			default:
				s.op.Outcome = Refused
			}
		})
	}
	answers.Wait()
	return nil
}
