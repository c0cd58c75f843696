package wire_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/wire"
)

// post is a request as firmware writes it.
const post = "POST /data/12FA HTTP/1.1\r\nhost: x\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"msg\":\"U2Fs\"}"

// ok is a reply as a backend writes it.
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"

// backend is a raw TCP peer: it reads one request per connection and hands it
// to answer, which writes what it likes before the connection is closed.
type backend struct {
	URL string

	mu  sync.Mutex
	got []string
}

func newBackend(t *testing.T, answer func(net.Conn)) *backend {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	b := &backend{URL: "http://" + ln.Addr().String()}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go b.serve(conn, answer)
		}
	}()
	return b
}

func (b *backend) serve(conn net.Conn, answer func(net.Conn)) {
	defer conn.Close()
	var raw strings.Builder
	req, err := http.ReadRequest(bufio.NewReader(io.TeeReader(conn, &raw)))
	if err != nil {
		return
	}
	if _, err := io.Copy(io.Discard, req.Body); err != nil {
		return
	}
	b.mu.Lock()
	b.got = append(b.got, raw.String())
	b.mu.Unlock()
	answer(conn)
}

// requests returns the bytes of each request that the backend has read whole.
func (b *backend) requests() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.got...)
}

func says(text string) func(net.Conn) {
	return func(c net.Conn) { io.WriteString(c, text) }
}

func listen(t *testing.T, upstream func() string) *wire.Recorder {
	t.Helper()
	r, err := wire.Listen(t.Context(), upstream)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func dial(t *testing.T, r *wire.Recorder) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	return conn.(*net.TCPConn)
}

// talk writes request to the recorder, closes its own direction, and returns
// all that comes back.
func talk(t *testing.T, r *wire.Recorder, request string) string {
	t.Helper()
	conn := dial(t, r)
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	conn.CloseWrite()
	reply, err := io.ReadAll(conn)
	if err != nil && !strings.Contains(err.Error(), "connection reset") {
		t.Fatal(err)
	}
	return string(reply)
}

func TestAddressOutlivesTheBackends(t *testing.T) {
	first := newBackend(t, says(ok))
	second := newBackend(t, says(strings.Replace(ok, "OK\"}", "NO\"}", 1)))
	now := first.URL
	r := listen(t, func() string { return now })
	if got := talk(t, r, post); got != ok {
		t.Errorf("from the first backend: %q", got)
	}
	now = second.URL
	if got := talk(t, r, post); !strings.Contains(got, `{"status":"NO"}`) {
		t.Errorf("from the second backend: %q", got)
	}
	if n, m := len(first.requests()), len(second.requests()); n != 1 || m != 1 {
		t.Errorf("the backends got %d and %d requests, want 1 each", n, m)
	}
}

func TestBackendDown(t *testing.T) {
	for _, url := range []string{"http://127.0.0.1:1", "http://127.0.0.1:1/prefix", "127.0.0.1:1", "ftp://127.0.0.1:1", "", "http://[::1"} {
		r := listen(t, func() string { return url })
		if got := talk(t, r, post); !strings.HasPrefix(got, "HTTP/1.1 502 ") || !strings.Contains(got, "Server: espalier-wire") {
			t.Errorf("%q: device got %q", url, got)
		}
		ex := r.Exchanges()
		if len(ex) != 1 || ex[0].Status != 502 || !errors.Is(ex[0].Err, wire.ErrUpstream) || ex[0].Msg != "U2Fs" {
			t.Errorf("%q: record %+v", url, ex)
		}
	}
}

func TestFaults(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	r.Next(wire.DropRequest)
	r.Next(wire.DropReply)
	for i, tt := range []struct {
		fault     wire.Fault
		heard     string
		status    int
		delivered int // requests at the backend so far
	}{
		{wire.DropRequest, "", 0, 0},
		{wire.DropReply, "", 200, 1},
		{wire.None, ok, 200, 2}, // one-shot: the third request is left alone
	} {
		heard := talk(t, r, post)
		all, err := r.WaitFor(t.Context(), i+1)
		if err != nil {
			t.Fatal(err)
		}
		ex := all[i]
		if heard != tt.heard || ex.Fault != tt.fault || ex.Status != tt.status || string(ex.Request) != post || ex.Err != nil {
			t.Errorf("step %d: device heard %q; record %+v", i+1, heard, ex)
		}
		if n := len(b.requests()); n != tt.delivered {
			t.Errorf("step %d: backend got %d requests, want %d", i+1, n, tt.delivered)
		}
	}
}

