package rfc2217

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards"
)

// Config says what a server tells of its port.
type Config struct {
	Signature string    // who answers, for SIGNATURE
	Baud      int       // of the port when it is handed over, bits per second
	Log       io.Writer // gets a line for each client that comes and goes; nil is silence
}

// Server gives a serial port away, to one client at a time; another is told who
// has it. What the port says while nobody is connected is lost, as on a wire.
//
// When a client goes, DTR and RTS are dropped, both at once: so does a serial
// driver whose port is closed (and so ser2net, unless told otherwise). A board
// that was held in reset runs then. Its speed stays as it was set.
type Server struct {
	port boards.Port
	cfg  Config

	mu     sync.Mutex
	client *session // nil, or who has the port
	clock  sync.WaitGroup

	settings // of the port, guarded by mu
}

// settings are what a client may ask for.
type settings struct {
	baud     int
	dtr, rts bool
}

// NewServer takes port over. [Server.Serve] closes it.
func NewServer(port boards.Port, cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	return &Server{port: port, cfg: cfg, settings: settings{baud: cfg.Baud}}
}

// Times that a server allows.
const (
	lastWords = time.Second      // for what a port has said before it ended
	patience  = 30 * time.Second // for a client that does not read
)

// keepAlive finds out within half a minute that a client is gone without a
// word: the port is free for the next one then.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 4}

// Serve accepts clients until the listener is closed, which is no error, or the
// port ends, which is. Listener, port and connections are closed when it
// returns.
func (s *Server) Serve(l net.Listener) error {
	if err := s.port.SetReadTimeout(-1); err != nil {
		return fmt.Errorf("rfc2217: serving: %w", errors.Join(err, l.Close(), s.port.Close()))
	}
	ended := make(chan error, 1)
	go func() {
		err := s.pump()
		ended <- err
		_ = l.Close() // ends Accept
	}()
	var refused error
	for {
		conn, err := l.Accept()
		if err != nil {
			refused = err
			break
		}
		s.admit(conn)
	}
	select {
	case err := <-ended:
		s.dismiss(lastWords)
		s.clock.Wait()
		_ = s.port.Close() // there is nothing more to it than what it has ended with
		return fmt.Errorf("rfc2217: the port has ended: %w", err)
	default:
	}
	s.dismiss(0)
	s.clock.Wait()
	err := errors.Join(s.port.Close(), l.Close())
	<-ended
	if errors.Is(refused, net.ErrClosed) {
		return nil
	}
	return fmt.Errorf("rfc2217: accepting a client: %w", errors.Join(refused, err))
}

// pump moves what the port says to whoever is there, until it ends.
func (s *Server) pump() error {
	buf := make([]byte, 4096)
	for {
		n, err := s.port.Read(buf)
		if c := s.current(); n > 0 && c != nil {
			c.data(buf[:n])
		}
		if err != nil {
			return err
		}
	}
}

func (s *Server) current() *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client
}

// admit gives the port to a client, or tells it who has it.
func (s *Server) admit(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetKeepAliveConfig(keepAlive) // a connection that ends at once says so itself
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		other := s.client.name()
		s.clock.Go(func() { turnAway(conn, fmt.Sprintf("port in use by %s\r\n", other)) })
		s.logf("%s turned away: %s has the port", conn.RemoteAddr(), other)
		return
	}
	c := newSession(s, conn)
	s.client = c
	s.logf("%s has the port", c.name())
	s.clock.Go(c.write)
	s.clock.Go(func() {
		why := c.read()
		c.end(0)
		s.leave(c, why)
	})
}

// turnAway says why, and reads what the client has sent meanwhile: who closes
// with bytes unread makes TCP throw away what was said.
func turnAway(conn net.Conn, why string) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(lastWords))
	if _, err := io.WriteString(conn, why); err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, 1<<20))
}

// leave takes the port back.
func (s *Server) leave(c *session, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.client = nil
	s.setLines(false, false)
	s.logf("%s has gone: %v; DTR and RTS are dropped", c.name(), why)
}

// dismiss ends the connection there is, once it has heard what there was to
// hear, or not so long.
func (s *Server) dismiss(patience time.Duration) {
	if c := s.current(); c != nil {
		c.end(patience)
	}
}

// setLines moves both lines, at once if the port can. Callers hold mu.
func (s *Server) setLines(dtr, rts bool) {
	var err error
	if both, ok := s.port.(interface{ SetLines(dtr, rts bool) error }); ok {
		err = both.SetLines(dtr, rts)
	} else {
		err = errors.Join(s.port.SetDTR(dtr), s.port.SetRTS(rts))
	}
	if err == nil {
		s.dtr, s.rts = dtr, rts
	}
}

// logf adds a line to the log.
func (s *Server) logf(format string, args ...any) {
	fmt.Fprintf(s.cfg.Log, "rfc2217: %s\n", fmt.Sprintf(format, args...))
}
