package soc

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// States of the link, as STATUS shows them.
const (
	linkIdle = iota
	linkConnecting
	linkOpen
	linkEnded // by the peer; RX may still hold bytes
	linkRefused
	linkTimeout // of the host's attempt to connect
	linkBroken
)

const (
	// linkTimeLimit, of the host's time, bounds an attempt to connect, a
	// write, and how long a blocking STATUS waits for a silent peer.
	linkTimeLimit = 10 * time.Second
	// linkBuffer is how much is received ahead of the program, and how much
	// is kept for FLUSH.
	linkBuffer = 64 << 10
)

type dialer = func(ctx context.Context, network, addr string) (net.Conn, error)

// conversation is one connection, from its CONNECT to its CLOSE. A goroutine
// connects and receives; all else is done by who drives the registers. A nil
// conversation is idle.
type conversation struct {
	cancel context.CancelFunc

	mu     sync.Mutex
	news   *sync.Cond // for changes of what follows
	state  uint32
	rx     []byte
	conn   net.Conn // nil until open
	asked  bool     // the program has sent something
	ended  bool     // by the program
	silent bool     // the peer has been waited for in vain
}

func newConversation(cancel context.CancelFunc) *conversation {
	c := &conversation{cancel: cancel, state: linkConnecting}
	c.news = sync.NewCond(&c.mu)
	return c
}

// run connects and receives until either side ends it.
func (c *conversation) run(ctx context.Context, dial dialer, addr string) {
	defer c.cancel()
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", addr)
	if err != nil {
		c.change(dialState(err), nil)
		return
	}
	defer conn.Close()
	if !c.open(conn) {
		return
	}
	buf := make([]byte, 4096)
	for err == nil && c.room() {
		var n int
		n, err = conn.Read(buf)
		c.change(readState(err), buf[:n])
	}
}

// change adds to RX and sets the state.
func (c *conversation) change(state uint32, p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = state
	c.rx = append(c.rx, p...)
	c.silent = false
	c.news.Broadcast()
}

// open hands the connection over, unless the program has lost interest.
func (c *conversation) open(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	c.conn, c.state = conn, linkOpen
	c.news.Broadcast()
	return true
}

// room waits for room in RX. It is false once the program has ended it.
func (c *conversation) room() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.rx) >= linkBuffer && !c.ended {
		c.news.Wait()
	}
	return !c.ended
}

// status returns STATUS.
func (c *conversation) status(blocking bool) uint32 {
	if c == nil {
		return linkIdle
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !blocking {
		return c.state | uint32(min(len(c.rx), 0xffff))<<16
	}
	c.await()
	if len(c.rx) > 0 {
		return linkOpen | 1<<16
	}
	return c.state
}

// await waits until there is a byte or an end, or the peer counts as silent.
func (c *conversation) await() {
	if !c.quiet() {
		return
	}
	limit := time.AfterFunc(linkTimeLimit, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.silent = true
		c.news.Broadcast()
	})
	defer limit.Stop()
	for c.quiet() {
		c.news.Wait()
	}
}

// quiet reports whether there is nothing to tell, and something to hope for: a
// connection, which dial bounds, or the answer to what was sent.
func (c *conversation) quiet() bool {
	hope := c.state == linkConnecting || c.state == linkOpen && c.asked && !c.silent
	return hope && len(c.rx) == 0 && !c.ended
}

// receive takes a byte from RX, zero if there is none.
func (c *conversation) receive() uint32 {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.rx) == 0 {
		return 0
	}
	b := c.rx[0]
	c.rx = c.rx[1:]
	c.news.Broadcast()
	return uint32(b)
}

// send writes p to the peer. Where there is none it is lost.
func (c *conversation) send(p []byte) {
	if c == nil {
		return
	}
	c.mu.Lock()
	conn := c.conn
	c.asked, c.silent = true, false
	c.mu.Unlock()
	if conn == nil {
		return
	}
	// Whether it arrives shows in what is received.
	conn.SetWriteDeadline(time.Now().Add(linkTimeLimit))
	if _, err := conn.Write(p); err != nil {
		conn.Close()
	}
}

// end drops the connection. Who waits for news gets them.
func (c *conversation) end() {
	if c == nil {
		return
	}
	c.cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.conn != nil {
		c.conn.Close()
	}
	c.news.Broadcast()
}

func dialState(err error) uint32 {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return linkRefused
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return linkTimeout
	}
	return linkBroken
}

func readState(err error) uint32 {
	switch {
	case err == nil:
		return linkOpen
	case errors.Is(err, io.EOF):
		return linkEnded
	}
	return linkBroken
}
