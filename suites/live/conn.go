package live

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"
)

// dial opens a connection that ends at the target's timeout.
func (r *run) dial(ctx context.Context) (net.Conn, error) {
	d := net.Dialer{Timeout: r.target.Timeout}
	conn, err := d.DialContext(ctx, "tcp", r.host())
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return nil, found(Crash, "the backend takes no connection any more: %v", err)
	case err != nil:
		return nil, found(Hang, "no connection: %v", err)
	}
	return conn, conn.SetDeadline(time.Now().Add(r.target.Timeout))
}

// host returns the backend's host and port.
func (r *run) host() string {
	if r.base.Port() == "" {
		return net.JoinHostPort(r.base.Hostname(), "80")
	}
	return r.base.Host
}

// maxHeard bounds what is read of one connection, on which a probe has some 300
// answers of at most maxAnswer bytes: headers may have no end, too.
const maxHeard = 32 << 20

// bounded reads a connection as far as anybody listens.
func bounded(conn net.Conn) *bufio.Reader { return bufio.NewReader(io.LimitReader(conn, maxHeard)) }

// raw returns the bytes of a well-made request.
func (r *run) raw(to *device, m message) []byte {
	body, err := json.Marshal(map[string]string{"msg": m.msg})
	if err != nil {
		panic("live: internal error: a map of strings is JSON: " + err.Error())
	}
	return fmt.Appendf(nil, "POST %s/%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		r.base.EscapedPath(), url.PathEscape(to.id), r.base.Host, len(body), body)
}

// errNoHTTP reports bytes that are no HTTP response.
var errNoHTTP = errors.New("what came back is no HTTP")

// next reads the next answer, interim ones left out. Its err is io.EOF, or that
// of a connection that was reset, where the connection ends in place of an
// answer; and errNoHTTP where something else came.
func next(in *bufio.Reader, method string) answer {
	began := time.Now()
	for {
		if _, err := in.Peek(1); err != nil {
			return answer{err: err, took: time.Since(began)}
		}
		resp, err := http.ReadResponse(in, &http.Request{Method: method})
		var wait net.Error
		switch {
		case errors.As(err, &wait):
			return answer{err: err, took: time.Since(began)}
		case err != nil:
			return answer{err: fmt.Errorf("%w: %w", errNoHTTP, err), took: time.Since(began)}
		case resp.StatusCode >= 100 && resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols:
			continue
		}
		a := read(resp)
		a.took = time.Since(began)
		return a
	}
}
