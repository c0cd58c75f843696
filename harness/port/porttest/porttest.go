// Package porttest is a serial cable in memory, for the tests of whatever
// speaks through a [boards.Port].
package porttest

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards"
)

// ErrUnplugged is what Host reports, for ever, after [Device.Unplug].
var ErrUnplugged = errors.New("porttest: unplugged")

var _ boards.Port = (*Host)(nil)

// Pipe returns the two ends of a cable. What is written at one end is kept,
// however much it is, until it is read at the other.
func Pipe() (*Host, *Device) {
	toHost, toDevice := newQueue(), newQueue()
	host := &Host{in: toHost, out: toDevice, timeout: -1}
	return host, &Device{in: toDevice, out: toHost, host: host}
}

// Host is the end that the harness holds.
type Host struct {
	in, out *queue

	mu      sync.Mutex
	timeout time.Duration
	moves   []string
	onMove  func(move string)
}

// Read waits as long as [Host.SetReadTimeout] allows.
func (h *Host) Read(p []byte) (int, error) {
	h.mu.Lock()
	timeout := h.timeout
	h.mu.Unlock()
	return h.in.read(p, timeout)
}

// Write never waits.
func (h *Host) Write(p []byte) (int, error) { return h.out.write(p) }

// Close ends both directions with [os.ErrClosed].
func (h *Host) Close() error {
	h.in.close(os.ErrClosed)
	h.out.close(os.ErrClosed)
	return nil
}

// SetReadTimeout implements [boards.Port].
func (h *Host) SetReadTimeout(d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.timeout = d
	return nil
}

// SetBaud is noted as "baud 9600".
func (h *Host) SetBaud(baud int) error { return h.note(fmt.Sprintf("baud %d", baud)) }

// SetDTR is noted as "DTR true" or "DTR false".
func (h *Host) SetDTR(asserted bool) error { return h.note(fmt.Sprintf("DTR %t", asserted)) }

// SetRTS is noted as "RTS true" or "RTS false".
func (h *Host) SetRTS(asserted bool) error { return h.note(fmt.Sprintf("RTS %t", asserted)) }

func (h *Host) note(move string) error {
	h.mu.Lock()
	h.moves = append(h.moves, move)
	onMove := h.onMove
	h.mu.Unlock()
	if onMove != nil {
		onMove(move)
	}
	return nil
}

// Moves returns what happened to speed and modem lines, in order.
func (h *Host) Moves() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.moves...)
}

// Device is the end that the board under test would hold.
type Device struct {
	in, out *queue
	host    *Host
}

// Read waits until the host has written something.
func (d *Device) Read(p []byte) (int, error) { return d.in.read(p, -1) }

// Write never waits.
func (d *Device) Write(p []byte) (int, error) { return d.out.write(p) }

// Unplug makes every Read and Write of the host fail with ErrUnplugged, once it
// has read what was written before.
func (d *Device) Unplug() {
	d.in.close(ErrUnplugged)
	d.out.close(ErrUnplugged)
}

// OnMove has f called at each change of speed or modem line, before the host's
// call returns.
func (d *Device) OnMove(f func(move string)) {
	d.host.mu.Lock()
	defer d.host.mu.Unlock()
	d.host.onMove = f
}

// queue is one direction of the cable.
type queue struct {
	mu      sync.Mutex
	changed *sync.Cond
	buf     []byte
	err     error
}

func newQueue() *queue {
	q := &queue{}
	q.changed = sync.NewCond(&q.mu)
	return q
}

func (q *queue) write(p []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err != nil {
		return 0, q.err
	}
	q.buf = append(q.buf, p...)
	q.changed.Broadcast()
	return len(p), nil
}

func (q *queue) read(p []byte, timeout time.Duration) (int, error) {
	deadline := time.Now().Add(timeout)
	if timeout >= 0 {
		t := time.AfterFunc(timeout, q.wake)
		defer t.Stop()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.buf) == 0 && q.err == nil {
		if timeout >= 0 && !time.Now().Before(deadline) {
			return 0, os.ErrDeadlineExceeded
		}
		q.changed.Wait()
	}
	if len(q.buf) == 0 {
		return 0, q.err
	}
	n := copy(p, q.buf)
	q.buf = q.buf[n:]
	return n, nil
}

// wake holds the lock so that it cannot fall between a reader's look at the
// clock and its going to sleep.
func (q *queue) wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.changed.Broadcast()
}

func (q *queue) close(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.err = err
	}
	q.changed.Broadcast()
}
