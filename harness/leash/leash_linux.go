package leash

import (
	"os/exec"
	"syscall"
)

// tie lets cmd end with the thread that starts it, and puts it into a process
// group of its own, which is what a terminal's Ctrl-C goes by.
func tie(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
