package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// accept takes connections from devices until the listener is closed.
func (r *Recorder) accept() {
	defer r.conns.Done()
	slots := make(chan struct{}, maxConns)
	for {
		select {
		case slots <- struct{}{}:
		case <-r.ctx.Done():
			return
		}
		conn, err := r.ln.Accept()
		if err != nil {
			<-slots
			select {
			case <-r.ctx.Done():
				return
			case <-time.After(acceptPause):
				continue
			}
		}
		r.conns.Add(1)
		go func() {
			defer r.conns.Done()
			defer func() { <-slots }()
			r.serve(conn)
		}()
	}
}

// serve carries one device's exchanges until either side closes.
func (r *Recorder) serve(conn net.Conn) {
	defer conn.Close()
	defer context.AfterFunc(r.ctx, func() { conn.Close() })()
	in := &inlet{conn: conn}
	in.br = bufio.NewReader(in)
	for r.exchange(in) {
	}
}

// exchange carries one request and its reply. It reports whether the
// connection may bring another.
func (r *Recorder) exchange(in *inlet) bool {
	in.conn.SetDeadline(time.Now().Add(idleTime))
	if _, err := in.br.Peek(1); err != nil {
		return false // closed between two requests: nothing happened
	}
	in.conn.SetDeadline(time.Now().Add(requestTime))
	ex := r.begin()
	req, body, err := in.request()
	ex.Request = in.take()
	if err != nil {
		ex.Err = err
		ex.Status, ex.Reply = own(statusOf(err), err)
		r.finish(ex)
		in.conn.Write(ex.Reply)
		return false
	}
	ex.Method, ex.Path, ex.Msg = req.Method, req.RequestURI, envelope(body)

	return r.suffer(in, ex, req, r.fault())
}

// inlet reads requests and keeps their bytes as they came.
type inlet struct {
	conn net.Conn
	br   *bufio.Reader // reads from the inlet itself
	seen []byte        // read from conn and not yet taken
}

// Read implements [io.Reader] for br.
func (in *inlet) Read(p []byte) (int, error) {
	room := MaxRequest - len(in.seen)
	if room <= 0 {
		return 0, ErrTooLong
	}
	n, err := in.conn.Read(p[:min(len(p), room)])
	in.seen = append(in.seen, p[:n]...)
	return n, err
}

// request reads one request to its end. The body is without its transfer
// encoding.
func (in *inlet) request() (*http.Request, []byte, error) {
	req, err := http.ReadRequest(in.br)
	if err != nil {
		return nil, nil, classify(err)
	}
	if strings.EqualFold(req.Header.Get("Expect"), "100-continue") {
		// The request is taken whole, so the backend cannot be asked first.
		if _, err := io.WriteString(in.conn, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return nil, nil, classify(err)
		}
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, nil, classify(err)
	}
	return req, body, nil
}

// take returns the bytes of the request just read. What was read beyond it
// belongs to the next one.
func (in *inlet) take() []byte {
	end := len(in.seen) - in.br.Buffered()
	raw := bytes.Clone(in.seen[:end])
	in.seen = append(in.seen[:0], in.seen[end:]...)
	return raw
}

// classify wraps what went wrong while a request was read.
func classify(err error) error {
	switch {
	case errors.Is(err, ErrTooLong):
		return fmt.Errorf("%w: over %d bytes", ErrTooLong, MaxRequest)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%w: request not whole after %v: %w", ErrMalformed, requestTime, err)
	}
	return fmt.Errorf("%w: request: %w", ErrMalformed, err)
}

// statusOf returns the status with which the recorder itself refuses.
func statusOf(err error) int {
	switch {
	case errors.Is(err, ErrTooLong):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return http.StatusRequestTimeout
	case errors.Is(err, ErrUpstream):
		return http.StatusBadGateway
	}
	return http.StatusBadRequest
}

// own returns a reply of the recorder's own. Its Server header tells it from
// one of the backend.
func own(status int, err error) (int, []byte) {
	text := err.Error() + "\n"
	return status, fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nServer: espalier-wire\r\nContent-Type: text/plain; charset=utf-8\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n%s", status, http.StatusText(status), len(text), text)
}
