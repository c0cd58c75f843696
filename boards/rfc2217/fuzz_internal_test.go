package rfc2217

import (
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// mute is a port that takes everything and says nothing.
type mute struct{}

func (mute) Read([]byte) (int, error)           { return 0, os.ErrClosed }
func (mute) Write(p []byte) (int, error)        { return len(p), nil }
func (mute) SetReadTimeout(time.Duration) error { return nil }
func (mute) SetBaud(int) error                  { return nil }
func (mute) SetDTR(bool) error                  { return nil }
func (mute) SetRTS(bool) error                  { return nil }
func (mute) Close() error                       { return nil }

// Whatever a client sends, a session takes it or ends; what it answers is
// telnet, and in proportion.
func FuzzSession(f *testing.F) {
	f.Add([]byte("\xff\xfb\x2c\xff\xfa\x2c\x01\x00\x01\x24\x80\xff\xf0data\xff\xfa\x2c\x05\x08\xff\xf0"))
	f.Add([]byte("\xff\xfb\x2c\xff\xfa\x2c\x00\xff\xf0\xff\xfa\x2c\x0c\x03\xff\xf0\xff\xfa\x2c\x08\xff\xf0"))
	f.Add([]byte("\xff\xfd\x01\xff\xfc\x2c\xff\xfb\x2c"))
	f.Fuzz(func(t *testing.T, p []byte) {
		near, far := net.Pipe()
		defer near.Close()
		defer far.Close()
		s := NewServer(mute{}, Config{Signature: "x", Baud: 9600, Log: io.Discard})
		c := newSession(s, near)
		asked := len(c.replies)
		for rest := p; len(rest) > 0; {
			e, after, err := c.decode.Next(rest)
			if err == nil {
				err = c.do(e)
			}
			if err != nil {
				break
			}
			rest = after
		}
		if s.baud < slowest || s.baud > fastest {
			t.Errorf("%d baud", s.baud)
		}
		if n := len(c.replies) - asked; n > 64+10*len(p) && n > unread {
			t.Errorf("%d bytes of answers to %d", n, len(p))
		}
		var d Decoder
		for rest := c.replies; len(rest) > 0; {
			e, after, err := d.Next(rest)
			if err != nil || e.Kind == Data {
				t.Fatalf("answers %q: %v", c.replies, err)
			}
			rest = after
		}
	})
}
