package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
)

func TestPowercut(t *testing.T) {
	t.Parallel()
	call(t, "", "powercut", "--cuts", "some", "--seed", "3").wants(t, 0, "seed 3\n", " power cuts: ", "\nheld\n")
	call(t, "", "powercut", "--seed", "3", "--at", "send-5/16").wants(t, 0, "1 power cuts: 1 in 1 sends", "\nheld\n")
	call(t, "", "powercut", "--at", "send-5/99").wants(t, 2, "never comes there")
	call(t, "", "powercut", "--at", "send-5").wants(t, 2, `no such place as "send-5"`, "send-256/9")
	call(t, "", "powercut", "--cuts", "many").wants(t, 2, "neither all nor some")
}

// Firmware that does not boot breaks no promise: it makes none.
func TestPowercutOfWrongImage(t *testing.T) {
	t.Parallel()
	broken := append([]byte(nil), firmware.Image...)
	broken[len(broken)-2000] ^= 0x10
	path := filepath.Join(t.TempDir(), "broken.bin")
	if err := os.WriteFile(path, broken, 0o644); err != nil {
		t.Fatal(err)
	}
	call(t, "", "powercut", "--image", path).wants(t, 12)
}
