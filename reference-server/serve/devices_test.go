package serve_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/serve"
)

func TestParseDevice(t *testing.T) {
	for _, tt := range []struct {
		arg  string
		want serve.Device // the zero value if the argument is wrong
	}{
		{"12FA:2B7E151628AED2A6ABF7158809CF4F3C:0", serve.Device{ID: "12FA", Passphrase: "2B7E151628AED2A6ABF7158809CF4F3C"}},
		{"12FA:a:b::c:121", serve.Device{ID: "12FA", Passphrase: "a:b::c", Next: 121}},
		{"12FA::7", serve.Device{ID: "12FA", Next: 7}},
		{"12FA: correct horse :9007199254740990", serve.Device{ID: "12FA", Passphrase: " correct horse ", Next: 1<<53 - 2}},
		{"", serve.Device{}},
		{"12FA", serve.Device{}},
		{"12FA:secret", serve.Device{}},
		{"12FA:secret:", serve.Device{}},
		{"12FA:secret:-1", serve.Device{}},
		{"12FA:secret:0x10", serve.Device{}},
		{"12FA:secret:1e3", serve.Device{}},
		{"12FA:1:secret", serve.Device{}},
	} {
		got, err := serve.ParseDevice(tt.arg)
		if got != tt.want || (err == nil) != (tt.want.ID != "") {
			t.Errorf("%q: %+v, %v; want %+v", tt.arg, got, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v tells the passphrase", tt.arg, err)
		}
	}
}

func TestParseDevices(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{ // want: id passphrase next, or empty for an error
		{"YAML", "devices:\n  - id: \"12FA\"\n    passphrase: correct horse\n    next: 7\n", "[{12FA correct horse 7}]"},
		{"JSON", `{"devices":[{"id":"12FA","passphrase":"k:\u00e9","next":7},{"id":"b","passphrase":""}]}`, "[{12FA k:é 7} {b  0}]"},
		{"no device", "devices: []\n", "[]"},
		{"nothing", "", "[]"},
		{"plain text that is no number", "devices: [{id: 12FA, passphrase: 2B7E}]", "[{12FA 2B7E 0}]"},
		{"number for a passphrase", "devices: [{id: a, passphrase: 012345}]", ""},
		{"fraction for an id", "devices: [{id: 12.5, passphrase: secret}]", ""},
		{"truth for a passphrase", "devices: [{id: a, passphrase: true}]", ""},
		{"no passphrase", "devices: [{id: a, next: 1}]", ""},
		{"empty passphrase left open", "devices: [{id: a, passphrase: }]", ""},
		{"no id", "devices: [{passphrase: secret}]", ""},
		{"unknown key", "devices: [{id: a, passphrase: secret, nxt: 1}]", ""},
		{"unknown key outside", "device: []", ""},
		{"a tag", "devices: ! 00", ""},
		{"other case", "devices: [{ID: a, passphrase: secret}]", ""},
		{"duplicate key", "devices: [{id: a, id: b, passphrase: secret}]", ""},
		{"negative next", "devices: [{id: a, passphrase: secret, next: -1}]", ""},
		{"fraction", "devices: [{id: a, passphrase: secret, next: 1.5}]", ""},
		{"two documents", "devices: []\n---\ndevices: [{id: a, passphrase: secret}]\n", ""},
		{"a list", "[]", ""},
		{"no YAML", "devices: [{passphrase: secret", ""},
		{"passphrase in place of a device", "devices: [secret]", ""},
		{"passphrase in place of a number", "devices: [{id: a, passphrase: k, next: secret}]", ""},
	} {
		devices, err := serve.ParseDevices([]byte(tt.text))
		got := fmt.Sprint(devices)
		if err != nil {
			got = ""
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v tells the passphrase", tt.name, err)
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}
