package device_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/suites/device"
)

// inAProcess is set in the process of its own that a run of specs takes.
const inAProcess = "ESPALIER_TEST_BETWEEN"

// A board that dies when no spec is looking is found dead by the next one, and
// behind the last one by the run; the specs that follow have it back.
func TestDeathBetweenSpecs(t *testing.T) {
	if os.Getenv(inAProcess) == "" {
		again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDeathBetweenSpecs$")
		again.Env = append(os.Environ(), inAProcess+"=1")
		if said, err := again.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, said)
		}
		return
	}
	desc, err := boards.Lookup("virtual")
	if err != nil {
		t.Fatal(err)
	}
	r, err := rig.Open(t.Context(), rig.Config{
		Board: desc, Port: "virtual:", Image: firmware.Image, Seed: 1, Virtual: virtual.Config{Seed: 1}, Server: server.Config{Mode: server.Process},
		Identity: rig.Identity{ID: "12FA", Passphrase: "2B7E151628AED2A6ABF7158809CF4F3C"},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close(t.Context())
	ended := 0
	found, err := device.Run(t.Context(), r, device.Selection{Text: "^The sequence number (rises|ends)", Observe: func(string, report.Result) {
		if ended++; ended == 1 || ended == 3 {
			r.Virtual().PowerCycle()
			r.Device.Seqn(t.Context()) // it hears of the boot that nobody asked for
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		status report.Status
		says   string
	}{{report.Pass, ""}, {report.Fail, "the board died between the spec before this one and this one: "}, {report.Pass, ""}, {report.Fail, "the board died behind the last spec: "}}
	if len(found.Results) != len(want) {
		t.Fatalf("%d results: %+v", len(found.Results), found.Results)
	}
	for i, res := range found.Results {
		crashed := res.Status == report.Fail && res.Class == report.Crash && len(res.Crash) > 0
		if res.Status != want[i].status || !strings.HasPrefix(res.Message, want[i].says) || crashed != (want[i].says != "") {
			t.Errorf("%d: %+v", i+1, res)
		}
	}
}
