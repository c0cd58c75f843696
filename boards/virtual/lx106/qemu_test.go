package lx106_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

// qemu runs an lx106 of QEMU until the program exits, and yields the registers
// before each instruction. Only what registers names is set, and of that not
// what hangs on time. An error comes last, with no state.
func qemu(t *testing.T, args ...string) iter.Seq2[*lx106.State, error] {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // it takes a second
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, need.Tool(t, "qemu-system-xtensa"), append([]string{
		"-M", "sim", "-cpu", "lx106", "-nographic", "-monitor", "none", "-semihosting",
		"-singlestep", "-d", "cpu,nochain", "-D", "/dev/fd/3", // one record for each instruction
	}, args...)...)
	return func(yield func(*lx106.State, error) bool) {
		trace, w, err := os.Pipe()
		if err != nil {
			yield(nil, err)
			return
		}
		defer trace.Close()
		var complaints bytes.Buffer
		cmd.ExtraFiles, cmd.Stderr = []*os.File{w}, &complaints
		err = cmd.Start()
		w.Close()
		if err != nil {
			yield(nil, err)
			return
		}
		more, err := records(trace, func(s *lx106.State) bool { return yield(s, nil) })
		if !more || err != nil {
			cmd.Process.Kill()
		}
		if err := errors.Join(err, cmd.Wait()); err != nil && more {
			yield(nil, fmt.Errorf("%v: %w\n%s", cmd, err, complaints.Bytes()))
		}
	}
}

// qemuFrom runs code, which lies from iramBase on, from pc.
func qemuFrom(t *testing.T, pc uint32, code []byte, args ...string) iter.Seq2[*lx106.State, error] {
	t.Helper()
	return qemu(t, append(args,
		"-device", "loader,force-raw=on,addr=0x50000000,file="+write(t, "reset", resetTo(t, pc)),
		"-device", fmt.Sprintf("loader,force-raw=on,addr=0x%x,file=%s", iramBase, write(t, "code", code)))...)
}

// resetTo returns what lies where QEMU's lx106 begins, to go on at pc.
func resetTo(t *testing.T, pc uint32) []byte {
	code := append(assembled(t, "000106"), 0)                // j . + 8
	code = binary.LittleEndian.AppendUint32(code, pc)        // the literal
	return append(code, assembled(t, "ffff21", "0002a0")...) // l32r a2, . - 4; jx a2
}

func write(t *testing.T, name string, p []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, p, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
