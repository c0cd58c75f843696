package virtual_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
)

// hello is the part of the firmware's greeting that a board can check.
type hello struct {
	Hello struct {
		MAC, Nonce, Digest string
		Boots, Cause       int
	}
}

// greeted reads up to the greeting. The record begins with RS and ends with LF.
func greeted(t testing.TB, p io.Reader) hello {
	t.Helper()
	_, record, _ := strings.Cut(until(t, p, "\x1e[^\n]*\n"), "\x1e")
	var h hello
	if err := json.Unmarshal([]byte(record), &h); err != nil {
		t.Fatalf("%q: %v", record, err)
	}
	return h
}

func TestFirmwareBoots(t *testing.T) {
	image := firmware.Image
	b, p := memory(t, image)
	h := greeted(t, p).Hello
	if want := fmt.Sprintf("%x", md5.Sum(image)); h.Digest != want || h.MAC != "7a:e5:82:00:00:01" || h.Boots != 1 || h.Cause != 1 {
		t.Errorf("first greeting: %+v, digest of the image %s", h, want)
	}
	reset(t, p, false)
	if h := greeted(t, p).Hello; h.Boots != 2 || h.Cause != 2 {
		t.Errorf("after a reset by EN: %+v", h)
	}
	if _, err := io.WriteString(p, "1 hello c0ffee\n"); err != nil {
		t.Fatal(err)
	}
	if h := greeted(t, p).Hello; h.Nonce != "c0ffee" || h.Boots != 2 {
		t.Errorf("when asked: %+v", h)
	}
	if _, err := io.WriteString(p, "2 reset\n"); err != nil {
		t.Fatal(err)
	}
	until(t, p, "\x1e[^\n]*\n")
	if h := greeted(t, p).Hello; h.Boots != 3 || h.Cause != 2 {
		t.Errorf("after a reset by software, which keeps the cause: %+v", h)
	}
	b.PowerCycle()
	if h := greeted(t, p).Hello; h.Boots != 1 || h.Cause != 1 {
		t.Errorf("after a power cycle: %+v", h)
	}
}

// The same bytes by way of the loader, on a chip that was blank.
func TestFirmwareFlashed(t *testing.T) {
	image := firmware.Image
	b, p := memory(t, nil)
	if err := p.SetBaud(115200); err != nil {
		t.Fatal(err)
	}
	reset(t, p, true)
	drain(t, p)
	for range 2 {
		if _, err := p.Write(sync); err != nil {
			t.Fatal(err)
		}
		drain(t, p)
	}
	blocks := (len(image) + 0x3ff) / 0x400
	size := uint32(blocks) * 0x400
	command(t, p, 2, 0, words(size/2, uint32(blocks), 0x400, 0)) // the ROM erases twice as much
	for i := range blocks {
		p0 := append(bytes.Clone(image), bytes.Repeat([]byte{0xff}, 0x400)...)[i*0x400:][:0x400]
		sum := byte(0xef)
		for _, c := range p0 {
			sum ^= c
		}
		command(t, p, 3, sum, append(words(0x400, uint32(i), 0, 0), p0...))
	}
	if got := b.FlashBytes(0, len(image)); !bytes.Equal(got, image) {
		t.Error("the flash does not hold the image")
	}
	if err := p.SetBaud(74880); err != nil {
		t.Fatal(err)
	}
	reset(t, p, false)
	if h := greeted(t, p).Hello; h.Cause != 2 {
		t.Errorf("%+v", h)
	}
}

// A program that talks to the network executes the same instructions each
// time, however fast the network is.
func TestFirmwareSendsDeterministically(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	}))
	defer server.Close()
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}
	run := func() (virtual.Stats, string) {
		b := newBoard(t, virtual.Config{Dial: dial, Seed: 7}, firmware.Image)
		p, err := b.Port()
		if err != nil {
			t.Fatal(err)
		}
		greeted(t, p)
		said := ""
		for i, line := range []string{
			"provision 31324641 736563726574 1", "server 192.0.2.1 1880", "link virtual",
			"send 31", "send 32", "send 33",
		} {
			if _, err := fmt.Fprintf(p, "%d %s\n", i+1, line); err != nil {
				t.Fatal(err)
			}
			said += until(t, p, "\x1e[^\n]*\n")
		}
		return b.Stats(), said
	}
	stats, said := run()
	if !strings.Contains(said, `"http":200`) {
		t.Fatalf("nothing was sent: %s", said)
	}
	if s, again := run(); s != stats || again != said {
		t.Errorf("%+v %s, before %+v %s", s, again, stats, said)
	}
}

func words(v ...uint32) (p []byte) {
	for _, w := range v {
		p = binary.LittleEndian.AppendUint32(p, w)
	}
	return p
}

// request is a frame for the loader.
func request(op, sum byte, data []byte) []byte {
	q := binary.LittleEndian.AppendUint16([]byte{0, op}, uint16(len(data)))
	q = append(append(q, sum, 0, 0, 0), data...)
	q = bytes.ReplaceAll(q, []byte{0xdb}, []byte{0xdb, 0xdd})
	q = bytes.ReplaceAll(q, []byte{0xc0}, []byte{0xdb, 0xdc})
	return append(append([]byte{0xc0}, q...), 0xc0)
}

// command sends a request to the loader and wants a reply that reports
// success.
func command(t testing.TB, p boards.Port, op, sum byte, data []byte) {
	t.Helper()
	if _, err := p.Write(request(op, sum, data)); err != nil {
		t.Fatal(err)
	}
	reply := []byte(drain(t, p))
	if len(reply) != 12 || reply[2] != op || reply[9] != 0 {
		t.Fatalf("op %02x: reply % x", op, reply)
	}
}

func BenchmarkFirmwareBoot(b *testing.B) {
	board, p := memory(b, firmware.Image)
	if err := p.SetReadTimeout(time.Second); err != nil {
		b.Fatal(err)
	}
	greeted(b, p)
	for b.Loop() {
		board.SetRTS(true)
		board.SetRTS(false)
		greeted(b, p)
	}
}
