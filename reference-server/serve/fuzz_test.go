package serve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/serve"
)

// Whatever is given as a device, it can be put together again from what was
// read, and an error does not repeat the passphrase.
func FuzzDevice(f *testing.F) {
	f.Add("12FA:2B7E151628AED2A6ABF7158809CF4F3C:0")
	f.Add("12FA:a:b::c:9007199254740990")
	f.Add("::")
	f.Fuzz(func(t *testing.T, arg string) {
		d, err := serve.ParseDevice(arg)
		if err != nil {
			if rest := strings.SplitN(arg, ":", 2); len(rest) == 2 && len(rest[1]) > 40 && strings.Contains(err.Error(), rest[1]) {
				t.Errorf("%q: %v tells what it should not", arg, err)
			}
			return
		}
		again, err := serve.ParseDevice(fmt.Sprintf("%s:%s:%d", d.ID, d.Passphrase, d.Next))
		if err != nil || again != d || strings.Contains(d.ID, ":") || !strings.HasPrefix(arg, d.ID+":"+d.Passphrase+":") {
			t.Errorf("%q: %+v, and again %+v, %v", arg, d, again, err)
		}
	})
}

// Whatever is in a devices file, each device has its keys, and errors do not quote
// a passphrase.
func FuzzDevices(f *testing.F) {
	f.Add([]byte("devices:\n  - id: \"12FA\"\n    passphrase: correct horse\n    next: 7\n"))
	f.Add([]byte(`{"devices":[{"id":"12FA","passphrase":"k:\u00e9","next":7}]}`))
	f.Add([]byte("devices: [{id: a, passphrase: 012345}]"))
	f.Add([]byte("devices: &a [*a]"))
	f.Add([]byte("devices: ! 00"))
	f.Add([]byte("devices:\n  - id: 12FA\n    passphrase: SECRETHORSE\n    pass: x\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		if len(file) > 1<<16 {
			return
		}
		devices, err := serve.ParseDevices(file)
		if err != nil && len(devices) > 0 {
			t.Errorf("%q: %d devices and %v", file, len(devices), err)
		}
		if err != nil && strings.Contains(err.Error(), "SECRETHORSE") {
			t.Errorf("%q: %v tells the passphrase", file, err)
		}
	})
}
