package interpreter_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/interpreter"
	"github.com/espalier-hil/espalier/harness/port/porttest"
)

// head is a board like any other; speech is added to it.
const head = `name: x
title: X
chip: esp8266
flash: {size: 1MiB, baud: 115200}
console: {baud: 74880}
reset: {sequence: classic, hold: 100ms, settle: 50ms}
links: [serial]
`

// talkative maps everything there is.
const talkative = head + `speech:
  ready: '^up (?P<firmware>\w+) (?P<version>\S+) (?P<next>\d+)$'
  verbs:
    send: {type: "send {data}\n"}
    restart: {type: "boot\n"}
    skip: {type: "skip {n}\n", answer: '^next (?P<next>\S+)$'}
    next: {type: "next?\n", answer: '^next (?P<next>\S+)$'}
    provision: {type: "be {id} {passphrase:hex} {next}\n", answer: '^next (?P<next>\S+)$'}
    server: {type: "post to {host}:{port}\n", answer: '^yes$'}
    seal: {type: "seal {passphrase:hex} {salt:hex} {seqn} {data}\n", answer: '^sealed (?P<msg>\S+)$'}
    derive: {type: "derive {passphrase:hex} {salt:hex}\n", answer: '^(?P<key>\S+) and (?P<iv>\S+)$'}
    digest: {type: "sum {nonce:hex}\n", answer: '^(?P<md5>\S+) of (?P<size>\d+)$'}
  reading:
    begins: '^as (?P<seqn>\S+) with salt (?P<salt>\S+)'
    again: 'once more'
    accepted: 'taken'
    presumed: 'taken before'
    refused: 'not wanted'
    unknown: 'nobody home'
`

// node is firmware with a vocabulary of its own: what it answers to each line.
type node struct {
	*interpreter.Interpreter
	console *console.Console
	cable   *porttest.Device
	heard   chan string
}

// listen returns an interpreter of a descriptor, and the node that it talks to.
func listen(t *testing.T, descriptor string, answers map[string]string) *node {
	t.Helper()
	desc, err := boards.Load([]byte(descriptor))
	if err != nil {
		t.Fatal(err)
	}
	host, cable := porttest.Pipe()
	c, err := console.New(host, console.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	n := &node{interpreter.New(c, desc), c, cable, make(chan string, 100)}
	go func() {
		lines := bufio.NewScanner(cable)
		for lines.Scan() {
			n.heard <- lines.Text()
			word, _, _ := strings.Cut(lines.Text(), " ")
			fmt.Fprint(cable, answers[word])
		}
	}()
	return n
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

const booted = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\nload 1\nup greenhouse 1.3 122\n"

func TestVerbs(t *testing.T) {
	salt := [8]byte{1, 2, 3, 4, 5, 6, 7, 8}
	ff, aa := strings.Repeat("ff", 16), strings.Repeat("aa", 32)
	n := listen(t, talkative, map[string]string{
		"skip": "well\nnext 130\n", "next?": "next 122\n", "be": "next 5\n", "post": "yes\n", "seal": "sealed U2Fs\n",
		"derive": aa + " and " + ff + "\n", "sum": ff + " of 1234\n",
	})
	for _, tt := range []struct {
		do    func(context.Context) (any, error)
		heard string
		want  any
	}{
		{func(ctx context.Context) (any, error) { return n.Skip(ctx, 8) }, "skip 8", uint64(130)},
		{func(ctx context.Context) (any, error) { return n.Seqn(ctx) }, "next?", uint64(122)},
		{func(ctx context.Context) (any, error) { return n.Provision(ctx, "a b", "secret", 5) }, "be a b 736563726574 5", uint64(5)},
		{func(ctx context.Context) (any, error) {
			return nil, n.Server(ctx, netip.MustParseAddrPort("10.0.0.2:1880"))
		}, "post to 10.0.0.2:1880", nil},
		{func(ctx context.Context) (any, error) { return n.Seal(ctx, "s", salt, 7, []byte(`"é"`)) }, `seal 73 0102030405060708 7 "é"`, "U2Fs"},
		{func(ctx context.Context) (any, error) {
			key, iv, err := n.Derive(ctx, "", salt)
			return fmt.Sprintf("%x %x", key, iv), err
		}, "derive  0102030405060708", aa + " " + ff},
		{func(ctx context.Context) (any, error) {
			sum, size, err := n.Digest(ctx, []byte{0xc0})
			return fmt.Sprintf("%x %d", sum, size), err
		}, "sum c0", ff + " 1234"},
		{func(ctx context.Context) (any, error) { return nil, n.Link(ctx, "virtual") }, "", nil},
	} {
		got, err := tt.do(soon(t))
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.heard, got, err, tt.want)
		}
		if tt.heard != "" {
			if heard := <-n.heard; heard != tt.heard {
				t.Errorf("typed %q, want %q", heard, tt.heard)
			}
		}
	}
	for _, e := range n.console.Timeline().Events(time.Time{}, time.Time{}) {
		if strings.Contains(string(e.Data), "736563726574") {
			t.Errorf("the timeline keeps the passphrase: %q", e.Data)
		}
	}
}

