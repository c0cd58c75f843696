package cli_test

import (
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/control/controltest"
	"github.com/espalier-hil/espalier/harness/rom"
	"github.com/espalier-hil/espalier/harness/rom/romtest"
)

// bootLine is what the ROM says of a reset by pin.
const bootLine = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\n"

// says is a board that says text once it is let go, and no more.
func says(text string) func(*fakeBoard) {
	return func(b *fakeBoard) { b.boot(); b.Say(text) }
}

// boots is a board that boots as it should, as far as it does not lie.
func boots(b *fakeBoard) { b.boot(); b.Device.Boot(2) }

func refuse(op rom.OpCode, times int, status rom.Status) func(*fakeBoard) {
	return func(b *fakeBoard) {
		for range times {
			b.chip.Faults = append(b.chip.Faults, romtest.Fault{Op: op, Do: romtest.Refuse, Status: status})
		}
	}
}

// What may be wrong with a board has its exit code, and one message that says
// what was tried, on what, what came back and what to do.
func TestBadBoards(t *testing.T) {
	noise := strings.Repeat("\x1b[2J\x00\xff\x80\x1e{\"hello\":{", 5000)
	for _, tt := range []struct {
		name   string
		change func(*fakeBoard)
		letGo  func(*fakeBoard) // what it does when it is booted; nil is a board that does not come so far
		code   int
		says   []string
	}{
		{"nothing", nil, boots, 0, []string{"in flash attested"}},
		{"another chip", func(b *fakeBoard) { b.chip.Regs[0x40001000] = 0x00F01D83 }, nil, 10, []string{"identifying the chip", "not an ESP8266", "00f01d83", "want fff0c101"}},
		{"a stub in its loader", func(b *fakeBoard) { b.answer = "\xc0\x01\x08\x02\x00\x00\x00\x00\x00\x00\x00\xc0" }, nil, 10, []string{"stub", "reset the board by its button"}},
		{"256 KiB of flash", func(b *fakeBoard) { b.chip.FlashID = 0x1240C8 }, nil, 12, []string{"looking at the flash chip", "c8 40 12, 262144 bytes, and a esp-01 has 524288", "--board"}},
		{"flash of no size", func(b *fakeBoard) { b.chip.FlashID = 0x3040C8 }, nil, 12, []string{"c8 40 30", "no size that an ESP8266 can use"}},
		{"flash that does not answer", func(b *fakeBoard) { b.chip.FlashID = 0xFFFFFF }, nil, 10, []string{"flash chip does not answer"}},
		{"flash that cannot be erased", refuse(rom.FlashBegin, 9, rom.Failed), nil, 10, []string{"FLASH_BEGIN"}},
		{"flash that does not keep what is written", refuse(rom.FlashData, 9, rom.BadReadBack), nil, 12, []string{"writing the image", fmt.Sprintf("FLASH_DATA, block 1 of %d", (len(firmware.Image)+1023)/1024), "started over 3 times"}},
		{"pulled out while it is flashed", pullOutAt(9), nil, 11, []string{"writing the image", "port lost"}},
		{"pulled out at its first block", pullOutAt(1), nil, 11, []string{"port lost"}},
		{"pulled out while it boots", nil, func(b *fakeBoard) { b.boot(); b.Say(bootLine + "load 0x40100000, len 44"); b.pullOut() }, 11, []string{"booting the board", "port lost"}},
		{"stuck in its loader", nil, says(strings.Replace(bootLine, "(3,6)", "(1,6)", 1)), 13, []string{"boot mode 1, want 3", "is GPIO0 held low?"}},
		{"silent", nil, says(bootLine), 13, []string{"HELLO", "did not come within 5s"}},
		{"garbage", nil, says(bootLine + noise), 13, []string{"HELLO", "did not come within 5s"}},
		{"no image that its ROM takes", nil, says(bootLine + "load 0x40100000, len 44, room 16 \r\ncsum err\r\nets_main.c "), 20, []string{"no program to start"}},
		{"crashes", nil, says(bootLine + "csum 0x12\r\nFatal exception (28): \r\nepc1=0x40100abc, epc2=0x00000000\r\n"), 20, []string{"Fatal exception (28)", "load from an address where nothing is", "epc1=0x40100abc"}},
		{"crashes, with a number that is none", nil, says(bootLine + "Fatal exception (999): \r\nepc1=\x1b[2J\r\n"), 20, []string{"Fatal exception (999)"}},
		{"its watchdog bites", nil, says(bootLine + "csum 0x12\r\n wdt reset\r\nwdt reset\r\n"), 20, []string{"watchdog reset"}},
		{"reboots for ever", nil, says(strings.Repeat(bootLine+"csum 0x12\r\n", 50)), 20, []string{"unexpected reset", "rst cause:2"}},
		{"HELLO from another image", hello(map[string]any{"digest": strings.Repeat("0f", 16)}), boots, 13, []string{"HELLO comes from another image", "espalier-fake 0.1.0", "0f0f0f0f", fmt.Sprint(len(firmware.Image))}},
		{"HELLO from an image of another size", hello(map[string]any{"size": len(firmware.Image) + 16}), boots, 13, []string{"HELLO comes from another image", fmt.Sprintf("over %d bytes", len(firmware.Image)+16)}},
		{"HELLO that draws on the screen", hello(map[string]any{"fw": "\x1b[2J", "digest": strings.Repeat("0f", 16)}), boots, 13, []string{"HELLO comes from another image", `\x1b[2J 0.1.0`}},
		{"HELLO from another board", hello(map[string]any{"mac": "18:fe:34:00:00:01"}), boots, 13, []string{"HELLO comes from another board", "18:fe:34:00:00:01", "7a:e5:82:00:00:01"}},
		{"HELLO of another protocol", hello(map[string]any{"proto": 99}), boots, 13, []string{"the firmware speaks 99, this harness 1"}},
		{"HELLO without limits", hello(map[string]any{"limits": nil}), boots, 13, []string{"hello", "limits"}},
		{"HELLO of impossible limits", hello(map[string]any{"limits": map[string]any{"line": -1, "data": 1e99, "id": "x", "pass": 1}}), boots, 13, []string{"answer is not valid", "limits"}},
		{"HELLO of limits too small", hello(map[string]any{"limits": map[string]int{"line": 8, "data": 1, "id": 1, "pass": 1}}), boots, 13, []string{"beyond the limits of the device", "at most 8"}},
		{"HELLO with a nonce that nobody gave", hello(map[string]any{"nonce": "00"}), boots, 13, []string{"nonce 00"}},
		{"HELLO that is a recording", func(b *fakeBoard) {
			b.Answer("digest", controltest.Record(map[string]any{"id": 1, "ok": true, "md5": strings.Repeat("0f", 16), "size": len(firmware.Image)}))
		}, boots, 13, []string{"attestation failed", "0f0f0f0f", "was not written, or has changed since"}},
	} {
		t.Run(strings.ReplaceAll(tt.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			b := plugIn(t, tt.change)
			began := time.Now()
			got := b.serve(t, espalier(t, t.TempDir(), "flash", "--board", "esp-01", "--port", b.port), tt.letGo)
			got.wants(t, tt.code, tt.says...)
			if took := time.Since(began); took > time.Minute {
				t.Errorf("took %v", took)
			}
			if len(got.errs) > 4096 {
				t.Errorf("the message has %d bytes", len(got.errs))
			}
		})
	}
}

