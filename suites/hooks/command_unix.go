//go:build unix

package hooks

import (
	"os/exec"
	"syscall"
)

// whole makes a command end with all that it has started, where it is ended
// before its time. What it has left behind once it ended by itself goes on.
func whole(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
