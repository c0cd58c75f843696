package soc_test

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// FuzzPeer has a program talk to a peer that says anything. The program hears
// exactly that, the peer hears exactly what was sent, and then it is over.
func FuzzPeer(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\n\r\n{\"status\":\"OK\"}"))
	f.Add([]byte{}, []byte{0, 0xff, 0x1e, '\n'})
	f.Add([]byte{0xc0}, []byte{})
	f.Fuzz(func(t *testing.T, request, reply []byte) {
		const most = 4096
		request, reply = request[:min(len(request), most)], reply[:min(len(reply), most)]
		near, far := net.Pipe()
		heard := make(chan []byte, 1)
		go func() {
			p := make([]byte, len(request))
			n, _ := io.ReadFull(far, p)
			far.Write(reply)
			far.Close()
			heard <- p[:n]
		}()
		m, err := soc.New(soc.Config{FlashSize: nor.MinSize, Blocking: true, Dial: func(context.Context, string, string) (net.Conn, error) { return near, nil }})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		m.Reset(soc.Power, soc.StrapFlash)
		set := func(addr, v uint32) {
			if err := m.Write32(addr, v); err != nil {
				t.Fatal(err)
			}
		}
		get := func(addr uint32) uint32 {
			v, err := m.Read32(addr)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		set(linkHost, 0x7f000001)
		set(linkPort, 1880)
		set(linkCtrl, 1)
		get(linkStatus)
		for _, b := range request {
			set(linkTX, uint32(b))
		}
		set(linkFlush, 1)
		var got []byte
		for get(linkStatus)>>16 > 0 && len(got) <= len(reply) {
			got = append(got, byte(get(linkRX)))
		}
		if sent := <-heard; string(sent) != string(request) {
			t.Errorf("sent %q, and %q arrived", request, sent)
		}
		if string(got) != string(reply) {
			t.Errorf("said %q, and %q was heard", reply, got)
		}
		set(linkCtrl, 2)
		if s := get(linkStatus); s != idle {
			t.Errorf("afterwards the link is in state %x", s)
		}
	})
}