func TestOnRecordBeforeTheDeviceHearsOfIt(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	for i := range 100 {
		if got := talk(t, r, post); got != ok {
			t.Fatalf("message %d: %q", i+1, got)
		}
		if all := r.Exchanges(); len(all) != i+1 || all[i].N != i+1 || string(all[i].Reply) != ok {
			t.Fatalf("message %d was answered with %d exchanges on record", i+1, len(all))
		}
	}
}

func TestReplays(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	r.Next(wire.DropRequest) // meant for the device: replays are not touched
	if got := talk(t, r, post); got != "" {
		t.Fatalf("device heard %q", got)
	}
	captured := r.Exchanges()[0]
	if _, err := r.Replay(t.Context(), captured.Request); err != nil {
		t.Fatal(err)
	}
	if got := b.requests(); len(got) != 1 || got[0] != post {
		t.Errorf("the backend got %q", got)
	}

	const copies = 32
	var wg sync.WaitGroup
	for range copies {
		wg.Go(func() {
			ex, err := r.Send(t.Context(), "a/b ü", `<&"`)
			if err != nil || !ex.Replay || ex.Status != 200 || ex.Msg != `<&"` || string(ex.ReplyBody()) != `{"status":"OK"}` {
				t.Errorf("Send: %+v, %v", ex, err)
			}
		})
	}
	wg.Wait()
	got := b.requests()
	if len(got) != 1+copies || !strings.HasPrefix(got[copies], "POST /data/a%2Fb%20%C3%BC HTTP/1.1\r\n") {
		t.Errorf("the backend got %d requests, the last %q", len(got), got[len(got)-1])
	}
	for i, ex := range r.Exchanges() {
		if ex.N != i+1 || ex.Replay != (i > 0) {
			t.Errorf("exchange %d: N=%d Replay=%v", i+1, ex.N, ex.Replay)
		}
	}

	if _, err := r.Replay(t.Context(), []byte("no request")); !errors.Is(err, wire.ErrMalformed) {
		t.Errorf("replay of what is no request: %v", err)
	}
	r2 := listen(t, func() string { return "http://127.0.0.1:1" })
	if ex, err := r2.Send(t.Context(), "12FA", "x"); !errors.Is(err, wire.ErrUpstream) || ex.Status != 502 {
		t.Errorf("replay to nobody: %+v, %v", ex, err)
	}
}

func TestWaitFor(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	go io.WriteString(dial(t, r), post)
	if all, err := r.WaitFor(t.Context(), 1); err != nil || len(all) != 1 {
		t.Errorf("WaitFor 1: %d exchanges, %v", len(all), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if all, err := r.WaitFor(ctx, 2); !errors.Is(err, wire.ErrSilence) || !errors.Is(err, context.Canceled) || len(all) != 1 {
		t.Errorf("WaitFor 2: %d exchanges, %v", len(all), err)
	}
	r.Close()
	if _, err := r.WaitFor(t.Context(), 2); !errors.Is(err, wire.ErrClosed) {
		t.Errorf("WaitFor after Close: %v", err)
	}
	if n := len(r.Exchanges()); n != 1 {
		t.Errorf("%d exchanges after Close, want 1", n)
	}
}

func TestListenOn(t *testing.T) {
	taken := listen(t, func() string { return "" })
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", ":0", "127.0.0.1", "203.0.113.1:0", taken.Addr()} {
		if r, err := wire.ListenOn(t.Context(), addr, nil); !errors.Is(err, wire.ErrAddress) {
			t.Errorf("%q: recorder %v, error %v", addr, r, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, err := wire.Listen(ctx, func() string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	conn := dial(t, r)
	cancel()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("a connection outlived the recorder's context")
	}
	if err := r.Close(); err != nil {
		t.Error(fmt.Errorf("Close after the context ended: %w", err))
	}
}