// serve runs a command that resets the board by hand, and lets it go when the
// command asks for that.
func (b *fakeBoard) serve(t *testing.T, cmd *exec.Cmd, letGo func(*fakeBoard)) said {
	t.Helper()
	out := follow(t, cmd)
	if letGo != nil {
		out.await("let GPIO0 go")
		letGo(b)
	}
	if _, err := io.Copy(io.Discard, out.r); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code says all
	return said{cmd.ProcessState.ExitCode(), out.heard.String(), out.errs.String()}
}

// A run has a server by then, and wants a way to it.
func TestBadBoardsInRun(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*fakeBoard)
		code   int
		says   []string
	}{
		{"no such link", hello(map[string]any{"links": []string{"carrier"}}), 14, []string{"choosing link serial", `"carrier"`}},
		{"an id that does not fit", hello(map[string]any{"limits": map[string]int{"line": 4096, "data": 1, "id": 1, "pass": 128}}), 13, []string{"provisioning the device", "device id has 4 bytes, at most 1"}},
		{"a SEQN beyond all", hello(map[string]any{"next": uint64(1 << 60)}), 13, []string{"answer is not valid", "next"}},
		{"no SEQN left", hello(map[string]any{"next": uint64(1<<53 - 1)}), 13, []string{"no SEQN is left", "erase its flash"}},
		{"flash that fails", func(b *fakeBoard) {
			b.Answer("provision", "\x1e{\"id\":$ID,\"ok\":false,\"error\":\"flash\",\"detail\":\"a record did not read back\"}\n")
		}, 13, []string{"provisioning the device", "flash failed", "a record did not read back"}},
		{"an answer that makes no sense", func(b *fakeBoard) { b.Answer("provision", "\x1e{\"id\":$ID,\"ok\":true,\"next\":\"\\u001b[2J\"}\n") }, 13, []string{"provisioning the device", "answer is not valid"}},
		{"an answer that tells the passphrase", func(b *fakeBoard) {
			b.Answer("provision", "\x1e{\"id\":$ID,\"ok\":false,\"error\":\"flash\",\"detail\":\""+passphrase+"\"}\n")
		}, 13, []string{"provisioning the device", "[redacted]"}},
		{"a refusal that draws on the screen", func(b *fakeBoard) {
			b.Answer("provision", "\x1e{\"id\":$ID,\"ok\":false,\"error\":\"\\u001b[2J\",\"detail\":\"\\u0007\"}\n")
		}, 13, []string{"refused: \\x1b[2J"}},
		{"no answer", func(b *fakeBoard) { b.Answer("provision", "\x1e{\"id\":$ID\xff}\n") }, 13, []string{"provisioning the device", "did not come within 20s"}},
	} {
		t.Run(strings.ReplaceAll(tt.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			b := plugIn(t, tt.change)
			dir := t.TempDir()
			got := b.serve(t, espalier(t, dir, "run", "--server", "process", "--board", "esp-01", "--port", b.port, "--passphrase", passphrase), boots)
			got.wants(t, tt.code, tt.says...)
			if d := reported(t, dir+"/out/report"); d.Code != tt.code || d.Finished == "" {
				t.Errorf("the report says %d, finished %q", d.Code, d.Finished)
			}
			free(t, dir, got)
		})
	}
}
