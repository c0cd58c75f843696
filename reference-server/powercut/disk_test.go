package powercut_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/powercut"
)

// run applies calls to a disk, written as "name arg…", all in the folder /d; a
// name with an exclamation mark fails, one with a question mark does not return,
// and one with < or > only begins or only ends.
func run(t *testing.T, calls ...string) (*powercut.Disk, error) {
	t.Helper()
	disk := powercut.NewDisk("/d")
	begun := map[string]*powercut.Call{}
	for _, text := range calls {
		f := strings.Fields(strings.TrimRight(text, "!?"))
		name, half := strings.TrimLeft(f[0], "<>"), f[0][0]
		c := &powercut.Call{Name: name, Args: append([]string{}, f[1:]...)}
		if name == "pwrite64" { // file data offset
			c.Args = []string{f[1], f[2], fmt.Sprint(len(f[2])), f[3]}
			c.Ret = int64(len(f[2]))
		}
		if name == "open" {
			c.Path = f[1]
		}
		if strings.HasSuffix(text, "!") {
			c.Ret = -1
		}
		if strings.HasSuffix(text, "?") {
			c.Ret, c.Lost = -1, true
		}
		if half == '>' {
			c = begun[name]
		}
		begun[name] = c
		if half != '>' {
			if err := disk.Apply(powercut.Step{Call: c}); err != nil {
				return disk, err
			}
		}
		if half != '<' {
			if err := disk.Apply(powercut.Step{Call: c, End: true}); err != nil {
				return disk, err
			}
		}
	}
	return disk, nil
}

func TestDiskForgets(t *testing.T) {
	const create, folder = "open /d/f O_RDWR|O_CREAT", "fsync /d"
	for _, tt := range []struct {
		name   string
		calls  []string
		forgot string // the file f; - if there is none
		kept   string
	}{
		{"nothing flushed", []string{create, "pwrite64 /d/f abc 0"}, "-", "abc"},
		{"a file without its folder", []string{create, "pwrite64 /d/f abc 0", "fsync /d/f"}, "-", "abc"},
		{"a folder without its file", []string{create, "pwrite64 /d/f abc 0", folder}, "", "abc"},
		{"both", []string{create, "pwrite64 /d/f abc 0", "fsync /d/f", folder}, "abc", "abc"},
		{"fdatasync", []string{create, folder, "pwrite64 /d/f abc 0", "fdatasync /d/f"}, "abc", "abc"},
		{"written after the flush", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f", "pwrite64 /d/f X 1"}, "abc", "aXc"},
		{"a flush that failed", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f!"}, "", "abc"},
		{"and one after it, which proves nothing", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f!", "fsync /d/f"}, "", "abc"},
		{"a flush in which the process was killed", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f?"}, "", "abc"},
		{"and one after it, which covers the same", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f?", "fsync /d/f"}, "abc", "abc"},
		{"written while the flush went on", []string{create, folder, "<fsync /d/f", "pwrite64 /d/f abc 0", ">fsync"}, "", "abc"},
		{"a flush that goes on", []string{create, folder, "pwrite64 /d/f abc 0", "<fsync /d/f"}, "", "abc"},
		{"a hole", []string{create, folder, "pwrite64 /d/f abc 2", "fsync /d/f"}, "\x00\x00abc", "\x00\x00abc"},
		{"cut off", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f", "ftruncate /d/f 1"}, "abc", "a"},
		{"removed", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f", "unlink /d/f"}, "abc", "-"},
		{"removed for good", []string{create, folder, "unlink /d/f", folder}, "-", "-"},
		{"made again", []string{create, folder, "pwrite64 /d/f abc 0", "fsync /d/f", "unlink /d/f", create, "pwrite64 /d/f new 0", "fsync /d/f"}, "abc", "new"},
		{"another folder", []string{"open /e/f O_RDWR|O_CREAT", "pwrite64 /e/f abc 0"}, "-", "-"},
	} {
		disk, err := run(t, tt.calls...)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for fate, want := range map[powercut.Fate]string{powercut.Forgetful{}: tt.forgot, powercut.Faithful{}: tt.kept} {
			content, ok := disk.Image(fate)["f"]
			got := string(content)
			if !ok {
				got = "-"
			}
			if got != want {
				t.Errorf("%s: %T finds %q, want %q", tt.name, fate, got, want)
			}
		}
	}
}

func TestDiskTearsWrites(t *testing.T) {
	page := strings.Repeat("x", 4096)
	disk, err := run(t, "open /d/f O_RDWR|O_CREAT", "fsync /d", "pwrite64 /d/f "+page+" 512")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for seed := range uint64(100) {
		content := disk.Image(powercut.Chance{Rand: rand.New(rand.NewPCG(seed, 0))})["f"]
		shape := ""
		for at := 512; at < len(content); at += 512 {
			if sector := string(content[at : at+512]); sector != page[:512] && sector != strings.Repeat("\x00", 512) {
				t.Fatalf("seed %d: a sector is torn", seed)
			}
			shape += string(content[at])
		}
		seen[shape] = true
	}
	if !seen[""] || !seen["xxxxxxxx"] || len(seen) < 10 {
		t.Errorf("%d different images, want none, all and many between", len(seen))
	}
}

func TestDiskRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, call := range []string{
		"rename /d/f /d/g", "fallocate /d/f 0 0 9", "writev /d/f x", "mmap NULL 9 PROT_READ|PROT_WRITE MAP_SHARED /d/f 0",
		"open /d/f O_RDWR|O_TRUNC", "open /d/old O_RDWR", "pwrite64 /d/g abc 0",
	} {
		if _, err := run(t, "open /d/f O_RDWR|O_CREAT", call); !errors.Is(err, powercut.ErrTrace) {
			t.Errorf("%s: %v", call, err)
		}
	}
}
