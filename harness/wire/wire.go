// Package wire stands between device and backend and remembers what passed.
//
//	device ── request ─▶ Recorder ── request ─▶ backend
//	       ◀── reply ───          ◀── reply ───
//
// A [Recorder] has one address for as long as it lives, although the backend
// behind it may restart and move: where that is, is asked for each request.
// Bytes go on as they came; nothing is parsed and written anew. A request is
// taken whole before it goes on, so that a [Fault] can keep all of it from the
// backend. A reply goes on in the pieces in which it arrives, so that a slow,
// split or malformed one reaches the device slow, split and malformed.
//
// An exchange is on record before the device has the last byte of its reply.
// Whoever has heard the device's verdict may therefore look here at once.
package wire

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"
)

// Sentinels of this package.
var (
	// ErrAddress reports an address that cannot be listened on, or that no
	// device could dial.
	ErrAddress = errors.New("wire: cannot listen")

	// ErrUpstream reports a backend that could not be reached, or that closed
	// the connection without a whole reply.
	ErrUpstream = errors.New("wire: backend did not answer")

	// ErrMalformed reports a request or a reply that is not HTTP.
	ErrMalformed = errors.New("wire: not HTTP")

	// ErrTooLong reports a request larger than [MaxRequest].
	ErrTooLong = errors.New("wire: request too long")

	// ErrClosed reports a recorder that was closed.
	ErrClosed = errors.New("wire: closed")

	// ErrSilence reports that fewer exchanges took place than were waited for.
	ErrSilence = errors.New("wire: too few exchanges")
)

// What a recorder takes from one peer, and what it keeps. A real board needs
// the recorder on the LAN, where anybody may knock.
const (
	MaxRequest = 1 << 20   // bytes of a request, headers included; longer is answered 413
	MaxReply   = 1 << 20   // bytes of a reply kept; longer ones still pass whole
	MaxKept    = 256 << 20 // bytes of all requests and replies kept

	maxConns    = 128              // open connections from devices
	idleTime    = 60 * time.Second // between two requests on one connection
	requestTime = 30 * time.Second // from a request's first byte to its last
	replyTime   = 60 * time.Second // from the request sent to the reply's last byte
	dialTime    = 5 * time.Second
	acceptPause = 50 * time.Millisecond // after accept failed, most likely for want of descriptors
)

// Recorder carries HTTP between devices and one backend. Its methods may be
// called from several goroutines.
type Recorder struct {
	upstream func() string
	ln       net.Listener
	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	conns    sync.WaitGroup

	mu     sync.Mutex
	faults []Mishap      // one-shot, first in first out
	held   [][]byte      // requests that are yet to arrive
	silent func(Silence) // see OnSilence
	begun  int           // number of the latest exchange
	done   []Exchange    // complete, in order of completion
	kept   int           // bytes in done
	grown  chan struct{} // closed and replaced whenever done grows
}

// Listen starts a recorder on a free port of 127.0.0.1. upstream returns the
// backend's base URL, as http://127.0.0.1:32768, and is called for each
// request. The recorder ends with ctx, or with [Recorder.Close].
func Listen(ctx context.Context, upstream func() string) (*Recorder, error) {
	return ListenOn(ctx, "127.0.0.1:0", upstream)
}

// ListenOn is [Listen] on a given address, for a board that reaches the host
// over a network. The host part must be one that the board can dial, therefore
// not 0.0.0.0.
func ListenOn(ctx context.Context, addr string, upstream func() string) (*Recorder, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("%w: on %q: %w; give it as 192.168.1.5:0", ErrAddress, addr, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return nil, fmt.Errorf("%w: on %q: no device can dial that; give the address of the interface that faces the board, as 192.168.1.5:0", ErrAddress, addr)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%w: on %q: %w", ErrAddress, addr, err)
	}
	r := &Recorder{upstream: upstream, ln: ln, grown: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancel(ctx)
	context.AfterFunc(r.ctx, func() { ln.Close() })
	r.conns.Add(1)
	go r.accept()
	return r, nil
}

// Addr returns the host:port that devices are told. It never changes.
func (r *Recorder) Addr() string { return r.ln.Addr().String() }

// Close stops listening, breaks what is under way and waits for its end. The
// record stays readable.
func (r *Recorder) Close() error {
	r.cancel()
	err := r.ln.Close()
	r.conns.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Exchanges returns the complete exchanges in the order in which they began.
// The byte slices are shared and must not be changed.
func (r *Recorder) Exchanges() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.Clone(r.done)
	slices.SortFunc(all, func(a, b Exchange) int { return cmp.Compare(a.N, b.N) })
	return all
}

// WaitFor returns once n exchanges are complete, counted from the recorder's
// start. On error it returns those that are.
func (r *Recorder) WaitFor(ctx context.Context, n int) ([]Exchange, error) {
	for {
		r.mu.Lock()
		have, grown := len(r.done), r.grown
		r.mu.Unlock()
		if have >= n {
			return r.Exchanges(), nil
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return r.Exchanges(), fmt.Errorf("%w: %d of %d at %s: %w", ErrSilence, have, n, r.Addr(), ctx.Err())
		case <-r.ctx.Done():
			return r.Exchanges(), fmt.Errorf("%w: %d of %d at %s: %w", ErrSilence, have, n, r.Addr(), ErrClosed)
		}
	}
}

// Quiet returns the exchanges once none is under way. A device that has given one
// up goes on before that is over.
func (r *Recorder) Quiet(ctx context.Context) ([]Exchange, error) {
	r.mu.Lock()
	begun := r.begun
	r.mu.Unlock()
	return r.WaitFor(ctx, begun)
}

// begin numbers a new exchange.
func (r *Recorder) begin() *Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	return &Exchange{N: r.begun, Start: time.Now()}
}

// finish puts ex on record.
func (r *Recorder) finish(ex *Exchange) {
	ex.End = time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if size := len(ex.Request) + len(ex.Reply); r.kept+size <= MaxKept {
		r.kept += size
	} else {
		ex.Request, ex.Reply, ex.Truncated = nil, nil, true
	}
	r.done = append(r.done, *ex)
	close(r.grown)
	r.grown = make(chan struct{})
}
