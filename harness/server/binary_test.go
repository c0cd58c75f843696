package server_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/server"
)

func TestStatic(t *testing.T) {
	b, err := server.Build(t.Context(), "linux", runtime.GOARCH)
	if err != nil {
		t.Fatal(err)
	}
	again, err := server.FindStatic(t.Context(), runtime.GOARCH)
	if err != nil || again.Path != b.Path {
		t.Errorf("found %v, built %v, error %v", again, b, err)
	}
	if !server.Static(b.Path) {
		t.Errorf("%s needs a dynamic linker", b.Path)
	}
	// A program with an interpreter, as its program header alone: 64 bits,
	// little-endian, one PT_INTERP.
	dynamic := filepath.Join(t.TempDir(), "dynamic")
	header := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) +
		"\x02\x00\x3e\x00\x01\x00\x00\x00" + strings.Repeat("\x00", 8) + "\x40" + strings.Repeat("\x00", 7) + strings.Repeat("\x00", 8) +
		"\x00\x00\x00\x00\x40\x00\x38\x00\x01\x00\x40\x00\x00\x00\x00\x00" +
		"\x03\x00\x00\x00" + strings.Repeat("\x00", 52)
	if err := os.WriteFile(dynamic, []byte(header), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dynamic, "binary_test.go", "/nonexistent"} {
		if server.Static(path) {
			t.Errorf("%s is taken for static", path)
		}
	}
	// The same header with PT_LOAD in the place of PT_INTERP is static: what
	// was refused above was refused for that.
	os.WriteFile(dynamic, []byte(strings.Replace(header, "\x03\x00\x00\x00"+strings.Repeat("\x00", 52), "\x01\x00\x00\x00"+strings.Repeat("\x00", 52), 1)), 0o755)
	if !server.Static(dynamic) {
		t.Error("a program without an interpreter is not taken for static")
	}
}

func TestNothingToBuildFrom(t *testing.T) {
	t.Chdir(t.TempDir())
	if b, err := server.Build(t.Context(), "linux", runtime.GOARCH); !errors.Is(err, server.ErrBinary) {
		t.Errorf("outside a checkout: %v, %v", b, err)
	}
	if err := os.WriteFile("go.mod", []byte("module example.org/other\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if b, err := server.Build(t.Context(), "linux", runtime.GOARCH); !errors.Is(err, server.ErrBinary) {
		t.Errorf("in another module: %v, %v", b, err)
	}
}

func TestBuildSaysWhatTheCompilerSaid(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"go.mod":                   "module github.com/espalier-hil/espalier\n\ngo 1.26.0\n",
		"reference-server/main.go": "package main\n\nfunc main() { nonsense() }\n",
	} {
		os.MkdirAll(filepath.Dir(name), 0o755)
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir("reference-server") // the root is found from below
	if b, err := server.Build(t.Context(), "linux", runtime.GOARCH); !errors.Is(err, server.ErrBinary) || !strings.Contains(err.Error(), "undefined: nonsense") {
		t.Errorf("%v, %v", b, err)
	}
}
