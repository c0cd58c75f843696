package port

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/fifo"
	"github.com/espalier-hil/espalier/boards/rfc2217"
)

var _ boards.Port = (*remote)(nil)

// Times that a server and the network to it get.
const (
	dialTime   = 5 * time.Second  // for the connection
	answerTime = 3 * time.Second  // for any answer, unless the URL says otherwise (pyserial's default)
	sendTime   = 15 * time.Second // for what is sent to leave, or to be acknowledged by the network
	promptTime = time.Second      // for what a server without RFC 2217 says for itself
	pauses     = 5                // answerTimes for a pause that the server asks for
)

// unreadLimit is how many bytes may wait for a reader. Nothing that speaks as
// slowly as a serial port comes near it.
const unreadLimit = 4 << 20

// keepAlive notices within sendTime that the other end is gone without a word.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 5}

// remote is a serial port at the other end of a network, served by RFC 2217.
type remote struct {
	name    string
	conn    net.Conn
	patient time.Duration // for an answer
	ignore  bool          // nobody waits for SET-CONTROL

	in       *fifo.Queue
	answers  chan answer
	agreed   chan struct{} // closed when both ends speak RFC 2217
	refused  chan struct{} // closed when the other end will not
	gone     chan struct{} // closed when the port is lost
	reader   sync.WaitGroup
	changing sync.Mutex // one question at a time
	mute     error      // why lines are not asked for again; guarded by changing
	trip     time.Duration

	mu      sync.Mutex
	opts    rfc2217.Options
	timeout time.Duration // of the next Read
	lost    error
	closed  bool
	resumed chan struct{} // nil, or closed when the server wants data again
}

// answer is what a server says to a command.
type answer struct {
	command rfc2217.Command // without the offset of answers
	value   []byte
}

// openRemote connects to a server and sets its port to baud, 8N1.
func openRemote(name string, baud int) (boards.Port, error) {
	addr, err := rfc2217.Parse(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrName, err)
	}
	dialer := net.Dialer{Timeout: dialTime, KeepAliveConfig: keepAlive, Control: giveUpAfter(sendTime)}
	conn, err := dialer.Dial("tcp", addr.HostPort)
	if err != nil {
		return nil, unreachable(name, err)
	}
	r := &remote{
		name: name, conn: conn, patient: addr.Timeout, ignore: addr.IgnoreControl,
		in: fifo.New(unreadLimit), answers: make(chan answer, 64), timeout: -1,
		agreed: make(chan struct{}), refused: make(chan struct{}), gone: make(chan struct{}),
	}
	if r.patient == 0 {
		r.patient = answerTime
	}
	if err := r.setUp(baud); err != nil {
		_ = r.Close() // the reason is known already
		return nil, err
	}
	return r, nil
}

// unreachable says why there is no connection, and what a person can do.
func unreachable(name string, err error) error {
	var dns *net.DNSError
	advice := "is the host on, and does the network reach it?"
	switch {
	case errors.As(err, &dns):
		advice = "is the host's name right?"
	case errors.Is(err, syscall.ECONNREFUSED):
		advice = "nothing listens there: is the server running (espalier virtual --listen, ser2net), and is the port's number right?"
	}
	return fmt.Errorf("%w: %s: %w; %s", ErrAbsent, name, err, advice)
}

// RoundTrip is how long the server took to answer the first question: there
// and back through the network.
func (r *remote) RoundTrip() time.Duration { return r.trip }

// Read implements [boards.Port].
func (r *remote) Read(p []byte) (int, error) {
	r.mu.Lock()
	timeout := r.timeout
	r.mu.Unlock()
	return r.in.Read(p, timeout)
}

// Write implements [boards.Port]: all of p, or an error. It waits while the
// server wants no data.
func (r *remote) Write(p []byte) (int, error) {
	if err := r.mayWrite(); err != nil {
		return 0, err
	}
	if err := r.send(rfc2217.AppendData(nil, p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (r *remote) mayWrite() error {
	r.mu.Lock()
	lost, resumed := r.lost, r.resumed
	r.mu.Unlock()
	if lost != nil || resumed == nil {
		return lost
	}
	limit := pauses * r.patient
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-resumed:
		return r.isLost()
	case <-timer.C:
		return r.lose("write", fmt.Errorf("%w: it has asked for a pause, and not ended it within %v", ErrServer, limit))
	}
}

// send puts bytes on the connection.
func (r *remote) send(p []byte) error {
	if err := r.isLost(); err != nil {
		return err
	}
	if err := r.conn.SetWriteDeadline(time.Now().Add(sendTime)); err != nil {
		return r.lose("write", err)
	}
	if _, err := r.conn.Write(p); err != nil {
		return r.lose("write", err)
	}
	return nil
}

func (r *remote) isLost() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lost
}

// lose keeps the first error of the port, which is returned from then on.
func (r *remote) lose(what string, err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.lost != nil {
		return r.lost
	}
	switch {
	case r.closed:
		r.lost = fmt.Errorf("port: %s: %w", r.name, os.ErrClosed)
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		r.lost = fmt.Errorf("port: %s: the connection was dropped by the other end: %w", r.name, err)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT):
		// Not wrapped: to a reader it would mean that nothing came in time.
		r.lost = fmt.Errorf("port: %s: the connection is dead: %s: %v", r.name, what, err)
	default:
		r.lost = fmt.Errorf("port: %s: %s: %w", r.name, what, err)
	}
	if !r.closed {
		r.lost = lostError{r.lost}
	}
	close(r.gone)
	if r.resumed != nil {
		close(r.resumed)
		r.resumed = nil
	}
	r.in.Close(r.lost)
	return r.lost
}

func (r *remote) SetReadTimeout(d time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timeout = d
	return nil
}

// Close ends the connection. What becomes of the lines is the server's choice;
// most drop both.
func (r *remote) Close() error {
	r.mu.Lock()
	was := r.closed
	r.closed = true
	r.mu.Unlock()
	if was {
		return nil
	}
	err := r.conn.Close()
	_ = r.lose("close", os.ErrClosed)
	r.reader.Wait()
	return err
}
