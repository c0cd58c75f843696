package shim_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// faulty is the path of the shim with the faults, built once.
var faulty string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "espalier-shim-*")
	if err != nil {
		panic(err)
	}
	faulty = filepath.Join(dir, "faulty.exe")
	if out, err := exec.Command("go", "build", "-o", faulty, "./faulty").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}
