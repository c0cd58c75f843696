package port

import (
	"net"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/fifo"
	"github.com/espalier-hil/espalier/boards/rfc2217"
)

// Whatever a server sends, the client takes it or loses the port; it ends in
// bounded time, and every call returns.
func FuzzRemote(f *testing.F) {
	f.Add([]byte("\xff\xfd\x2chello\xff\xfa\x2c\x65\x00\x01\x24\x80\xff\xf0"))
	f.Add([]byte("\xff\xfd\x2c\xff\xfa\x2c\x6c\xff\xf0\xff\xfa\x2c\x69\x08\xff\xf0"))
	f.Add([]byte("\xff\xfe\x2c\xff\xfb\x01"))
	f.Fuzz(func(t *testing.T, p []byte) {
		near, far := net.Pipe()
		r := &remote{
			name: "fuzz", conn: near, patient: time.Millisecond, timeout: 0,
			in: fifo.New(unreadLimit), answers: make(chan answer, 64),
			agreed: make(chan struct{}), refused: make(chan struct{}), gone: make(chan struct{}),
		}
		go func() { // what the client sends goes nowhere
			buf := make([]byte, 512)
			for {
				if _, err := far.Read(buf); err != nil {
					return
				}
			}
		}()
		go func() {
			far.Write(p)
			far.Close()
		}()
		if err := r.setUp(74880); err == nil {
			r.SetLines(true, false)
			r.Write(p)
		}
		r.Read(make([]byte, 64))
		<-r.gone
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if err := r.SetDTR(true); err == nil {
			t.Error("a closed port moves a line")
		}
	})
}

// What answers a line is about that line and no other.
func TestSameLine(t *testing.T) {
	for a := rfc2217.Control(0); a < 20; a++ {
		if got, want := sameLine(a, rfc2217.DTROn), a >= 7 && a <= 9; got != want {
			t.Errorf("%d and DTR: %t", a, got)
		}
		if got, want := sameLine(a, rfc2217.RTSOff), a >= 10 && a <= 12; got != want {
			t.Errorf("%d and RTS: %t", a, got)
		}
	}
}
