package rfc2217_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/fifo"
	"github.com/espalier-hil/espalier/boards/rfc2217"
)

// limit bounds what a test waits for; nothing comes near it.
const limit = 20 * time.Second

// wire is a serial port whose far end the test holds.
type wire struct {
	toHost, toBoard *fifo.Queue

	mu    sync.Mutex
	moves []string
}

func newWire() *wire { return &wire{toHost: fifo.New(1 << 20), toBoard: fifo.New(1 << 20)} }

func (w *wire) note(format string, args ...any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moves = append(w.moves, fmt.Sprintf(format, args...))
	return nil
}

// told returns what happened to speed and lines, in order.
func (w *wire) told() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.moves)
}

func (w *wire) Read(p []byte) (int, error)         { return w.toHost.Read(p, -1) }
func (w *wire) Write(p []byte) (int, error)        { w.toBoard.Put(p); return len(p), nil }
func (w *wire) SetReadTimeout(time.Duration) error { return nil }
func (w *wire) SetBaud(baud int) error             { return w.note("baud %d", baud) }
func (w *wire) SetDTR(on bool) error               { return w.note("DTR %t", on) }
func (w *wire) SetRTS(on bool) error               { return w.note("RTS %t", on) }
func (w *wire) SetLines(dtr, rts bool) error       { return w.note("lines %t %t", dtr, rts) }
func (w *wire) Close() error                       { w.toHost.Close(os.ErrClosed); return nil }

// served gives w away until the test ends. Stop ends it sooner, and returns
// what Serve did.
func served(t *testing.T, w *wire) (addr string, stop func() error) {
	t.Helper()
	l, err := rfc2217.Listen("rfc2217://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- rfc2217.NewServer(w, rfc2217.Config{Signature: "a wire", Baud: 9600, Log: t.Output()}).Serve(l)
	}()
	stop = sync.OnceValue(func() error { l.Close(); return <-done })
	t.Cleanup(func() { stop() })
	return l.Addr().String(), stop
}

// client speaks the protocol by hand.
type client struct {
	t *testing.T
	net.Conn
	decode rfc2217.Decoder
	rest   []byte
	data   []byte // that came while something else was awaited
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(limit))
	return &client{t: t, Conn: conn}
}

// com is a client that has negotiated.
func com(t *testing.T, addr string) *client {
	t.Helper()
	c := dial(t, addr)
	c.send(rfc2217.AppendNegotiation(nil, rfc2217.WILL, rfc2217.ComPort))
	if _, value := c.await(rfc2217.NotifyModem); len(value) != 1 || value[0] != 0 {
		t.Fatalf("modem state % x", value)
	}
	return c
}

func (c *client) send(p []byte) {
	c.t.Helper()
	if _, err := c.Write(p); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) event() (rfc2217.Event, error) {
	buf := make([]byte, 512)
	for {
		if len(c.rest) == 0 {
			n, err := c.Read(buf)
			if err != nil {
				return rfc2217.Event{}, err
			}
			c.rest = bytes.Clone(buf[:n])
		}
		var e rfc2217.Event
		var err error
		if e, c.rest, err = c.decode.Next(c.rest); e.Kind != rfc2217.None || err != nil {
			return e, err
		}
	}
}

// await returns the next answer to a command, or to any if it is another.
func (c *client) await(to rfc2217.Command) (rfc2217.Command, []byte) {
	c.t.Helper()
	for {
		e, err := c.event()
		if err != nil {
			c.t.Fatalf("waiting for the answer to %v: %v", to, err)
		}
		if e.Kind == rfc2217.Data {
			c.data = append(c.data, e.Payload...)
		}
		if command, value, ok := e.Command(); ok {
			if command != rfc2217.Answer+to {
				c.t.Fatalf("%v % x, want the answer to %v", command, value, to)
			}
			return command, value
		}
	}
}

// ask sends a command and returns the value that answers it.
func (c *client) ask(command rfc2217.Command, value ...byte) []byte {
	c.t.Helper()
	c.send(rfc2217.AppendCommand(nil, command, value...))
	_, got := c.await(command)
	return got
}

// reads returns the next n bytes of data.
func (c *client) reads(n int) string {
	c.t.Helper()
	for len(c.data) < n {
		e, err := c.event()
		if err != nil {
			c.t.Fatalf("%v after %q", err, c.data)
		}
		if e.Kind == rfc2217.Data {
			c.data = append(c.data, e.Payload...)
		}
	}
	s := string(c.data[:n])
	c.data = c.data[n:]
	return s
}

