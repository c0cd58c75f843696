package port_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/port"
)

func TestNames(t *testing.T) {
	for _, tt := range []struct {
		name string
		want error
		says string
	}{
		{"", port.ErrName, "virtual:"},
		{"tcp:192.168.1.5:23", port.ErrName, `"tcp:192.168.1.5:23"`},
		{"rfc2217://host", port.ErrName, "rfc2217://127.0.0.1:4000"},
		{"virtual:7", port.ErrName, "virtual:"},
		{"virtual", port.ErrAbsent, "virtual;"},
		{"/dev/tty-nobody-has", port.ErrAbsent, "/dev/tty-nobody-has"},
		{"/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.0-port0", port.ErrAbsent, "port0"},
	} {
		p, err := port.Open(tt.name, port.Config{Baud: 74880})
		if p != nil || !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%q: %v, %v; want %v that says %s", tt.name, p, err, tt.want, tt.says)
		}
	}
}
