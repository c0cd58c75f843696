package cli_test

import (
	"os"
	"path/filepath"
	"strings"
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

// What is said to show it again is a whole command, and does.
func TestPowercutAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	image := dir + "/" + mutant(t, dir, "FAULT_TORN_RECORD")[1]
	first := call(t, "", "powercut", "--cuts", "some", "--seed", "3", "--image", image)
	first.wants(t, 1, "broken: ", "\n  again: espalier powercut --seed 3 --at ", " --image "+image+"\n")
	_, again, _ := strings.Cut(first.out, "again: espalier ")
	second := call(t, "", strings.Fields(again)...)
	if _, broken, _ := strings.Cut(first.out, "\nbroken: "); !strings.HasSuffix(second.out, "\nbroken: "+broken) {
		t.Errorf("first:\n%s\nthen:\n%s", first.out, second.out)
	}
}