// What is asked, and what is in effect then.
func TestServerObeys(t *testing.T) {
	w := newWire()
	addr, _ := served(t, w)
	c := com(t, addr)
	for _, tt := range []struct {
		command rfc2217.Command
		value   []byte
		want    []byte
	}{
		{rfc2217.Signature, nil, []byte("a wire")},
		{rfc2217.SetBaud, []byte{0, 0, 0, 0}, []byte{0, 0, 0x25, 0x80}},
		{rfc2217.SetBaud, []byte{0, 1, 0x24, 0x80}, []byte{0, 1, 0x24, 0x80}},
		{rfc2217.SetBaud, []byte{0xff, 0xff, 0xff, 0xff}, []byte{0, 1, 0x24, 0x80}},
		{rfc2217.SetBaud, []byte{0, 0, 0, 0}, []byte{0, 1, 0x24, 0x80}},
		{rfc2217.SetDataSize, []byte{7}, []byte{8}},
		{rfc2217.SetParity, []byte{3}, []byte{1}},
		{rfc2217.SetStopSize, []byte{2}, []byte{1}},
		{rfc2217.SetControl, []byte{0}, []byte{1}},
		{rfc2217.SetControl, []byte{3}, []byte{1}},
		{rfc2217.SetControl, []byte{19}, []byte{1}},
		{rfc2217.SetControl, []byte{5}, []byte{6}},
		{rfc2217.SetControl, []byte{7}, []byte{9}},
		{rfc2217.SetControl, []byte{8}, []byte{8}},
		{rfc2217.SetControl, []byte{7}, []byte{8}},
		{rfc2217.SetControl, []byte{11}, []byte{11}},
		{rfc2217.SetControl, []byte{9}, []byte{9}},
		{rfc2217.SetControl, []byte{10}, []byte{11}},
		{rfc2217.SetControl, []byte{12}, []byte{12}},
		{rfc2217.SetControl, []byte{13}, []byte{14}},
		{rfc2217.SetControl, []byte{18}, []byte{14}},
		{rfc2217.SetLineMask, []byte{0xff}, []byte{0xff}},
		{rfc2217.SetModemMask, []byte{0}, []byte{0}},
		{rfc2217.NotifyLine, nil, []byte{0x60}},
		{rfc2217.NotifyModem, nil, []byte{0}},
		{rfc2217.Purge, []byte{3}, []byte{3}},
	} {
		if got := c.ask(tt.command, tt.value...); !bytes.Equal(got, tt.want) {
			t.Errorf("%v % x: % x, want % x", tt.command, tt.value, got, tt.want)
		}
	}
	// What is no command, or another option's, is passed over.
	c.send([]byte{255, 250, 44, 77, 1, 255, 240, 255, 250, 24, 1, 255, 240, 255, 250, 44, 255, 240, 255, 246})
	c.ask(rfc2217.NotifyLine)
	want := []string{"baud 74880", "DTR true", "RTS true", "DTR false", "RTS false"}
	if got := w.told(); !slices.Equal(got, want) {
		t.Errorf("the port was told %q, want %q", got, want)
	}
}

// Before the option is agreed on, there are no commands, and bytes are bytes.
func TestServerWithoutOption(t *testing.T) {
	w := newWire()
	addr, _ := served(t, w)
	c := dial(t, addr)
	c.send(append(rfc2217.AppendCommand(nil, rfc2217.SetControl, 8), "hello\xff\xff\r\x00"...))
	got := make([]byte, 8)
	for n := 0; n < len(got); {
		k, err := w.toBoard.Read(got[n:], limit)
		if err != nil {
			t.Fatal(err)
		}
		n += k
	}
	w.toHost.Put([]byte("\xffback\r"))
	if back := c.reads(6); string(got) != "hello\xff\r\x00" || back != "\xffback\r" || len(w.told()) > 0 {
		t.Errorf("%q, %q, %q", got, back, w.told())
	}
}

func TestServerSuspendsAndPurges(t *testing.T) {
	w := newWire()
	addr, _ := served(t, w)
	c := com(t, addr)
	c.send(rfc2217.AppendCommand(nil, rfc2217.Suspend))
	c.ask(rfc2217.NotifyLine) // answers pass
	w.toHost.Put([]byte("gone"))
	if !w.toHost.Flush(limit) {
		t.Fatal("the server does not read its port")
	}
	c.ask(rfc2217.Purge, 2)
	c.ask(rfc2217.Purge, 1)
	w.toHost.Put([]byte("kept"))
	c.send(rfc2217.AppendCommand(nil, rfc2217.Resume))
	if got := c.reads(4); got != "kept" {
		t.Errorf("%q", got)
	}
}

