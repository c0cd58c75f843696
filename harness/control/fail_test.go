package control_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/crash"
	"github.com/espalier-hil/espalier/harness/port/porttest"
)

// A device that does not answer costs what the context allows.
func TestDeadline(t *testing.T) {
	r := ready(t, nil)
	for _, tt := range verbs {
		verb, _, _ := strings.Cut(tt.heard, " ")
		r.device.Answer(verb, "busy counting\r\n")
		_, err := tt.do(over(t), r.Client)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "control: "+verb) {
			t.Errorf("%s: %v", verb, err)
		}
	}
	r.device.Answer("hello", "")
	if _, err := r.Hello(over(t), nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hello: %v", err)
	}
	if _, err := r.Seqn(soon(t)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Whoever waits for a device that dies is told so, and of what.
func TestCrashWhileWaiting(t *testing.T) {
	for _, tt := range []struct {
		text  string
		death crash.Death
	}{
		{"Fatal exception (9): \r\nepc1=0x40100123, epc2=0x0\r\n", crash.Exception},
		{"\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n", crash.UnexpectedReset},
		{"wdt reset\r\n", crash.WatchdogReset},
	} {
		for _, cmd := range verbs {
			r := open(t, nil)
			if _, _, err := r.Boot(soon(t), r.press, console.External); err != nil {
				t.Fatal(err)
			}
			verb, _, _ := strings.Cut(cmd.heard, " ")
			r.device.Answer(verb, tt.text+"\x1e{\"id\":$ID,\"ok\":true,\"next\":1}\n")
			_, err := cmd.do(soon(t), r.Client)
			var crash *console.Crash
			if !errors.As(err, &crash) || crash.Death != tt.death {
				t.Errorf("%s, %s: %v", verb, tt.death, err)
			}
		}
	}
}

func TestLostPort(t *testing.T) {
	r := ready(t, nil)
	r.device.Answer("seqn", "hm\r\n")
	lost := make(chan error)
	cursor := r.console.After(0)
	go func() {
		_, err := r.Seqn(soon(t))
		lost <- err
	}()
	if _, err := cursor.Expect(soon(t), console.Text("hm")); err != nil {
		t.Fatal(err)
	}
	r.device.Unplug()
	if err := <-lost; !errors.Is(err, console.ErrLost) || !errors.Is(err, porttest.ErrUnplugged) {
		t.Errorf("who waits is told %v", err)
	}
	for _, tt := range verbs {
		if _, err := tt.do(soon(t), r.Client); !errors.Is(err, console.ErrLost) {
			t.Errorf("%s: %v", tt.heard, err)
		}
	}
	if _, err := r.Do(soon(t), "seqn"); !errors.Is(err, console.ErrLost) {
		t.Errorf("do: %v", err)
	}
	if _, _, err := r.Boot(soon(t), r.press); !errors.Is(err, console.ErrLost) {
		t.Errorf("boot: %v", err)
	}
}

// The port goes between the device's request and the reply to it.
func TestLostWhileSending(t *testing.T) {
	var r rig
	r = sending(t, func(context.Context, string, int, []byte) ([]byte, error) {
		r.device.Unplug()
		return []byte(good), nil
	})
	if _, err := r.Send(soon(t), []byte("1")); !errors.Is(err, console.ErrLost) {
		t.Errorf("got %v", err)
	}
}

func TestBorrowed(t *testing.T) {
	r := ready(t, nil)
	loan, err := r.console.Borrow(soon(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Seqn(soon(t)); !errors.Is(err, console.ErrBorrowed) {
		t.Errorf("while the port is lent: %v", err)
	}
	if err := loan.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Seqn(soon(t)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// A passphrase goes to the device and nowhere else, neither as it is nor in
// hexadecimal, whatever becomes of the command.
func TestSecrets(t *testing.T) {
	const pass, passHex = "correct horse", "636f727265637420686f727365"
	secret := []func(ctx context.Context, r rig) error{
		func(ctx context.Context, r rig) error { _, err := r.Provision(ctx, "12FA", pass, 1); return err },
		func(ctx context.Context, r rig) error { _, err := r.Seal(ctx, pass, salt, 1, []byte("1")); return err },
		func(ctx context.Context, r rig) error { _, _, err := r.Derive(ctx, pass, salt); return err },
	}
	r := ready(t, nil)
	var told []string
	for i, verb := range []string{"provision", "seal", "derive"} {
		if err := secret[i](soon(t), r); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(r.last(), " "+passHex) {
			t.Fatalf("%s went out as %q", verb, r.last())
		}
		for _, answer := range []string{"", "\x1e{\"id\":$ID,\"ok\":true}\n", "\x1e{\"id\":$ID,\"ok\":false,\"error\":\"flash\"}\n"} {
			ctx := soon(t)
			if answer == "" {
				ctx = over(t)
			}
			r.device.Answer(verb, answer)
			err := secret[i](ctx, r)
			if err == nil {
				t.Fatalf("%s answered %q: no error", verb, answer)
			}
			told = append(told, err.Error())
		}
	}
	r.device.Alter(func(hello map[string]any) {
		hello["limits"] = map[string]int{"line": 30, "data": 30, "id": 4, "pass": 8}
	})
	if _, err := r.Hello(soon(t), nil); err != nil {
		t.Fatal(err)
	}
	for i := range secret {
		err := secret[i](soon(t), r)
		if !errors.Is(err, control.ErrLimit) {
			t.Fatalf("beyond the limits: %v", err)
		}
		told = append(told, err.Error())
	}
	r.device.Unplug()
	told = append(told, r.console.Tail(1000))
	redacted := 0
	for _, e := range r.console.Timeline().Events(time.Time{}, time.Time{}) {
		told = append(told, string(e.Data))
		if e.Redacted {
			redacted++
		}
	}
	if redacted != 12 {
		t.Errorf("%d redacted lines in the timeline, want 12", redacted)
	}
	for _, text := range told {
		if strings.Contains(text, pass) || strings.Contains(strings.ToLower(text), passHex) {
			t.Errorf("the passphrase is in %q", text)
		}
	}
	if !strings.Contains(strings.Join(told, "\n"), "provision 31324641 (redacted) 1") {
		t.Errorf("what was sent is not on record: %q", told)
	}
}