// What the firmware says of a reading, in whatever lines, and what that means.
func TestReadings(t *testing.T) {
	const begins = "as 121 with salt 0102030405060708"
	for says, want := range map[string]control.Sending{
		begins + " ... taken\n":                                            {Outcome: control.Accepted, Attempts: 1},
		"noise, taken\n" + begins + "\nhm\ntaken\n":                        {Outcome: control.Accepted, Attempts: 1},
		begins + " once more once more\nonce more\nnot wanted\n":           {Outcome: control.Refused, Attempts: 4},
		begins + " once more taken before? no\nas 9 with salt 1\ntaken\n":  {Outcome: control.Accepted, Attempts: 2},
		begins + " once more once more once more nobody home\n":            {Outcome: control.Unknown, Attempts: 4},
		begins + " \x1e{\"id\":1}\nnot wanted, and not taken either way\n": {Outcome: control.Accepted, Attempts: 1}, // the first that matches counts
	} {
		n := listen(t, talkative, map[string]string{"send": says})
		got, err := n.Send(soon(t), []byte(`{"value":300}`))
		want.SEQN, want.Salt, want.Data = 121, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, `{"value":300}`
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v, want %+v", says, got, err, want)
		}
	}
}

func TestBoot(t *testing.T) {
	n := listen(t, talkative, map[string]string{"boot": "bye\n" + booted})
	pin := func(context.Context) error {
		_, err := n.cable.Write([]byte(booted))
		return err
	}
	boot, hello, err := n.Boot(soon(t), pin, console.External)
	if err != nil || boot.Mode != console.FlashBoot || hello.Firmware != "greenhouse" || hello.Version != "1.3" || hello.Next == nil || *hello.Next != 122 {
		t.Errorf("%+v, %+v, %v", boot, hello, err)
	}
	if _, hello, err := n.Reset(soon(t)); err != nil || hello.Version != "1.3" {
		t.Errorf("%+v, %v", hello, err)
	}
	loader := func(context.Context) error {
		_, err := n.cable.Write([]byte(strings.Replace(booted, "(3,", "(1,", 1)))
		return err
	}
	if _, _, err := n.Boot(soon(t), loader); !errors.Is(err, control.ErrBootMode) {
		t.Errorf("booted into its loader: %v", err)
	}
}

// What makes no sense is no answer, and nothing is made of it.
func TestNonsense(t *testing.T) {
	n := listen(t, talkative, map[string]string{
		"next?": "next 18446744073709551616\n", "skip": "next -1\n", "derive": "zz and yy\n", "sum": "ff of 3\n", "send": "as 0x7 with salt 00\n",
	})
	for what, do := range map[string]func(context.Context) error{
		"a number too large":  func(ctx context.Context) error { _, err := n.Seqn(ctx); return err },
		"a number below zero": func(ctx context.Context) error { _, err := n.Skip(ctx, 1); return err },
		"no hexadecimal":      func(ctx context.Context) error { _, _, err := n.Derive(ctx, "", [8]byte{}); return err },
		"too few bytes":       func(ctx context.Context) error { _, _, err := n.Digest(ctx, nil); return err },
		"no decimal SEQN":     func(ctx context.Context) error { _, err := n.Send(ctx, []byte("1")); return err },
	} {
		if err := do(soon(t)); !errors.Is(err, control.ErrAnswer) {
			t.Errorf("%s: %v, want ErrAnswer", what, err)
		}
	}
	if _, err := n.Send(soon(t), []byte("\"two\nlines\"")); !errors.Is(err, control.ErrLimit) || !strings.Contains(err.Error(), "{data:hex}") {
		t.Errorf("a line end in an argument: %v", err)
	}
}

// A silent node is told of with what was waited for.
func TestSilence(t *testing.T) {
	n := listen(t, talkative, map[string]string{"send": "as 121 with salt 0102030405060708\n"})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := n.Send(ctx, []byte("1")); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "outcome of reading 121") {
		t.Error(err)
	}
}

// What is not mapped is not typed.
func TestNoVerb(t *testing.T) {
	n := listen(t, head+`speech:
  ready: up
  device: {id: greenhouse}
  backend: 10.0.0.2:1880
  verbs: {read: {type: "s\n"}}
  reading: {begins: '^as (?P<seqn>\d+) (?P<data>\S+)', accepted: taken, refused: "no"}
`, map[string]string{"s": "as 7 {\"celsius\":21} ... taken\n"})
	ctx := soon(t)
	for _, err := range []error{
		err(n.Seqn(ctx)), err(n.Skip(ctx, 1)), err(n.Provision(ctx, "a", "b", 0)), err(n.Seal(ctx, "", [8]byte{}, 0, nil)),
		n.Server(ctx, netip.AddrPort{}), third(n.Derive(ctx, "", [8]byte{})), third(n.Digest(ctx, nil)), third(n.Reset(ctx)),
	} {
		if !errors.Is(err, interpreter.ErrNoVerb) {
			t.Errorf("%v, want ErrNoVerb", err)
		}
	}
	// What it sends is what it likes to.
	sent, err := n.Send(ctx, []byte(`"ours"`))
	if want := (control.Sending{SEQN: 7, Outcome: control.Accepted, Data: `{"celsius":21}`}); err != nil || sent != want {
		t.Errorf("%+v, %v, want %+v", sent, err, want)
	}
	if heard := <-n.heard; heard != "s" || len(n.heard) > 0 {
		t.Errorf("typed %q, and %d more", heard, len(n.heard))
	}
}

func err[T any](_ T, err error) error           { return err }
func third[T, U any](_ T, _ U, err error) error { return err }
