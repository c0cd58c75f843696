package store_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/store"
)

// The test binary runs itself again as a child that can be killed, or that has
// fewer rights. ESPALIER_STORE_CHILD says what for.
const childVariable = "ESPALIER_STORE_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childVariable) {
	case "":
		os.Exit(m.Run())
	case "load":
		load(os.Args[1])
	case "nobody":
		openAsNobody(os.Args[1])
	}
}

func child(t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, path)
	c.Env = append(os.Environ(), childVariable+"="+role)
	c.Stderr = os.Stderr
	return c
}

const loadDevices = 8

// load sends messages of several devices at once, for ever, and writes
// "device number" to stdout for each that was accepted, once it is.
func load(path string) {
	s, err := store.Open(path, store.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var all sync.WaitGroup
	for d := range loadDevices {
		id := fmt.Sprint(d)
		all.Go(func() {
			k, _ := s.Key(id)
			device, err := s.Device(context.Background(), id)
			for n := device.Next; err == nil; n++ {
				if _, err = s.Accept(k, n, loadData(id, n)); err == nil {
					fmt.Fprintf(os.Stdout, "%s %d\n", id, n) // one write, so lines do not mix
				}
			}
			fmt.Fprintln(os.Stderr, err)
		})
	}
	all.Wait()
}

func loadData(id string, n uint64) []byte {
	return fmt.Appendf(nil, `{"from":%q,"value":%d}`, id, n)
}

// openAsNobody opens a store as a user who owns nothing. Root could write
// anything.
func openAsNobody(path string) {
	if os.Geteuid() == 0 {
		if err := syscall.Setuid(65534); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	_, err := store.Open(path, store.Options{})
	fmt.Println(err)
}
