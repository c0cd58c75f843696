package wire_test

import (
	"bytes"
	"io"
	"net"
	"testing"
)

// FuzzDevice sends anything as a device would. Whatever it is, the recorder
// comes to an end with it, keeps exactly what was sent, in order, and can
// carry a good request afterwards.
func FuzzDevice(f *testing.F) {
	f.Add([]byte(post), []byte(ok))
	f.Add([]byte(post+post), []byte("HTTP/1.0 200 \r\n\r\n"))
	f.Add([]byte("GET / HTTP/1.1\r\n"), []byte(""))
	f.Add([]byte("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\nx"), []byte("HTTP/1.1 101 x\r\n\r\n"))
	f.Add([]byte("HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), []byte("\x00"))

	f.Fuzz(func(t *testing.T, request, reply []byte) {
		bad := newBackend(t, func(c net.Conn) { c.Write(reply) })
		good := newBackend(t, says(ok))
		now := bad.URL
		r := listen(t, func() string { return now })
		conn := dial(t, r)
		conn.Write(request)
		conn.CloseWrite()
		io.Copy(io.Discard, conn)
		conn.Close()

		var kept []byte
		for _, ex := range r.Exchanges() {
			kept = append(kept, ex.Request...)
			ex.ReplyBody()
		}
		if !bytes.HasPrefix(request, kept) {
			t.Errorf("sent %q, on record %q", request, kept)
		}
		now = good.URL
		if ex, err := r.Send(t.Context(), "12FA", "x"); err != nil || ex.Status != 200 {
			t.Errorf("afterwards: %+v, %v", ex, err)
		}
	})
}
