//go:build unix

package cli

import (
	"os/signal"
	"syscall"
)

// leaveBackground lets a command that reads its terminal run in the background
// of a shell: the read fails there, instead of stopping the command.
func leaveBackground() { signal.Ignore(syscall.SIGTTIN) }
