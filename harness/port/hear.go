package port

import (
	"fmt"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/boards/rfc2217"
)

// setUp agrees with the server on RFC 2217 and on the port's settings.
func (r *remote) setUp(baud int) error {
	ask := r.opts.Ask(nil, rfc2217.WILL, rfc2217.ComPort)
	for _, option := range []byte{rfc2217.Binary, rfc2217.SGA} {
		ask = r.opts.Ask(r.opts.Ask(ask, rfc2217.WILL, option), rfc2217.DO, option)
	}
	r.reader.Go(r.listen)
	if err := r.send(ask); err != nil {
		return r.turnedAway(err)
	}
	timer := time.NewTimer(r.patient)
	defer timer.Stop()
	select {
	case <-r.agreed:
	case <-r.refused:
		return fmt.Errorf("%w: %s speaks telnet without option 44, which carries speed and lines (RFC 2217)%s", ErrServer, r.name, r.heard(promptTime))
	case <-r.gone:
		return r.turnedAway(r.isLost())
	case <-timer.C:
		return fmt.Errorf("%w: %s says nothing of option 44 within %v%s", ErrServer, r.name, r.patient, r.heard(0))
	}
	asked := time.Now()
	if err := r.SetBaud(baud); err != nil {
		return err
	}
	r.trip = time.Since(asked)
	for _, set := range []struct {
		command rfc2217.Command
		value   byte
	}{{rfc2217.SetDataSize, 8}, {rfc2217.SetParity, 1}, {rfc2217.SetStopSize, 1}} {
		got, err := r.ask(rfc2217.AppendCommand(nil, set.command, set.value), set.command)
		if err == nil && (len(got) != 1 || got[0] != set.value) {
			err = fmt.Errorf("%w: %s: it answers %s %d with % x: the port cannot do 8N1", ErrNotSerial, r.name, set.command, set.value, got)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// turnedAway explains a connection that ended before it was one: to whoever is
// not the first, servers say so in words.
func (r *remote) turnedAway(err error) error {
	said := r.heard(0)
	if strings.Contains(strings.ToLower(said), "in use") {
		return fmt.Errorf("%w: %s%s", ErrBusy, r.name, said)
	}
	return fmt.Errorf("%w: %w%s", ErrServer, err, said)
}

// heard returns what comes as data within d, if anything does, in words.
func (r *remote) heard(d time.Duration) string {
	buf := make([]byte, 80)
	n, _ := r.in.Read(buf, d) // nothing is an answer, too
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; it said %q", buf[:n])
}

// listen reads the connection until it ends.
func (r *remote) listen() {
	var decode rfc2217.Decoder
	buf := make([]byte, 4096)
	for {
		n, err := r.conn.Read(buf)
		for p := buf[:n]; len(p) > 0; {
			e, rest, err := decode.Next(p)
			if err == nil {
				err = r.hear(e)
			}
			if err != nil {
				r.lose("read", err)
				_ = r.conn.Close() // a stream that makes no sense is of no more use
				return
			}
			p = rest
		}
		if err != nil {
			r.lose("read", err)
			return
		}
	}
}

// hear takes one event of the stream.
func (r *remote) hear(e rfc2217.Event) error {
	switch e.Kind {
	case rfc2217.Data:
		if !r.in.Put(e.Payload) {
			return fmt.Errorf("%w: %d bytes came that nobody has read", ErrServer, unreadLimit)
		}
	case rfc2217.Negotiation:
		return r.negotiate(e)
	case rfc2217.Subnegotiation:
		command, value, ok := e.Command()
		if !ok {
			return nil
		}
		if command >= rfc2217.Answer {
			command -= rfc2217.Answer
		}
		switch command {
		case rfc2217.Suspend, rfc2217.Resume:
			r.pause(command == rfc2217.Suspend)
		case rfc2217.NotifyLine, rfc2217.NotifyModem:
		default:
			select {
			case r.answers <- answer{command, value}:
			default: // nobody has asked that much
			}
		}
	}
	return nil
}

func (r *remote) negotiate(e rfc2217.Event) error {
	r.mu.Lock()
	reply := r.opts.Hear(nil, e.Verb, e.Option)
	agreed, refused := r.opts.On(rfc2217.ComPort), r.opts.Refused(rfc2217.ComPort)
	r.mu.Unlock()
	for done, yes := range map[chan struct{}]bool{r.agreed: agreed, r.refused: refused && !agreed} {
		select {
		case <-done:
		default:
			if yes {
				close(done)
			}
		}
	}
	if len(reply) == 0 {
		return nil
	}
	return r.send(reply)
}

// pause stops Write, or lets it go on.
func (r *remote) pause(yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case yes && r.resumed == nil && r.lost == nil:
		r.resumed = make(chan struct{})
	case !yes && r.resumed != nil:
		close(r.resumed)
		r.resumed = nil
	}
}
