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
	"sync"
	"time"
)

// Volley posts copies of one envelope to the backend at once, each on a
// connection of its own. All but the last byte of each request is sent first,
// then the last bytes together, so that the backend has them within a fraction
// of a millisecond however long connecting took. They are on record as
// replays.
func (r *Recorder) Volley(ctx context.Context, device, msg string, copies int) ([]Exchange, error) {
	request, err := r.post(device, msg)
	if err != nil {
		return nil, err
	}
	last := len(request) - 1
	shots := make([]Exchange, copies)
	conns := make([]net.Conn, copies)
	for i := range shots {
		shots[i] = *r.begin()
		shots[i].Replay, shots[i].Request, shots[i].Msg = true, request, msg
		shots[i].Method, shots[i].Path = http.MethodPost, requestPath(request)
		conn, err := dial(ctx, r.upstream())
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(replyTime))
		if _, err := conn.Write(request[:last]); err != nil {
			return nil, fmt.Errorf("%w: shot %d: %w", ErrUpstream, i+1, err)
		}
		conns[i] = conn
	}
	for i, conn := range conns {
		if _, err := conn.Write(request[last:]); err != nil {
			return nil, fmt.Errorf("%w: shot %d: %w", ErrUpstream, i+1, err)
		}
	}
	errs := make([]error, copies)
	var all sync.WaitGroup
	for i := range shots {
		all.Go(func() { errs[i] = shots[i].hear(conns[i]); r.finish(&shots[i]) })
	}
	all.Wait()
	return shots, errors.Join(errs...)
}

// hear reads the reply to a request that asked for the connection to be closed.
func (e *Exchange) hear(conn net.Conn) error {
	e.Reply, e.Err = io.ReadAll(io.LimitReader(conn, MaxReply))
	resp, err := readFinal(bufio.NewReader(bytes.NewReader(e.Reply)), &http.Request{Method: e.Method})
	if err != nil {
		e.Err = fmt.Errorf("%w: reply: %w", ErrMalformed, firstOf(e.Err, err))
		return e.Err
	}
	e.Status = resp.StatusCode
	return e.Err
}

// requestPath returns the second word of a request line.
func requestPath(request []byte) string { return string(bytes.Fields(request)[1]) }
