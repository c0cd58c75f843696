package wire_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/wire"
)

// Each fault does to request and reply what it says, the next request passes, and
// the record tells what was done.
func TestEveryFault(t *testing.T) {
	const no = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno"
	body := strings.Index(post, "{")
	bent := []byte(post)
	bent[body+3] ^= 0x20
	bentReply := []byte(ok)
	bentReply[strings.Index(ok, "{")+1] ^= 1
	meanwhile := 0
	for _, tt := range []struct {
		m       wire.Mishap
		heard   string
		got     []string // by the backend, of this request
		status  int
		altered string
	}{
		{wire.Mishap{}, ok, []string{post}, 200, ""},
		{wire.Mishap{Fault: wire.DropRequest}, "", nil, 0, ""},
		{wire.Mishap{Fault: wire.DropReply}, "", []string{post}, 200, ""},
		{wire.Mishap{Fault: wire.Forge, Reply: []byte(no)}, no, nil, 200, ""},
		{wire.Mishap{Fault: wire.Forge, Invent: func(request []byte) []byte { return request[:4] }}, post[:4], nil, 0, ""},
		{wire.Mishap{Fault: wire.DropReply, Hasty: true}, "", []string{post}, 200, ""},
		{wire.Mishap{Fault: wire.Refuse}, ok, []string{post}, 200, ""}, // too late: the connection is there
		{wire.Mishap{Fault: wire.Delay, Wait: time.Millisecond}, ok, []string{post}, 200, ""},
		{wire.Mishap{Fault: wire.Duplicate}, ok, []string{post, post}, 200, ""},
		{wire.Mishap{Fault: wire.Hold}, "", nil, 0, ""},
		{wire.Mishap{Fault: wire.CorruptRequest, At: 3, Flip: 0x20}, ok, []string{string(bent)}, 200, string(bent)},
		{wire.Mishap{Fault: wire.CorruptReply, At: 16}, string(bentReply), []string{post}, 200, string(bentReply)},
		{wire.Mishap{Fault: wire.CutRequest, At: uint(len(post)) - 1}, "", nil, 0, post[:len(post)-1]},
		{wire.Mishap{Fault: wire.CutReply, At: 20}, ok[:20], []string{post}, 200, ok[:20]},
		{wire.Mishap{Fault: wire.CutReply, At: 1, Body: true}, ok[:strings.Index(ok, "{")+1], []string{post}, 200, ok[:strings.Index(ok, "{")+1]},
		{wire.Mishap{Fault: wire.HalfOpen}, "", nil, 0, ""},
		{wire.Mishap{Fault: wire.Slow, At: 20}, ok[:20], []string{post}, 200, ok[:20]},
		{wire.Mishap{Fault: wire.Reset}, "", []string{post}, 200, ""},
		{wire.Mishap{Fault: wire.Interrupt, Meanwhile: func() { meanwhile++ }}, "", []string{post}, 200, ""},
	} {
		t.Run(tt.m.Fault.String(), func(t *testing.T) {
			b := newBackend(t, says(ok))
			r := listen(t, func() string { return b.URL })
			var silences atomic.Int32
			r.OnSilence(func(wire.Silence) { silences.Add(1) })
			r.Plan(tt.m)
			if heard := talk(t, r, post); heard != tt.heard {
				t.Errorf("device heard %q, want %q", heard, tt.heard)
			}
			all, err := r.WaitFor(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			var first wire.Exchange
			for _, ex := range all {
				if !ex.Replay {
					first = ex
				}
			}
			want := tt.m.Fault
			if want == wire.Refuse {
				want = wire.None
			}
			if first.Fault != want || first.Status != tt.status || string(first.Altered) != tt.altered || string(first.Request) != post || first.Err != nil {
				t.Errorf("on record %+v", first)
			}
			if got := b.requests(); strings.Join(got, "|") != strings.Join(tt.got, "|") {
				t.Errorf("the backend got %q, want %q", got, tt.got)
			}
			if quiet := tt.m.Hasty || want == wire.HalfOpen || want == wire.Slow; quiet != (silences.Load() == 1) {
				t.Errorf("%d silences", silences.Load())
			}
			if heard := talk(t, r, post); heard != ok {
				t.Errorf("the next one heard %q", heard)
			}
			if held := want == wire.Hold; held && len(b.requests()) != 2 {
				t.Errorf("what was held did not arrive behind it: %q", b.requests())
			}
		})
	}
	if meanwhile != 1 {
		t.Errorf("done %d times meanwhile", meanwhile)
	}
}

// What is held arrives behind the next request that passes, and is on record
// before the device has its reply.
func TestHeldArrivesBehindTheNext(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	second := strings.Replace(post, "U2Fs", "AAAA", 1)
	r.Plan(wire.Mishap{Fault: wire.Hold}, wire.Mishap{Fault: wire.DropRequest})
	talk(t, r, post)
	talk(t, r, second) // dropped, so nothing passes
	if got := b.requests(); len(got) != 0 {
		t.Fatalf("the backend got %q", got)
	}
	if talk(t, r, second) != ok {
		t.Fatal("the third did not pass")
	}
	if got := b.requests(); len(got) != 2 || got[0] != second || got[1] != post {
		t.Errorf("the backend got %q", got)
	}
	all := r.Exchanges()
	if last := all[len(all)-1]; !last.Replay || last.Fault != wire.Hold || last.Msg != "U2Fs" {
		t.Errorf("on record %+v", last)
	}
	r.Plan(wire.Mishap{Fault: wire.Hold})
	talk(t, r, post)
	if n := r.Release(); n != 1 || len(b.requests()) != 3 || r.Release() != 0 {
		t.Errorf("released %d, the backend got %d", n, len(b.requests()))
	}
}

// A refusal is had by who dials through the recorder, and by no other.
func TestRefusal(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	r.Plan(wire.Mishap{Fault: wire.DropReply}, wire.Mishap{Fault: wire.Refuse}, wire.Mishap{Fault: wire.Refuse})
	if conn, err := r.Dial(t.Context(), "tcp", r.Addr()); err != nil { // the drop is first
		t.Fatal(err)
	} else {
		conn.Close()
	}
	talk(t, r, post)
	if conn, err := r.Dial(t.Context(), "tcp", strings.TrimPrefix(b.URL, "http://")); err != nil {
		t.Errorf("elsewhere: %v", err)
	} else {
		conn.Close()
	}
	if _, err := r.Dial(t.Context(), "tcp", r.Addr()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%v, want a refusal", err)
	}
	if last := r.Exchanges()[1]; last.Fault != wire.Refuse || !errors.Is(last.Err, syscall.ECONNREFUSED) || last.Request != nil {
		t.Errorf("on record %+v", last)
	}
	if n := r.Forget(); n != 1 || r.Forget() != 0 {
		t.Errorf("forgot %d", n)
	}
}

// What is under way is waited for, though its device has left.
func TestQuiet(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	under, over := make(chan struct{}), make(chan struct{})
	r.Plan(wire.Mishap{Fault: wire.Interrupt, Meanwhile: func() { close(under); <-over }})
	conn := dial(t, r)
	io.WriteString(conn, post)
	<-under
	conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if all, err := r.Quiet(ctx); err == nil {
		t.Errorf("%d exchanges, and one is under way", len(all))
	}
	close(over)
	if all, err := r.Quiet(t.Context()); err != nil || len(all) != 1 || all[0].Fault != wire.Interrupt {
		t.Errorf("%+v, %v", all, err)
	}
}

// A half-open connection stays so until the device has enough of it, and a reset
// one is an error to it.
func TestSilenceAndReset(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	quiet := make(chan struct{})
	r.OnSilence(func(wire.Silence) { close(quiet) })
	r.Plan(wire.Mishap{Fault: wire.HalfOpen}, wire.Mishap{Fault: wire.Reset})
	conn := dial(t, r)
	io.WriteString(conn, post)
	<-quiet
	conn.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := conn.Read(make([]byte, 1)); n > 0 || !errors.As(err, new(net.Error)) {
		t.Errorf("half-open: %d bytes, %v", n, err)
	}
	conn.Close()
	conn = dial(t, r)
	io.WriteString(conn, post)
	if _, err := io.ReadAll(conn); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("reset: %v", err)
	}
}

func FuzzMishap(f *testing.F) {
	f.Add(int(wire.CorruptReply), uint(7), byte(0x80), []byte(ok), []byte(post))
	f.Add(int(wire.CutRequest), uint(3), byte(0), []byte(""), []byte("x"))
	f.Add(int(wire.Hold), uint(0), byte(0), []byte("HTTP/1.1 204 x\r\n\r\n"), []byte(post))
	f.Fuzz(func(t *testing.T, fault int, at uint, bit byte, reply, request []byte) {
		bad := newBackend(t, func(c net.Conn) { c.Write(reply) })
		r := listen(t, func() string { return bad.URL })
		r.Plan(wire.Mishap{Fault: wire.Fault(fault), At: at, Flip: bit, Reply: reply, Meanwhile: func() {}})
		conn := dial(t, r)
		conn.Write(request)
		conn.CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()
		r.Release()
		for _, ex := range r.Exchanges() {
			if !ex.Replay && !bytes.HasPrefix(request, ex.Request) {
				t.Errorf("sent %q, on record %q", request, ex.Request)
			}
		}
	})
}
