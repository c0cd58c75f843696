package rig

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serve answers one connection, once what was written to it is complete.
func serve(t *testing.T, answer func(net.Conn)) (host string, port int, heard <-chan []byte) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	requests := make(chan []byte, 1)
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		request, _ := io.ReadAll(conn)
		requests <- request
		answer(conn)
	}()
	addr := ln.Addr().(*net.TCPAddr)
	return addr.IP.String(), addr.Port, requests
}

func TestCarry(t *testing.T) {
	request := []byte("POST /data/12FA HTTP/1.1\r\n\r\n\x00\xff")
	for _, n := range []int{0, 1, 4096, maxReply} {
		reply := bytes.Repeat([]byte{0x1E}, n)
		host, port, heard := serve(t, func(conn net.Conn) {
			for p := range bytes.Lines(reply) {
				conn.Write(p)
			}
		})
		got, err := carry(t.Context(), new(net.Dialer).DialContext, host, port, request)
		if err != nil || !bytes.Equal(got, reply) {
			t.Errorf("reply of %d bytes: %d, %v", n, len(got), err)
		}
		if p := <-heard; !bytes.Equal(p, request) {
			t.Errorf("went out as %q", p)
		}
	}
}

// What did not come whole is not passed on.
func TestCarryFails(t *testing.T) {
	const start = "HTTP/1.1 200 OK\r\n\r\n{\"status\":\"OK\"}"
	ctx, cancel := context.WithCancel(t.Context())
	for _, tt := range []struct {
		name   string
		answer func(net.Conn)
		want   error
		says   string
	}{
		{"endless", func(conn net.Conn) {
			for p := bytes.Repeat([]byte(" "), 4096); ; {
				if _, err := conn.Write(p); err != nil {
					return
				}
			}
		}, nil, "more than 65536 bytes"},
		{"broken off", func(conn net.Conn) {
			conn.Write([]byte(start))
			conn.(*net.TCPConn).SetLinger(0) // a reset instead of an end
		}, syscall.ECONNRESET, "reply"},
		{"never ends", func(conn net.Conn) {
			conn.Write([]byte(start))
			cancel()
			conn.SetReadDeadline(time.Now().Add(10 * time.Second))
			conn.Read(make([]byte, 1))
		}, nil, "timeout"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host, port, _ := serve(t, tt.answer)
			reply, err := carry(ctx, new(net.Dialer).DialContext, host, port, []byte("x"))
			if reply != nil || err == nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%q, %v", reply, err)
			}
		})
	}
	if _, err := carry(t.Context(), new(net.Dialer).DialContext, "127.0.0.1", 1, nil); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("nobody listens: %v", err)
	}
}

// Firmware that asks for another machine than its backend gets nothing there.
func TestCarryToBackendOnly(t *testing.T) {
	host, port, heard := serve(t, func(c net.Conn) { c.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")) })
	r := &Rig{}
	if p, err := r.carry(t.Context(), host, port, []byte("GET / HTTP/1.1\r\n\r\n")); p != nil || err == nil || !strings.Contains(err.Error(), "not where its backend is") {
		t.Errorf("%q, %v", p, err)
	}
	select {
	case request := <-heard:
		t.Errorf("%q was carried", request)
	default:
	}
}