// A second client is told who is there, and the first one notices nothing.
// When it goes, its lines are dropped, and the next one has the port as it was.
func TestServerOneAtATime(t *testing.T) {
	w := newWire()
	addr, _ := served(t, w)
	first := com(t, addr)
	first.ask(rfc2217.SetBaud, 0, 1, 0x24, 0x80)
	first.ask(rfc2217.SetControl, byte(rfc2217.DTROn))

	second := dial(t, addr)
	second.send(rfc2217.AppendNegotiation(nil, rfc2217.WILL, rfc2217.ComPort))
	said, err := io.ReadAll(second)
	if want := "port in use by " + first.LocalAddr().String() + "\r\n"; string(said) != want || err != nil {
		t.Errorf("%q, %v, want %q", said, err, want)
	}
	w.toHost.Put([]byte("still here"))
	first.reads(10)
	first.Close()

	var third *client
	for began := time.Now(); ; { // the server may not have seen yet that the first has gone
		third = dial(t, addr)
		third.send(rfc2217.AppendNegotiation(nil, rfc2217.WILL, rfc2217.ComPort))
		if e, err := third.event(); err == nil && e.Kind == rfc2217.Negotiation {
			break
		}
		if time.Since(began) > limit {
			t.Fatal("the port does not become free")
		}
	}
	third.await(rfc2217.NotifyModem)
	if got := third.ask(rfc2217.SetBaud, 0, 0, 0, 0); !bytes.Equal(got, []byte{0, 1, 0x24, 0x80}) {
		t.Errorf("speed % x", got)
	}
	if got := third.ask(rfc2217.SetControl, byte(rfc2217.AskDTR)); got[0] != byte(rfc2217.DTROff) {
		t.Errorf("DTR % x", got)
	}
	if got, want := w.told(), "lines false false"; !slices.Contains(got, want) {
		t.Errorf("the port was told %q, and not %q", got, want)
	}
}

// Nonsense ends the connection, not the server.
func TestServerAgainstNonsense(t *testing.T) {
	w := newWire()
	addr, _ := served(t, w)
	for name, p := range map[string]string{
		"FF 00":                 "\xff\x00",
		"endless":               "\xff\xfa\x2c\x00" + strings.Repeat("x", 5000),
		"FF FD in the middle":   "\xff\xfa\x2c\xff\xfd",
		"goes in the middle":    "\xff\xfa\x2c\x01\x00",
		"asks without a break":  strings.Repeat("\xff\xfd\x01", 200_000),
		"short values, in vain": "\xff\xfb\x2c\xff\xfa\x2c\x01\x00\xff\xf0\xff\xfa\x2c\x05\xff\xf0\xff\xfa\x2c\x0c\xff\xf0\xff\x00",
	} {
		c := dial(t, addr)
		_, _ = c.Write([]byte(p)) // the server may have hung up already
		if name == "goes in the middle" {
			c.Conn.(*net.TCPConn).CloseWrite()
		}
		if name == "asks without a break" {
			c.Close()
		}
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: the server holds on to it", name)
		}
		c.Close()
	}
	for began := time.Now(); ; {
		c := dial(t, addr)
		if e, err := c.event(); err == nil && e.Kind == rfc2217.Negotiation {
			return
		}
		if time.Since(began) > limit {
			t.Fatal("the server does not come back")
		}
	}
}

// The server ends with its listener, or with its port, whose last words still
// reach the client.
func TestServerEnds(t *testing.T) {
	w := newWire()
	addr, stop := served(t, w)
	c := com(t, addr)
	if err := stop(); err != nil {
		t.Errorf("stopped: %v", err)
	}
	if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the client was not told")
	}

	w = newWire()
	addr, stop = served(t, w)
	c = com(t, addr)
	w.toHost.Put([]byte("last words"))
	w.toHost.Close(errors.New("the board has halted"))
	if got := c.reads(10); got != "last words" {
		t.Errorf("%q", got)
	}
	if _, err := c.event(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("and then %v", err)
	}
	if err := stop(); err == nil || !strings.Contains(err.Error(), "the board has halted") {
		t.Errorf("ended with %v", err)
	}
}
