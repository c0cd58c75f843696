// Package peers_test lets other people's programs talk to the virtual board,
// and looks at what they print and at what the board's flash then holds.
package peers_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/rfc2217"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/need"
)

// served is a board with blank flash behind an RFC 2217 server; with nil its
// mask ROM is the one written here.
func served(t *testing.T, mask []byte) (b *virtual.Board, url string) {
	t.Helper()
	b, err := virtual.New(virtual.Config{ROM: mask})
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Live()
	if err != nil {
		t.Fatal(err)
	}
	l, err := rfc2217.Listen("rfc2217://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- rfc2217.NewServer(p, rfc2217.Config{Baud: virtual.Baud}).Serve(l) }()
	t.Cleanup(func() {
		l.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		b.Close()
	})
	return b, rfc2217.Scheme + "//" + l.Addr().String()
}

// script is a program that prints an object of JSON after each of its steps,
// and goes on when it is told to.
type script struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	log   bytes.Buffer
}

// patience is for a script that hangs, on a machine with much else to do.
const patience = 5 * time.Minute

func run(t *testing.T, name string, args ...string) *script {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	s := &script{t: t, cmd: exec.CommandContext(ctx, name, args...)}
	s.cmd.Stderr = &s.log
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.lines = bufio.NewScanner(out)
	return s
}

// step waits for the script to have done a step, decodes what it found and,
// after look, lets it go on.
func (s *script) step(name string, found any, look func()) {
	s.t.Helper()
	var head struct{ Step string }
	if !s.lines.Scan() || json.Unmarshal(s.lines.Bytes(), &head) != nil || head.Step != name {
		s.cmd.Wait()
		s.t.Fatalf("step %q, want %q; it says\n%s", head.Step, name, s.log.String())
	}
	if err := json.Unmarshal(s.lines.Bytes(), found); err != nil {
		s.t.Fatal(err)
	}
	look()
	if _, err := io.WriteString(s.in, "\n"); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the script to end well.
func (s *script) end() {
	s.t.Helper()
	if err := s.cmd.Wait(); err != nil {
		s.t.Fatalf("%v\n%s", err, s.log.String())
	}
}

// esptool-js, Espressif's flasher for the browser, as npm has it: by the ROM
// alone, then by the stub that it loads into the chip's RAM.
func TestEsptoolJSOnROMs(t *testing.T) {
	need.Node(t, "esptool-js")
	t.Run("ours", func(t *testing.T) { flashAll(t, nil) })
	if dump := os.Getenv("ESPALIER_ROM"); dump != "" { // make romcheck ROM=FILE
		t.Run("dump", func(t *testing.T) {
			mask, err := os.ReadFile(dump)
			if err != nil {
				t.Fatal(err)
			}
			flashAll(t, mask)
		})
	}
}

func flashAll(t *testing.T, mask []byte) {
	b, url := served(t, mask)
	data := slices.Concat(firmware.Image, noise(1<<16)) // more than a block of 64 KiB
	file := filepath.Join(t.TempDir(), "image.bin")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum(data)
	digest := hex.EncodeToString(sum[:])
	blank := bytes.Repeat([]byte{0xff}, len(data))
	holds := func(where int, want []byte) func() {
		return func() {
			t.Helper()
			if got := b.FlashBytes(where, len(want)); !bytes.Equal(got, want) {
				t.Errorf("the flash at 0x%x holds % x…, want % x…", where, got[:16], want[:16])
			}
		}
	}
	nothing := func() {}

	s := run(t, need.Tool(t, "node"), "testdata/esptool.mjs", url, file)
	var chip struct {
		Chip, MAC string
		Crystal   int
	}
	s.step("chip", &chip, nothing)
	if mac := macOf(virtual.DefaultMAC); chip.Chip != "ESP8266EX" || chip.MAC != mac || chip.Crystal != 26 {
		t.Errorf("%+v, want an ESP8266EX with the MAC %s and a crystal of 26 MHz", chip, mac)
	}
	var refused struct{ Refused string }
	s.step("flashBegin", &refused, holds(0x10000, blank))
	if !strings.HasSuffix(refused.Refused, "status 1,5") {
		t.Errorf("its own FLASH_BEGIN: %q", refused.Refused)
	}
	var flash struct {
		ID  int
		MD5 string
	}
	s.step("flash id", &flash, nothing)
	if flash.ID != 0x1640ef {
		t.Errorf("flash id 0x%x", flash.ID)
	}
	s.step("written by the ROM", &struct{}{}, holds(0x10000, data))
	s.step("stub", &flash, nothing)
	if flash.ID != 0x1640ef || flash.MD5 != digest {
		t.Errorf("the stub: flash id 0x%x, MD5 %s, want %s", flash.ID, flash.MD5, digest)
	}
	s.step("deflated", &struct{}{}, holds(0x30000, data))
	s.step("plain", &struct{}{}, holds(0x60000, data))
	var back struct {
		MD5, Digest string
		Length      int
	}
	s.step("read back", &back, nothing)
	if back.MD5 != digest || back.Digest != digest || back.Length != len(data) {
		t.Errorf("read back %d bytes, MD5 %s, of the stub %s, want %d, %s", back.Length, back.MD5, back.Digest, len(data), digest)
	}
	s.step("region erased", &struct{}{}, func() {
		holds(0x30000, slices.Concat(blank[:0x2000], data[0x2000:]))()
		holds(0x60000, data)()
	})
	s.step("erased", &struct{}{}, holds(0, bytes.Repeat([]byte{0xff}, 4<<20)))
	s.step("image written", &struct{}{}, holds(0, data))
	var boot struct{ Log string }
	s.step("reset", &boot, nothing)
	if want := "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\nload 0x"; !strings.Contains(boot.Log, want) {
		t.Errorf("after a reset at 74880 baud: %q, want %q in it", boot.Log, want)
	}
	s.end()
}

// noise is n bytes that no compression makes fewer.
func noise(n int) []byte {
	p := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(p)
	return p
}

// macOf is a MAC as esptool-js prints it.
func macOf(mac [6]byte) string {
	var parts []string
	for _, b := range mac {
		parts = append(parts, hex.EncodeToString([]byte{b}))
	}
	return strings.Join(parts, ":")
}
