package lx106_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/harness/need"
)

// qemu runs an lx106 of QEMU until the program exits, and yields the registers
// before each instruction. Only what registers names is set, and of that not
// what hangs on time.
func qemu(t *testing.T, args ...string) iter.Seq[*lx106.State] {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // it takes a second
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, need.Tool(t, "qemu-system-xtensa"), append([]string{
		"-M", "sim", "-cpu", "lx106", "-nographic", "-monitor", "none", "-semihosting",
		"-singlestep", "-d", "cpu,nochain", "-D", "/dev/fd/3", // one record for each instruction
	}, args...)...)
	trace, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.ExtraFiles, cmd.Stderr = []*os.File{w}, &complaints
	return func(yield func(*lx106.State) bool) {
		err := cmd.Start()
		w.Close()
		defer trace.Close()
		if err != nil {
			t.Fatal(err)
		}
		more, err := records(trace, yield)
		if !more {
			cmd.Process.Kill()
		}
		if err := errors.Join(err, cmd.Wait()); err != nil && more {
			t.Errorf("%v: %v\n%s", cmd, err, complaints.Bytes())
		}
	}
}

// records reads a trace, until yield wants no more. A record begins with PC=,
// and holds NAME=value among other things.
func records(trace io.Reader, yield func(*lx106.State) bool) (more bool, err error) {
	var state lx106.State
	fields := map[string]*uint32{}
	for name, r := range registers(&state) {
		fields[strings.ToUpper(name)] = r
	}
	for i := range state.A {
		fields[fmt.Sprintf("A%02d", i)] = &state.A[i]
	}
	lines, begun := bufio.NewScanner(trace), false
	for lines.Scan() {
		line := lines.Bytes()
		if bytes.HasPrefix(line, []byte("PC=")) {
			if begun && !yield(&state) {
				return false, nil
			}
			begun = true
		}
		for field := range bytes.FieldsSeq(line) {
			name, value, _ := bytes.Cut(field, []byte("="))
			if r := fields[string(name)]; r != nil {
				v, err := strconv.ParseUint(string(value), 16, 32)
				if err != nil {
					return false, fmt.Errorf("%s: %w", line, err)
				}
				*r = uint32(v)
			}
		}
	}
	return !begun || yield(&state), lines.Err()
}

// resetting is how many instructions QEMU has to come to a program's first.
const resetting = 10

// lockstep runs s beside QEMU from s.PC on, compares their registers before
// every instruction, and returns how many it compared.
func lockstep(t *testing.T, s *sim, oracle iter.Seq[*lx106.State]) int {
	t.Helper()
	start, skipped, compared := s.PC, 0, 0
	var before lx106.State
	for want := range oracle {
		switch {
		case compared > 0:
			if *want == before {
				continue // QEMU came back to it without having executed it
			}
			if _, err := s.Run(1); err != nil {
				t.Error(err)
				return compared
			}
		case want.PC == start:
			s.A, s.PS, s.VECBASE = want.A, want.PS, want.VECBASE
		case skipped < resetting:
			skipped++
			continue
		default:
			t.Errorf("QEMU does not come to 0x%08x, but to 0x%08x", start, want.PC)
			return 0
		}
		previous := before
		before = *want
		exempt(want, &s.State)
		if *want != s.State {
			t.Errorf("after %d instructions, of which the last at 0x%08x: (this, QEMU)%s",
				compared, previous.PC, differences(&s.State, want))
			return compared
		}
		*want = before
		compared++
	}
	return compared
}

// exempt takes over from own what depends on time, or what QEMU does not tell.
func exempt(s, own *lx106.State) {
	s.INTERRUPT, s.Lines, s.CCOMPARE0, s.ICOUNT = own.INTERRUPT, own.Lines, own.CCOMPARE0, own.ICOUNT
	s.CCountBias, s.Cycles, s.Retired, s.Waiting = own.CCountBias, own.Cycles, own.Retired, own.Waiting
}

// TestRandomStreams compares with QEMU after every instruction of random
// programs.
func TestRandomStreams(t *testing.T) {
	need.Tool(t, "qemu-system-xtensa")
	seed := seedOf(t)
	const programs, least = 4, 50_000
	total := 0
	for i := range uint64(programs) {
		program := newStream(rand.New(rand.NewPCG(seed, i)))
		s := newSim()
		s.code(program.code)
		s.PC = iramBase + streamAt
		code := write(t, "code", program.code)
		reset := write(t, "reset", resetTo(t, s.PC))
		total += lockstep(t, s, qemu(t,
			"-device", "loader,force-raw=on,addr=0x50000000,file="+reset,
			"-device", fmt.Sprintf("loader,force-raw=on,addr=0x%x,file=%s", iramBase, code)))
		if t.Failed() {
			return
		}
		if end := iramBase + len(program.code) - 3; int(s.PC) != end { // simcall ends QEMU
			t.Fatalf("program %d ends at 0x%08x, not at 0x%08x", i, s.PC, end)
		}
	}
	t.Logf("%d instructions compared", total)
	if total < least {
		t.Errorf("%d instructions compared, want at least %d", total, least)
	}
}

// TestCompiledCodeBesideQEMU runs testdata/md5.elf on both.
func TestCompiledCodeBesideQEMU(t *testing.T) {
	s := newSim()
	s.loadELF(t, "testdata/md5.elf")
	s.PC = s.entry
	compared := lockstep(t, s, qemu(t, "-kernel", "testdata/md5.elf"))
	t.Logf("%d instructions compared", compared)
	if compared < 50_000 {
		t.Error("too few instructions compared")
	}
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
