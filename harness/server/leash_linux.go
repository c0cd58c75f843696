package server

import (
	"os"
	"os/exec"
	"syscall"
)

// leash lets cmd end with the thread that starts it, however that ends, and
// keeps a terminal's Ctrl-C from it, which is the harness's to handle.
func leash(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
