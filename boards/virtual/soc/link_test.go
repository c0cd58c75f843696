package soc_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Registers of the link, and its states.
const (
	linkCtrl   = soc.LinkBase + 0x04
	linkStatus = soc.LinkBase + 0x08
	linkTX     = soc.LinkBase + 0x0c
	linkFlush  = soc.LinkBase + 0x10
	linkRX     = soc.LinkBase + 0x14
	linkHost   = soc.LinkBase + 0x18
	linkPort   = soc.LinkBase + 0x1c

	idle, connecting, opened, ended, refused, timeout, broken = 0, 1, 2, 3, 4, 5, 6
)

// connect asks for a connection to what listens at a.
func (b *bench) connect(a net.Addr) {
	b.t.Helper()
	b.set(linkHost, 0x7f000001)
	b.set(linkPort, uint32(a.(*net.TCPAddr).Port))
	b.set(linkCtrl, 1)
}

// say sends text.
func (b *bench) say(text string) {
	b.t.Helper()
	for _, c := range []byte(text) {
		b.set(linkTX, uint32(c))
	}
	b.set(linkFlush, 1)
}

// hear takes n bytes, there or not.
func (b *bench) hear(n int) string {
	b.t.Helper()
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(b.get(linkRX))
	}
	return string(p)
}

// hearAll takes bytes as a blocking link shows them, and returns the state that
// ends them.
func (b *bench) hearAll() (text string, state uint32) {
	b.t.Helper()
	for {
		switch s := b.get(linkStatus); s {
		case opened | 1<<16:
			text += b.hear(1)
		default:
			return text, s
		}
	}
}

// server answers each connection to a listener of its own.
func server(t *testing.T, answer func(*net.TCPConn)) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			answer(conn.(*net.TCPConn))
			conn.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr()
}

// request reads one, which ends with a dot.
func request(conn net.Conn) string {
	var text []byte
	for p := make([]byte, 1); !bytes.HasSuffix(text, []byte(".")); text = append(text, p...) {
		if _, err := io.ReadFull(conn, p); err != nil {
			break
		}
	}
	return string(text)
}

// A blocking link waits for a real peer, so that these need no waiting.
func TestLinkConversation(t *testing.T) {
	addr := server(t, func(conn *net.TCPConn) {
		conn.Write([]byte("<" + request(conn) + "\x00\xff>"))
	})
	b := newBench(t, soc.Config{Blocking: true})
	b.want("ID", soc.LinkBase, soc.LinkID)
	for range 2 {
		b.connect(addr)
		b.want("open", linkStatus, opened)
		b.say("GET /.")
		if text, state := b.hearAll(); text != "<GET /.\x00\xff>" || state != ended {
			t.Errorf("%q, then state %d", text, state)
		}
		b.want("RX is empty", linkRX, 0)
		b.set(linkCtrl, 2)
		b.want("closed", linkStatus, idle)
	}
}

func TestLinkRefused(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	b := newBench(t, soc.Config{Blocking: true})
	b.connect(l.Addr())
	b.want("nobody listens", linkStatus, refused)
	b.say("lost.")
	b.want("RX", linkRX, 0)
	b.want("still", linkStatus, refused)
}

func TestLinkReset(t *testing.T) {
	addr := server(t, func(conn *net.TCPConn) {
		request(conn)
		conn.SetLinger(0) // Close resets
	})
	b := newBench(t, soc.Config{Blocking: true})
	b.connect(addr)
	b.want("open", linkStatus, opened)
	b.say("please.")
	b.want("reset by the peer", linkStatus, broken)
}

// A peer that stays silent does not hold a blocking link for ever.
func TestLinkSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, peer := piped(t, true)
		start := time.Now()
		b.want("nothing asked", linkStatus, opened)
		if d := time.Since(start); d != 0 {
			t.Errorf("waits %v for an answer to nothing", d)
		}
		for range 2 {
			start = time.Now()
			go request(peer)
			b.say("hello.")
			b.want("after the time limit", linkStatus, opened)
			if d := time.Since(start); d != 10*time.Second {
				t.Errorf("waits %v", d)
			}
			b.want("at once", linkStatus, opened)
			if d := time.Since(start); d != 10*time.Second {
				t.Errorf("waits %v for a peer that is known to be silent", d)
			}
		}
	})
}

