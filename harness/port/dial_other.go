//go:build !linux

package port

import (
	"syscall"
	"time"
)

// giveUpAfter leaves TCP to the system's own patience.
func giveUpAfter(time.Duration) func(network, address string, c syscall.RawConn) error { return nil }
