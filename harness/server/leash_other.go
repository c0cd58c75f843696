//go:build !linux

package server

import (
	"os"
	"os/exec"
	"syscall"
)

// leash does nothing here: only Linux ends a child with its parent.
func leash(*exec.Cmd) {}

// terminate fails on Windows, which has no SIGTERM; there the server is killed.
func terminate(p *os.Process) error { return p.Signal(syscall.SIGTERM) }
