package soc

import (
	"context"
	"encoding/binary"
	"net/netip"
	"sync"
)

// LinkBase is where the link device answers. Its registers, from there:
//
//	00 ID      ro  LinkID
//	04 CTRL    wo  1 connect to HOST and PORT, which empties RX; 2 close
//	08 STATUS  ro  3:0 one of the states below; 31:16 bytes in RX, at most 0xffff
//	0c TX      wo  7:0 is added to what FLUSH sends; 64 KiB send themselves
//	10 FLUSH   wo  send
//	14 RX      ro  7:0 is taken from what was received, 0 where there is none
//	18 HOST    rw  IPv4 address as a number, 127.0.0.1 = 0x7f000001
//	1c PORT    rw
//
// It raises no interrupt. A blocking link hides what depends on the host's
// timing: STATUS waits for the connection and, once something was sent, for news
// while there are neither bytes nor an end; it shows one byte at most, and the
// end only after the last one.
const LinkBase = 0x6000e000

// LinkID is what ID reads: "EPL1".
const LinkID = 0x45504c31

// Link is the network of a virtual board: one TCP connection at a time.
type Link struct {
	dial     dialer
	blocking bool

	host, port uint32
	tx         []byte

	mu      sync.Mutex // guards what follows, for Machine.Close
	current *conversation
	shut    bool // no more connections
}

func newLink(dial dialer, blocking bool) *Link {
	return &Link{dial: dial, blocking: blocking}
}

func (l *Link) load(off uint32) (uint32, error) {
	c := l.conversation()
	switch off {
	case 0x00:
		return LinkID, nil
	case 0x08:
		return c.status(l.blocking), nil
	case 0x14:
		return c.receive(), nil
	case 0x18:
		return l.host, nil
	case 0x1c:
		return l.port, nil
	}
	return 0, ErrUnknown
}

func (l *Link) store(off, v uint32) error {
	switch {
	case off == 0x04 && v == 1:
		l.connect()
	case off == 0x04 && v == 2:
		l.close()
	case off == 0x0c:
		if l.tx = append(l.tx, byte(v)); len(l.tx) == linkBuffer {
			l.flush()
		}
	case off == 0x10 && v == 1:
		l.flush()
	case off == 0x18:
		l.host = v
	case off == 0x1c:
		l.port = v & 0xffff
	default:
		return ErrUnknown
	}
	return nil
}

func (l *Link) reset() {
	l.close()
	l.host, l.port, l.tx = 0, 0, nil
}

func (l *Link) flush() {
	l.conversation().send(l.tx)
	l.tx = nil
}

func (l *Link) connect() {
	l.close()
	l.tx = nil
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], l.host)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), linkTimeLimit)
	l.current = newConversation(cancel)
	go l.current.run(ctx, l.dial, netip.AddrPortFrom(netip.AddrFrom4(ip), uint16(l.port)).String())
}

// close ends the connection.
func (l *Link) close() {
	l.conversation().end()
	l.mu.Lock()
	l.current = nil
	l.mu.Unlock()
}

// shutdown ends the connection, and all attempts at another. It may be called
// from any goroutine.
func (l *Link) shutdown() {
	l.mu.Lock()
	l.shut = true
	l.mu.Unlock()
	l.close()
}

func (l *Link) conversation() *conversation {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.current
}
