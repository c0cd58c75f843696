package port_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/rfc2217"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/port/porttest"
)

// served gives a cable away by RFC 2217, and returns what it is plugged into at
// the server and where that is.
func served(t *testing.T) (host *porttest.Host, device *porttest.Device, url string) {
	t.Helper()
	host, device = porttest.Pipe()
	l, err := rfc2217.Listen("rfc2217://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- rfc2217.NewServer(host, rfc2217.Config{Baud: 9600, Log: t.Output()}).Serve(l) }()
	t.Cleanup(func() { l.Close(); <-done })
	return host, device, "rfc2217://" + l.Addr().String() + patient
}

// patient has a client wait for longer than any machine is busy.
const patient = "?timeout=60"

// remote opens a port at a URL.
func remote(t *testing.T, url string) boards.Port {
	t.Helper()
	p, err := port.Open(url, port.Config{Baud: 74880})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	if err := p.SetReadTimeout(limit); err != nil {
		t.Fatal(err)
	}
	return p
}

// Speed and lines have moved at the server when the calls return.
func TestRemoteMoves(t *testing.T) {
	host, _, url := served(t)
	p := remote(t, url)
	want := []string{"baud 74880"}
	check := func(what string, err error, moves ...string) {
		t.Helper()
		want = append(want, moves...)
		if got := host.Moves(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, the server's port was told %q, want %q", what, err, got, want)
		}
	}
	check("opened", nil)
	check("speed", p.SetBaud(460800), "baud 460800")
	check("DTR", p.SetDTR(true), "DTR true")
	check("RTS", p.SetRTS(true), "RTS true")
	check("both", p.(interface{ SetLines(dtr, rts bool) error }).SetLines(false, false), "DTR false", "RTS false")
	for _, baud := range []int{0, -1, 5_000_000} {
		if err := p.SetBaud(baud); !errors.Is(err, port.ErrNotSerial) || !strings.Contains(err.Error(), url) {
			t.Errorf("%d baud: %v", baud, err)
		}
	}
	check("impossible speeds", nil)
}

// Every byte passes both ways as it is.
func TestRemoteEightBits(t *testing.T) {
	_, device, url := served(t)
	defer time.AfterFunc(limit, device.Unplug).Stop() // it would wait for ever
	p := remote(t, url)
	var all []byte
	for i := range 4096 {
		all = append(all, byte(i), byte(i/16))
	}
	for _, way := range []struct {
		name string
		w    io.Writer
		r    io.Reader
	}{{"to the board", p, device}, {"from the board", device, p}} {
		got := make([]byte, len(all))
		if _, err := way.w.Write(all); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(way.r, got); err != nil || !bytes.Equal(got, all) {
			t.Errorf("%s: % x, %v", way.name, got, err)
		}
	}
}

func TestRemoteReadTimeout(t *testing.T) {
	_, device, url := served(t)
	p := remote(t, url)
	buf := make([]byte, 16)
	for _, d := range []time.Duration{0, time.Microsecond, 5 * time.Millisecond} {
		if err := p.SetReadTimeout(d); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if n, err := p.Read(buf); n != 0 || err != os.ErrDeadlineExceeded {
			t.Errorf("nothing within %v: %d, %v", d, n, err)
		}
		if took := time.Since(start); took < d {
			t.Errorf("gave up after %v of %v", took, d)
		}
	}
	if err := p.SetReadTimeout(limit); err != nil {
		t.Fatal(err)
	}
	if _, err := device.Write([]byte("late")); err != nil {
		t.Fatal(err)
	}
	if n, err := p.Read(buf); err != nil || string(buf[:n]) != "late" {
		t.Errorf("%q, %v", buf[:n], err)
	}
}

// A connection that drops stays gone, what came before can be read, and
// everybody is told the same.
func TestRemoteDrops(t *testing.T) {
	_, device, url := served(t)
	addr, err := rfc2217.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	network, err := porttest.NewProxy(addr.HostPort, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { network.Close() })
	url = "rfc2217://" + network.Addr() + patient
	p := remote(t, url)
	if _, err := device.Write([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 10)
	if _, err := io.ReadFull(p, buf); err != nil || string(buf) != "last words" {
		t.Fatalf("%q, %v", buf, err)
	}
	network.Cut()
	n, first := p.Read(buf)
	if n != 0 || !errors.Is(first, port.ErrLost) || errors.Is(first, os.ErrDeadlineExceeded) || !strings.Contains(first.Error(), url+": the connection was dropped by the other end") {
		t.Fatalf("%d, %v", n, first)
	}
	staysLost(t, p, first)
}

// staysLost holds a port to its first error, whatever is tried with it, and after
// it was closed.
func staysLost(t *testing.T, p boards.Port, first error) {
	t.Helper()
	buf := make([]byte, 1)
	_, read := p.Read(buf)
	_, write := p.Write([]byte("x"))
	for what, err := range map[string]error{
		"read": read, "write": write, "speed": p.SetBaud(9600), "DTR": p.SetDTR(true), "lines": p.(lines).SetLines(true, true),
	} {
		if err != first {
			t.Errorf("%s: %v, want %v", what, err, first)
		}
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := p.Read(buf); err != first {
		t.Errorf("closed: %v, want %v", err, first)
	}
}

func TestRemoteCloses(t *testing.T) {
	_, device, url := served(t)
	for range 5 {
		var p boards.Port
		for began := time.Now(); p == nil; { // the server may not have seen yet that the last one has gone
			var err error
			if p, err = port.Open(url, port.Config{Baud: 74880}); err != nil && (!errors.Is(err, port.ErrBusy) || time.Since(began) > limit) {
				t.Fatal(err)
			}
		}
		closes(t, p, device.Write)
	}
}

func TestRemoteBusy(t *testing.T) {
	_, _, url := served(t)
	first := remote(t, url)
	if p, err := port.Open(url, port.Config{Baud: 74880}); p != nil || !errors.Is(err, port.ErrBusy) || !strings.Contains(err.Error(), "in use by 127.0.0.1:") {
		t.Errorf("opened twice: %v, %v", p, err)
	}
	if err := first.SetDTR(true); err != nil {
		t.Error(err)
	}
}
