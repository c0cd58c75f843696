package port

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

// What the system says, and what a person is told to do about it. Some of it
// never happens to root.
func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want error
		says string
	}{
		{fs.ErrNotExist, ErrAbsent, "/dev/ttyUSB7; "},
		{&fs.PathError{Op: "open", Err: syscall.ENOENT}, ErrAbsent, ""},
		{syscall.ENXIO, ErrAbsent, ""},
		{syscall.ENODEV, ErrAbsent, ""},
		{syscall.EACCES, ErrPermission, "dialout"},
		{os.NewSyscallError("open", syscall.EPERM), ErrPermission, "usermod"},
		{syscall.EBUSY, ErrBusy, "fuser /dev/ttyUSB7"},
		{fmt.Errorf("lock: %w", ErrBusy), ErrBusy, "close it"},
		{syscall.EISDIR, ErrNotSerial, "directory"},
	} {
		err := explain("/dev/ttyUSB7", tt.err)
		if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "/dev/ttyUSB7") {
			t.Errorf("%v: %v, want %v that says %q", tt.err, err, tt.want, tt.says)
		}
		for _, other := range []error{ErrName, ErrAbsent, ErrBusy, ErrPermission, ErrLines, ErrNotSerial} {
			if other != tt.want && errors.Is(err, other) {
				t.Errorf("%v: is %v as well", tt.err, other)
			}
		}
	}
}
