//go:build !unix

package shim

import "os/exec"

// group does nothing here: only Unix has process groups.
func group(*exec.Cmd) {}

// kill ends cmd alone.
func kill(cmd *exec.Cmd) { cmd.Process.Kill() }
