package porttest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Proxy is a network between a client and a server, as slow and as unreliable
// as a test wants it.
type Proxy struct {
	listener net.Listener
	target   string
	delay    time.Duration
	work     sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
	over  bool
}

// NewProxy returns a way to the server at target on which every byte takes
// delay, each way.
func NewProxy(target string, delay time.Duration) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("porttest: a proxy to %s: %w", target, err)
	}
	p := &Proxy{listener: l, target: target, delay: delay, conns: map[net.Conn]bool{}}
	p.work.Go(p.accept)
	return p, nil
}

// Addr is where clients connect.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Cut drops all connections, as when somebody pulls a plug out of a switch that
// tells both ends.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	p.over = true
	p.mu.Unlock()
	p.Cut()
	p.work.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		near, err := p.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		if !p.keep(near, far) {
			continue
		}
		p.work.Go(func() { p.carry(near, far) })
		p.work.Go(func() { p.carry(far, near) })
	}
}

func (p *Proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range conns {
		if p.over {
			_ = conn.Close()
		}
		p.conns[conn] = true
	}
	return !p.over
}

// parcel is what was read at once, and when it may arrive.
type parcel struct {
	data []byte
	due  time.Time
}

// carry moves bytes one way until either end goes.
func (p *Proxy) carry(from, to net.Conn) {
	way := make(chan parcel, 4096)
	p.work.Go(func() {
		defer to.Close()
		for parcel := range way {
			time.Sleep(time.Until(parcel.due))
			if _, err := to.Write(parcel.data); err != nil {
				_ = from.Close()
			}
		}
	})
	defer close(way)
	for {
		buf := make([]byte, 4096)
		n, err := from.Read(buf)
		way <- parcel{buf[:n], time.Now().Add(p.delay)}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = to.Close()
			}
			return
		}
	}
}
