package rig

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// maxReply bounds what is read of a reply, in bytes. It is more than fits the
// line of any device; what fits this one's, [control.Client] knows.
const maxReply = 64 << 10

// carry carries what is for the backend, and nothing else: firmware may name
// any machine that this one reaches.
func (r *Rig) carry(ctx context.Context, host string, port int, request []byte) ([]byte, error) {
	if addr := net.JoinHostPort(host, strconv.Itoa(port)); r.Wire == nil || addr != r.Wire.Addr() {
		return nil, fmt.Errorf("rig: the firmware wants a request carried to %s, which is not where its backend is", addr)
	}
	return carry(ctx, r.dial, host, port, request)
}

// dial connects the device through the wire, which may have it refused.
func (r *Rig) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if r.Wire == nil {
		return new(net.Dialer).DialContext(ctx, network, addr)
	}
	return r.Wire.Dial(ctx, network, addr)
}

type dialer = func(ctx context.Context, network, addr string) (net.Conn, error)

// carry performs one HTTP exchange for a device on link serial, as bytes: what
// the firmware wrote goes out, and what came until the server closed comes
// back. A reply that did not come whole is an error: a beginning may look like
// something else.
func carry(ctx context.Context, dial dialer, host string, port int, request []byte) ([]byte, error) {
	addr := net.JoinHostPort(host, strconv.Itoa(port))
	conn, err := dial(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("rig: carrying a request to %s: %w", addr, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	if _, err := conn.Write(request); err != nil {
		return nil, fmt.Errorf("rig: carrying a request to %s: %w", addr, err)
	}
	// No more requests will come, so the wire closes its end after the reply,
	// whether or not the device has asked it to.
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return nil, fmt.Errorf("rig: carrying a request to %s: %w", addr, err)
	}
	reply, err := io.ReadAll(io.LimitReader(conn, maxReply+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("rig: reply of %s, after %d bytes: %w", addr, len(reply), err)
	case len(reply) > maxReply:
		return nil, fmt.Errorf("rig: reply of %s: more than %d bytes", addr, maxReply)
	}
	return reply, nil
}
