package server

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// module is the path of espalier's module, and of its main package.
const module = "github.com/espalier-hil/espalier"

// Binary is a program that serves, and the arguments that make it do so.
type Binary struct {
	Path string
	Args []string // before the server's own: "server", if the program is espalier
}

// FindBinary returns a program that serves on this machine: this one, if it is
// espalier, else one built from the checkout around the working directory.
func FindBinary(ctx context.Context) (Binary, error) {
	if exe, ok := self(); ok {
		return Binary{exe, []string{"server"}}, nil
	}
	return Build(ctx, runtime.GOOS, runtime.GOARCH)
}

// FindStatic returns a program that serves in an empty Linux container on the
// given architecture, named as Go names it. It is this one, if it is espalier,
// linked statically, and for that architecture; else one built from the
// checkout.
func FindStatic(ctx context.Context, goarch string) (Binary, error) {
	exe, ok := self()
	if ok && goarch == runtime.GOARCH && Static(exe) {
		return Binary{exe, []string{"server"}}, nil
	}
	b, err := Build(ctx, "linux", goarch)
	if err != nil && ok {
		return b, fmt.Errorf("%w (and %s itself needs a dynamic linker, or is not for linux/%s)", err, exe, goarch)
	}
	return b, err
}

// self returns the path of this program, if it is espalier.
func self() (string, bool) {
	exe, err := os.Executable()
	if err != nil {
		return "", false
	}
	info, err := buildinfo.ReadFile(exe)
	return exe, err == nil && info.Path == module
}

// Static reports whether the file is a Linux program that needs nothing else
// to run: an ELF executable that names no interpreter.
func Static(path string) bool {
	f, err := elf.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			return false
		}
	}
	return f.Type == elf.ET_EXEC || f.Type == elf.ET_DYN
}

// built holds what was built in the life of this process.
var built sync.Map // target → func() (Binary, error)

type target struct{ root, goos, goarch string }

// Build builds the reference server from the checkout around the working
// directory, linked statically, for the given platform. It does so once in the
// life of the process; and Go's own cache makes a build that finds nothing
// changed take a fraction of a second.
func Build(ctx context.Context, goos, goarch string) (Binary, error) {
	root, err := checkout()
	if err != nil {
		return Binary{}, err
	}
	t := target{root, goos, goarch}
	f, _ := built.LoadOrStore(t, sync.OnceValues(func() (Binary, error) { return t.build(ctx) }))
	b, err := f.(func() (Binary, error))()
	if err != nil {
		built.Delete(t) // the next caller may have more time
	}
	return b, err
}

func (t target) build(ctx context.Context) (Binary, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	root := sha256.Sum256([]byte(t.root)) // two checkouts do not share a program
	dir := filepath.Join(cache, "espalier", fmt.Sprintf("%x-%s-%s", root[:6], t.goos, t.goarch))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Binary{}, fmt.Errorf("%w: %w", ErrBinary, err)
	}
	path := filepath.Join(dir, "reference-server")
	if t.goos == "windows" {
		path += ".exe"
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./reference-server")
	cmd.Dir = t.root
	// GOTMPDIR beside the target makes the last step a rename, so that another
	// process that builds or runs the same file never sees half of it.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.goos, "GOARCH="+t.goarch, "GOFLAGS=", "GOTMPDIR="+dir)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return Binary{}, fmt.Errorf("%w: go build ./reference-server in %s for %s/%s: %w; it said:\n\t%s",
			ErrBinary, t.root, t.goos, t.goarch, err, strings.ReplaceAll(strings.TrimSpace(out.String()), "\n", "\n\t"))
	}
	return Binary{Path: path}, nil
}

// checkout returns the root of the checkout around the working directory.
func checkout() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBinary, err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if modulePath(filepath.Join(dir, "go.mod")) == module {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%w: this program is not espalier, and %s is in no checkout of %s to build it from; "+
				"change to one, or name a running server by its URL", ErrBinary, start, module)
		}
	}
}

// modulePath returns the path that a go.mod declares, or the empty string.
func modulePath(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if path, ok := strings.CutPrefix(lines.Text(), "module "); ok {
			return strings.TrimSpace(path)
		}
	}
	return ""
}
