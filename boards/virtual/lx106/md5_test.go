package lx106_test

import (
	"bytes"
	"crypto/md5"
	"encoding"
	"encoding/binary"
	"os/exec"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

func run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return out
}

// TestCompiledCode runs testdata/md5.c, which leaves in result, at the start of
// the data, the state of MD5 after 40 blocks.
func TestCompiledCode(t *testing.T) {
	s := newSim()
	s.loadELF(t, "testdata/md5.elf")
	s.runToExit(t, 1_000_000)

	h := md5.New()
	for i := range 40 {
		h.Write(append([]byte{byte(i)}, make([]byte, md5.BlockSize-1)...))
	}
	state, err := h.(encoding.BinaryAppender).AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		got := binary.LittleEndian.Uint32(s.dram.Data[4*i:])
		// The words of the state follow a magic number of four bytes.
		if want := binary.BigEndian.Uint32(state[4+4*i:]); got != want {
			t.Errorf("word %d of the state is %08x, want %08x", i, got, want)
		}
	}
}

func TestProgramIsItsSource(t *testing.T) {
	gcc := need.Tool(t, "xtensa-lx106-elf-gcc")
	if got := mustRead(t, compile(t, gcc, "-O2", "testdata/md5.c")); !bytes.Equal(got, mustRead(t, "testdata/md5.elf")) {
		t.Error("testdata/md5.elf is not what testdata/md5.c compiles to")
	}
}

func BenchmarkMD5(b *testing.B) {
	s := newSim()
	s.loadELF(b, "testdata/md5.elf")
	var n uint64
	for b.Loop() {
		n += s.runToExit(b, 1_000_000)
	}
	b.ReportMetric(float64(n)/1e6/b.Elapsed().Seconds(), "MIPS")
}
