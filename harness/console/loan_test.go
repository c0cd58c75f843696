package console_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/port/porttest"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

func TestLoan(t *testing.T) {
	host, d := porttest.Pipe()
	c, err := console.New(host, console.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetBaud(74880); err != nil {
		t.Fatal(err)
	}
	boot(t, c, d)
	loan, err := c.Borrow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(loan.SetBaud(460800), loan.SetDTR(true), loan.SetLines(false, true)); err != nil {
		t.Fatal(err)
	}

	buf := make([]byte, 256)
	d.Write([]byte("ets_main.c wdt reset\nready\n"))
	var got []byte
	for !bytes.HasSuffix(got, []byte("ready\n")) {
		n, err := loan.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	loan.SetReadTimeout(time.Millisecond)
	if n, err := loan.Read(buf); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("nothing to read: %d, %v", n, err)
	}
	if _, err := loan.Write([]byte{0xC0, 0xC0}); err != nil {
		t.Error(err)
	}
	if n, err := d.Read(buf); err != nil || !bytes.Equal(buf[:n], []byte{0xC0, 0xC0}) {
		t.Errorf("device read % x, %v", buf[:n], err)
	}

	// Meanwhile the port is nobody else's.
	if _, err := c.Write([]byte("1 hello\n")); !errors.Is(err, console.ErrBorrowed) {
		t.Error(err)
	}
	if _, err := c.Borrow(t.Context()); !errors.Is(err, console.ErrBorrowed) {
		t.Error(err)
	}
	if _, err := c.Reset(soon(t), says(d, bootText)); !errors.Is(err, console.ErrBorrowed) {
		t.Error(err)
	}

	if err := errors.Join(loan.Close(), loan.Close()); err != nil {
		t.Error(err)
	}
	want := []string{"baud 74880", "baud 460800", "DTR true", "DTR false", "RTS true", "baud 74880"}
	if got := host.Moves(); !slices.Equal(got, want) {
		t.Errorf("port moved %q, want %q", got, want)
	}
	if _, err := loan.Write(nil); !errors.Is(err, console.ErrClosed) {
		t.Errorf("after the loan: %v", err)
	}
	if _, err := loan.Read(buf); !errors.Is(err, console.ErrClosed) {
		t.Errorf("after the loan: %v", err)
	}
	// What was said during the loan is no line, no crash; what is said now is.
	boot(t, c, d)
	if tail := c.Tail(100); strings.Contains(tail, "ready") {
		t.Errorf("history has the borrower's bytes:\n%s", tail)
	}
}

func TestLoanEnds(t *testing.T) {
	c, d := open(t, console.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	loan, err := c.Borrow(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := loan.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	loan.Close()
	if loan, err = c.Borrow(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.Unplug()
	if _, err := loan.Read(make([]byte, 1)); !errors.Is(err, console.ErrLost) {
		t.Errorf("unplugged: %v", err)
	}
}

// The flasher does its work on a borrowed port, and all of it is on record.
func TestFlasherBorrows(t *testing.T) {
	chip := romtest.New()
	c, err := console.New(chip, console.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	loan, err := c.Borrow(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	conn := rom.New(loan, 115200)
	if err := conn.Connect(t.Context(), func(ctx context.Context) error { return rom.Tight(0, 0).Run(ctx, loan) }); err != nil {
		t.Fatal(err)
	}
	image := bytes.Repeat([]byte("espalier"), 300)
	if err := conn.Flash(t.Context(), image, 0, nil); err != nil {
		t.Fatal(err)
	}
	if err := loan.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(chip.Flash[:len(image)], image) {
		t.Error("flash does not hold the image")
	}
	var lanes [3]int
	for _, e := range c.Timeline().Events(time.Time{}, time.Time{}) {
		lanes[slices.Index([]console.Lane{console.Received, console.Transmitted, console.Moved}, e.Lane)]++
	}
	if lanes[0] == 0 || lanes[1] < 5 || lanes[2] != 5 {
		t.Errorf("on record are %d events received, %d sent, %d lines moved", lanes[0], lanes[1], lanes[2])
	}
}
