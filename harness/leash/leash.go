// Package leash starts programs that end with this one, however that ends, and
// that a terminal's Ctrl-C, which is the harness's to handle, does not reach.
// Only Linux has such a leash; elsewhere a program outlives a killed harness.
package leash

import (
	"os/exec"
	"runtime"
)

// Start starts cmd and then calls follow, once and on a goroutine of its own,
// which must return only after cmd.Wait has. The error is that of cmd.Start;
// follow is not called then.
func Start(cmd *exec.Cmd, follow func()) error {
	tie(cmd)
	started := make(chan error)
	go func() {
		// The leash ends the child with the thread that started it, not with
		// the process; so this thread stays as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			follow()
		}
	}()
	return <-started
}