// piped returns a chip whose link is connected to the other end of a pipe. It
// is for use in a bubble of synctest.
func piped(t *testing.T, blocking bool) (*bench, net.Conn) {
	t.Helper()
	near, far := net.Pipe()
	b := newBench(t, soc.Config{Blocking: blocking, Dial: func(context.Context, string, string) (net.Conn, error) { return near, nil }})
	t.Cleanup(func() { far.Close() })
	b.set(linkCtrl, 1)
	synctest.Wait()
	return b, far
}

func TestLinkShowsWhatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, peer := piped(t, false)
		b.want("open", linkStatus, opened)
		b.want("RX is empty", linkRX, 0)
		peer.Write([]byte("abc"))
		synctest.Wait()
		b.want("three bytes", linkStatus, opened|3<<16)
		if got := b.hear(1); got != "a" {
			t.Errorf("%q", got)
		}
		peer.Write([]byte("d"))
		peer.Close()
		synctest.Wait()
		b.want("the end, with bytes left", linkStatus, ended|3<<16)
		if got := b.hear(4); got != "bcd\x00" {
			t.Errorf("%q", got)
		}
		b.want("the end", linkStatus, ended)
	})
}

func TestLinkConnectEmpties(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		peers := make(chan net.Conn, 2)
		b := newBench(t, soc.Config{Dial: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			peers <- far
			return near, nil
		}})
		b.set(linkCtrl, 1)
		first := <-peers
		first.Write([]byte("old"))
		b.set(linkTX, 'x')
		b.set(linkCtrl, 1)
		second := <-peers
		synctest.Wait()
		b.want("RX is empty", linkStatus, opened)
		if _, err := first.Write([]byte("more")); err == nil {
			t.Error("the connection before is still open")
		}
		go b.say("y.")
		if got := request(second); got != "y." {
			t.Errorf("%q is sent", got)
		}
	})
}

// Nothing is sent before FLUSH, and all at once then.
func TestLinkFlush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, peer := piped(t, false)
		got := make(chan string, 8)
		go func() {
			for p := make([]byte, 1<<20); ; {
				n, err := peer.Read(p)
				if err != nil {
					return
				}
				got <- string(p[:n])
			}
		}()
		for _, c := range []uint32{'a', 'b', 0x1ff} {
			b.set(linkTX, c)
		}
		synctest.Wait()
		if len(got) != 0 {
			t.Errorf("%q is sent without FLUSH", <-got)
		}
		b.set(linkFlush, 1)
		if s := <-got; s != "ab\xff" {
			t.Errorf("%q", s)
		}
	})
}

// A peer that does not read holds FLUSH for a while, and then has broken it.
func TestLinkDeafPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := piped(t, false)
		start := time.Now()
		b.say("hello?")
		if d := time.Since(start); d != 10*time.Second {
			t.Errorf("holds it for %v", d)
		}
		synctest.Wait()
		b.want("then", linkStatus, broken)
	})
}

// What a program never flushes does not grow without bound.
func TestLinkFullTX(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, peer := piped(t, false)
		sent := make(chan int, 1)
		go func() {
			n, _ := io.ReadFull(peer, make([]byte, 64<<10))
			sent <- n
		}()
		for range 64<<10 - 1 {
			b.set(linkTX, 'y')
		}
		synctest.Wait()
		if len(sent) != 0 {
			t.Errorf("%d bytes are sent early", <-sent)
		}
		b.set(linkTX, 'z')
		if n := <-sent; n != 64<<10 {
			t.Errorf("%d bytes", n)
		}
	})
}

// A reply without end waits in the host's buffers, not in the board's memory.
func TestLinkHugeReply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, peer := piped(t, false)
		sent := 0 // bytes that were accepted; for reading when all is still
		go func() {
			for {
				n, err := peer.Write([]byte{byte(sent), byte(sent >> 8), byte(sent >> 16)})
				sent += n
				if err != nil {
					return
				}
			}
		}()
		synctest.Wait()
		b.want("saturated", linkStatus, opened|0xffff<<16)
		if sent < 64<<10 || sent > 68<<10 {
			t.Errorf("%d bytes are received ahead", sent)
		}
		before := sent
		for at := 0; at < 1<<18; at += 3 { // 256 KiB, in order
			if b.get(linkStatus)>>16 < 3 {
				synctest.Wait()
			}
			if got, want := b.hear(3), string([]byte{byte(at), byte(at >> 8), byte(at >> 16)}); got != want {
				t.Fatalf("at %d: % x, want % x", at, got, want)
			}
		}
		synctest.Wait()
		if ahead := sent - 1<<18; ahead > 68<<10 || sent <= before {
			t.Errorf("%d bytes are received ahead", ahead)
		}
		b.set(linkCtrl, 2)
		synctest.Wait()
		b.want("closed", linkStatus, idle)
		if _, err := peer.Write([]byte{0}); err == nil {
			t.Error("the peer is not told")
		}
	})
}

