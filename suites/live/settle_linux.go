package live

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// delivered waits until the other side's kernel has acknowledged everything that
// was written, a second at most: what is written next is a packet of its own
// then, however loaded this machine is.
func delivered(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	for began := time.Now(); time.Since(began) < time.Second; <-time.After(time.Millisecond) {
		left, failed := 0, error(nil)
		if err := raw.Control(func(fd uintptr) { left, failed = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) }); err != nil || failed != nil || left == 0 {
			return
		}
	}
}
