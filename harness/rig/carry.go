package rig

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// maxReply is what a reply may hold that goes to the device over its console:
// the device's line takes 4 KiB, in hexadecimal.
const maxReply = 2000

// carry performs one HTTP exchange for a device on link serial, as bytes: what
// the firmware wrote goes out, and what came until the server closed comes back.
func carry(ctx context.Context, host string, port int, request []byte) ([]byte, error) {
	addr := net.JoinHostPort(host, strconv.Itoa(port))
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("rig: carrying a request to %s: %w", addr, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })()
	if _, err := conn.Write(request); err != nil {
		return nil, fmt.Errorf("rig: carrying a request to %s: %w", addr, err)
	}
	reply, err := io.ReadAll(io.LimitReader(conn, maxReply))
	if err != nil && len(reply) == 0 {
		return nil, fmt.Errorf("rig: waiting for the reply of %s: %w", addr, err)
	}
	return reply, nil
}