func TestLinkStates(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want uint32
	}{
		{"refused", &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, refused},
		{"timeout", context.DeadlineExceeded, timeout},
		{"timeout of the system", os.NewSyscallError("connect", syscall.ETIMEDOUT), timeout},
		{"no route", os.NewSyscallError("connect", syscall.ENETUNREACH), broken},
		{"anything else", errors.New("no"), broken},
	} {
		b := newBench(t, soc.Config{Blocking: true, Dial: func(context.Context, string, string) (net.Conn, error) { return nil, tt.err }})
		b.want("before", linkStatus, idle)
		b.set(linkCtrl, 1)
		b.want(tt.name, linkStatus, tt.want)
	}
}

func TestLinkDials(t *testing.T) {
	dialed := make(chan string, 1)
	b := newBench(t, soc.Config{Blocking: true, Dial: func(_ context.Context, network, addr string) (net.Conn, error) {
		dialed <- network + " " + addr
		return nil, io.EOF
	}})
	b.set(linkHost, 0xc0000201)
	b.set(linkPort, 0xffff0000|1880)
	b.want("port", linkPort, 1880)
	b.want("host", linkHost, 0xc0000201)
	b.set(linkCtrl, 1)
	if got := <-dialed; got != "tcp 192.0.2.1:1880" {
		t.Error(got)
	}
}

// An attempt that leads nowhere ends by itself, or with what ends the link.
func TestLinkHangs(t *testing.T) {
	hang := func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, soc.Config{Blocking: true, Dial: hang})
		start := time.Now()
		b.set(linkCtrl, 1)
		b.want("by itself", linkStatus, timeout)
		if d := time.Since(start); d != 10*time.Second {
			t.Errorf("after %v", d)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, soc.Config{Dial: hang})
		b.set(linkCtrl, 1)
		synctest.Wait()
		b.want("meanwhile", linkStatus, connecting)
		b.Reset(soc.Ext, soc.StrapFlash)
		b.want("after a reset", linkStatus, idle)
	})
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, soc.Config{Blocking: true, Dial: hang})
		start := time.Now()
		b.set(linkCtrl, 1)
		go func() {
			time.Sleep(time.Second)
			b.Close()
		}()
		b.get(linkStatus)
		if d := time.Since(start); d != time.Second {
			t.Errorf("Close ends it after %v", d)
		}
		b.set(linkCtrl, 1)
		b.want("after Close there are no connections", linkStatus, idle)
	})
}

// A connection that comes when nobody wants it any more is closed.
func TestLinkLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		late := make(chan struct{})
		b := newBench(t, soc.Config{Dial: func(context.Context, string, string) (net.Conn, error) { <-late; return near, nil }})
		b.set(linkCtrl, 1)
		b.set(linkCtrl, 2)
		close(late)
		if _, err := far.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("%v", err)
		}
		b.want("closed", linkStatus, idle)
	})
}

func TestLinkWithoutConnection(t *testing.T) {
	b := newBench(t, soc.Config{})
	b.say("into the void")
	b.want("RX", linkRX, 0)
	b.set(linkCtrl, 2)
	b.want("state", linkStatus, idle)
	for _, tt := range []struct{ addr, v uint32 }{{linkCtrl, 0}, {linkCtrl, 3}, {linkFlush, 0}, {linkStatus, 0}, {soc.LinkBase, 0}, {linkRX, 0}} {
		if err := b.Write32(tt.addr, tt.v); !errors.Is(err, soc.ErrUnknown) {
			t.Errorf("0x%x to 0x%08x: %v", tt.v, tt.addr, err)
		}
	}
}
