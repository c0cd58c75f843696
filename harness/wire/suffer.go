package wire

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"
)

// suffer has m happen to a request that was read whole. It reports whether the
// connection may bring another.
func (r *Recorder) suffer(in *inlet, ex *Exchange, req *http.Request, m Mishap) bool {
	if r.befalls(in, ex, req, m) {
		return true
	}
	if m.Hasty {
		r.silence(Pause)
	}
	in.conn.Close()
	return false
}

func (r *Recorder) befalls(in *inlet, ex *Exchange, req *http.Request, m Mishap) bool {
	ex.Fault = m.Fault
	in.conn.SetDeadline(time.Now().Add(replyTime))
	switch m.Fault {
	case None:
		return r.carry(r.ctx, ex, req, in.conn)
	case Delay:
		select {
		case <-time.After(m.Wait):
		case <-r.ctx.Done():
		}
		return r.carry(r.ctx, ex, req, in.conn)
	case Duplicate:
		return r.carry(r.ctx, ex, req, in.conn, func() { r.replay(r.ctx, ex.Request, Duplicate) })
	case DropReply:
		r.carry(r.ctx, ex, req, io.Discard)
	case Reset:
		r.carry(r.ctx, ex, req, io.Discard)
		if tcp, ok := in.conn.(*net.TCPConn); ok {
			tcp.SetLinger(0)
		}
	case Interrupt:
		r.carry(r.ctx, ex, req, io.Discard, m.Meanwhile)
	case CorruptRequest:
		ex.Altered = m.flip(ex.Request, headOf(ex.Request))
		return r.carry(r.ctx, ex, req, in.conn)
	case CorruptReply:
		r.carry(r.ctx, ex, req, io.Discard, func() { ex.Altered = m.flip(ex.Reply, headOf(ex.Reply)) })
		in.conn.Write(ex.Altered)
	case CutReply, Slow:
		r.carry(r.ctx, ex, req, io.Discard, func() { ex.Altered = m.cut(ex.Reply) })
		in.conn.Write(ex.Altered)
		if m.Fault == Slow {
			r.hush(in.conn)
		}
	default:
		r.withhold(in, ex, m)
	}
	return false
}

// withhold is for the faults that keep the request from the backend.
func (r *Recorder) withhold(in *inlet, ex *Exchange, m Mishap) {
	switch m.Fault {
	case CutRequest:
		ex.Altered = m.cut(ex.Request)
		if err := r.spill(ex.Altered); err != nil {
			ex.Err = err
		}
	case Forge:
		ex.Reply = m.Reply
		if m.Invent != nil {
			ex.Reply = m.Invent(ex.Request)
		}
		if resp, err := readFinal(bufio.NewReader(bytes.NewReader(ex.Reply)), &http.Request{Method: ex.Method}); err == nil {
			ex.Status = resp.StatusCode
		}
	case Hold:
		r.mu.Lock()
		r.held = append(r.held, ex.Request)
		r.mu.Unlock()
	}
	r.finish(ex)
	switch m.Fault {
	case Forge:
		in.conn.Write(ex.Reply)
	case HalfOpen:
		r.hush(in.conn)
	}
}

// headOf returns the length of a message's head.
func headOf(text []byte) int {
	if i := bytes.Index(text, []byte("\r\n\r\n")); i >= 0 {
		return i + 4
	}
	return len(text)
}

// spill brings the backend the beginning of a request, and no more of it. It
// returns once the backend has had enough of that.
func (r *Recorder) spill(beginning []byte) error {
	up, err := dial(r.ctx, r.upstream())
	if err != nil {
		return err
	}
	defer up.Close()
	up.SetDeadline(time.Now().Add(replyTime))
	if _, err := up.Write(beginning); err != nil {
		return fmt.Errorf("%w: beginning of a request: %w", ErrUpstream, err)
	}
	if tcp, ok := up.(*net.TCPConn); ok {
		tcp.CloseWrite()
		io.Copy(io.Discard, up)
	}
	return nil
}

// hush says nothing until the device's side ends the connection.
func (r *Recorder) hush(conn net.Conn) {
	r.silence(NoReply)
	io.Copy(io.Discard, conn)
}

// Silence is what a device does while it hears nothing.
type Silence int

// A device waits for a reply that does not come, or pauses between two attempts.
const (
	NoReply Silence = iota
	Pause
)

func (r *Recorder) silence(s Silence) {
	r.mu.Lock()
	silent := r.silent
	r.mu.Unlock()
	if silent != nil {
		silent(s)
	}
}

// OnSilence has silent called whenever a fault leaves a device in silence, which
// a virtual one need not sit out by the wall clock: [NoReply] by [HalfOpen] and
// [Slow], [Pause] by those that are hasty.
func (r *Recorder) OnSilence(silent func(Silence)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.silent = silent
}

// Release brings the backend the requests that were held, and returns how many
// there were. It happens by itself behind the next request that passes.
func (r *Recorder) Release() int {
	r.mu.Lock()
	held := r.held
	r.held = nil
	r.mu.Unlock()
	for _, request := range held {
		r.replay(r.ctx, request, Hold) // what is said to it, nobody hears
	}
	return len(held)
}

// Dial connects a device's side to the recorder, or to whatever else addr is. It
// is where a connection can be refused.
func (r *Recorder) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if addr != r.Addr() {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	m, refused := r.refusal()
	if !refused {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	ex := r.begin()
	ex.Fault = Refuse
	ex.Err = &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	r.finish(ex)
	if m.Hasty {
		r.silence(Pause)
	}
	return nil, ex.Err
}
