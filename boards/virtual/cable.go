package virtual

import (
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/fifo"
)

// cable is what a board that runs by itself is connected with.
type cable interface {
	send(p []byte)                 // what the host does not read in time is lost
	finish(patience time.Duration) // nothing more is sent
	baud() (int, error)            // the speed that the host has set; 0: it told the board itself
}

var _ cable = (*livePort)(nil)

// livePort is a [boards.Port] of a board that runs by itself.
type livePort struct {
	memoryPort
	out *fifo.Queue
}

// Live connects to the board in memory, powers it and runs it by itself until
// Close, in step with the wall clock while it idles. What nobody reads is lost
// after a while, and the board goes on. It is the port for a host that is far
// away, and whose two modem lines arrive one long after the other: see
// bothTime.
func (b *Board) Live() (boards.Port, error) {
	if err := b.assemble(false); err != nil {
		return nil, err
	}
	p := &livePort{memoryPort: memoryPort{b: b, timeout: -1}, out: fifo.New(unread)}
	b.mu.Lock()
	b.board.between = bothTime
	b.mu.Unlock()
	b.start(p)
	return p, nil
}

func (p *livePort) send(data []byte) {
	if len(data) > 0 {
		p.out.Put(data)
	}
}

// finish keeps what was sent for the host to read, and ends with the reason.
func (p *livePort) finish(time.Duration) {
	err := p.b.Err()
	if err == nil {
		err = ErrClosed
	}
	p.out.Close(err)
}

func (p *livePort) baud() (int, error) { return 0, nil }

func (p *livePort) Read(buf []byte) (int, error) {
	p.mu.Lock()
	timeout := p.timeout
	p.mu.Unlock()
	return p.out.Read(buf, timeout)
}

// Close disconnects the host. The board runs on.
func (p *livePort) Close() error {
	err := p.memoryPort.Close()
	p.out.Close(p.gone())
	return err
}
