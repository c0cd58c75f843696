//go:build unix && !aix && !solaris

package nor_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// victimFile names, in a process that is there to be killed, its flash file.
const victimFile = "NOR_TEST_FLASH"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimFile); path != "" {
		c, err := victim(path)
		fmt.Println(err)
		io.Copy(io.Discard, os.Stdin) // until it is killed
		runtime.KeepAlive(c)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// victim opens a chip, which it leaves open, and programs a byte.
func victim(path string) (*nor.Chip, error) {
	c, err := nor.Open(path, size)
	if err != nil {
		return nil, err
	}
	c.WriteEnable()
	return c, c.Program(0x123, []byte{0x5a})
}

func TestInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flash.bin")
	c := open(t, path)
	program(t, c, 0, 0x42)
	_, err := nor.Open(path, size)
	if !errors.Is(err, nor.ErrInUse) {
		t.Fatalf("second chip: %v, want ErrInUse", err)
	}
	if text := err.Error(); !strings.Contains(text, path) || !strings.Contains(text, "stop that one") {
		t.Errorf("%q names neither the file nor the way out", text)
	}
	program(t, c, 1, 0x43)
	sameFile(t, "after the second chip", path, c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if got := open(t, path).Data[:2]; string(got) != "\x42\x43" {
		t.Errorf("after the first is closed: % x", got)
	}
}

// A refused chip leaves no lock behind.
func TestRefusedIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flash.bin")
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := nor.Open(path, 2*size); !errors.Is(err, nor.ErrSize) {
		t.Fatalf("other size: %v", err)
	}
	open(t, path)
}

// Between processes, and over the death of one that had no time to close.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "flash.bin")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), victimFile+"="+path)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "<nil>\n" {
		t.Fatalf("the other process: %q, %v", line, err)
	}
	if _, err := nor.Open(path, size); !errors.Is(err, nor.ErrInUse) {
		t.Errorf("while it lives: %v, want ErrInUse", err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // says that it was killed
	if got := open(t, path).Data[0x123]; got != 0x5a {
		t.Errorf("what it programmed reads %02x", got)
	}
}
