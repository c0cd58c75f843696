package wire

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// carry takes the request in ex, or what was made of it, to the backend, and the
// reply to out. It puts ex on record, and reports whether the device's connection
// may bring another. Before ex is on record, and before the device has all of the
// reply, what was held goes on, and then is done.
func (r *Recorder) carry(ctx context.Context, ex *Exchange, req *http.Request, out io.Writer, then ...func()) bool {
	up, err := dial(ctx, r.upstream())
	if err != nil {
		ex.Err = err
		ex.Status, ex.Reply = own(statusOf(err), err)
		r.finish(ex)
		out.Write(ex.Reply)
		return false
	}
	defer up.Close()
	defer context.AfterFunc(ctx, func() { up.Close() })()
	up.SetDeadline(time.Now().Add(replyTime))

	request := ex.Request
	if ex.Altered != nil {
		request = ex.Altered
	}
	_, sent := up.Write(request) // a backend may refuse early: its reply says more than this error
	rel := &relay{from: up, to: out}
	br := bufio.NewReader(rel)
	resp, err := readFinal(br, req)
	switch {
	case err == nil:
		ex.Status = resp.StatusCode
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil {
			ex.Err = fmt.Errorf("%w: reply broke off after %d bytes: %w", ErrUpstream, rel.total, err)
		}
	case rel.total == 0:
		ex.Err = fmt.Errorf("%w: %s %s: closed without a reply: %w", ErrUpstream, ex.Method, ex.Path, firstOf(sent, err))
	default:
		// Not HTTP: the device gets it all the same, to the end.
		_, rest := io.Copy(io.Discard, rel)
		ex.Err = fmt.Errorf("%w: reply: %w", ErrMalformed, firstOf(rest, err))
	}
	ex.Reply, ex.Truncated = rel.kept, rel.total > len(rel.kept)
	if !ex.Replay {
		r.Release()
	}
	for _, do := range then {
		do()
	}
	r.finish(ex)
	rel.flush()
	return ex.Err == nil && !req.Close && !resp.Close && br.Buffered() == 0 && rel.lost == nil
}

// relay reads a reply and passes it on. A piece goes on when the next one is
// asked for, the last one with flush: thus a reply can be put on record after
// it is known to be whole and before the device has all of it.
type relay struct {
	from  io.Reader
	to    io.Writer
	held  []byte // read, not yet passed on
	kept  []byte // the first MaxReply bytes
	total int
	lost  error // why the device could not be written to; the backend is read on regardless
}

// Read implements [io.Reader].
func (r *relay) Read(p []byte) (int, error) {
	r.flush()
	n, err := r.from.Read(p)
	r.held = append(r.held[:0], p[:n]...)
	r.kept = append(r.kept, p[:min(n, MaxReply-len(r.kept))]...)
	r.total += n
	return n, err
}

func (r *relay) flush() {
	if r.lost == nil && len(r.held) > 0 {
		_, r.lost = r.to.Write(r.held)
	}
	r.held = r.held[:0]
}

// Send posts msg as the envelope of device straight to the backend, as
// somebody would who had captured it. It is on record as a replay.
func (r *Recorder) Send(ctx context.Context, device, msg string) (Exchange, error) {
	request, err := r.post(device, msg)
	if err != nil {
		return Exchange{}, err
	}
	return r.Replay(ctx, request)
}

// post returns the request that brings msg as the envelope of device.
func (r *Recorder) post(device, msg string) ([]byte, error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(map[string]string{"msg": msg}); err != nil {
		return nil, fmt.Errorf("wire: envelope for %q: %w", device, err)
	}
	return fmt.Appendf(nil, "POST /data/%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nConnection: close\r\n\r\n%s", url.PathEscape(device), r.Addr(), body.Len(), body.Bytes()), nil
}

// Replay carries the bytes of a captured request to the backend once more,
// unchanged. The error is that of the exchange.
func (r *Recorder) Replay(ctx context.Context, request []byte) (Exchange, error) {
	return r.replay(ctx, request, None)
}

// replay is Replay, because of f.
func (r *Recorder) replay(ctx context.Context, request []byte, f Fault) (Exchange, error) {
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(request)))
	if err != nil {
		return Exchange{}, fmt.Errorf("%w: request to replay: %w", ErrMalformed, err)
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return Exchange{}, fmt.Errorf("%w: request to replay: %w", ErrMalformed, err)
	}
	ex := r.begin()
	ex.Replay, ex.Fault, ex.Request = true, f, bytes.Clone(request)
	ex.Method, ex.Path, ex.Msg = req.Method, req.RequestURI, envelope(body)
	r.carry(ctx, ex, req, io.Discard)
	return *ex, ex.Err
}

// dial connects to the host of base. A path in base would have to be written
// into the request, which then were no longer the device's.
func dial(ctx context.Context, base string) (net.Conn, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("%w: at %q: %w", ErrUpstream, base, err)
	}
	if u.Host == "" || u.Path != "" && u.Path != "/" {
		return nil, fmt.Errorf("%w: at %q: want http://host:port and no path", ErrUpstream, base)
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme // net knows "http" and "https" as services
	}
	addr := net.JoinHostPort(u.Hostname(), port)
	d := &net.Dialer{Timeout: dialTime}
	var conn net.Conn
	switch u.Scheme {
	case "http":
		conn, err = d.DialContext(ctx, "tcp", addr)
	case "https":
		conn, err = (&tls.Dialer{NetDialer: d}).DialContext(ctx, "tcp", addr)
	default:
		err = fmt.Errorf("scheme %q", u.Scheme)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: at %s: %w", ErrUpstream, base, err)
	}
	return conn, nil
}

// firstOf returns the first error that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
