package rfc2217

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// unread is how many bytes are kept for a client that does not read, each way
// of telling: what the port says beyond that is lost, and a client that asks
// beyond that is let go.
const unread = 64 << 10

// session is one client's time with the port.
type session struct {
	server *Server
	conn   net.Conn
	decode Decoder
	opts   Options // of the reader alone

	mu        sync.Mutex
	changed   sync.Cond
	replies   []byte // to be sent first
	out       []byte // data, as it goes on the line
	suspended bool   // the client wants no data for now
	writing   bool   // something is on its way
	over      bool
}

func newSession(s *Server, conn net.Conn) *session {
	c := &session{server: s, conn: conn}
	c.changed.L = &c.mu
	for _, ask := range []struct{ verb, option byte }{{WILL, Binary}, {DO, Binary}, {WILL, SGA}, {DO, SGA}, {DO, ComPort}} {
		c.replies = c.opts.Ask(c.replies, ask.verb, ask.option)
	}
	return c
}

func (c *session) name() string { return c.conn.RemoteAddr().String() }

// data queues what the port has said.
func (c *session) data(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.out)+len(p) <= unread {
		c.out = AppendData(c.out, p)
	}
	c.changed.Broadcast()
}

// reply queues what answers the client; build appends it.
func (c *session) reply(build func(dst []byte) []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.replies) > unread {
		return errors.New("it does not read its answers")
	}
	c.replies = build(c.replies)
	c.changed.Broadcast()
	return nil
}

func (c *session) answer(to Command, value ...byte) error {
	return c.reply(func(dst []byte) []byte { return AppendCommand(dst, Answer+to, value...) })
}

// write sends what is queued until the session is over.
func (c *session) write() {
	for {
		p := c.next()
		if len(p) == 0 {
			return
		}
		_ = c.conn.SetWriteDeadline(time.Now().Add(patience))
		if _, err := c.conn.Write(p); err != nil {
			_ = c.conn.Close() // ends the reader, which says so
			c.end(0)
			return
		}
	}
}

// next waits for something to send. Nothing is the end.
func (c *session) next() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = false
	c.changed.Broadcast()
	for !c.over && len(c.replies) == 0 && (len(c.out) == 0 || c.suspended) {
		c.changed.Wait()
	}
	if c.over {
		return nil
	}
	p := c.replies
	if c.replies = nil; !c.suspended {
		p = append(p, c.out...)
		c.out = nil
	}
	c.writing = true
	return p
}

// end ends the session: after what is queued has left, or not so long.
func (c *session) end(patience time.Duration) {
	timer := time.AfterFunc(patience, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.over = true
		c.changed.Broadcast()
	})
	defer timer.Stop()
	c.mu.Lock()
	for !c.over && patience > 0 && (len(c.replies) > 0 || len(c.out) > 0 || c.writing) {
		c.changed.Wait()
	}
	c.over = true
	c.changed.Broadcast()
	c.mu.Unlock()
	_ = c.conn.Close()
}

// read does what the client says until it goes, and returns why it did.
func (c *session) read() error {
	buf := make([]byte, 4096)
	for {
		n, err := c.conn.Read(buf)
		for p := buf[:n]; len(p) > 0; {
			e, rest, err := c.decode.Next(p)
			if err == nil {
				err = c.do(e)
			}
			if err != nil {
				return err
			}
			p = rest
		}
		switch {
		case errors.Is(err, io.EOF):
			return errors.New("it closed the connection")
		case errors.Is(err, net.ErrClosed):
			return errors.New("the server has ended the connection")
		case err != nil:
			return err
		}
	}
}

func (c *session) do(e Event) error {
	switch e.Kind {
	case Data:
		if _, err := c.server.port.Write(e.Payload); err != nil {
			return fmt.Errorf("the port takes no more: %w", err)
		}
	case Negotiation:
		before := c.opts.On(ComPort)
		if err := c.reply(func(dst []byte) []byte { return c.opts.Hear(dst, e.Verb, e.Option) }); err != nil {
			return err
		}
		if !before && c.opts.On(ComPort) {
			return c.answer(NotifyModem, modemState)
		}
	case Subnegotiation:
		if command, value, ok := e.Command(); ok && c.opts.On(ComPort) {
			return c.obey(command, value)
		}
	}
	return nil
}
