// Package fifo is a bounded queue of bytes whose reader waits for as long as it
// likes: what lies between a line that never waits and a host that sometimes
// does not read.
package fifo

import (
	"os"
	"sync"
	"time"
)

// Queue keeps bytes in order until they are read. Its methods may be called
// from any goroutine.
type Queue struct {
	limit int

	mu      sync.Mutex
	changed chan struct{} // closed, and replaced, at each change
	buf     []byte
	err     error
}

// New returns a queue that keeps up to limit bytes.
func New(limit int) *Queue {
	return &Queue{limit: limit, changed: make(chan struct{})}
}

// Put appends p. What does not fit as a whole is lost, as it is on a wire, and
// Put reports false.
func (q *Queue) Put(p []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil || len(q.buf)+len(p) > q.limit {
		return false
	}
	q.buf = append(q.buf, p...)
	q.notify()
	return true
}

// Read returns what there is, or waits for it: for d, or for ever where d is
// negative. It returns 0 and [os.ErrDeadlineExceeded] when time is up, and the
// error given to Close once all that was put before has been read.
func (q *Queue) Read(p []byte, d time.Duration) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	var late <-chan time.Time
	if d >= 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		late = timer.C
	}
	for {
		n, changed, err := q.take(p)
		if n > 0 || err != nil {
			return n, err
		}
		select {
		case <-changed:
		case <-late:
			return 0, os.ErrDeadlineExceeded
		}
	}
}

func (q *Queue) take(p []byte) (int, <-chan struct{}, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.buf) == 0 {
		return 0, q.changed, q.err
	}
	n := copy(p, q.buf)
	q.buf = q.buf[n:]
	q.notify()
	return n, nil, nil
}

// Discard forgets what has not been read.
func (q *Queue) Discard() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.buf = nil
	q.notify()
}

// Close ends the queue with err, which must not be nil; the first one counts.
func (q *Queue) Close(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.err = err
	}
	q.notify()
}

// Flush waits until all that was put has been read, at most for d, and reports
// whether it has.
func (q *Queue) Flush(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		q.mu.Lock()
		empty, changed := len(q.buf) == 0, q.changed
		q.mu.Unlock()
		if empty {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		}
	}
}

// notify wakes everybody who waits, with the lock held.
func (q *Queue) notify() {
	close(q.changed)
	q.changed = make(chan struct{})
}
