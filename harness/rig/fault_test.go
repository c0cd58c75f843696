package rig_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/crash"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
)

// Programs in machine code, with what assembled to them.
const (
	returns = "0df00000" // ret.n
	illegal = "00000000" // ill
	// j 1f; .align 4; .word 0x40001234; 1: l32r a0, .-4; callx0 a0
	callsUnknown = "06010000" + "34120040" + "01ffff" + "c00000" + "0000"
)

// program returns an image that does nothing but code.
func program(t *testing.T, code string) []byte {
	t.Helper()
	p, err := hex.DecodeString(code)
	if err != nil {
		t.Fatal(err)
	}
	im, err := (&image.Image{Entry: 0x40100000, Segments: []image.Segment{{Addr: 0x40100000, Data: p}}}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// terminal returns the name of a pseudo terminal with nobody behind it.
func terminal(t *testing.T) string {
	t.Helper()
	far, near, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { far.Close(); near.Close() })
	return near.Name()
}

// Whatever keeps a rig from coming up has its class, and a message that names
// it.
func TestFaults(t *testing.T) {
	busy := terminal(t)
	held, err := port.Open(busy, port.Config{Baud: 74880})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { held.Close() })
	for _, tt := range []struct {
		name   string
		change func(*rig.Config)
		class  report.Class
		is     error
		says   []string
	}{
		{"no port", func(c *rig.Config) { c.Port = "/dev/ttyUSB77" }, report.InfraPort, port.ErrAbsent, []string{"opening the port", "/dev/ttyUSB77"}},
		{"port in use", func(c *rig.Config) { c.Port = busy }, report.InfraPort, port.ErrBusy, []string{busy}},
		{"a folder", func(c *rig.Config) { c.Port = os.TempDir() }, report.InfraPort, port.ErrNotSerial, nil},
		{"no modem lines", func(c *rig.Config) { c.Port = terminal(t) }, report.InfraPort, port.ErrLines, []string{"--board esp-01"}},
		{"no image", func(c *rig.Config) { c.Image = []byte("#!/bin/sh") }, report.InfraFlash, image.ErrMagic, []string{"reading the image"}},
		{"empty image", func(c *rig.Config) { c.Image = nil }, report.InfraFlash, nil, nil},
		{"flash too small", func(c *rig.Config) { c.Virtual.FlashSize = 512 << 10 }, report.InfraFlash, rig.ErrFlashSize, []string{"524288", "4194304", "--board"}},
		{"flash that cannot be made", func(c *rig.Config) { c.Virtual.FlashFile = "/nonexistent/flash" }, report.Harness, os.ErrNotExist, []string{"/nonexistent/flash"}},
		{"other firmware", func(c *rig.Config) { c.Image = program(t, returns) }, report.InfraBoot, nil, []string{"HELLO", "csum 0x12", "user code done"}},
		{"firmware that crashes", func(c *rig.Config) { c.Image = program(t, illegal) }, report.Crash, nil, []string{"Fatal exception (0)", "epc1=0x40100000"}},
		{"firmware that halts the board", func(c *rig.Config) { c.Image = program(t, callsUnknown) }, report.Crash, nil, []string{"40001234"}},
		{"no such link", func(c *rig.Config) { c.Link = "wifi" }, report.InfraLink, nil, []string{"wifi", `"virtual" "serial"`}},
		{"image over what the device remembers", func(c *rig.Config) { c.Image = append(bytes.Clone(c.Image), make([]byte, 0x76000)...) }, report.InfraFlash, rig.ErrReserved, []string{"0x76000", "SEQN"}},
		{"no program for the server", func(c *rig.Config) { c.Server.Binary.Path = "/nonexistent/server" }, report.ServerFailed, server.ErrStart, []string{"/nonexistent/server"}},
		{"server that ends", func(c *rig.Config) { c.Server.Binary.Path = "/bin/false" }, report.ServerFailed, server.ErrStart, []string{"starting the server"}},
		{"nobody at the URL", func(c *rig.Config) {
			c.Server = server.Config{Mode: server.External, URL: "http://127.0.0.1:1", AdminURL: "http://127.0.0.1:1", Token: "x"}
		}, report.Unreachable, server.ErrUnreachable, []string{"http://127.0.0.1:1"}},
		{"nobody can dial the wire", func(c *rig.Config) { c.WireAddr = "0.0.0.0:0" }, report.Harness, nil, []string{"listening for the device"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := config(t)
			tt.change(&cfg)
			r, err := rig.Open(soon(t), cfg)
			if r != nil || err == nil {
				t.Fatalf("came up: %t, %v", r != nil, err)
			}
			if class := rig.Classify(report.Harness, err); class != tt.class || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("%s: %v; want %s", class, err, tt.class)
			}
			for _, text := range tt.says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q does not say %q", err, text)
				}
			}
			if strings.Contains(err.Error(), passphrase) {
				t.Errorf("the passphrase is in %q", err)
			}
		})
	}
}

func TestContainerInsistedOn(t *testing.T) {
	t.Setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
	cfg := config(t)
	cfg.Server.Mode = server.Container
	_, err := rig.Open(soon(t), cfg)
	if class := rig.Classify(report.Harness, err); class != report.InfraCtr || !errors.Is(err, server.ErrDocker) {
		t.Errorf("%s: %v", class, err)
	}
}

// Who interrupts a bring-up waits for nothing.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	cfg := config(t)
	ctx, cancel := context.WithCancel(soon(t))
	cfg.Progress = func(s rig.Step) {
		if s.Name == "flash" && s.Done > 0 {
			cancel()
		}
	}
	began := time.Now()
	if r, err := rig.Program(ctx, cfg); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", r, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want report.Class
	}{
		{errors.New("hm"), report.InfraFlash},
		{&console.Crash{Death: crash.WatchdogReset}, report.Crash},
		{&lx106.Halt{}, report.Crash},
		{errors.Join(console.ErrLost, &lx106.Halt{}), report.Crash},
		{console.ErrLost, report.InfraPort},
		{errors.Join(errors.New("closing"), &rig.Fault{Class: report.InfraLink, Err: console.ErrLost}), report.InfraLink},
	} {
		if got := rig.Classify(report.InfraFlash, tt.err); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.err, got, tt.want)
		}
	}
	cause := errors.New("cause")
	f := &rig.Fault{Class: report.InfraBoot, Step: "booting the board", Err: cause}
	if f.Error() != "booting the board: cause" || !errors.Is(f, cause) {
		t.Errorf("%v", f)
	}
}
