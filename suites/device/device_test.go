package device_test

import (
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/suites/device"
	"github.com/espalier-hil/espalier/suites/powercut"
)

// TestDevice runs the whole suite on a virtual board and whatever server this
// machine can have; every spec is a test of its own. Package powercut has
// tests of its own with more power cuts, so that some are enough here.
func TestDevice(t *testing.T) {
	desc, err := boards.Lookup("virtual")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rig.Open(t.Context(), rig.Config{
		Board: desc, Port: "virtual:", Image: firmware.Image, Seed: 1, Virtual: virtual.Config{Seed: 1},
		Identity: rig.Identity{ID: "12FA", Passphrase: "2B7E151628AED2A6ABF7158809CF4F3C"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(t.Context())
	t.Logf("server: %s, %s", r.Server.Mode(), r.Server.Why())
	everything, err := device.Selection{}.Specs(true)
	if err != nil {
		t.Fatal(err)
	}
	found, err := device.Run(t.Context(), r, device.Selection{Cuts: powercut.Some})
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range found.Results {
		t.Run(res.ID, func(t *testing.T) {
			if res.Status != report.Pass {
				t.Errorf("%s: %s: %s", res.Status, res.Class, res.Message)
			}
		})
	}
	if len(found.Results) != len(everything) || len(everything) < 70 {
		t.Errorf("%d specs ran, of %d", len(found.Results), len(everything))
	}
}
