//go:build unix

package shim

import (
	"os/exec"
	"syscall"
)

// group puts cmd into a process group of its own: a terminal's Ctrl-C does not
// reach it, and kill reaches all of it.
func group(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// kill ends cmd's group. Where that is gone already, nothing happens.
func kill(cmd *exec.Cmd) { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
