package control_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/control/controltest"
)

const good = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"

// script is an [control.Exchange] that gives one answer after the other.
type script struct {
	t       *testing.T
	answers []func() ([]byte, error)
	n       int
}

func (s *script) carry(ctx context.Context, host string, port int, request []byte) ([]byte, error) {
	if host != "192.168.1.5" || port != 1880 || string(request) != "POST /data/12FA HTTP/1.1\r\n\r\n\x22hi\x22" {
		s.t.Errorf("asked to carry %q to %s:%d", request, host, port)
	}
	if _, ok := ctx.Deadline(); !ok {
		s.t.Error("an exchange without a deadline")
	}
	s.n++
	return s.answers[s.n-1]()
}

func replied(reply string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(reply), nil }
}

func failed(err error) func() ([]byte, error) { return func() ([]byte, error) { return nil, err } }

// sending returns a rig whose device sends on link serial through carry.
func sending(t *testing.T, carry control.Exchange) rig {
	t.Helper()
	r := ready(t, carry)
	_, err := r.Provision(soon(t), "12FA", "p", 7)
	if err := errors.Join(err, r.Server(soon(t), backend), r.Link(soon(t), control.LinkSerial)); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestSendOverSerial(t *testing.T) {
	refused := failed(&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})
	late := failed(context.DeadlineExceeded)
	whole := (controltest.MaxLine - len("999999999 reply 1\n") - len(" ")) / 2 // bytes of reply that a line takes
	for _, tt := range []struct {
		name    string
		answers []func() ([]byte, error)
		heard   string // the replies, by their first word
		outcome control.Outcome
	}{
		{"at once", []func() ([]byte, error){replied(good)}, "hex 1", control.Accepted},
		{"binary", []func() ([]byte, error){replied("\x00\xff\n\x1e"), replied(good)}, "00ff0a1e 1, hex 2", control.Accepted},
		{"nothing", []func() ([]byte, error){replied(""), replied(good)}, "- 1, hex 2", control.Accepted},
		{"refused", []func() ([]byte, error){refused, replied(good)}, "refused 1, hex 2", control.Accepted},
		{"late", []func() ([]byte, error){late, replied(good)}, "timeout 1, hex 2", control.Accepted},
		{"at the fourth attempt", []func() ([]byte, error){late, refused, late, replied(good)}, "timeout 1, refused 2, timeout 3, hex 4", control.Accepted},
		{"never", []func() ([]byte, error){late, late, late, late}, "timeout 1, timeout 2, timeout 3, timeout 4", control.Unknown},
		{"as large as can be", []func() ([]byte, error){replied(good + strings.Repeat(" ", whole-len(good)))}, "hex 1", control.Accepted},
		{"a byte too large", []func() ([]byte, error){replied(good + strings.Repeat(" ", whole+1-len(good))), replied(good)}, "timeout 1, hex 2", control.Accepted},
		{"huge", []func() ([]byte, error){replied(strings.Repeat("\x00", 10<<20)), replied(good)}, "timeout 1, hex 2", control.Accepted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &script{t: t, answers: tt.answers}
			r := sending(t, s.carry)
			got, err := r.Send(soon(t), []byte(`"hi"`))
			if err != nil || got.SEQN != 7 || got.Outcome != tt.outcome || got.Attempts != len(tt.answers) {
				t.Errorf("%+v, %v", got, err)
			}
			var heard []string
			for _, line := range r.device.Heard() {
				_, line, _ = strings.Cut(line, " ")
				if words, ok := strings.CutPrefix(line, "reply "); ok {
					heard = append(heard, words)
				}
				if len(line) > controltest.MaxLine {
					t.Errorf("a line of %d bytes", len(line))
				}
			}
			replies := strings.ReplaceAll(strings.Join(heard, ", "), fmt.Sprintf("%x", good), "hex")
			replies = strings.ReplaceAll(replies, strings.Repeat("20", whole-len(good)), "")
			if replies != tt.heard {
				t.Errorf("the device heard %.200q, want %q", replies, tt.heard)
			}
			if _, err := r.Seqn(soon(t)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// A request that cannot be carried is no reason to keep the device waiting.
func TestSendNotCarried(t *testing.T) {
	r := sending(t, nil)
	if _, err := r.Send(soon(t), []byte("1")); err == nil || !strings.Contains(err.Error(), "nobody was named") {
		t.Errorf("nobody carries: %v", err)
	}
	if got := r.last(); got != "reply timeout 4" {
		t.Errorf("the device was told %q", got)
	}
	for _, member := range []string{
		`"n":1,"host":"example.org","port":80,"request":"00"`,
		`"n":1,"host":"::1","port":80,"request":"00"`,
		`"n":1,"host":"1.2.3.4","port":65536,"request":"00"`,
		`"n":1,"host":"1.2.3.4","port":80,"request":"0"`,
		`"n":1,"host":"1.2.3.4","port":80,"request":"GET"`,
		`"n":1,"host":"1.2.3.4","port":80`,
		`"n":-1,"host":"1.2.3.4","port":80,"request":"00"`,
		``,
	} {
		carried := false
		r := sending(t, func(context.Context, string, int, []byte) ([]byte, error) { carried = true; return nil, nil })
		r.device.Answer("send", "\x1e{\"http\":{"+member+"}}\n")
		r.device.Answer("reply", "\x1e{\"id\":"+fmt.Sprint(len(r.device.Heard())+1)+",\"ok\":false,\"error\":\"busy\"}\n") // the answer to the send
		if _, err := r.Send(soon(t), []byte("1")); !errors.Is(err, control.ErrAnswer) || !strings.Contains(err.Error(), "http") {
			t.Errorf("{%s}: %v", member, err)
		}
		if got := r.last(); carried || got != "reply timeout" {
			t.Errorf("{%s}: carried %t, the device was told %q", member, carried, got)
		}
	}
}

// A device that refuses a reply has misunderstood, or the harness has.
func TestReplyRefused(t *testing.T) {
	for answer, want := range map[string]error{
		`"ok":false,"error":"too-long"`: control.TooLong,
		`"ok":true`:                     control.ErrAnswer,
		`"fine":true`:                   control.ErrAnswer,
	} {
		s := &script{t: t, answers: []func() ([]byte, error){replied(good)}}
		r := sending(t, s.carry)
		r.device.Answer("reply", "\x1e{\"id\":$ID,"+answer+"}\n")
		if _, err := r.Send(soon(t), []byte(`"hi"`)); !errors.Is(err, want) || !strings.Contains(err.Error(), "reply") {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}

func TestSendRefused(t *testing.T) {
	r := ready(t, nil)
	for _, want := range []control.Code{control.NotProvisioned, control.NoServer, control.NoLink} {
		if _, err := r.Send(soon(t), []byte("1")); !errors.Is(err, want) {
			t.Errorf("got %v, want %s", err, want)
		}
		switch want {
		case control.NotProvisioned:
			if _, err := r.Provision(soon(t), "1", "p", 0); err != nil {
				t.Error(err)
			}
		case control.NoServer:
			if err := r.Server(soon(t), backend); err != nil {
				t.Error(err)
			}
		}
	}
}

// Whoever gives a send up has the device for himself again after a reset.
func TestSendGivenUp(t *testing.T) {
	ctx, cancel := context.WithCancel(soon(t))
	r := sending(t, func(ctx context.Context, _ string, _ int, _ []byte) ([]byte, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if _, err := r.Send(ctx, []byte("1")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, err := r.Seqn(soon(t)); !errors.Is(err, control.Busy) {
		t.Errorf("the device still sends, and says %v", err)
	}
	if _, _, err := r.Boot(soon(t), r.press, console.External); err != nil {
		t.Fatal(err)
	}
	if next, err := r.Seqn(soon(t)); err != nil || next != 8 {
		t.Errorf("after a reset: %d, %v", next, err)
	}
}

// Commands of several goroutines wait for each other.
func TestConcurrentCommands(t *testing.T) {
	r := sending(t, func(context.Context, string, int, []byte) ([]byte, error) { return bytes.Clone([]byte(good)), nil })
	done := make(chan error)
	for i := range 8 {
		go func() {
			var err error
			if i%2 == 0 {
				_, err = r.Send(soon(t), []byte("1"))
			} else {
				_, err = r.Seqn(soon(t))
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// A question is carried as a reading is, and what is settled by it comes back.
func TestResyncOverSerial(t *testing.T) {
	asked := false
	r := sending(t, func(_ context.Context, host string, port int, request []byte) ([]byte, error) {
		asked = host == "192.168.1.5" && port == 1880 && string(request) == "GET"
		return []byte(good), nil
	})
	r.device.Answer("resync", "\x1e{\"http\":{\"n\":1,\"host\":\"192.168.1.5\",\"port\":1880,\"request\":\"474554\"}}\n"+
		"\x1e{\"id\":$ID,\"ok\":true,\"next\":9,\"told\":8,\"attempts\":1,\"settled\":{\"seqn\":7,\"stored\":true}}\n")
	got, err := r.Resync(soon(t))
	if err != nil || !asked || got.Next != 9 || got.Told != 8 || got.Settled == nil || *got.Settled != (control.Settled{SEQN: 7, Stored: true}) {
		t.Errorf("%+v, %v, asked %t", got, err, asked)
	}
	r.device.Answer("resync", "\x1e{\"id\":$ID,\"ok\":false,\"error\":\"bad-answer\"}\n")
	if _, err := r.Resync(soon(t)); !errors.Is(err, control.BadAnswer) {
		t.Errorf("%v, want BadAnswer", err)
	}
}
